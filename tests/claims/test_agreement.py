from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.claims import scene as symbols
from kg.claims.agreement import NETWORK, SORTS, Rivals, load_weights, propose, settle, sort_of, to_odds
from kg.claims.pairs import QUALITIES, Judgement, Judgements
from kg.claims.rules import Finding
from kg.claims.scene import Element, Scene, build_scene
from kg.model import Entity, EntityType, Modality, Predicate

COMPANY = Entity("company/yunxi", EntityType.COMPANY, "云栖智能")
INVESTOR = Entity("company/qingshuo", EntityType.COMPANY, "青朔资本")
PERSON = Entity("person/zhou", EntityType.PERSON, "周屿白")
MODEL = Entity("model/lanyu", EntityType.MODEL, "澜语")
PREDICATES = st.sampled_from(list(Predicate))
PROBABILITIES = st.floats(0, 1)


def judged(
    subject: Entity, predicate: Predicate, object_: Entity, probability: float, *, start: int = 0, end: int = 20,
    subject_first: bool = True, **qualities: float,
) -> Judgement:  # fmt: skip
    every = {**dict.fromkeys(QUALITIES, 0.01), **qualities}
    return Judgement(subject, predicate, object_, probability, start, end, subject_first, every)


def of(*made: Judgement) -> Judgements:
    pairs = {(j.subject.id, j.object.id) for j in made} | {(j.object.id, j.subject.id) for j in made}
    return Judgements(made, frozenset(pairs))


def rule(subject: Entity, predicate: Predicate, object_: Entity, confidence: float = 0.8) -> Finding:
    return Finding(subject, predicate, object_, Modality.ASSERTED, 0, 20, "some.rule", confidence)


DEVELOPS = judged(COMPANY, Predicate.DEVELOPS, MODEL, 0.99)

# -- the weights ------------------------------------------------------------------------------------------------------


NONE = (0.0, 0.0, 0.0)
RULES = [("makes.release", 0.8), ("name.maker", 0.8), ("known.maker", 0.8)]


@given(PREDICATES, PROBABILITIES, PROBABILITIES, st.sampled_from([None, *RULES, ("name.owner", 0.25)]))
def test_the_surer_the_network_the_likelier_a_claim(
    predicate: Predicate, one: float, other: float, found: tuple[str, float] | None
) -> None:
    low, high = (load_weights().probability(predicate, p, NONE, found) for p in (min(one, other), max(one, other)))
    assert 0 <= low <= high <= 1


@given(PREDICATES, PROBABILITIES, st.sampled_from(RULES))
def test_a_rule_speaks_for_a_claim(predicate: Predicate, probability: float, found: tuple[str, float]) -> None:
    weights = load_weights()
    assert weights.probability(predicate, probability, NONE, found) >= weights.probability(predicate, probability, NONE)


@given(PREDICATES, PROBABILITIES, st.sampled_from([name for name, _ in RULES]), PROBABILITIES, PROBABILITIES)
def test_the_surer_the_rule_the_likelier_a_claim(
    predicate: Predicate, probability: float, name: str, one: float, other: float
) -> None:
    low, high = (
        load_weights().probability(predicate, probability, NONE, (name, c)) for c in (min(one, other), max(one, other))
    )
    assert low <= high


@pytest.mark.parametrize("predicate", Predicate)
def test_either_side_moves_every_predicate(predicate: Predicate) -> None:
    weights = load_weights()
    for found in RULES:
        assert weights.probability(predicate, 0.5, NONE, found) > weights.probability(predicate, 0.5, NONE)
    for found in (None, *RULES):
        unlikely, likely = (weights.probability(predicate, p, NONE, found) for p in (0.05, 0.95))
        assert likely > unlikely + 0.1


@pytest.mark.parametrize(
    ("rule", "sort"),
    [("name.owner", "name"), ("known.maker_before", "known"), ("makes.release", "stated"), ("named.so", "stated")],
)
def test_rules_are_of_three_sorts(rule: str, sort: str) -> None:
    assert sort_of(rule) == sort
    assert set(load_weights().rules) == set(SORTS)


