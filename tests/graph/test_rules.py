"""The rules, each on a few small articles, and the graph that they write."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import DataError, StoreError
from kg.graph.quads import to_quads
from kg.graph.queries import load_question
from kg.graph.rules import drop_inferred, format_report, infer, list_rules, parse_rule
from kg.graph.statistics import count_graph, find_protagonists
from kg.graph.store import DUMP_FORMATS, GraphStore
from kg.graph.vocab import AIO, INVERSES, PREFIXES, Ids
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
)

Stated = tuple[str, ...]
"""Subject, predicate, object, and then any of a modality, a status or a role: `("person/p", "worksFor", …)`."""


def tell(name: str, when: str, *claims: Stated, events: Iterable[tuple[str, str, str, str]] = ()) -> Extraction:
    """An article named `name`, of the date `when` or none; events are (kind, investee, investor, modality)."""
    events = tuple(events)
    text = "".join(f"第{number}句。" for number in range(len(claims) + len(events) + 1))
    published = PartialDate(*map(int, when.split("-"))) if when else None
    document = Document(text, title=name, published=published)
    quotes = [Evidence(document.id, at.start(), at.end(), at[0]) for at in re.finditer("第[0-9]+句", text)]
    stated = tuple(_claim(quote, *claim) for quote, claim in zip(quotes, claims, strict=False))
    investments = tuple(
        Investment(InvestmentKind(kind), investee, Modality(modality), quote, (Investor(investor),), "B")
        for quote, (kind, investee, investor, modality) in zip(quotes[len(claims) :], events, strict=False)
    )
    ids = {end for claim in stated for end in (claim.subject, claim.object)}
    ids |= {end for event in investments for end in (event.investee, event.investors[0].entity)}
    entities = (Entity(i, EntityType(i.partition("/")[0].capitalize()), i.partition("/")[2]) for i in sorted(ids))
    return Extraction(document, tuple(entities), (), stated, investments)


def _claim(quote: Evidence, subject: str, predicate: str, object_: str, *rest: str) -> Claim:
    modality = next((Modality(word) for word in rest if word in set(Modality)), Modality.ASSERTED)
    qualifiers = [("status", word) for word in rest if word in ("current", "former")]
    qualifiers += [("role", word) for word in rest if word not in {*Modality, "current", "former"}]
    return Claim(subject, Predicate(predicate), object_, modality, quote, tuple(sorted(qualifiers)))


def load(store: GraphStore, extractions: Iterable[Extraction]) -> None:
    store.load_documents((extraction.document.id, to_quads(extraction)) for extraction in extractions)


def conclude(*extractions: Extraction) -> set[str]:
    """What the rules infer, a line a triple, in short names; the claims of article `a` are called a0, a1 …"""
    named = {
        f"claim/{claim.id}": f"{extraction.document.title}{number}"
        for extraction in extractions
        for number, claim in enumerate(extraction.claims)
    }
    with GraphStore.open(None) as store:
        load(store, extractions)
        infer(store)
        rows = store.query("SELECT ?s ?p ?o { GRAPH <inferred> { ?s ?p ?o } }").rows
    return {" ".join(named.get(str(term), str(term)).removeprefix("aio:") for term in row) for row in rows}


def about(triples: set[str], *predicates: str) -> set[str]:
    return {triple for triple in triples if triple.split(" ", 2)[1] in predicates}


def dump(store: GraphStore, form: str = "nquads", *, inferred: bool = True) -> bytes:
    out = io.BytesIO()
    store.dump(out, form, inferred=inferred)
    return out.getvalue()


# -- inverses ---------------------------------------------------------------------------------------------------------


def test_every_relation_gets_its_inverse() -> None:
    kinds = {
        "develops": ("company/a", "model/m"), "offers": ("company/a", "product/m"),
        "poweredBy": ("product/m", "model/m"), "educatedAt": ("person/p", "organization/o"),
        "versionOf": ("model/m", "model/n"), "foundedBy": ("company/a", "person/p"),
        "worksFor": ("person/p", "company/a"), "subsidiaryOf": ("company/b", "company/a"),
        "acquired": ("company/a", "company/c"), "investedIn": ("company/a", "company/d"),
        "listedOn": ("company/a", "organization/o"),
    }  # fmt: skip
    assert kinds.keys() == INVERSES.keys()
    found = conclude(tell("a", "2026", *((s, relation, o) for relation, (s, o) in kinds.items())))
    assert about(found, *INVERSES.values()) == {f"{o} {INVERSES[Predicate(p)]} {s}" for p, (s, o) in kinds.items()}


def test_what_does_not_hold_has_no_inverse() -> None:
    article = tell(
        "a", "2026", ("company/a", "acquired", "company/b", "planned"), ("company/a", "acquired", "company/c", "denied")
    )
    assert conclude(article) == set()


def test_symmetric_relations_go_both_ways_once() -> None:
    first = tell("a", "2026", ("company/a", "partnersWith", "company/b"), ("company/a", "competesWith", "company/c"))
    second = tell("b", "2026", ("company/b", "partnersWith", "company/a"))
    assert conclude(first) == {"company/b partnersWith company/a", "company/c competesWith company/a"}
    assert conclude(first, second) == {"company/c competesWith company/a"}, "what an article states is not inferred"


# -- ownership and families -------------------------------------------------------------------------------------------


def test_ownership_goes_up_any_number_of_steps() -> None:
    article = tell(
        "a", "2026",
        ("company/c", "subsidiaryOf", "company/b"), ("company/a", "acquired", "company/b", "reported"),
        ("company/z", "acquired", "company/a", "planned"),
    )  # fmt: skip
    assert about(conclude(article), "ownedBy", "owns") == {
        "company/b ownedBy company/a", "company/c ownedBy company/a", "company/c ownedBy company/b",
        "company/a owns company/b", "company/a owns company/c", "company/b owns company/c",
    }  # fmt: skip


def test_a_circle_of_owners_ends_and_nothing_owns_itself() -> None:
    names = ["company/a", "company/b", "company/c"]
    circle = [(names[i], "subsidiaryOf", names[i - 1]) for i in range(3)]
    found = about(conclude(tell("a", "2026", *circle, ("company/a", "subsidiaryOf", "company/a"))), "ownedBy")
    assert found == {f"{x} ownedBy {y}" for x in names for y in names if x != y}


def test_ownership_rests_on_no_claim_that_was_denied_later() -> None:
    rumour = tell("a", "2026-01", ("company/a", "acquired", "company/b", "reported"))
    denial = tell("b", "2026-02", ("company/a", "acquired", "company/b", "denied"))
    assert about(conclude(rumour, denial), "ownedBy") == set()
    again = tell("c", "2026-03", ("company/a", "acquired", "company/b"))
    assert about(conclude(rumour, denial, again), "ownedBy") == {"company/b ownedBy company/a"}


def test_versions_descend_from_their_families() -> None:
    article = tell("a", "", ("model/k2-t", "versionOf", "model/k2"), ("model/k2", "versionOf", "model/k"))
    found = conclude(article)
    assert about(found, "descendsFrom") == {
        "model/k2 descendsFrom model/k", "model/k2-t descendsFrom model/k2", "model/k2-t descendsFrom model/k",
    }  # fmt: skip
    assert about(found, "hasDescendant") == {
        "model/k hasDescendant model/k2", "model/k2 hasDescendant model/k2-t", "model/k hasDescendant model/k2-t",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("versions", "families"),
    [
        ([("model/x1", "model/x")], {"model/x"}),
        ([("model/x1-t", "model/x1"), ("model/x1", "model/x")], {"model/x"}),
        ([("model/x1-t", "model/x1"), ("model/x1-u", "model/x1"), ("model/x1", "model/x")], {"model/x", "model/x1"}),
        ([("product/p", "model/x")], set()),
        ([("model/x", "product/p")], set()),
        ([("product/p2", "product/p")], set()),
        ([("model/x", "model/y"), ("model/y", "model/x")], set()),
        ([("model/x", "model/x")], set()),
    ],
)
def test_model_families(versions: list[tuple[str, str]], families: set[str]) -> None:
    article = tell("a", "2026", *((version, "versionOf", of) for version, of in versions))
    assert {line for line in conclude(article) if line.endswith("ModelFamily")} == {
        f"{family} rdf:type ModelFamily" for family in families
    }


# -- investments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "modality", "expected"),
    [
        ("round", "asserted", "company/x investedIn company/a"),
        ("stake", "reported", "company/x investedIn company/a"),
        ("ipo", "asserted", "company/x investedIn company/a"),
        ("acquisition", "asserted", "company/x acquired company/a"),
        ("round", "planned", None),
        ("acquisition", "denied", None),
    ],
)
def test_the_parties_of_an_event_that_holds(kind: str, modality: str, expected: str | None) -> None:
    found = conclude(tell("a", "2026", events=[(kind, "company/a", "company/x", modality)]))
    assert about(found, "investedIn", "acquired") == ({expected} if expected else set())
    assert ("company/x rdf:type Investor" in found) == (expected is not None and "investedIn" in expected)
    assert ("company/a ownedBy company/x" in found) == (expected is not None and "acquired" in expected)


def test_a_relation_that_an_article_states_is_not_inferred_from_an_event() -> None:
    event = tell("a", "2026", events=[("round", "company/a", "company/x", "asserted")])
    stated = tell("b", "2026", ("company/x", "investedIn", "company/a"))
    found = conclude(event, stated)
    assert about(found, "investedIn") == set()
    assert about(found, "hasInvestor", "rdf:type") == {
        "company/a hasInvestor company/x", "company/x rdf:type Investor",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("when", "blocks"), [("2026-01", False), ("2026-02", True), ("2026", True), ("2026-03", True), ("", True)]
)
@pytest.mark.parametrize("form", ["event", "claim"])
def test_a_denial_of_an_event_counts_unless_it_is_older(when: str, blocks: bool, form: str) -> None:
    event = ("round", "company/a", "company/x")
    told = tell("a", "2026-02", events=[(*event, "reported")])
    denial = (
        tell("b", when, events=[(*event, "denied")])
        if form == "event"
        else tell("b", when, ("company/x", "investedIn", "company/a", "denied"))
    )
    assert ("company/x investedIn company/a" in conclude(told, denial)) is not blocks


def test_what_an_article_says_of_the_pair_itself_decides() -> None:
    plan = tell(
        "a",
        "2026",
        ("company/x", "investedIn", "company/a", "planned"),
        events=[("round", "company/a", "company/x", "asserted")],
    )
    assert "company/x investedIn company/a" not in conclude(plan)


def test_nobody_invests_in_himself() -> None:
    assert conclude(tell("a", "2026", events=[("round", "company/a", "company/a", "asserted")])) == set()


# -- posts ------------------------------------------------------------------------------------------------------------


def posts(found: set[str]) -> set[str]:
    return {re.sub("post/[0-9a-f]{16}", "post", line) for line in found if line.startswith("post/")}


def test_one_post_for_a_person_and_an_organization() -> None:
    found = conclude(
        tell("a", "2026-01-05", ("person/p", "worksFor", "company/a", "总裁", "current")),
        tell("b", "2026-03", ("person/p", "worksFor", "company/a", "董事", "reported")),
        tell("c", "2026-04", ("person/p", "worksFor", "company/a", "顾问", "planned")),
    )
    assert posts(found) == {
        "post rdf:type Post", "post org:member person/p", "post org:organization company/a",
        "post role 总裁", "post role 董事", "post workStatus current",
        "post firstReported 2026-01-05", "post lastReported 2026-03",
        "post prov:wasDerivedFrom a0", "post prov:wasDerivedFrom b0",
    }  # fmt: skip
    assert len({line.split()[0] for line in found if line.startswith("post/")}) == 1
    assert about(found, "currentlyWorksFor", "currentlyEmploys") == {
        "person/p currentlyWorksFor company/a", "company/a currentlyEmploys person/p",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([("2026-01", "current"), ("2026-02", "former")], "former"),
        ([("2026-02", "current"), ("2026-01", "former")], "current"),
        ([("2026-01", "current"), ("2026-01", "former")], "current"),
        ([("2026", "current"), ("2026-05-01", "former")], "current"),
        ([("2025", "current"), ("2026-05-01", "former")], "former"),
        ([("", "current"), ("2020", "former")], "former"),
        ([("", "current"), ("", "former")], "current"),
        ([("2026", "former"), ("2027", "")], "former"),
        ([("2026", "")], None),
    ],
)
def test_the_latest_article_gives_the_status(told: list[tuple[str, str]], status: str | None) -> None:
    claims = [
        tell(str(number), when, ("person/p", "worksFor", "company/a", *filter(None, [given])))
        for number, (when, given) in enumerate(told)
    ]
    found = conclude(*claims)
    assert about(found, "workStatus") == ({f"{_post(found)} workStatus {status}"} if status else set())
    assert bool(about(found, "currentlyWorksFor")) == (status == "current")


def _post(found: set[str]) -> str:
    return next(line.split()[0] for line in found if line.startswith("post/"))


def test_no_post_from_what_is_denied_planned_or_disputed_in_one_article() -> None:
    both = tell("a", "2026", ("person/p", "worksFor", "company/a"), ("person/p", "worksFor", "company/a", "denied"))
    assert posts(conclude(both)) == set()
    assert posts(conclude(tell("a", "2026", ("person/p", "worksFor", "company/a", "planned")))) == set()


def test_posts_without_dates_have_none() -> None:
    found = conclude(tell("a", "", ("person/p", "worksFor", "company/a", "current")))
    assert about(found, "firstReported", "lastReported") == set()


# -- what claims do to each other -------------------------------------------------------------------------------------

FACT = ("company/a", "acquired", "company/b")


def test_a_denial_contradicts_facts_and_rumours_both_ways() -> None:
    found = conclude(
        tell("a", "2026", FACT), tell("b", "", (*FACT, "reported")), tell("c", "2026", (*FACT, "planned")),
        tell("d", "2026", (*FACT, "denied")), tell("e", "2026", ("company/b", "acquired", "company/a")),
    )  # fmt: skip
    assert about(found, "contradicts") == {
        "d0 contradicts a0", "a0 contradicts d0", "d0 contradicts b0", "b0 contradicts d0",
    }  # fmt: skip


def test_symmetric_statements_are_one_in_either_direction() -> None:
    first = tell("a", "2026-01", ("company/a", "partnersWith", "company/b", "reported"))
    second = tell("b", "2026-02", ("company/b", "partnersWith", "company/a"))
    third = tell("c", "2026-03", ("company/a", "partnersWith", "company/b", "denied"))
    found = conclude(first, second, third)
    assert about(found, "confirms") == {"b0 confirms a0"}
    assert about(found, "contradicts") == {
        "a0 contradicts c0", "c0 contradicts a0", "b0 contradicts c0", "c0 contradicts b0",
    }  # fmt: skip
    assert about(found, "rank") == {"a0 rank deprecated", "b0 rank deprecated", "c0 rank preferred"}


def test_who_denies_having_left_does_not_contradict_who_says_he_is_there() -> None:
    works = ("person/p", "worksFor", "company/a")
    denial = tell("b", "2026-02", (*works, "former", "denied"))
    assert about(conclude(tell("a", "2026-01", (*works, "current")), denial), "contradicts", "rank") == set()
    found = conclude(tell("a", "2026-01", works), denial)
    assert about(found, "contradicts") == {"a0 contradicts b0", "b0 contradicts a0"}, "a0 does not say when"


@pytest.mark.parametrize(
    ("rumoured", "asserted", "confirmed"),
    [
        ("2026-01", "2026-02", True), ("2026-01", "2026-01", True), ("2026-02", "2026-01", False),
        ("2026", "2026-01", False), ("2026-01", "2026", False), ("2025", "2026-01", True),
        ("", "2026", False), ("2026", "", False), ("", "", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("modality", ["reported", "planned"])
def test_confirmation_comes_at_the_same_time_or_later(
    modality: str, rumoured: str, asserted: str, confirmed: bool
) -> None:
    found = conclude(tell("a", rumoured, (*FACT, modality)), tell("b", asserted, FACT))
    assert about(found, "confirms", "confirmedBy") == ({"b0 confirms a0", "a0 confirmedBy b0"} if confirmed else set())


def test_an_article_does_not_confirm_itself() -> None:
    assert about(conclude(tell("a", "2026", (*FACT, "reported"), FACT)), "confirms") == set()


@pytest.mark.parametrize(
    ("first", "then", "superseded"),
    [
        (("2026-01", "current"), ("2026-02", "former"), True),
        (("2026-01", "former"), ("2026-02", "current"), True),
        (("2026-01", "current"), ("2026-02", "current"), False),
        (("2026-01", "current"), ("2026-01", "former"), False),
        (("2026", "current"), ("2026-02", "former"), False),
        (("", "current"), ("2026-02", "former"), False),
        (("2026-01", "current"), ("2026-02", "former planned"), False),
        (("2026-01", "current denied"), ("2026-02", "former"), False),
    ],
)
def test_a_later_status_supersedes(first: tuple[str, str], then: tuple[str, str], superseded: bool) -> None:
    works = ("person/p", "worksFor", "company/a")
    found = conclude(tell("a", first[0], (*works, *first[1].split())), tell("b", then[0], (*works, *then[1].split())))
    assert about(found, "supersedes", "supersededBy") == (
        {"b0 supersedes a0", "a0 supersededBy b0"} if superseded else set()
    )
    assert ("b0 rank preferred" in found) is superseded


@pytest.mark.parametrize(
    ("modality", "when", "superseded"),
    [
        ("asserted", "2026-02", True), ("denied", "2026-02", True), ("reported", "2026-02", False),
        ("asserted", "2026-01", False), ("asserted", "2026", False), ("denied", "", False),
    ],
)  # fmt: skip
def test_a_plan_is_superseded_by_its_outcome(modality: str, when: str, superseded: bool) -> None:
    found = conclude(tell("a", "2026-01", (*FACT, "planned")), tell("b", when, (*FACT, modality)))
    assert about(found, "supersedes") == ({"b0 supersedes a0"} if superseded else set())


@pytest.mark.parametrize(
    ("told", "ranks"),
    [
        ("reported 2026-01, denied 2026-02", "deprecated preferred"),
        ("asserted 2026-01, denied 2026-02", "deprecated preferred"),
        ("denied 2026-01, asserted 2026-02", "deprecated preferred"),
        ("denied 2026-01, reported 2026-02", "- -"),
        ("asserted 2026-01, denied 2026-01", "- -"),
        ("asserted 2026, denied 2026-05-01", "- -"),
        ("asserted -, denied 2026-05-01", "- -"),
        ("asserted 2026-05-01, denied -", "- -"),
        ("planned 2026-01, denied 2026-02", "- preferred"),
        ("reported 2026-01, asserted 2026-02", "- preferred"),
        ("asserted 2026-01, reported 2026-02", "- -"),
        ("asserted 2026-01, asserted 2026-02", "- -"),
        ("reported 2026-01, denied 2026-02, asserted 2026-03", "- deprecated preferred"),
        ("denied 2026-01, asserted 2026-02, denied 2026-03", "- deprecated preferred"),
        ("asserted 2026-01, denied 2026-02, asserted 2026-02", "- - -"),
        ("reported 2026-01, asserted 2026-02, denied 2026-02", "- - -"),
        ("asserted 2026-01, denied 2026-02, reported 2026-03", "deprecated - -"),
    ],
)
def test_ranks(told: str, ranks: str) -> None:
    articles = [
        tell(chr(ord("a") + number), when.strip("-"), (*FACT, modality))
        for number, (modality, when) in enumerate(words.split() for words in told.split(", "))
    ]
    found = about(conclude(*articles), "rank")
    expected = {f"{chr(ord('a') + i)}0 rank {rank}" for i, rank in enumerate(ranks.split()) if rank != "-"}
    assert found == expected


def test_articles_of_one_date_that_differ_on_a_post_leave_no_last_word() -> None:
    works = ("person/p", "worksFor", "company/a")
    january = tell("a", "2026-01", (*works, "current"))
    february = [tell("b", "2026-02", (*works, "former")), tell("c", "2026-02", (*works, "current"))]
    assert about(conclude(january, *february), "rank") == set()
    assert about(conclude(january, february[0]), "rank") == {"b0 rank preferred"}
    plan = tell("c", "2026-02", (*works, "current", "planned"))
    assert about(conclude(january, february[0], plan), "rank") == {"b0 rank preferred"}


# -- the graph that the rules write -----------------------------------------------------------------------------------


def test_the_graph_is_the_same_in_any_order_of_the_documents(corpus: list[Extraction]) -> None:
    articles = [
        *corpus,
        tell("a", "2026-01", (*FACT, "reported"), ("person/p", "worksFor", "company/a", "current")),
        tell("b", "2026-02", FACT, events=[("acquisition", "company/c", "company/b", "asserted")]),
        tell("c", "2026-03", (*FACT, "denied"), ("person/p", "worksFor", "company/a", "former")),
    ]
    dumps = set()
    for seed in range(4):
        random.Random(seed).shuffle(articles)  # noqa: S311
        with GraphStore.open(None) as store:
            load(store, articles)
            infer(store)
            dumps.add(tuple(dump(store, form) for form in DUMP_FORMATS))
    assert len(dumps) == 1


def test_drop_and_rebuild(store: GraphStore) -> None:
    stated, size, ids = dump(store, inferred=False), len(store), store.document_ids()
    assert not store.has_inferred
    report = infer(store)
    full = dump(store)
    assert store.has_inferred
    assert report.total == full.count(b"\n") - stated.count(b"\n") > 20
    assert (dump(store, inferred=False), len(store), store.document_ids()) == (stated, size, ids)
    assert infer(store) == report, "again, over what is there"
    assert dump(store) == full
    drop_inferred(store)
    drop_inferred(store)
    assert not store.has_inferred
    assert dump(store) == stated
    infer(store)
    assert dump(store) == full


def test_the_report_counts_by_rule(store: GraphStore) -> None:
    report = infer(store)
    assert list(report.rules) == [rule.name for rule in list_rules()]
    assert report.rules["08-families"] == 3  # descendsFrom, hasDescendant, ModelFamily
    assert f"inferred  {report.total}" in format_report(report)


def test_every_rule_writes_what_its_header_says_and_no_two_the_same(store: GraphStore) -> None:
    everything = tell(
        "a", "2026-01", (*FACT, "reported"), events=[("acquisition", "company/c", "company/b", "asserted")]
    )
    load(store, [everything, tell("b", "2026-02", FACT), tell("c", "2026-03", (*FACT, "denied"))])
    rules = list_rules()
    terms = [term for rule in rules for term in rule.infers]
    assert len(terms) == len(set(terms))
    before: set[ox.Quad] = set()
    for number, rule in enumerate(rules, 1):
        store.replace_inferred([each.operations for each in rules[:number]])
        now = set(store.quads(inferred=True)) - set(store.quads())
        named = {
            _short(quad.object if quad.predicate.value.endswith("#type") else quad.predicate) for quad in now - before
        }
        assert before <= now
        assert named <= set(rule.infers)
        before = now


def _short(term: object) -> str:
    assert isinstance(term, ox.NamedNode)
    return next(
        f"{prefix}:{term.value.removeprefix(iri)}" for prefix, iri in PREFIXES.items() if term.value.startswith(iri)
    )


def test_the_terms_that_rules_infer_are_in_the_vocabulary() -> None:
    terms = {term.removeprefix("aio:") for rule in list_rules() for term in rule.infers if term.startswith("aio:")}
    assert terms <= set(AIO)
    assert terms >= {*INVERSES.values(), "Post", "Investor", "ModelFamily", "rank", "contradicts", "ownedBy"}


def test_an_inferred_graph_may_be_empty_and_is_there() -> None:
    with GraphStore.open(None) as store:
        assert infer(store).total == 0
        assert store.has_inferred
        assert len(store) == 0


@pytest.mark.parametrize("write", ["replace", "load", "remove"])
def test_whoever_writes_a_document_leaves_the_inferred_graph_behind(
    store: GraphStore, write: str, example: Extraction
) -> None:
    infer(store)
    if write == "replace":
        store.replace_document(example.document.id, to_quads(example))
    elif write == "load":
        load(store, [example])
    else:
        store.remove_document(store.document_ids()[0])
    assert not store.has_inferred
    assert dump(store) == dump(store, inferred=False)


def test_a_rule_that_fails_leaves_the_graph_as_it_was(store: GraphStore) -> None:
    infer(store)
    full = dump(store)
    with pytest.raises(SyntaxError):
        store.replace_inferred(["INSERT DATA { GRAPH <inferred> { <a> <b> <c> } }", "INSERT nonsense"])
    assert dump(store) == full


def test_a_read_only_store_infers_nothing(tmp_path: Path, corpus: list[Extraction]) -> None:
    with GraphStore.open(tmp_path) as written:
        load(written, corpus)
        report = infer(written)
    with GraphStore.open(tmp_path, read_only=True) as read:
        assert read.has_inferred
        with pytest.raises(StoreError, match="read-only"):
            infer(read)
        assert read.query("SELECT (COUNT(*) AS ?n) { GRAPH <inferred> { ?s ?p ?o } }").rows == [(report.total,)]


def test_ids_stand_under_the_base_of_the_store(corpus: list[Extraction]) -> None:
    base = "https://kg.example/"
    with GraphStore.open(None, base=base) as store:
        store.load_documents((article.document.id, to_quads(article, base=base)) for article in corpus)
        infer(store)
        inferred = set(store.quads(inferred=True)) - set(store.quads())
    assert {quad.graph_name.value for quad in inferred} == {base + "inferred"}
    assert {quad.subject.value.startswith(base) for quad in inferred} == {True}


def test_hostile_names_are_names() -> None:
    hostile = 'company/"> } ; DROP ALL ; INSERT { <a> <b> \\u0022 甲'
    found = conclude(
        tell(
            "a",
            "2026",
            ("person/p'\n#", "worksFor", hostile, 'chief " } \\', "current"),
            (hostile, "acquired", "company/b"),
        )
    )
    node = Ids().entity(hostile).value.removeprefix(Ids().base)
    assert f"company/b ownedBy {node}" in found
    assert 'post role chief " } \\' in posts(found)


def test_nothing_that_counts_facts_counts_what_was_inferred(store: GraphStore) -> None:
    counts, leads, names = count_graph(store), find_protagonists(store), store.names
    infer(store)
    assert (count_graph(store), find_protagonists(store)) == (counts, leads)
    assert store.names == names
    invested = "SELECT ?investor ?company { ?investor aio:investedIn ?company }"
    assert len(store.query(invested)) == 2, "two articles state it; no rule adds a third"


QUESTIONS = [
    "career",
    "competitors",
    "disagreements",
    "evidence",
    "family",
    "founders",
    "funding",
    "investors",
    "models",
    "partners",
    "portfolio",
    "products-on-model",
]
"""Those that ask what articles say."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_about_articles_have_the_same_answers(store: GraphStore, name: str) -> None:
    sparql = load_question(name).sparql
    answer = store.query(sparql).rows
    infer(store)
    assert store.query(sparql).rows == answer != []


def test_prefixes_mean_what_they_mean_in_the_store() -> None:
    declared = {
        tuple(line.split()[1:]) for rule in list_rules() for line in rule.sparql.splitlines() if "PREFIX" in line
    }
    assert declared <= {(f"{prefix}:", f"<{iri}>") for prefix, iri in PREFIXES.items()}
    assert len(declared) > 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# title: A\n# description: B\n", "needs one title"),
        ("# title: A\n# title: A\n# description: B\n# infers: aio:x\n", "needs one title"),
        ("# titel: A\n", "malformed header line"),
    ],
)
def test_a_malformed_header(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse_rule("broken", text)
