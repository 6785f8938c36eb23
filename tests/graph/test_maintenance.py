"""Documents come, go and say other things: what is inferred from the changes is what is inferred from everything."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph import maintenance
from kg.graph.maintenance import update_inferred
from kg.graph.premises import is_premise, read_record, to_record
from kg.graph.quads import to_quads
from kg.graph.rules import InferenceReport, drop_inferred, infer, list_rules
from kg.graph.store import GraphStore
from kg.graph.vocab import AIO, PREFIXES, RDF
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
    PartialDate,
    Predicate,
    joins_right_types,
)

_TEXT = "甲" * 12
_DATES = [None, *(PartialDate(*parts) for parts in [(2025,), (2026,), (2026, 1), (2026, 2), (2026, 2, 3), (2026, 3)])]
_MODALITIES = [Modality.ASSERTED] * 5 + [Modality.REPORTED] * 3 + [Modality.PLANNED] * 2 + [Modality.DENIED] * 2
_CHAINED = [Predicate.SUBSIDIARY_OF, Predicate.ACQUIRED, Predicate.VERSION_OF, Predicate.VERSION_OF]
_TRIED = [*_CHAINED * 3, *[Predicate.INVESTED_IN, Predicate.WORKS_FOR, Predicate.PARTNERS_WITH] * 3, *Predicate]


class World:
    """A handful of entities, what articles may say of them, and the articles that there are, by place."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        size = chance.randint(2, 5)
        self.ids = [f"{kind}/{i}" for kind in ("company", "model") for i in range(size)]
        self.ids += ["product/0", "person/0", "person/1", "organization/0"]
        # Few predicates make for long chains, all of them for pairs of which several things are said.
        self.predicates = chance.choice([_CHAINED, _TRIED, [Predicate.VERSION_OF], [chance.choice(list(Predicate))]])
        self.events = chance.choice([0, 0, 1, 2])
        self.articles: dict[int, Extraction] = {}

    def tell(self, place: int) -> Extraction:
        """An article; the one of a place is told again under the same id, though its date may be another."""
        chance = self.chance
        document = Document(_TEXT, title=str(place))
        said = [self._claim(document, at) for at in range(chance.randint(0, 3))]
        told = [self._event(document, 8 + at) for at in range(chance.randint(0, self.events))]
        ends = {end for claim in said if claim for end in (claim.subject, claim.object)}
        ends |= {end for event in told for end in (event.investee, *(i.entity for i in event.investors))}
        ends |= set(chance.sample(self.ids, chance.randint(0, 1)))
        claims = tuple(claim for claim in said if claim)
        return Extraction(document, tuple(map(self._entity, sorted(ends))), (), claims, tuple(told))

    def quads(self, extraction: Extraction, date: PartialDate | None) -> list[ox.Quad]:
        # The date is part of a document's id; set after, it is what a record corrected later would be.
        return to_quads(replace(extraction, document=_Dated.of(extraction.document, date)))

    def _entity(self, id: str) -> Entity:
        kind = "family" if id.startswith("model") and self.chance.random() < 0.1 else ""
        return Entity(id, EntityType(id.partition("/")[0].capitalize()), id, kind=kind)

    def _claim(self, document: Document, at: int) -> Claim | None:
        predicate = self.chance.choice(self.predicates)
        pairs = [(s, o) for s in self.ids for o in self.ids if joins_right_types(predicate, _type(s), _type(o))]
        subject, object_ = self.chance.choice(pairs)
        status = self.chance.choice(["", "current", "former"]) if predicate is Predicate.WORKS_FOR else ""
        qualifiers = [("status", status)] if status else []
        qualifiers += [("role", "董事")] if predicate is Predicate.WORKS_FOR and self.chance.random() < 0.5 else []
        quote = Evidence(document.id, at, at + 1, "甲")
        return Claim(subject, predicate, object_, self.chance.choice(_MODALITIES), quote, tuple(sorted(qualifiers)))

    def _event(self, document: Document, at: int) -> Investment:
        companies = [id for id in self.ids if id.startswith("company")]
        kind, quote = self.chance.choice(list(InvestmentKind)), Evidence(document.id, at, at + 1, "甲")
        investors = tuple(map(Investor, sorted(self.chance.sample(companies, self.chance.randint(0, 2)))))
        date = self.chance.choice([None, PartialDate(2026, 1)])
        modality = self.chance.choice(_MODALITIES)
        return Investment(kind, self.chance.choice(companies), modality, quote, investors, "B", date=date)