def test_every_predicate_has_weights() -> None:
    assert set(load_weights().predicates) == set(Predicate)


def test_odds_are_bounded() -> None:
    assert to_odds(0.5) == 0
    assert to_odds(0.8) == pytest.approx(-to_odds(0.2))
    assert to_odds(0.0) == to_odds(0.001) == pytest.approx(-to_odds(1.0))


# -- rivals -----------------------------------------------------------------------------------------------------------


def test_the_likeliest_rivals_are_another_object_another_subject_and_another_predicate() -> None:
    other, version = replace(COMPANY, id="company/other"), replace(MODEL, id="model/lanyu-2")
    rivals = Rivals(
        [
            DEVELOPS,
            judged(COMPANY, Predicate.DEVELOPS, version, 0.6),
            judged(other, Predicate.DEVELOPS, MODEL, 0.3),
            judged(INVESTOR, Predicate.DEVELOPS, MODEL, 0.2),
            judged(other, Predicate.OFFERS, MODEL, 0.9),
        ]
    )
    assert rivals.of(COMPANY.id, Predicate.DEVELOPS, MODEL.id) == (0.6, 0.3, 0.0)
    assert rivals.of(other.id, Predicate.DEVELOPS, MODEL.id) == (0.0, 0.99, 0.9)
    assert rivals.of(other.id, Predicate.OFFERS, MODEL.id) == (0.0, 0.0, 0.3)
    assert rivals.of(PERSON.id, Predicate.WORKS_FOR, COMPANY.id) == NONE


def test_the_ends_of_a_symmetric_predicate_are_both_its_subject() -> None:
    other = replace(COMPANY, id="company/other")
    rivals = Rivals(
        [
            judged(COMPANY, Predicate.PARTNERS_WITH, INVESTOR, 0.7),
            judged(other, Predicate.PARTNERS_WITH, INVESTOR, 0.4),
        ]
    )
    assert rivals.of(COMPANY.id, Predicate.PARTNERS_WITH, INVESTOR.id) == (0.0, 0.4, 0.0)
    assert rivals.of(INVESTOR.id, Predicate.PARTNERS_WITH, COMPANY.id) == (0.4, 0.0, 0.0)


def test_a_likely_rival_speaks_against_a_claim() -> None:
    weights = replace(load_weights(), rivals=(-0.1, -0.2, -0.3))
    alone, subject, object_, pair = (
        weights.probability(Predicate.DEVELOPS, 0.5, rivals)
        for rivals in (NONE, (0.9, 0.0, 0.0), (0.0, 0.9, 0.0), (0.0, 0.0, 0.9))
    )
    assert alone > subject > object_ > pair


# -- what the network proposes ----------------------------------------------------------------------------------------


def test_what_is_likely_is_proposed() -> None:
    [finding] = propose(of(DEVELOPS), [], [])
    assert (finding.subject, finding.predicate, finding.object) == (COMPANY, Predicate.DEVELOPS, MODEL)
    assert (finding.rule, finding.modality) == (NETWORK, Modality.ASSERTED)
    assert (finding.start, finding.end, finding.qualifiers) == (0, 20, ())
    assert finding.confidence == load_weights().probability(Predicate.DEVELOPS, 0.99, NONE)


def test_what_is_unlikely_is_not() -> None:
    assert not list(propose(of(replace(DEVELOPS, probability=0.1)), [], []))


def test_what_a_rule_has_found_is_left_out() -> None:
    invests = judged(INVESTOR, Predicate.INVESTED_IN, COMPANY, 0.99)
    proposed = propose(of(DEVELOPS, invests), [rule(COMPANY, Predicate.DEVELOPS, MODEL)], [])
    assert [f.predicate for f in proposed] == [Predicate.INVESTED_IN]


def test_another_predicate_of_the_same_pair_is_not_what_a_rule_has_found() -> None:
    works = judged(PERSON, Predicate.WORKS_FOR, COMPANY, 0.99)
    assert list(propose(of(works), [rule(PERSON, Predicate.INVESTED_IN, COMPANY)], []))
    assert list(propose(of(works), [rule(COMPANY, Predicate.FOUNDED_BY, PERSON)], []))


