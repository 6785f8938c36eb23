"""The named questions, asked of three short articles that overlap and disagree."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError, QueryError
from kg.graph.quads import to_quads
from kg.graph.queries import (
    bind_parameters,
    list_questions,
    load_question,
    parse_question,
    read_example,
    resolve_entity,
    run_question,
)
from kg.graph.rules import infer
from kg.graph.store import GraphStore
from kg.graph.vocab import ontology_files
from kg.model import Extraction, Investment, InvestmentKind, Investor, Modality, PartialDate

QUESTIONS = [question.name for question in list_questions()]
EXPECTED = {
    "active-investors", "alumni", "article", "career", "co-investors", "competitors", "contradictions", "denials",
    "disagreements", "evidence", "family", "founders", "founders-from", "funding", "investors", "known-on",
    "largest-rounds", "listings", "models", "money-raised", "movers", "owners", "partners", "plans", "portfolio",
    "products-on-model", "products-on-others-models", "publishers", "rivals-sharing-investors", "round-leaders",
    "rumours", "shared-investors", "single-source", "staff", "subsidiaries", "takeovers", "timeline",
}  # fmt: skip


def ask(store: GraphStore, name: str, columns: str, **params: str) -> list[tuple[object, ...]]:
    wanted = columns.split()
    return [tuple(record[column] for column in wanted) for record in run_question(store, name, params).records()]


def test_every_question_is_there() -> None:
    assert set(QUESTIONS) == EXPECTED


def test_investors(store: GraphStore) -> None:
    rows = ask(
        store, "investors", "investor lead kind round amount wording date modality sentence url", company="云启科技"
    )
    assert rows == [
        (
            "长河资本", True, "aio:FundingRound", "B", Decimal(150_000_000), "1.5億元", "2026-01-09", "aio:asserted",
            "雲啟科技完成1.5億元B輪融資，由長河資本領投", "https://news.example/second",
        ),
        (
            "长河资本", True, "aio:FundingRound", "B", Decimal(100_000_000), "1亿元", "2026-01-08", "aio:asserted",
            "完成长河资本领投的1亿元B轮融资", "https://news.example/first",
        ),
        ("北辰智能", False, None, None, None, None, None, "aio:denied", "否认获得北辰智能投资", None),
    ]  # fmt: skip


def test_models_count_articles_once(store: GraphStore) -> None:
    assert ask(store, "models", "name relation modality articles", company="Cloudstart") == [
        ("云启2.0", "aio:develops", "aio:asserted", 2),
        ("小云助手", "aio:offers", "aio:asserted", 1),
    ]


@pytest.mark.parametrize("model", ["云启大模型", "云启2.0", "雲啟2.0"])
def test_products_on_model_include_its_versions(store: GraphStore, model: str) -> None:
    # Two articles state the version: its product must not be counted twice.
    assert ask(store, "products-on-model", "name runsOn articles sentence", model=model) == [
        ("小云助手", "云启2.0", 1, "小雲助手接入雲啟2.0")
    ]


def test_career(store: GraphStore) -> None:
    assert ask(store, "career", "organization relation role status sentence", person="林一") == [
        ("云启科技", "aio:foundedBy", None, None, "林一是云启科技创始人"),
        ("云启科技", "aio:worksFor", "首席执行官", "aio:current", "首席执行官"),
        ("北辰智能", "aio:worksFor", "研究员", "aio:former", "曾任北辰智能研究员"),
    ]


def test_evidence_points_into_the_text(store: GraphStore, corpus: list[Extraction]) -> None:
    texts = {f"document/{extraction.document.id}": extraction.document.text for extraction in corpus}
    rows = ask(store, "evidence", "article start end sentence modality confidence", entity="雲啟科技")
    assert len(rows) == 10
    assert all(texts[str(article)][start:end] == sentence for article, start, end, sentence, *_ in rows)  # type: ignore[misc]
    assert {row[4] for row in rows} == {"aio:asserted", "aio:denied"}
    assert {row[5] for row in rows} == {Decimal(1)}


def test_evidence_of_one_relation(store: GraphStore) -> None:
    rows = ask(store, "evidence", "subject predicate object", entity="company/yunqi", relation="foundedBy")
    assert rows == [("云启科技", "aio:foundedBy", "林一")]


def test_portfolio(store: GraphStore) -> None:
    assert ask(store, "portfolio", "company lead round amount", investor="長河資本") == [
        ("云启科技", True, "B", Decimal(150_000_000)),
        ("云启科技", True, "B", Decimal(100_000_000)),
    ]


def test_funding_shows_amounts_and_valuations(store: GraphStore, example: Extraction) -> None:
    store.replace_document(example.document.id, to_quads(example))
    columns = "date round amount valuation valuationStage valuationWording"
    assert ask(store, "funding", columns, company="Ａ tech") == [
        ("2026-03", "B", Decimal(100_000_000), Decimal(1_000_000_000), "post", "10亿元")
    ]


@pytest.mark.parametrize(
    ("since", "dates"),
    [
        ("2025", ["2026-01-08", "2026-01-09"]),
        ("2026", ["2026-01-08", "2026-01-09"]),
        ("2026-01-09", ["2026-01-09"]),
        ("2026-02", []),
    ],
)
def test_funding_since(store: GraphStore, since: str, dates: list[str]) -> None:
    assert [row[0] for row in ask(store, "funding", "date", company="云启科技", since=since)] == dates


def test_what_an_article_does_not_say_of_one_event_is_not_taken_from_another(
    store: GraphStore, example: Extraction
) -> None:
    # A second event in the article, without amount, valuation, round or leader, and a claim without an event.
    quote = example.claims[1].evidence
    stake = Investment(
        InvestmentKind.STAKE,
        "person/x-1",
        Modality.ASSERTED,
        quote,
        (Investor("company/b-capital"),),
        date=PartialDate(2020),
    )
    bare = replace(example.claims[0], object="person/x-1", subject="company/a-tech", evidence=quote, qualifiers=())
    more = replace(example, claims=(*example.claims, bare), investments=(*example.investments, stake))
    store.replace_document(more.document.id, to_quads(more))
    columns = "date round amount wording valuation valuationWording"
    assert ask(store, "funding", columns, company="丙某") == [("2020", None, None, None, None, None)]
    columns = "investor lead round amount date"
    assert ask(store, "investors", columns, company="丙某") == [
        ("乙资本", False, None, None, "2020"),
        ("甲科技", False, None, None, None),
    ]
    columns = "company lead round amount date"
    assert ask(store, "portfolio", columns, investor="乙资本") == [
        ("丙某", False, None, None, "2020"),
        ("甲科技", True, "B", Decimal(100_000_000), "2026-03"),
    ]


def test_symmetric_relations_are_found_from_both_sides(store: GraphStore) -> None:
    assert ask(store, "competitors", "name articles", entity="云启科技") == [("北辰智能", 1)]
    assert ask(store, "competitors", "name articles", entity="北辰智能") == [("云启科技", 1)]
    assert ask(store, "partners", "name sentence", entity="长河资本") == [("云启科技", "与长河资本签约合作")]


def test_founders(store: GraphStore) -> None:
    assert ask(store, "founders", "name articles id", company="云启科技") == [("林一", 1, "person/lin")]


@pytest.mark.parametrize("model", ["云启大模型", "云启2.0"])
def test_family_from_the_top_and_from_below(store: GraphStore, model: str) -> None:
    assert ask(store, "family", "name versionOf articles", model=model) == [("云启2.0", "云启大模型", 2)]


@pytest.mark.parametrize("params", [{}, {"company": "云启科技"}])
def test_disagreements_keep_each_amount_beside_its_article(store: GraphStore, params: dict[str, str]) -> None:
    assert ask(store, "disagreements", "name what amount url", **params) == [
        ("云启科技", "aio:amount", Decimal(100_000_000), "https://news.example/first"),
        ("云启科技", "aio:amount", Decimal(150_000_000), "https://news.example/second"),
    ]


def test_no_disagreement_about_another_company(store: GraphStore) -> None:
    assert ask(store, "disagreements", "name", company="北辰智能") == []


def test_an_ambiguous_name_stands_for_all_that_bear_it(store: GraphStore) -> None:
    assert [iri.value.rpartition("id/")[2] for iri in resolve_entity(store, "雲啟")] == ["company/yunqi", "model/yunqi"]
    assert ask(store, "models", "name", company="云启") == [("云启2.0",), ("小云助手",)]
    assert ask(store, "products-on-model", "name", model="云启") == [("小云助手",)]


@pytest.mark.parametrize("name", ["CLOUDSTART", "ｃｌｏｕｄｓｔａｒｔ", "雲啟科技", "company/yunqi", "云启科技"])
def test_entities_are_found_by_any_name(store: GraphStore, name: str) -> None:
    assert [iri.value for iri in resolve_entity(store, name)] == ["https://w3id.org/ai-industry/id/company/yunqi"]


def test_names_that_are_written_later_are_found(store: GraphStore, example: Extraction) -> None:
    with pytest.raises(QueryError):
        resolve_entity(store, "甲科技")
    store.replace_document(example.document.id, to_quads(example))
    assert len(resolve_entity(store, "甲公司")) == 1


@pytest.mark.parametrize(
    ("name", "suggestion"), [("云起科技", "云启科技"), ("长河", "[长長]河[资資]本"), ("Cloudstar", "Cloudstart")]
)
def test_unknown_names_get_suggestions(store: GraphStore, name: str, suggestion: str) -> None:
    with pytest.raises(QueryError, match=suggestion):
        resolve_entity(store, name)


def test_an_unknown_name_like_no_other_gets_none(store: GraphStore) -> None:
    with pytest.raises(QueryError, match=r"'zzzz'$"):
        resolve_entity(store, "zzzz")


@pytest.mark.parametrize(
    ("name", "params", "message"),
    [
        ("nonsense", {}, "there are active-investors, alumni"),
        ("investors", {}, "needs company: the company"),
        ("investors", {"company": " "}, "needs company"),
        ("investors", {"company": "云启科技", "year": "2026"}, "no parameter 'year'; it takes company"),
        ("funding", {"company": "云启科技", "since": "2026-13"}, "since is no date"),
    ],
)
def test_wrong_questions(store: GraphStore, name: str, params: dict[str, str], message: str) -> None:
    with pytest.raises(QueryError, match=message):
        run_question(store, name, params)


TWO_TEXTS = parse_question(
    "two-texts",
    '# title: t\n# description: d\n# param: a text "h"\n# param: b text "h" optional\n\n'
    "SELECT ?a ?b { VALUES ?a { UNDEF } VALUES ?b { UNDEF } }",
)
HOSTILE = ['"} ?s ?p ?o {"', "VALUES ?b { UNDEF }", "\\", '"', "a\nb", "a\x00b", "\\u0022", "'", "a\ud800b"]


@given(text=st.text(st.characters(codec=None), min_size=1).filter(str.strip) | st.sampled_from(HOSTILE))
def test_hostile_text_is_only_text(text: str) -> None:
    with GraphStore.open(None) as store:
        result = store.query(bind_parameters(store, TWO_TEXTS, {"a": text, "b": '" } #'}))
    written = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text.strip())
    assert result.rows == [(written, '" } #')]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_a_query_as_it_stands(store: GraphStore, name: str) -> None:
    question = load_question(name)
    everything = store.query(question.sparql)
    assert store.query(question.sparql).rows == everything.rows
    assert question.title.endswith("?")
    assert question.examples


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_examples_name_the_parameters(name: str) -> None:
    question = load_question(name)
    known = {parameter.name for parameter in question.parameters}
    required = {parameter.name for parameter in question.parameters if parameter.required}
    for example in question.examples:
        assert required <= read_example(example).keys() <= known


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {}",
        "# title: t\nSELECT * {}",
        "# title: t\n# description: d\n# what: x\n",
        "# title: t\n# description: d\n# param: x number \"h\"\n",
        '# title: t\n# description: d\n# param: x text "h"\n\nSELECT * {}',
        "# title: t\n# description: d\n\nSELECT * { VALUES ?x { UNDEF } }",
        "# title: t\n# description: d\n#   x\n\nSELECT * {}",
        "# title: t\n# description: d\n# answer: x | y\n#   1\n\nSELECT * {}",
    ],
)  # fmt: skip
def test_malformed_question_files(text: str) -> None:
    with pytest.raises(DataError, match="question q"):
        parse_question("q", text)


def test_the_answer_of_a_question_file() -> None:
    header = "# title: t\n# description: d\n# example:\n# answer: name | round\n#   甲科技 |\n#   乙科技 | B\n"
    answer = parse_question("q", header + "\nSELECT * {}").answer
    assert answer is not None
    assert answer.columns == ("name", "round")
    assert answer.rows == (("甲科技", ""), ("乙科技", "B"))


def test_the_same_answer_whatever_the_order_of_the_articles(corpus: list[Extraction]) -> None:
    answers = []
    for order in (corpus, corpus[::-1]):
        with GraphStore.open(None) as store:
            store.load_documents((extraction.document.id, to_quads(extraction)) for extraction in order)
            answers.append([store.query(question.sparql).rows for question in list_questions()])
    assert answers[0] == answers[1]


def read_examples() -> list[str]:
    text = (ontology_files() / "README.md").read_text(encoding="utf-8")
    return re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize(
    ("number", "first"),
    [
        (0, {"model": "model/yunqi-2", "name": "云启2.0", "articles": 2}),
        (1, {"investor": "长河资本", "modality": "aio:asserted"}),
        (2, {"round": "B", "value": Decimal(100_000_000), "wording": "1亿元", "published": "2026-01-08"}),
    ],
)
def test_the_examples_of_the_readme_answer(store: GraphStore, number: int, first: dict[str, object]) -> None:
    record = store.query(read_examples()[number]).records()[0]
    assert record | first == record


def test_the_example_of_the_readme_for_what_is_inferred_answers(corpus: list[Extraction]) -> None:
    with GraphStore.open(None) as store:
        store.load_documents((extraction.document.id, to_quads(extraction)) for extraction in corpus)
        infer(store)
        rows = store.query(read_examples()[3]).rows
    assert rows == [("林一", "首席执行官", "2026-01-08")]


def test_the_readme_has_four_examples() -> None:
    assert len(read_examples()) == 4