def _type(id: str) -> EntityType:
    return EntityType(id.partition("/")[0].capitalize())


class _Dated(Document):
    """A document whose id does not depend on its date."""

    __slots__ = ()

    @classmethod
    def of(cls, document: Document, date: PartialDate | None) -> _Dated:
        return cls(document.text, title=document.title, published=date)

    @property
    def id(self) -> str:
        return Document(self.text, title=self.title).id


def inferred(store: GraphStore) -> set[ox.Quad]:
    return set(store.match(graph=store.ids.inferred))


def infer_afresh(store: GraphStore) -> tuple[set[ox.Quad], InferenceReport]:
    """What the rules infer from all documents of a store: from what they read of them."""
    memory = ox.Store()
    memory.extend(quad for quad in store.quads() if is_premise(quad))
    with GraphStore(memory) as fresh:
        report = infer(fresh)
        return inferred(fresh), report


def change(store: GraphStore, world: World) -> None:
    """Write, write again or remove a few documents."""
    chance = world.chance
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        place = chance.randrange(8)
        former = world.articles.pop(place, None)
        if former is not None and chance.random() < 0.3:
            store.remove_document(former.document.id)
            continue
        # Some say what they said before with a claim less, or under another date.
        article = (
            world.tell(place) if former is None or chance.random() < 0.5 else replace(former, claims=former.claims[1:])
        )
        world.articles[place] = article
        quads = world.quads(article, chance.choice(_DATES))
        if former is None and chance.random() < 0.3:
            store.load_documents([(article.document.id, quads)])
        else:
            store.replace_document(article.document.id, quads)


def check_a_history(chance: random.Random, steps: int) -> None:
    world = World(chance)
    with GraphStore.open(None) as store:
        for _ in range(chance.randint(0, 6)):
            change(store, world)
        update_inferred(store)
        for _ in range(steps):
            change(store, world)
            report = update_inferred(store)
            found, expected = infer_afresh(store)
            assert inferred(store) == found
            assert report == expected
            assert store.has_inferred


@given(st.integers(0, 2**32))
@settings(max_examples=100, deadline=None)
def test_changes_lead_to_what_everything_leads_to(seed: int) -> None:
    check_a_history(random.Random(seed), steps=5)  # noqa: S311


# -- what chance seldom brings about ----------------------------------------------------------------------------------

Said = tuple[str, str, str, Modality]


def article(name: str, *said: Said, date: PartialDate | None = None, events: tuple[Investment, ...] = ()) -> Extraction:
    document = Document(_TEXT, title=name, published=date)
    quotes = [Evidence(document.id, at, at + 1, "甲") for at in range(len(_TEXT))]
    claims = tuple(Claim(s, Predicate(p), o, m, quote) for quote, (s, p, o, m) in zip(quotes, said, strict=False))
    told = tuple(replace(event, evidence=quotes[-1]) for event in events)
    ids = {id for claim in claims for id in (claim.subject, claim.object)}
    ids |= {id for event in told for id in (event.investee, *(investor.entity for investor in event.investors))}
    return Extraction(document, tuple(Entity(id, _type(id), id) for id in sorted(ids)), (), claims, told)


def versions(*pairs: str, modality: Modality = Modality.ASSERTED) -> list[Said]:
    return [(f"model/{pair[0]}", "versionOf", f"model/{pair[1]}", modality) for pair in pairs]


