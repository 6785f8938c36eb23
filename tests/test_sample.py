"""The floors of quality on the bundled sample, and that the gold documents are the sample's articles."""

from __future__ import annotations

import itertools
import json
from importlib import resources
from pathlib import Path

import pytest

from kg.evaluation import evaluate, extract_records, read_records
from kg.model import SIGNATURES, Document, EntityType, Predicate, joins_right_types
from kg.text.sources import read_source

GOLD = Path(__file__).parent / "gold" / "sample.jsonl"
DOCUMENTS = Path(__file__).parent / "gold" / "sample_docs.jsonl"


@pytest.fixture(scope="module")
def articles() -> dict[str, Document]:
    """The sample as the program reads it: id (of the record, else of the file) -> document."""
    found = {}
    with resources.as_file(resources.files("kg") / "sample") as folder:
        for path in sorted(folder.iterdir()):
            if path.name == "README.md":
                continue
            for item in read_source(path):
                assert isinstance(item, Document), item
                found[item.record_id or path.name.partition(".")[0]] = item
    return found


def test_the_gold_documents_are_the_sample(articles) -> None:
    rows = {row["id"]: row for row in map(json.loads, DOCUMENTS.read_text("utf-8").splitlines())}
    assert articles.keys() == rows.keys()
    for name, document in articles.items():
        row = rows[name]
        assert document.text == row["text"], name
        assert document.title == row["title"], name
        assert (document.published.iso if document.published else None) == row["date"], name


def test_the_gold_is_sound() -> None:
    texts = {row["id"]: row["text"] for row in map(json.loads, DOCUMENTS.read_text("utf-8").splitlines())}
    gold = read_records(GOLD)
    assert gold.keys() == texts.keys()
    for name, record in gold.items():
        text = texts[name]
        types = {e["id"]: {EntityType(t) for t in (e["type"], e.get("alt_type")) if t} for e in record["entities"]}
        assert all(wording in text for e in record["entities"] for wording in e["names"]), name
        for claim in record["claims"]:
            assert claim["evidence"] in text, (name, claim)
            pairs = itertools.product(types[claim["s"]], types[claim["o"]])
            assert any(joins_right_types(Predicate(claim["p"]), s, o) for s, o in pairs), (name, claim)
        for event in record["investments"]:
            assert event["evidence"] in text, (name, event)
            assert {event["investee"], *(i["e"] for i in event["investors"])} <= types.keys()
    assert {c["p"] for r in gold.values() for c in r["claims"]} == set(map(str, SIGNATURES)), "every predicate occurs"


@pytest.mark.slow
def test_quality_on_the_sample_does_not_fall() -> None:
    scores = evaluate(read_records(GOLD), extract_records(DOCUMENTS))
    # Measured 0.748, 0.937, 0.724 and 0.972 when these floors were set; the prose is the project's own, so the
    # floors guard against breakage, they do not say how well the program reads the news at large.
    assert scores.claims.f1 >= 0.45
    assert scores.entities_typed.f1 >= 0.75
    assert scores.investment_slots.f1 >= 0.45
    assert scores.modality.recall >= 0.85
    # The one measured is of a deal that fell through (交易告吹); the sample denies five facts.
    assert sum(fault.kind == "denied returned as fact" for fault in scores.faults) <= 1