@pytest.mark.parametrize(("probability", "is_proposed"), [(0.49, False), (0.5, True), (0.97, True)])
def test_alone_the_network_is_taken_at_its_word(probability: float, is_proposed: bool) -> None:
    found = list(propose(of(replace(DEVELOPS, probability=probability)), [], [], alone=True))
    assert [f.confidence for f in found] == ([probability] if is_proposed else [])


def test_without_rules_nothing_speaks_against_a_claim() -> None:
    middling = of(replace(DEVELOPS, probability=0.6))
    assert not list(propose(middling, [], []))
    assert list(propose(middling, [], [], alone=True))


@pytest.mark.parametrize(
    ("qualities", "modality"),
    [
        ({}, Modality.ASSERTED),
        ({"reported": 0.49}, Modality.ASSERTED),
        ({"reported": 0.5}, Modality.REPORTED),
        ({"planned": 0.9, "reported": 0.7}, Modality.PLANNED),
        ({"denied": 0.8, "planned": 0.6}, Modality.DENIED),
        ({"former": 0.9, "lead": 0.9}, Modality.ASSERTED),
    ],
)
def test_modality(qualities: dict[str, float], modality: Modality) -> None:
    [finding] = propose(of(replace(DEVELOPS, qualities={**DEVELOPS.qualities, **qualities})), [], [])
    assert finding.modality is modality


@pytest.mark.parametrize(("former", "status"), [(0.69, "current"), (0.7, "former")])
def test_status_of_a_post(former: float, status: str) -> None:
    [finding] = propose(of(judged(PERSON, Predicate.WORKS_FOR, COMPANY, 0.99, former=former)), [], [])
    assert dict(finding.qualifiers) == {"role": None, "status": status}


@pytest.mark.parametrize(("lead", "qualifiers"), [(0.1, ()), (0.5, (("lead", "true"),))])
def test_who_leads(lead: float, qualifiers: tuple[tuple[str, str], ...]) -> None:
    [finding] = propose(of(judged(INVESTOR, Predicate.INVESTED_IN, COMPANY, 0.99, lead=lead)), [], [])
    assert finding.qualifiers == qualifiers
    acquired = judged(INVESTOR, Predicate.ACQUIRED, COMPANY, 0.99, lead=lead)
    assert [f.qualifiers for f in propose(of(acquired), [], [])] == [()]


def posts(text: str, *titles: str) -> Scene:
    elements = [Element(symbols.TITLE, text.index(t), text.index(t) + len(t), t) for t in titles]
    return build_scene(text, 0, len(text), sorted(elements, key=lambda e: e.start))


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("周屿白曾任总裁,后任云栖智能", "总裁"),
        ("周屿白先任总监再任总裁于云栖智能", "总监"),
        ("云栖智能的总监和总裁周屿白", "总裁"),
        ("总裁周屿白离开云栖智能", None),
    ],
)
def test_the_role_is_the_post_between_the_two_that_is_nearest_to_the_person(text: str, role: str | None) -> None:
    scene = posts(text, *(t for t in ("总裁", "总监") if t in text))
    spans = [(text.index(e.name), text.index(e.name) + len(e.name)) for e in (PERSON, COMPANY)]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    works = judged(PERSON, Predicate.WORKS_FOR, COMPANY, 0.99, start=start, end=end, subject_first=spans[0][0] == start)
    [finding] = propose(of(works), [], [scene])
    assert dict(finding.qualifiers)["role"] == role


@pytest.mark.parametrize(("former", "status"), [(0.84, "current"), (0.85, "former")])
def test_a_sure_network_says_against_a_rule_that_a_post_is_a_former_one(former: float, status: str) -> None:
    post = replace(rule(PERSON, Predicate.WORKS_FOR, COMPANY), qualifiers=(("role", "总裁"), ("status", "current")))
    [kept] = settle([post], of(judged(PERSON, Predicate.WORKS_FOR, COMPANY, 0.99, former=former)))
    assert kept.qualifiers == (("role", "总裁"), ("status", status))