def write(store: GraphStore, *extractions: Extraction) -> None:
    for extraction in extractions:
        store.replace_document(extraction.document.id, to_quads(extraction))


def families(store: GraphStore) -> set[str]:
    found = store.match(None, RDF.type, AIO.ModelFamily, store.ids.inferred)
    return {quad.subject.value.rpartition("/")[2] for quad in found}


def test_a_family_comes_round_to_its_own_version() -> None:
    with GraphStore.open(None) as store:
        write(store, article("a", *versions("vf", "wf", "fm", "mn")))
        infer(store)
        assert families(store) == {"f", "n"}
        write(store, article("b", *versions("nv")))
        update_inferred(store)
        assert inferred(store) == infer_afresh(store)[0]
        assert families(store) == set()


def test_a_family_loses_a_version_that_still_descends_from_it() -> None:
    with GraphStore.open(None) as store:
        write(store, article("a", *versions("ab", "cb", "bz", "ac"), date=PartialDate(2026, 1)))
        infer(store)
        assert families(store) == {"b", "z"}
        write(store, article("b", *versions("ab", modality=Modality.DENIED), date=PartialDate(2026, 2)))
        update_inferred(store)
        assert inferred(store) == infer_afresh(store)[0]
        assert families(store) == {"z"}


def test_a_version_that_another_article_calls_a_model() -> None:
    story = article("a", *versions("vf"))
    kind = ox.Quad(ox.NamedNode("https://w3id.org/ai-industry/id/model/v"), RDF.type, AIO.Model)
    with GraphStore.open(None) as store:
        quads = to_quads(story)
        store.replace_document(story.document.id, [q for q in quads if q.triple != kind.triple])
        infer(store)
        assert families(store) == set()
        store.replace_document("00ff", [ox.Quad(*kind.triple, store.ids.document("00ff"))])
        update_inferred(store)
        assert families(store) == {"f"}
        store.remove_document("00ff")
        update_inferred(store)
        assert families(store) == set()


def test_what_was_denied_of_another_investor_stays_denied() -> None:
    quote = Evidence("", 0, 0, "")
    both = tuple(map(Investor, ("company/x", "company/y")))
    event = Investment(InvestmentKind.ROUND, "company/a", Modality.ASSERTED, quote, both, "B")
    with GraphStore.open(None) as store:
        write(
            store,
            article("a", events=(event,)),
            article("b", ("company/x", "investedIn", "company/a", Modality.DENIED)),
        )
        infer(store)
        write(store, article("c", ("company/y", "partnersWith", "company/a", Modality.ASSERTED)))
        update_inferred(store)
        assert inferred(store) == infer_afresh(store)[0]


# -- lagging behind ---------------------------------------------------------------------------------------------------

FIRST, SECOND = article("1", *versions("vf")), article("2", *versions("wf"))


def test_a_store_on_disk_knows_that_it_lags_behind(tmp_path: Path) -> None:
    with GraphStore.open(tmp_path) as store:
        write(store, FIRST)
        infer(store)
        write(store, SECOND)
        facts, stated = len(store), list(store.quads())
    with GraphStore.open(tmp_path, read_only=True) as reader:
        assert not reader.has_inferred
        assert (len(reader), list(reader.quads(inferred=True))) == (facts, stated)
        assert reader.document_ids() == sorted(e.document.id for e in (FIRST, SECOND))
    with GraphStore.open(tmp_path) as store:
        report = update_inferred(store)
        assert store.has_inferred
        assert (inferred(store), report) == infer_afresh(store)
        assert not list(store.match(graph=store.ids.pending))


def test_a_document_that_says_the_same_to_rules_is_not_noted() -> None:
    with GraphStore.open(None) as store:
        write(store, FIRST)
        infer(store)
        write(store, replace(FIRST, claims=tuple(replace(claim, confidence=0.5) for claim in FIRST.claims)))
        store.remove_document("not there")
        assert store.has_inferred
        assert any(quad.object.value == "0.5" for quad in store.match(None, AIO.confidence))


