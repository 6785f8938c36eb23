"""What breaks the shapes, told in words."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.claims.extractors import extract
from kg.errors import InputError
from kg.graph.quads import to_quads
from kg.graph.store import GraphStore
from kg.graph.validation import describe, find_violations, format_violations, open_file, validate_quads
from kg.graph.vocab import AIO, OA, RDF
from kg.model import (
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
    joins_right_types,
)
from kg.text.sources import read_source

EXAMPLE = Path(__file__).with_name("example.nq")
HOSTILE = 'x\x1b[2J"\\\r\n\u202e</script>\u2028\x00y'


@pytest.mark.slow
def test_the_sample_conforms() -> None:
    with resources.as_file(resources.files("kg") / "sample") as folder, GraphStore.open(None) as store:
        paths = (path for path in sorted(folder.iterdir()) if path.name != "README.md")
        documents = [item for path in paths for item in read_source(path) if isinstance(item, Document)]
        for document in documents:
            quads = to_quads(extract(document))
            assert validate_quads(quads) == []
            store.replace_document(document.id, quads)
        assert len(documents) > 10
        assert find_violations(store) == []


def test_articles_that_share_entities_and_events_conform(store: GraphStore) -> None:
    assert find_violations(store) == []


# -- whatever an extraction may hold ---------------------------------------------------------------------------------

TEXT = st.text(st.characters(codec=None), max_size=40)
NAME = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=6)
QUALIFIERS = {
    Predicate.WORKS_FOR: (("role", "总裁"), ("status", "former")),
    Predicate.INVESTED_IN: (("lead", "true"),),
    Predicate.LISTED_ON: (("ticker", "1.HK"),),
}
DATES = st.builds(PartialDate, st.integers(1, 9999), st.none() | st.integers(1, 12)) | st.dates().map(
    lambda day: PartialDate(day.year, day.month, day.day)
)
MONEY = st.builds(
    lambda low, more, sure, known: Money(
        low if known else None, "CNY", not sure, None if sure else low, None if sure else low + more, "数亿元"
    ),
    st.decimals(0, 10**12, places=2), st.decimals(0, 10**9, places=2), st.booleans(), st.booleans(),
)  # fmt: skip


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    text = draw(TEXT)
    document = Document(
        text, title=draw(TEXT), url=draw(st.none() | TEXT), publisher=draw(TEXT), published=draw(st.none() | DATES)
    )
    names = draw(st.lists(st.tuples(NAME, st.sampled_from(EntityType)), min_size=2, max_size=5))
    entities = [Entity(f"{kind.lower()}/{n}", kind, name) for n, (name, kind) in enumerate(names)]

    def evidence() -> Evidence:
        start, end = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
        return Evidence(document.id, start, end, text[start:end])

    triples = [
        (a, predicate, b)
        for a in entities
        for b in entities
        for predicate in Predicate
        if a is not b and joins_right_types(predicate, a.type, b.type)
    ]
    claims = [
        Claim(
            a.id, predicate, b.id, draw(st.sampled_from(Modality)), evidence(), QUALIFIERS.get(predicate, ()), "rules"
        )
        for a, predicate, b in (draw(st.lists(st.sampled_from(triples), max_size=6)) if triples else [])
    ]
    parties = [e for e in entities if e.type in (EntityType.COMPANY, EntityType.ORGANIZATION)]
    investments = [
        Investment(
            draw(st.sampled_from(InvestmentKind)), investee.id, draw(st.sampled_from(Modality)), evidence(),
            tuple(Investor(e.id, draw(st.booleans())) for e in parties if e is not investee), "B",
            draw(st.none() | MONEY),
            draw(st.none() | st.builds(Valuation, MONEY, st.sampled_from(["pre", "post", None]))),
            draw(st.none() | DATES), "rules", 0.8,
        )
        for investee in (draw(st.lists(st.sampled_from(parties), max_size=2)) if parties else [])
    ]  # fmt: skip
    return Extraction(
        document, tuple(entities), (), tuple({c.id: c for c in claims}.values()),
        tuple({i.id: i for i in investments}.values()),
    )  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(extraction=extractions())
def test_whatever_is_extracted_conforms(extraction: Extraction) -> None:
    assert validate_quads(to_quads(extraction)) == []


# -- messages --------------------------------------------------------------------------------------------------------


def without(quads: list[ox.Quad], predicate: ox.NamedNode, part: str) -> list[ox.Quad]:
    kept = [quad for quad in quads if not (quad.predicate == predicate and part in quad.subject.value)]
    assert len(kept) < len(quads)
    return kept


def test_a_violation_names_article_sentence_and_parties(example: Extraction) -> None:
    quads = without(to_quads(example), AIO.confidence, "/claim/3f74")
    [violation] = validate_quads(quads)
    assert violation.to_dict() == {
        "shape": "ClaimConfidence",
        "severity": "violation",
        "message": "A claim has exactly one confidence, a decimal number between 0 and 1.",
        "article": "https://w3id.org/ai-industry/id/document/d6cd232407fca660",
        "headline": "甲科技完成B轮融资",
        "url": "https://news.example/1",
        "source": "",
        "sentence": "甲科技宣布完成由乙资本领投的近亿元B轮融资",
        "about": "乙资本 investedIn 甲科技",
        "node": "claim/3f74c2dfc6794f42",
        "value": "",
    }


ROUND, POST = "甲科技宣布完成由乙资本领投的近亿元B轮融资", "甲公司首席执行官丙某"


@pytest.mark.parametrize(
    ("predicate", "part", "shape", "sentence"),
    [
        (AIO.wording, "/amount/c867", "AmountWording", ROUND),
        (AIO.modality, "/investment/", "InvestmentModality", ROUND),
        (OA.start, "/evidence/698588", "PositionStart", POST),
        (OA.prefix, "/evidence/698588", "QuotePrefix", POST),
        (OA.hasSource, "/evidence/698588", "EvidenceSource", POST),
        (RDF.predicate, "/claim/3c44", "ClaimPredicate", POST),
        (AIO.worksFor, "/person/", "ClaimDirectTriple", POST),
    ],
)
def test_the_sentence_is_that_of_the_node(
    example: Extraction, predicate: ox.NamedNode, part: str, shape: str, sentence: str
) -> None:
    found = {
        violation.shape: violation.sentence for violation in validate_quads(without(to_quads(example), predicate, part))
    }
    assert found[shape] == sentence


def test_the_sentence_of_an_entity_is_on_the_value_that_is_wrong(example: Extraction) -> None:
    quads = to_quads(example)
    planned = [ox.Quad(q.subject, q.predicate, AIO.planned if "/claim/3c44" in q.subject.value and q.predicate ==
               AIO.modality else q.object, q.graph_name) for q in quads]  # fmt: skip
    [violation] = validate_quads(planned)
    assert (violation.shape, violation.about, violation.sentence) == ("DirectTripleHasClaim", "丙某", POST)


def test_messages_in_chinese_and_of_what_spans_articles(store: GraphStore) -> None:
    graph = store.ids.document(store.document_ids()[0])
    store._store.add(ox.Quad(store.ids.entity("company/river"), RDF.type, AIO.Product, graph))
    findings = find_violations(store)
    assert {f.shape.iri.partition("#")[2] for f in findings} >= {"EntityOneType", "OneTypeInAllArticles"}
    across = [f for f in findings if f.graph is None]
    [told] = describe(store, across, language="zh-hans")
    assert told.message == "实体在所有文章中的类型必须一致。"
    assert told.headline
    assert told.about == "长河资本"
    assert "长河" in told.sentence or "長河" in told.sentence


def test_hostile_text_is_harmless_on_a_terminal(example: Extraction) -> None:
    text = example.document.text + HOSTILE
    document = replace(example.document, text=text, title=HOSTILE, url=HOSTILE)
    source = Evidence(document.id, len(text) - len(HOSTILE), len(text), HOSTILE)
    entities = tuple(replace(entity, name=entity.name + HOSTILE) for entity in example.entities)
    claims = tuple(replace(claim, evidence=source) for claim in example.claims)
    quads = to_quads(Extraction(document, entities, (), claims))
    broken = [quad for quad in quads if quad.predicate != AIO.confidence]
    violations = validate_quads(broken)
    assert [v.sentence for v in violations] == [HOSTILE, HOSTILE]  # as it is, for programs
    shown = format_violations(violations, Counter(violation=2))
    assert "x [2J" in shown
    assert {c for c in shown if unicodedata.category(c)[0] == "C"} == {"\n"}
    assert len(shown.splitlines()) == shown.count("\n") + 1


def test_blank_nodes_are_told_of_too(example: Extraction) -> None:
    quads = to_quads(example)
    node = ox.BlankNode()
    blank = [ox.Quad(node if "/person/" in q.subject.value else q.subject, q.predicate,
             node if "/person/" in q.object.value else q.object, q.graph_name) for q in quads]  # fmt: skip
    found = {violation.shape: violation.headline for violation in validate_quads(blank)}
    assert found["Entity"] == "甲科技完成B轮融资"
    assert "ClaimSubject" in found


# -- files -----------------------------------------------------------------------------------------------------------


def test_a_file_of_another_is_validated(tmp_path: Path) -> None:
    with open_file(EXAMPLE) as store:
        assert find_violations(store) == []
        assert len(store) == 101
    # The same without a graph: one article.
    triples = [quad.triple for quad in ox.parse(path=str(EXAMPLE), format=ox.RdfFormat.N_QUADS)]
    kept = [triple for triple in triples if triple.predicate != AIO.textLength]
    alone = tmp_path / "a.nt"
    alone.write_bytes(ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES))
    with open_file(alone) as store:
        [finding] = find_violations(store)
        assert finding.shape.iri.endswith("#ArticleTextLength")
        assert describe(store, [finding])[0].headline == "甲科技完成B轮融资"


@pytest.mark.parametrize(("name", "text"), [("a.nq", "<a b"), ("a.txt", ""), ("a.ttl", "<a> a"), ("none.nq", None)])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, text: str | None) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=name):
        open_file(path)
