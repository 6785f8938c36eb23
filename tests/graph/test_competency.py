"""The named questions, asked of the bundled sample: as the program reads it, and as its annotators did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from kg.build import build_graph
from kg.entities.gazetteer import Gazetteer, load_gazetteer
from kg.entities.linker import NameUse, link
from kg.evaluation import read_records
from kg.graph.quads import to_quads
from kg.graph.queries import list_questions, load_question, read_example, run_question
from kg.graph.results import Value
from kg.graph.store import GraphStore, open_graph
from kg.graph.vocab import ontology_files
from kg.model import (
    ORGANIZATIONS,
    Claim,
    Document,
    Entity,
    EntityType,
    Evidence,
    Extraction,
    Investment,
    InvestmentKind,
    Investor,
    Modality,
    Money,
    PartialDate,
    Predicate,
    Valuation,
    sort_qualifiers,
)
from kg.text.normalize import fold_name, normalize
from kg.text.sources import read_source

GOLD = Path(__file__).parent.parent / "gold" / "sample.jsonl"
QUESTIONS = [question.name for question in list_questions()]


def read_sample() -> Iterator[tuple[str, Document]]:
    """The articles of the sample with the ids of their annotations."""
    with resources.as_file(resources.files("kg") / "sample") as folder:
        for path in sorted(folder.iterdir()):
            if path.name != "README.md":
                for item in read_source(path):
                    assert isinstance(item, Document), item
                    yield item.record_id or path.name.partition(".")[0], item


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """The graph that `kg build --sample` makes."""
    directory = tmp_path_factory.mktemp("sample")
    build_graph((document for _, document in read_sample()), directory)
    with open_graph(directory) as store:
        yield store


@pytest.fixture(scope="module")
def gold() -> Iterator[GraphStore]:
    """The graph of what the annotators found in the sample."""
    records, gazetteer = read_records(GOLD), load_gazetteer()
    with GraphStore.open(None) as store:
        for name, document in read_sample():
            store.replace_document(document.id, to_quads(to_extraction(records[name], document, gazetteer)))
        yield store


def to_extraction(record: dict[str, Any], document: Document, gazetteer: Gazetteer) -> Extraction:
    """An annotation as an extraction: the names are linked as the program links those that it finds."""
    entities = link_names(record["entities"], gazetteer)

    def evidence(quote: str) -> Evidence:
        start = document.text.index(quote)
        return Evidence(document.id, start, start + len(quote), quote)

    claims = (
        Claim(
            entities[claim["s"]].id,
            Predicate(claim["p"]),
            entities[claim["o"]].id,
            Modality(claim["modality"]),
            evidence(claim["evidence"]),
            sort_qualifiers((k, "true" if v is True else v) for k, v in claim.get("q", {}).items() if v is not False),
        )
        for claim in record["claims"]
    )
    events = (
        Investment(
            InvestmentKind(event["kind"]),
            entities[event["investee"]].id,
            Modality(event["modality"]),
            evidence(event["evidence"]),
            tuple(Investor(entities[party["e"]].id, party["lead"]) for party in event["investors"]),
            event.get("round"),
            to_money(event.get("amount")),
            Valuation(to_money(worth), worth["stage"]) if (worth := event.get("valuation")) else None,  # type: ignore[arg-type]
            PartialDate(*map(int, event["date"].split("-"))) if "date" in event else None,
        )
        for event in record["investments"]
    )
    known = {entity.id: entity for entity in entities.values()}
    return Extraction(document, tuple(known.values()), (), tuple(claims), tuple(events))


def link_names(annotated: list[dict[str, Any]], gazetteer: Gazetteer) -> dict[str, Entity]:
    """Annotated id -> entity."""
    uses, aliases, owners = [], [], []
    for entity in annotated:
        names = [normalize(name).text for name in entity["names"]]
        types = [EntityType(entity[key]) for key in ("type", "alt_type") if key in entity]
        bearers = {t: [fits(t, name, gazetteer) for name in names] for t in types}
        chosen = next((t for t in types if any(bearers[t])), types[0])
        for name, records in zip(names, bearers[chosen], strict=True):
            uses.append(NameUse(name, chosen, records))
            aliases.append((fold_name(names[0]), fold_name(name)))
            owners.append(entity["id"])
    return dict(zip(owners, link(uses, aliases, gazetteer), strict=True))


def fits(wanted: EntityType, name: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    kinds = ORGANIZATIONS if wanted in ORGANIZATIONS else {wanted}
    return tuple(record.id for record in gazetteer.lookup(name) if record.type in kinds)


def to_money(money: dict[str, Any] | None) -> Money | None:
    if money is None:
        return None
    value = None if money.get("value") is None else Decimal(str(money["value"]))
    return Money(value, money["currency"], money["approx"], wording=money["text"])


def write(value: Value) -> str:
    """A cell as an expected answer writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def ask(store: GraphStore, name: str, params: dict[str, str], columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [
        tuple(write(record[column]) for column in columns) for record in run_question(store, name, params).records()
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_sample_answers_as_the_question_says(sample: GraphStore, name: str) -> None:
    question = load_question(name)
    assert question.answer is not None
    assert question.answer.rows
    answered = ask(sample, name, read_example(question.examples[0]), question.answer.columns)
    assert answered == list(question.answer.rows)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_annotators_say_so_too(gold: GraphStore, name: str) -> None:
    question = load_question(name)
    assert question.answer is not None
    answered = ask(gold, name, read_example(question.examples[0]), question.answer.columns)
    assert Counter(answered) == Counter(question.answer.rows)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_example_and_the_question_as_it_stands_have_an_answer(gold: GraphStore, name: str) -> None:
    question = load_question(name)
    assert all(len(run_question(gold, name, read_example(example))) for example in question.examples)
    assert len(gold.query(question.sparql))


def test_the_same_answers_whatever_the_order_of_the_articles(gold: GraphStore) -> None:
    records, gazetteer = read_records(GOLD), load_gazetteer()
    with GraphStore.open(None) as other:
        for name, document in reversed(list(read_sample())):
            other.replace_document(document.id, to_quads(to_extraction(records[name], document, gazetteer)))
        for question in list_questions():
            assert other.query(question.sparql).rows == gold.query(question.sparql).rows, question.name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("money-raised", "月之暗面"),
        ("money-raised", "Moonshot AI"),
        ("round-leaders", "Moonshot AI"),
        ("rivals-sharing-investors", "Moonshot AI"),
        ("staff", "scale ai"),
        ("subsidiaries", "ALPHABET"),
        ("timeline", "深度求索"),
        ("rumours", "DeepSeek"),
        ("founders-from", "華為"),
        ("founders-from", "Huawei"),
        ("alumni", "電子科技大學"),
        ("listings", "納斯達克"),
        ("plans", "智譜"),
        ("co-investors", "寧德時代"),
    ],
)
def test_any_name_in_either_script_and_in_english_asks_the_same(gold: GraphStore, name: str, value: str) -> None:
    question = load_question(name)
    expected = run_question(gold, name, read_example(question.examples[0])).rows
    given = read_example(question.examples[0]) | {question.parameters[0].name: value}
    assert run_question(gold, name, given).rows == expected


def test_the_readme_lists_the_questions() -> None:
    text = (ontology_files() / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \| (.+?) \|$", text, re.MULTILINE)
    assert listed == [(question.name, question.title) for question in list_questions()]