@pytest.mark.parametrize(("former", "status"), [(0.04, "former"), (0.03, "current")])
def test_a_sure_network_says_against_a_rule_that_a_post_is_held(former: float, status: str) -> None:
    post = replace(rule(PERSON, Predicate.WORKS_FOR, COMPANY), qualifiers=(("role", "总裁"), ("status", "former")))
    [kept] = settle([post], of(judged(PERSON, Predicate.WORKS_FOR, COMPANY, 0.99, former=former)))
    assert kept.qualifiers == (("role", "总裁"), ("status", status))


def test_a_predicate_may_have_a_threshold_of_its_own() -> None:
    weights = replace(load_weights(), threshold=0.5, thresholds={Predicate.INVESTED_IN: 0.3})
    assert weights.suffices(Predicate.INVESTED_IN, 0.3)
    assert not weights.suffices(Predicate.DEVELOPS, 0.49)


def test_what_a_name_begins_with_is_left_to_the_rule_of_such_names() -> None:
    part = replace(INVESTOR, name=f"{COMPANY.name}研究院")
    owned = of(judged(part, Predicate.SUBSIDIARY_OF, COMPANY, 0.99))
    assert list(propose(owned, [], [])) == []
    assert list(propose(owned, [], [], alone=True))


# -- what is kept -----------------------------------------------------------------------------------------------------


def test_what_both_find_gets_their_probability() -> None:
    [kept] = settle([rule(COMPANY, Predicate.DEVELOPS, MODEL)], of(DEVELOPS))
    assert kept.confidence == load_weights().probability(Predicate.DEVELOPS, 0.99, NONE, ("some.rule", 0.8))
    assert replace(kept, confidence=0.8) == rule(COMPANY, Predicate.DEVELOPS, MODEL)


def test_what_the_network_finds_unlikely_is_dropped() -> None:
    finding = rule(COMPANY, Predicate.SUBSIDIARY_OF, INVESTOR)
    assert load_weights().probability(Predicate.SUBSIDIARY_OF, 0.0, NONE, ("some.rule", 0.8)) < load_weights().threshold
    judgements = of(judged(COMPANY, Predicate.PARTNERS_WITH, INVESTOR, 0.9))
    assert settle([finding], judgements) == []
    assert settle([finding], of(judged(COMPANY, Predicate.SUBSIDIARY_OF, INVESTOR, 0.02))) == []


def test_what_was_not_judged_stays_as_it_was() -> None:
    finding = rule(COMPANY, Predicate.SUBSIDIARY_OF, INVESTOR, 0.3)
    assert settle([finding], of(DEVELOPS)) == [finding]
    assert settle([finding], Judgements((), frozenset())) == [finding]


def test_what_the_network_proposes_stands_the_test_again() -> None:
    judgements = of(DEVELOPS)
    proposed = list(propose(judgements, [], []))
    assert settle(proposed, judgements) == proposed


def test_the_order_stays() -> None:
    findings = [rule(INVESTOR, Predicate.INVESTED_IN, COMPANY), rule(COMPANY, Predicate.DEVELOPS, MODEL)]
    judgements = of(DEVELOPS, judged(INVESTOR, Predicate.INVESTED_IN, COMPANY, 0.95))
    assert [f.predicate for f in settle(findings, judgements)] == [Predicate.INVESTED_IN, Predicate.DEVELOPS]


def test_the_owner_of_an_owner_is_not_stated() -> None:
    part, owner, whole = (replace(COMPANY, id=f"company/{name}", name=name) for name in ("丙", "乙", "甲"))
    found = [rule(part, Predicate.SUBSIDIARY_OF, owner), rule(owner, Predicate.SUBSIDIARY_OF, whole)]
    far = replace(rule(part, Predicate.SUBSIDIARY_OF, whole), rule=NETWORK)
    pairs = [judged(f.subject, Predicate.SUBSIDIARY_OF, f.object, 0.99) for f in (*found, far)]
    assert [f.object.name for f in settle([*found, far], of(*pairs))] == ["乙", "甲"]
    assert [f.object.name for f in settle([found[0], far], of(*pairs))] == ["乙", "甲"]
