"""The named questions on made-up articles: what they must count once, and what they must not answer.

An article is its date and its statements, in the notation that `conftest.py` explains.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pyoxigraph as ox
import pytest

from kg.graph.queries import list_questions
from kg.graph.results import Value
from kg.graph.store import GraphStore
from kg.graph.vocab import AIO, PREDICATES
from kg.model import Predicate

Ask = Callable[..., list[tuple[Value, ...]]]

A_ROUND = "deal company/x company/a! company/b round=A amount=100 worth=900 day=2024-05"


def test_money_of_one_event_counts_once_with_the_figure_of_most_articles(ask: Ask) -> None:
    told = (
        ("2024-05-01", A_ROUND),
        ("2024-05-02", A_ROUND),
        ("2024-06-01", "deal company/x company/a! round=A amount=~130"),
        ("2024-07-01", "deal company/x company/c round=B"),
    )
    assert ask(told, "money-raised", "modality currency total events approximate disputed", company="x") == [
        ("aio:asserted", None, 0, 1, 0, 0),
        ("aio:asserted", "USD", 100, 1, 0, 0),
    ]


def test_money_of_as_many_articles_is_the_latest_and_a_rumour_never_outvotes(ask: Ask) -> None:
    early, late = ("2024-05-01", A_ROUND), ("2024-06-01", "deal company/x company/a! round=A amount=~130")
    assert ask((early, late), "money-raised", "total approximate", company="x") == [(130, 1)]
    rumours = ((day, "deal company/x company/a reported round=A amount=~200") for day in ("2024-07-01", "2024-07-02"))
    assert ask((early, *rumours), "money-raised", "modality total", company="x") == [("aio:asserted", 100)]


def test_money_is_told_apart_by_kind_and_certainty_and_denied_money_is_none(ask: Ask) -> None:
    told = (
        ("2024-05-01", A_ROUND, "deal company/x company/d planned kind=acquisition amount=500"),
        ("2024-05-02", "deal company/x company/e denied round=C amount=70"),
        ("2024-05-03", "deal company/x company/a denied round=A amount=100"),
        ("2024-05-04", "deal company/y company/a round=A amount=100", "deal company/x company/b round=B"),
        ("2024-05-05", "deal company/x company/b denied round=B amount=60"),
    )
    assert ask(told, "money-raised", "kind modality total events disputed", company="x") == [
        ("aio:FundingRound", "aio:asserted", 0, 1, 1),
        ("aio:FundingRound", "aio:asserted", 100, 1, 1),
        ("aio:Acquisition", "aio:planned", 500, 1, 0),
    ]


def test_round_leaders_over_time(ask: Ask) -> None:
    told = (
        ("2024-05-01", A_ROUND),
        ("2024-05-09", A_ROUND),
        ("2025-01-01", "deal company/x company/c round=B amount=5", "deal company/x company/d! company/a amount=5"),
        (
            "2023-01-01",
            "deal company/x company/e! round=seed",
            "deal company/x company/f! kind=acquisition",
        ),
    )
    assert ask(told, "round-leaders", "date round leader valuation articles told", company="x") == [
        (None, "seed", "e", None, 1, "2023-01-01"),
        ("2024-05", "A", "a", 900, 2, "2024-05-01"),
        (None, None, "d", None, 1, "2025-01-01"),
    ]


def test_the_largest_rounds_of_a_period(ask: Ask) -> None:
    told = (
        ("2024-05-01", A_ROUND),
        ("2024-05-02", A_ROUND, "deal company/y planned amount=700"),
        ("2024-05-03", "deal company/z company/a amount=~400", "deal company/w company/a kind=stake amount=900"),
        ("2025-02-01", "deal company/v company/a round=B amount=800"),
        ("", "deal company/u company/a amount=50"),
    )
    columns = "name amount approximate date articles"
    assert ask(told, "largest-rounds", columns, since="2024", until="2024-12-31") == [
        ("z", 400, True, "2024-05-03", 1),
        ("x", 100, False, "2024-05", 2),
    ]
    assert [row[0] for row in ask(told, "largest-rounds", columns)] == ["v", "z", "x", "u"]


def test_the_most_active_investors_of_a_period(ask: Ask) -> None:
    told = (
        ("2024-05-01", A_ROUND),
        ("2024-05-02", A_ROUND, "deal company/y company/b day=2024-06"),
        ("2024-05-03", "deal company/y company/a denied", "deal company/z company/a day=2023"),
    )
    assert ask(told, "active-investors", "name deals companies led articles", since="2024") == [
        ("b", 2, 2, 0, 2),
        ("a", 1, 1, 1, 2),
    ]


def test_co_investors_are_of_one_deal(ask: Ask) -> None:
    told = (
        ("2024-05-01", "deal company/x company/a! round=A"),
        ("2024-05-02", "deal company/x company/b round=A", "deal company/x company/c round=B"),
        ("2024-05-03", "deal company/y company/a company/d planned round=A"),
    )
    assert ask(told, "co-investors", "name company round", investor="a") == [("b", "x", "A")]
    assert ask(told, "co-investors", "name", investor="a", partner="c") == []


SHARED = (
    (
        "2024-05-01",
        "company/a investedIn company/x",
        "company/a investedIn company/x",
        "company/y competesWith company/x",
    ),
    ("2024-05-02", "company/a investedIn company/x", "company/a investedIn company/y reported"),
    ("2024-05-03", "company/b investedIn company/x", "company/b investedIn company/y denied"),
    ("2024-05-04", "company/c investedIn company/x planned", "company/c investedIn company/y"),
    ("2024-05-05", "company/x competesWith company/y", "company/z competesWith company/x denied"),
    ("2024-05-06", "company/a investedIn company/z"),
)


def test_shared_investors_hold_both_shares(ask: Ask) -> None:
    assert ask(SHARED, "shared-investors", "name articles otherArticles", company="x", other="y") == [("a", 2, 1)]
    assert ask(SHARED, "shared-investors", "name articles otherArticles", company="y", other="x") == [("a", 1, 2)]
    assert ask(SHARED, "shared-investors", "name", company="x", other="x") == []


@pytest.mark.parametrize(("company", "rival"), [("x", "y"), ("y", "x")])
def test_rivals_sharing_investors_from_both_sides(ask: Ask, company: str, rival: str) -> None:
    columns = "name investor articles"
    assert ask(SHARED, "rivals-sharing-investors", columns, company=company) == [(rival, "a", 2)]


def test_products_on_the_models_of_others_only(ask: Ask) -> None:
    told = (
        ("2024-05-01", "company/a offers product/p", "product/p poweredBy model/m", "company/b develops model/m"),
        ("2024-05-02", "company/b offers product/own", "product/own poweredBy model/m", "company/b develops model/m"),
        (
            "2024-05-03",
            "company/c offers product/unit",
            "product/unit poweredBy model/m",
            "company/c subsidiaryOf company/b",
        ),
        ("2024-05-04", "company/d offers product/no", "product/no poweredBy model/m denied"),
        ("2024-05-05", "product/p poweredBy model/m", "company/a offers product/p"),
    )
    columns = "name owner runsOn maker modality articles"
    assert ask(told, "products-on-others-models", columns) == [
        ("p", "a", "m", "b", "aio:asserted", 2),
        ("no", "d", "m", "b", "aio:denied", 1),
    ]
    assert ask(told, "products-on-others-models", "name", owner="b") == []
    assert ask(told, "products-on-others-models", "name", maker="a") == []


MOVES = (
    ("2024-05-01", "person/p worksFor company/a role=CTO status=former", "person/p worksFor company/b status=current"),
    ("2024-05-02", "person/p worksFor company/b status=current", "person/p worksFor company/a status=former"),
    ("2024-05-03", "person/q worksFor company/a status=current", "person/q worksFor company/b planned status=current"),
    ("2024-05-04", "person/r worksFor company/a status=former", "company/b foundedBy person/r"),
    ("2024-05-05", "person/s worksFor company/a status=former", "person/s worksFor company/b denied status=current"),
    ("2024-05-06", "person/t worksFor company/a status=former", "person/t worksFor company/b status=former"),
)


def test_movers_have_left_and_come(ask: Ask) -> None:
    columns = "name formerRole relation modality articles"
    assert ask(MOVES, "movers", columns, **{"from": "a", "to": "b"}) == [
        ("p", "CTO", "aio:worksFor", "aio:asserted", 2),
        ("r", "", "aio:foundedBy", "aio:asserted", 1),
    ]
    assert ask(MOVES, "movers", columns, **{"from": "b", "to": "a"}) == []


def test_founders_from_a_former_employer_or_a_school(ask: Ask) -> None:
    told = (
        *MOVES,
        ("2024-06-01", "person/u educatedAt organization/s", "company/c foundedBy person/u"),
        ("2024-06-02", "person/u educatedAt organization/s", "company/c foundedBy person/u"),
        ("2024-06-03", "person/v educatedAt organization/s denied", "company/c foundedBy person/v"),
    )
    columns = "name before founded articles"
    assert ask(told, "founders-from", columns, organization="a") == [("r", "aio:worksFor", "b", 1)]
    assert ask(told, "founders-from", columns, organization="organization/s") == [("u", "aio:educatedAt", "c", 2)]


def test_alumni_have_present_posts_and_foundations(ask: Ask) -> None:
    told = (
        ("2024-05-01", "person/p educatedAt organization/s", "person/p worksFor company/a role=CEO status=current"),
        ("2024-05-02", "person/p educatedAt organization/s", "person/p worksFor company/b status=former"),
        ("2024-05-03", "person/q educatedAt organization/s", "company/c foundedBy person/p"),
        (
            "2024-05-04",
            "person/r educatedAt organization/s denied",
            "person/q worksFor company/d denied status=current",
        ),
    )
    assert ask(told, "alumni", "name organization role articles", school="s") == [
        ("p", "a", "CEO", 1),
        ("p", "c", "", 1),
        ("q", None, "", 0),
    ]


def test_staff_leave_with_a_later_article(ask: Ask) -> None:
    told = (
        (
            "2024-05-01",
            "person/p worksFor company/a role=CEO status=current",
            "person/q worksFor company/a status=current",
        ),
        ("2024-05-02", "person/p worksFor company/a status=former"),
        (
            "2024-04-01",
            "person/q worksFor company/a status=former",
            "person/r worksFor company/a planned status=current",
        ),
        (
            "2024-05-03",
            "person/q worksFor company/a role=CFO status=current",
            "person/s worksFor company/b status=current",
        ),
        ("2024-05-04", "person/q worksFor company/a role=CFO status=current"),
    )
    assert ask(told, "staff", "name role modality latest articles", company="a") == [
        ("q", None, "aio:asserted", "2024-05-01", 1),
        ("q", "CFO", "aio:asserted", "2024-05-04", 2),
        ("r", None, "aio:planned", "2024-04-01", 1),
    ]


OWNED = (
    (
        "2024-05-01",
        "company/b subsidiaryOf company/a",
        "company/b acquired company/c",
        "company/d subsidiaryOf company/c",
    ),
    ("2024-05-02", "company/b subsidiaryOf company/a", "company/b acquired company/c"),
    ("2024-05-03", "company/a acquired company/e denied", "company/f subsidiaryOf company/e"),
    ("2024-05-04", "company/a subsidiaryOf company/b denied", "company/a acquired company/g planned"),
)


def test_subsidiaries_two_steps_down(ask: Ask) -> None:
    assert ask(OWNED, "subsidiaries", "name hops through modality articles", company="a") == [
        ("b", 1, "a", "aio:asserted", 2),
        ("g", 1, "a", "aio:planned", 1),
        ("c", 2, "b", "aio:asserted", 2),
        ("e", 1, "a", "aio:denied", 1),
    ]
    assert ask(OWNED, "subsidiaries", "name", company="d") == []


def test_owners_two_steps_up(ask: Ask) -> None:
    columns = "name hops through modality"
    assert ask(OWNED, "owners", columns, company="d") == [("c", 1, "d", "aio:asserted"), ("b", 2, "c", "aio:asserted")]
    assert ask(OWNED, "owners", columns, company="f") == [("e", 1, "f", "aio:asserted"), ("a", 2, "e", "aio:denied")]
    assert ask(OWNED, "owners", columns, company="g") == [("a", 1, "g", "aio:planned")]


def test_takeovers_from_either_side(ask: Ask) -> None:
    deal = "deal company/c company/b kind=acquisition amount=~70"
    told = (*OWNED, ("2024-05-05", "company/b acquired company/c", deal))
    columns = "buyer bought price modality articles"
    assert ask(told, "takeovers", columns, company="b") == [("b", "c", "~70", "aio:asserted", 3)]
    assert ask(told, "takeovers", columns, company="c") == [("b", "c", "~70", "aio:asserted", 3)]
    assert ask(told, "takeovers", columns, company="d") == []


def test_single_sources_are_counted_over_both_directions(ask: Ask) -> None:
    told = (
        ("2024-05-01", "company/a competesWith company/b", "company/a offers product/p", "company/a offers product/p"),
        (
            "2024-05-02",
            "company/b competesWith company/a",
            "company/a offers product/q",
            "company/a offers product/r planned",
        ),
        ("2024-05-03", "company/a offers product/q", "company/a offers product/p denied"),
    )
    assert ask(told, "single-source", "subject object published", entity="a") == [("a", "p", "2024-05-01")]


def test_contradictions_take_two_articles(ask: Ask) -> None:
    told = (
        ("2024-05-01", "company/a partnersWith company/b", "company/a acquired company/c"),
        ("2024-05-02", "company/b partnersWith company/a denied", "company/c acquired company/a denied"),
        ("2024-05-03", "company/a acquired company/d reported", "company/a acquired company/d denied"),
    )
    assert ask(told, "contradictions", "subject object modality published") == [
        ("b", "a", "aio:asserted", "2024-05-01"),
        ("b", "a", "aio:denied", "2024-05-02"),
    ]
    assert ask(told, "contradictions", "subject", entity="c") == []


def test_rumours_are_settled_by_what_is_not_older(ask: Ask) -> None:
    told = (
        ("2024-05-02", "company/a acquired company/b reported", "company/a investedIn company/c reported"),
        ("2024-05-03", "company/a acquired company/b reported", "company/a partnersWith company/d reported"),
        ("2024-05-01", "company/a investedIn company/c denied"),
        ("2024-05", "company/d partnersWith company/a"),
        ("2024-06-01", "company/a acquired company/b"),
        ("2024-07-01", "company/a acquired company/b denied", "company/a offers product/p"),
    )
    assert ask(told, "rumours", "subject object rumoured outcome settled") == [
        ("a", "b", "2024-05-02", "confirmed", "2024-06-01"),
        ("a", "b", "2024-05-02", "denied", "2024-07-01"),
        ("a", "c", "2024-05-02", "open", None),
        ("a", "d", "2024-05-03", "confirmed", "2024-05"),
    ]
    assert ask(told, "rumours", "subject", entity="p") == []


def test_what_was_known_on_a_day(ask: Ask) -> None:
    told = (
        ("2024-05-01", "company/a offers product/p"),
        ("2024-05-31", "company/a offers product/p", "company/a offers product/q denied"),
        ("2024-05", "company/a offers product/r"),
        ("", "company/a offers product/s"),
    )
    columns = "object modality since articles"
    assert ask(told, "known-on", columns, entity="a", day="2024-04") == []
    assert ask(told, "known-on", columns, entity="a", day="2024-05-30") == [("p", "aio:asserted", "2024-05-01", 1)]
    assert ask(told, "known-on", columns, entity="a", day="2024-05") == [
        ("r", "aio:asserted", "2024-05", 1),
        ("p", "aio:asserted", "2024-05-01", 2),
        ("q", "aio:denied", "2024-05-31", 1),
    ]


def test_listings_and_plans_of_them(ask: Ask) -> None:
    told = (
        ("2024-05-01", "company/a listedOn organization/x ticker=0001", "company/b listedOn organization/x planned"),
        ("2024-05-02", "company/a listedOn organization/x date=2024-04", "company/c listedOn organization/y"),
        ("2024-05-03", "company/d listedOn organization/x denied"),
    )
    assert ask(told, "listings", "name modality ticker date articles", exchange="x") == [
        ("a", "aio:asserted", "0001", "2024-04", 2),
        ("b", "aio:planned", "", "", 1),
        ("d", "aio:denied", "", "", 1),
    ]


def test_plans_that_came_true_or_were_denied(ask: Ask) -> None:
    told = (
        ("2024-05-02", "company/a acquired company/b planned", "company/a offers product/p planned"),
        ("2024-05-01", "company/a acquired company/b", "company/a partnersWith company/c planned"),
        (
            "2024-05-03",
            "company/a offers product/p",
            "company/c partnersWith company/a",
            "company/a offers product/q planned",
        ),
        ("2024-05-04", "company/a offers product/q denied", "company/a acquired company/b planned"),
    )
    assert ask(told, "plans", "object latest denied articles", entity="a") == [
        ("b", "2024-05-04", False, 2),
        ("q", "2024-05-03", True, 1),
    ]
    assert ask(told, "plans", "object", entity="p") == []


def test_denials_of_claims_and_of_deals_without_investors(ask: Ask) -> None:
    told = (
        ("2024-05-01", "company/a acquired company/b denied", "deal company/b company/a denied kind=acquisition"),
        ("2024-05-02", "company/a acquired company/b denied", "deal company/c denied"),
        ("2024-05-03", "company/a acquired company/d", "deal company/d company/a"),
    )
    assert ask(told, "denials", "subject predicate object articles") == [
        ("a", "aio:acquired", "b", 2),
        (None, "aio:FundingRound", "c", 1),
    ]
    assert ask(told, "denials", "object", entity="a") == [("b",)]
    assert ask(told, "denials", "object", entity="d") == []


def test_a_timeline_ends_with_what_has_no_date(ask: Ask) -> None:
    told = (
        ("", "company/a offers product/p"),
        ("2024-05-02", "company/a offers product/p", "company/a offers product/p"),
        ("2024-05-01", "company/a offers product/p denied", "company/b offers product/q"),
    )
    columns = "published object modality"
    assert ask(told, "timeline", columns, entity="a") == [
        ("2024-05-01", "p", "aio:denied"),
        ("2024-05-02", "p", "aio:asserted"),
        (None, "p", "aio:asserted"),
    ]
    assert ask(told, "timeline", "published", entity="a", since="2024-05-02") == [("2024-05-02",), (None,)]
    assert ask(told, "timeline", "object", entity="a", relation="acquired") == []


def test_an_article_by_a_part_of_its_headline(ask: Ask) -> None:
    told = (
        ("", "company/a offers product/p", "company/a acquired company/b denied"),
        ("", "company/b offers product/q"),
    )
    assert ask(told, "article", "subject object modality", article="article 0") == [
        ("a", "p", "aio:asserted"),
        ("a", "b", "aio:denied"),
    ]
    assert ask(told, "article", "subject", article="article 2") == []


def test_publishers_count_articles_once(ask: Ask) -> None:
    told = (
        ("2024-05-02 by one", "company/a offers product/p", "company/a offers product/q"),
        ("2024-05-01 by one", "company/a acquired company/b denied"),
        ("", "company/a offers product/p"),
        ("2024-05-01 by two", "company/b offers product/r"),
    )
    assert ask(told, "publishers", "publisher articles first latest", entity="a") == [
        ("one", 2, "2024-05-01", "2024-05-02"),
        (None, 1, None, ""),
    ]


def test_an_inferred_graph_changes_no_answer(
    made_up: Callable[..., AbstractContextManager[GraphStore]],
) -> None:
    told = (*SHARED, *MOVES, *OWNED, ("2024-08-01", A_ROUND), ("2024-08-02", A_ROUND))
    with made_up(*told) as store:
        before = {question.name: store.query(question.sparql).rows for question in list_questions()}
        inferred = store.ids.iri("inferred")
        holding = (
            "SELECT ?s ?p ?o ?c { ?c rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; aio:modality aio:asserted }"
        )
        quads = []
        for s, p, o, claim in store.query(holding).terms:
            assert isinstance(p, ox.NamedNode)
            quads += [ox.Quad(s, p, o, inferred), ox.Quad(claim, AIO.rank, ox.Literal("preferred"), inferred)]  # type: ignore[arg-type]
            if p == PREDICATES[Predicate.SUBSIDIARY_OF]:
                quads.append(ox.Quad(s, AIO.ownedBy, o, inferred))  # type: ignore[arg-type]
        store._store.extend(quads)
        assert len(quads) > 20
        for question in list_questions():
            assert store.query(question.sparql).rows == before[question.name], question.name
