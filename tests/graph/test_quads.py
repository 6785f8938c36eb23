"""An extraction as quads: the shape that the module docstring promises, and what may go wrong with text."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.graph import quads
from kg.graph.quads import CONTEXT, date_literal, to_literal, to_quads
from kg.graph.vocab import AIO, OA, RDF, SCHEMA, SKOS, XSD, Ids
from kg.model import (
    Alias,
    Claim,
    Document,
    Entity,
    EntityType,
    Evidence,
    Extraction,
    Investment,
    InvestmentKind,
    Investor,
    Mention,
    Modality,
    Money,
    Predicate,
)

GOLDEN = Path(__file__).with_name("example.nq")
A = Entity("company/a", EntityType.COMPANY, "甲公司")
B = Entity("company/b", EntityType.COMPANY, "乙公司")


def extraction(*claims: Claim, text: str = "甲公司与乙公司", **parts: object) -> Extraction:
    return Extraction(Document(text), (A, B), claims=claims, **parts)  # type: ignore[arg-type]


HERE = Evidence(Document("甲公司与乙公司").id, 0, 3, "甲公司")


def claim(
    modality: Modality,
    predicate: Predicate = Predicate.INVESTED_IN,
    subject: str = A.id,
    object_: str = B.id,
    **more: object,
) -> Claim:
    return Claim(subject, predicate, object_, modality, HERE, **more)  # type: ignore[arg-type]


def triples(found: list[ox.Quad], predicate: ox.NamedNode) -> list[tuple[str, str]]:
    return [(quad.subject.value, quad.object.value) for quad in found if quad.predicate == predicate]  # type: ignore[union-attr]


def test_golden(example: Extraction) -> None:
    assert "".join(f"{quad} .\n" for quad in to_quads(example)) == GOLDEN.read_text(encoding="utf-8")


def test_the_docstring_shows_the_very_graph(example: Extraction) -> None:
    assert quads.__doc__
    shown = textwrap.dedent(quads.__doc__.partition("::\n")[2])
    assert set(ox.parse(shown, ox.RdfFormat.TRIG)) == set(to_quads(example))


def test_each_quad_once_in_an_order_of_its_own(example: Extraction) -> None:
    found = to_quads(example)
    assert len(set(found)) == len(found)
    turned = replace(example, entities=example.entities[::-1], claims=example.claims[::-1])
    assert to_quads(turned) == found


def test_no_blank_nodes_and_one_graph(corpus: list[Extraction]) -> None:
    for found in map(to_quads, corpus):
        assert len({quad.graph_name for quad in found}) == 1
        assert not any(isinstance(term, ox.BlankNode) for quad in found for term in (quad.subject, quad.object))


def test_another_base_moves_every_id(example: Extraction) -> None:
    found = to_quads(example, base="https://graph.example/")
    assert not any(Ids().base in str(quad) for quad in found)
    assert len(found) == len(to_quads(example))


@pytest.mark.parametrize(
    ("modality", "holds"),
    [(Modality.ASSERTED, True), (Modality.REPORTED, True), (Modality.PLANNED, False), (Modality.DENIED, False)],
)
def test_a_direct_triple_only_for_what_holds(modality: Modality, holds: bool) -> None:
    found = to_quads(extraction(claim(modality)))
    assert bool(triples(found, AIO.investedIn)) is holds
    assert [target for _, target in triples(found, AIO.modality)] == [getattr(AIO, modality).value]


def test_no_direct_triple_for_what_the_document_also_denies() -> None:
    both = extraction(claim(Modality.ASSERTED), claim(Modality.DENIED))
    assert not triples(to_quads(both), AIO.investedIn)
    assert len(triples(to_quads(both), RDF.subject)) == 2
    turned = extraction(claim(Modality.ASSERTED), claim(Modality.DENIED, subject=B.id, object_=A.id))
    assert triples(to_quads(turned), AIO.investedIn)


def test_a_symmetric_relation_is_denied_in_both_directions() -> None:
    denied = claim(Modality.DENIED, Predicate.PARTNERS_WITH, subject=B.id, object_=A.id)
    both = extraction(claim(Modality.ASSERTED, Predicate.PARTNERS_WITH), denied)
    assert not triples(to_quads(both), AIO.partnersWith)


def test_qualifiers_are_typed() -> None:
    qualifiers = (("date", "2026-03"), ("lead", "true"), ("role", "总裁"), ("status", "former"), ("ticker", "0001.HK"))
    found = to_quads(extraction(claim(Modality.ASSERTED, qualifiers=qualifiers)))
    values = {quad.predicate: quad.object for quad in found if "/claim/" in quad.subject.value}  # type: ignore[union-attr]
    assert values[AIO.date] == ox.Literal("2026-03", datatype=XSD.gYearMonth)
    assert values[AIO.lead] == ox.Literal(True)
    assert values[AIO.role] == ox.Literal("总裁")
    assert values[AIO.workStatus] == AIO.former
    assert values[AIO.ticker] == ox.Literal("0001.HK")


@pytest.mark.parametrize(
    ("entity", "classes"),
    [
        (
            Entity("organization/u", EntityType.ORGANIZATION, "甲大学", kind="university"),
            {"Organization", "University"},
        ),
        (Entity("company/l", EntityType.COMPANY, "甲研究院", kind="lab"), {"Company", "ResearchLab"}),
        (Entity("model/f", EntityType.MODEL, "甲大模型", kind="family"), {"Model", "ModelFamily"}),
        (Entity("company/s", EntityType.COMPANY, "甲公司", kind="startup"), {"Company"}),
        (Entity("company/u", EntityType.COMPANY, "甲公司", kind="university"), {"Company"}),
        (Entity("company/n", EntityType.COMPANY, "甲公司"), {"Company"}),
    ],
    ids=lambda value: value.kind or "no kind" if isinstance(value, Entity) else "",
)
def test_a_kind_that_fits_the_type_gives_a_class_beside_it(entity: Entity, classes: set[str]) -> None:
    found = to_quads(Extraction(Document("甲"), (entity,)))
    types = {value for subject, value in triples(found, RDF.type) if subject == Ids().entity(entity.id).value}
    assert types == {AIO.iri + name for name in classes}


def test_labels_one_preferred_a_language() -> None:
    aliases = (Alias("腾飞科技", "zh-Hans"), Alias("Tengfei", "en"), Alias("TF", "en"))
    entity = Entity("company/c", EntityType.COMPANY, "騰飛科技", aliases)
    document = Document("腾飞集团的TF")
    mentions = (
        Mention(Evidence(document.id, 0, 4, "腾飞集团"), EntityType.COMPANY, "腾飞集团", "company/c"),
        Mention(Evidence(document.id, 5, 7, "TF"), EntityType.COMPANY, "TF", "company/c"),
    )
    found = to_quads(Extraction(document, (entity,), mentions))
    labels = {(quad.predicate, str(quad.object)) for quad in found if quad.predicate in (SKOS.prefLabel, SKOS.altLabel)}
    assert labels == {
        (SKOS.prefLabel, '"騰飛科技"@zh-hant'),
        (SKOS.prefLabel, '"腾飞科技"@zh-hans'),
        (SKOS.prefLabel, '"Tengfei"@en'),
        (SKOS.altLabel, '"TF"@en'),
        (SKOS.altLabel, '"腾飞集团"@zh-hans'),
    }
    assert [name for _, name in triples(found, SCHEMA.name)] == ["騰飛科技"]


def test_only_well_formed_wikidata_ids_become_links() -> None:
    ids = (("wikidata", "Q42"), ("wikidata", "Q42> <x"), ("crunchbase", "a"))
    found = to_quads(Extraction(Document(""), (replace(A, external_ids=ids),)))
    assert [target for _, target in triples(found, SKOS.exactMatch)] == ["http://www.wikidata.org/entity/Q42"]


def test_two_articles_keep_an_amount_each(corpus: list[Extraction]) -> None:
    first, second = (to_quads(article) for article in corpus[:2])
    [(event, amount)], [(other_event, other_amount)] = triples(first, AIO.amount), triples(second, AIO.amount)
    assert event == other_event
    assert amount != other_amount


@pytest.mark.parametrize("value", ["100000000", "1E+8", "100000000.00", "1.0E8"])
def test_equal_amounts_are_written_alike(value: str) -> None:
    document = Document("甲公司与乙公司")
    event = Investment(
        InvestmentKind.STAKE, B.id, Modality.ASSERTED, Evidence(document.id, 0, 3, "甲公司"), (Investor(A.id),),
        amount=Money(Decimal(value), "CNY"), round="A",
    )  # fmt: skip
    found = to_quads(Extraction(document, (A, B), investments=(event,)))
    assert [written for _, written in triples(found, AIO.value)] == ["100000000"]


def test_the_context_of_a_quote_is_cut_to_its_length() -> None:
    text = "前" * 50 + "甲公司" + "后" * 50
    document = Document(text)
    stated = Claim(A.id, Predicate.ACQUIRED, B.id, Modality.ASSERTED, Evidence(document.id, 50, 53, "甲公司"))
    found = to_quads(Extraction(document, (A, B), claims=(stated,)))
    assert [text for _, text in triples(found, OA.prefix)] == ["前" * CONTEXT]
    assert [text for _, text in triples(found, OA.suffix)] == ["后" * CONTEXT]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (claim(Modality.ASSERTED, object_="company/unknown"), "company/unknown is not among the entities"),
        (claim(Modality.ASSERTED, qualifiers=(("mood", "good"),)), "no qualifier 'mood'"),
        (replace(claim(Modality.ASSERTED), evidence=replace(HERE, document="another")), "does not match"),
        (replace(claim(Modality.ASSERTED), evidence=replace(HERE, quote="乙公司")), "does not match"),
        (claim(Modality.ASSERTED, confidence=float("nan")), "is no amount"),
    ],
)  # fmt: skip
def test_contradictions_are_bugs(broken: Claim, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        to_quads(extraction(broken))


@pytest.mark.parametrize(
    ("iso", "datatype"),
    [
        ("2026", XSD.gYear),
        ("2026-02", XSD.gYearMonth),
        ("2024-02-29", XSD.date),
        ("2026-02-29", XSD.string),
        ("2026-13", XSD.string),
        ("0000", XSD.string),
        ("去年底", XSD.string),
        ("2026-2-1", XSD.string),
        ("２０２６", XSD.string),
    ],
)
def test_dates_are_typed_by_precision(iso: str, datatype: ox.NamedNode) -> None:
    assert date_literal(iso) == ox.Literal(iso, datatype=datatype)


ANY_TEXT = st.text(st.characters(codec=None))
HOSTILE = [
    '"',
    "\\",
    "'''",
    "\r\n",
    "\x00\x1b\x7f",
    "</script><script>",
    "\ud800",
    "\U0001f600",
    "\u202e",
    '"@en .\n<a:b>',
]


@given(text=ANY_TEXT | st.sampled_from(HOSTILE))
@pytest.mark.parametrize("format", [ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG, ox.RdfFormat.TURTLE, ox.RdfFormat.JSON_LD])
def test_any_text_survives_every_syntax(format: ox.RdfFormat, text: str) -> None:
    literal = to_literal(text)
    assert len(literal.value) == len(text)
    triple = ox.Triple(AIO.Claim, AIO.role, literal)
    [read] = ox.parse(ox.serialize([triple], format=format), format)
    assert read.object == literal


@given(title=ANY_TEXT, url=ANY_TEXT, before=ANY_TEXT, quote=ANY_TEXT, after=ANY_TEXT, name=ANY_TEXT)
def test_any_article_makes_quads_that_can_be_read_back(
    title: str, url: str, before: str, quote: str, after: str, name: str
) -> None:
    document = Document(before + quote + after, title=title, url=url)
    entity = replace(A, name=name)
    evidence = Evidence(document.id, len(before), len(before) + len(quote), quote)
    stated = Claim(A.id, Predicate.WORKS_FOR, B.id, Modality.ASSERTED, evidence, (("role", name),))
    found = to_quads(Extraction(document, (entity, B), claims=(stated,)))
    lines = "".join(f"{quad} .\n" for quad in found)
    assert list(ox.parse(lines, ox.RdfFormat.N_QUADS)) == found