def test_what_was_inferred_first_is_what_counts_as_before() -> None:
    with GraphStore.open(None) as store:
        write(store, FIRST)
        infer(store)
        for claims in ((), FIRST.claims, ()):
            write(store, replace(FIRST, claims=claims))
        update_inferred(store)
        assert inferred(store) == set()


def test_nothing_is_noted_where_nothing_was_inferred() -> None:
    with GraphStore.open(None) as store:
        write(store, FIRST)
        store.load_documents([(SECOND.document.id, to_quads(SECOND))])
        store.remove_document(FIRST.document.id)
        assert not list(store.match(graph=store.ids.pending))
        infer(store)
        write(store, FIRST)
        drop_inferred(store)
        assert {quad.graph_name for quad in store.match()} == set(map(store.ids.document, store.document_ids()))


@pytest.mark.parametrize(("few", "share", "afresh"), [(500, 4, False), (0, 4, True), (0, 1, False), (1, 1, False)])
def test_all_is_inferred_again_where_much_was_written(
    monkeypatch: pytest.MonkeyPatch, few: int, share: int, afresh: bool
) -> None:
    called = []
    monkeypatch.setattr(maintenance, "_FEW", few)
    monkeypatch.setattr(maintenance, "_SHARE", share)
    monkeypatch.setattr(maintenance, "infer", lambda store: called.append(store) or infer(store))
    with GraphStore.open(None) as store:
        write(store, FIRST)
        infer(store)
        write(store, SECOND)
        assert update_inferred(store) == infer_afresh(store)[1]
        assert bool(called) is afresh
        assert update_inferred(store) == infer_afresh(store)[1], "nothing is left to do"
        assert len(called) == afresh


def test_other_rules_infer_all_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with GraphStore.open(None) as store:
        write(store, FIRST)
        store.replace_inferred([rule.operations for rule in list_rules()[:3]])
        update_inferred(store)
        assert (inferred(store), update_inferred(store)) == infer_afresh(store)
        monkeypatch.setattr(maintenance, "fingerprint", lambda: "other rules")
        called = []
        monkeypatch.setattr(maintenance, "infer", lambda store: called.append(store) or infer(store))
        update_inferred(store)
        assert called


def test_an_update_that_fails_leaves_the_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    with GraphStore.open(None) as store:
        write(store, FIRST)
        infer(store)
        before = inferred(store)
        write(store, SECOND)
        bad = {store.ids.inferred: "x", "<not a term": "1"}
        with pytest.raises((SyntaxError, TypeError)):
            store.amend_inferred([], [], tally=bad)  # type: ignore[dict-item]
        assert inferred(store) == before
        assert not store.has_inferred


# -- what rules read --------------------------------------------------------------------------------------------------


def test_rules_read_no_term_that_is_not_a_premise() -> None:
    inferred_terms = {term for rule in list_rules() for term in rule.terms}
    values = {
        AIO.asserted,
        AIO.reported,
        AIO.planned,
        AIO.denied,
        AIO.current,
        AIO.former,
        AIO.deprecated,
        AIO.preferred,
    }
    thing = ox.NamedNode("https://example.org/x")
    for rule in list_rules():
        text = "\n".join(line.partition("# ")[0] for line in rule.operations.splitlines())
        for prefix, name in re.findall(r"\b(aio|org|prov|rdf|schema):(\w+)", text):
            term = ox.NamedNode(PREFIXES[prefix] + name)
            read = is_premise(ox.Triple(thing, term, thing)) or is_premise(ox.Triple(thing, RDF.type, term))
            assert read or term in inferred_terms | values, f"{rule.name} reads {prefix}:{name}"


def test_a_record_gives_back_what_was_put_in() -> None:
    premises = {quad.triple for quad in to_quads(article("a", *versions("vf"), date=PartialDate(2026)))}
    assert read_record(to_record(premises)) == premises
    assert read_record(to_record([])) == set()
