"""Hand-built extractions: what the pipeline would find in short made-up articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal

import pytest
import rdflib

from kg.graph.quads import to_quads
from kg.graph.queries import run_question
from kg.graph.results import Value
from kg.graph.store import GraphStore
from kg.graph.vocab import ontology_files
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
    PartialDate,
    Predicate,
    Valuation,
)


@pytest.fixture(scope="session")
def ontology() -> rdflib.Graph:
    """The ontology as it is shipped; copy it before adding to it."""
    return rdflib.Graph().parse(ontology_files() / "ai-industry.ttl", format="turtle")


A_TECH = Entity(
    "company/a-tech",
    EntityType.COMPANY,
    "甲科技",
    (Alias("甲科技", "zh-Hans"), Alias("A Tech", "en")),
    (("wikidata", "Q1"),),
)
B_CAPITAL = Entity("company/b-capital", EntityType.COMPANY, "乙资本")
CEO = Entity("person/x-1", EntityType.PERSON, "丙某")

EXAMPLE_TEXT = (
    "甲科技完成B轮融资\n3月5日，甲科技宣布完成由乙资本领投的近亿元B轮融资，投后估值10亿元。"
    "甲公司首席执行官丙某表示，资金用于研发。"
)


def evidence(document: Document, quote: str) -> Evidence:
    start = document.text.index(quote)
    return Evidence(document.id, start, start + len(quote), quote)


@pytest.fixture
def example() -> Extraction:
    """The article that the module docstring of `kg.graph.quads` writes out."""
    document = Document(
        EXAMPLE_TEXT,
        title="甲科技完成B轮融资",
        url="https://news.example/1",
        publisher="示例新闻",
        author="王记者",
        published=PartialDate(2026, 3, 5),
        record_id="row-7",
    )
    round_ = evidence(document, "甲科技宣布完成由乙资本领投的近亿元B轮融资")
    post = evidence(document, "甲公司首席执行官丙某")
    funded = Claim(
        "company/b-capital",
        Predicate.INVESTED_IN,
        "company/a-tech",
        Modality.ASSERTED,
        round_,
        (("date", "2026-03"), ("lead", "true")),
        "investment",
        0.9,
    )
    works = Claim(
        "person/x-1",
        Predicate.WORKS_FOR,
        "company/a-tech",
        Modality.ASSERTED,
        post,
        (("role", "首席执行官"), ("status", "current")),
    )
    event = Investment(
        InvestmentKind.ROUND,
        "company/a-tech",
        Modality.ASSERTED,
        round_,
        (Investor("company/b-capital", lead=True),),
        "B",
        Money(Decimal("1E+8"), "CNY", True, Decimal("9E+7"), Decimal("1E+8"), "近亿元"),
        Valuation(Money(Decimal(1_000_000_000), "CNY", wording="10亿元"), "post"),
        PartialDate(2026, 3),
        "investment",
        0.9,
    )
    mention = Mention(evidence(document, "甲公司"), EntityType.COMPANY, "甲公司", "company/a-tech")
    return Extraction(document, (A_TECH, B_CAPITAL, CEO), (mention,), (funded, works), (event,))


COMPANY = Entity(
    "company/yunqi",
    EntityType.COMPANY,
    "云启科技",
    (Alias("云启科技", "zh-Hans"), Alias("雲啟科技", "zh-Hant"), Alias("Cloudstart", "en"), Alias("云启", "zh-Hans")),
)
INVESTOR = Entity(
    "company/river", EntityType.COMPANY, "长河资本", (Alias("长河资本", "zh-Hans"), Alias("長河資本", "zh-Hant"))
)
RIVAL = Entity("company/polaris", EntityType.COMPANY, "北辰智能")
FAMILY = Entity(
    "model/yunqi", EntityType.MODEL, "云启大模型", (Alias("云启大模型", "zh-Hans"), Alias("云启", "zh-Hans"))
)
VERSION = Entity(
    "model/yunqi-2", EntityType.MODEL, "云启2.0", (Alias("云启2.0", "zh-Hans"), Alias("雲啟2.0", "zh-Hant"))
)
ASSISTANT = Entity("product/assistant", EntityType.PRODUCT, "小云助手", (Alias("小雲助手", "zh-Hant"),))
FOUNDER = Entity("person/lin", EntityType.PERSON, "林一")
EVERYTHING = (COMPANY, INVESTOR, RIVAL, FAMILY, VERSION, ASSISTANT, FOUNDER)

_Stated = tuple[Entity, Predicate, Entity, str] | tuple[Entity, Predicate, Entity, str, dict[str, str]]


def article(document: Document, stated: list[_Stated], amount: Money | None = None) -> Extraction:
    """An article whose claims are (subject, predicate, object, quote[, qualifiers]); a B round if `amount`."""
    claims = []
    for subject, predicate, object_, quote, *rest in stated:
        qualifiers = dict(*rest)
        modality = Modality(qualifiers.pop("modality", "asserted"))
        source = evidence(document, quote)
        claims.append(Claim(subject.id, predicate, object_.id, modality, source, tuple(sorted(qualifiers.items()))))
    rounds = [
        Investment(
            InvestmentKind.ROUND,
            claim.object,
            Modality.ASSERTED,
            claim.evidence,
            (Investor(claim.subject, lead=True),),
            "B",
            amount,
            date=document.published,
        )
        for claim in claims
        if amount and claim.predicate is Predicate.INVESTED_IN
    ]
    return Extraction(document, EVERYTHING, (), tuple(claims), tuple(rounds))


@pytest.fixture
def corpus() -> list[Extraction]:
    """Three articles that overlap: two tell of one round with different amounts, two state one fact, one denies."""
    first = article(
        Document(
            "云启科技宣布完成长河资本领投的1亿元B轮融资。云启科技发布云启2.0，它是云启大模型的新版本。林一是云启科技创始人兼首席执行官。",
            title="云启科技融资",
            url="https://news.example/first",
            published=PartialDate(2026, 1, 8),
        ),
        [
            (INVESTOR, Predicate.INVESTED_IN, COMPANY, "完成长河资本领投的1亿元B轮融资", {"lead": "true"}),
            (COMPANY, Predicate.DEVELOPS, VERSION, "云启科技发布云启2.0"),
            (VERSION, Predicate.VERSION_OF, FAMILY, "它是云启大模型的新版本"),
            (COMPANY, Predicate.FOUNDED_BY, FOUNDER, "林一是云启科技创始人"),
            (FOUNDER, Predicate.WORKS_FOR, COMPANY, "首席执行官", {"role": "首席执行官", "status": "current"}),
        ],
        Money(Decimal(100_000_000), "CNY", wording="1亿元"),
    )
    second = article(
        Document(
            "雲啟科技完成1.5億元B輪融資，由長河資本領投。小雲助手接入雲啟2.0，這是雲啟大模型的最新版。雲啟科技發佈雲啟2.0。北辰智能是其對手。",
            title="雲啟科技融資",
            url="https://news.example/second",
            published=PartialDate(2026, 1, 9),
        ),
        [
            (INVESTOR, Predicate.INVESTED_IN, COMPANY, "雲啟科技完成1.5億元B輪融資，由長河資本領投", {"lead": "true"}),
            (ASSISTANT, Predicate.POWERED_BY, VERSION, "小雲助手接入雲啟2.0"),
            (VERSION, Predicate.VERSION_OF, FAMILY, "這是雲啟大模型的最新版"),
            (COMPANY, Predicate.DEVELOPS, VERSION, "雲啟科技發佈雲啟2.0"),
            (RIVAL, Predicate.COMPETES_WITH, COMPANY, "北辰智能是其對手"),
        ],
        Money(Decimal(150_000_000), "CNY", wording="1.5億元"),
    )
    third = article(
        Document(
            "云启科技否认获得北辰智能投资。林一曾任北辰智能研究员。云启科技提供小云助手，并与长河资本签约合作。",
            title="云启科技回应",
            published=PartialDate(2026, 2),
        ),
        [
            (RIVAL, Predicate.INVESTED_IN, COMPANY, "否认获得北辰智能投资", {"modality": "denied"}),
            (FOUNDER, Predicate.WORKS_FOR, RIVAL, "曾任北辰智能研究员", {"role": "研究员", "status": "former"}),
            (COMPANY, Predicate.OFFERS, ASSISTANT, "云启科技提供小云助手"),
            (COMPANY, Predicate.PARTNERS_WITH, INVESTOR, "与长河资本签约合作"),
        ],
    )
    return [first, second, third]


@pytest.fixture
def store(corpus: list[Extraction]) -> Iterator[GraphStore]:
    """The corpus in memory."""
    with GraphStore.open(None) as opened:
        opened.load_documents((extraction.document.id, to_quads(extraction)) for extraction in corpus)
        yield opened


Article = tuple[str, ...]
"""A made-up article in a notation: the day and publisher, then what is stated, a claim or a deal each.

("2024-05-01 by one", "company/a acquired company/b denied", "person/p worksFor company/a role=CEO status=former",
 "deal company/x company/a! company/b planned round=A amount=~100 worth=900 day=2024-05 kind=stake")

An investor with a `!` led, sums are dollars, about as much with a `~`; a deal is a round where it does not say.
"""


def _read_article(number: int, article: Article) -> Extraction:
    """The article as an extraction; its text has a line for each statement, which is the evidence."""
    day, _, publisher = article[0].partition("by ")
    lines = [f"{number}.{position} {statement}" for position, statement in enumerate(article[1:])]
    document = Document("\n".join(lines), f"article {number}", None, publisher or None, None, _read_date(day.strip()))
    claims, deals, names = [], [], set[str]()
    for line in lines:
        words = line.split()[1:]
        source = evidence(document, line)
        qualifiers = {name: value for name, found, value in (word.partition("=") for word in words) if found}
        said = next((Modality(word) for word in words if word in set(Modality)), Modality.ASSERTED)
        names.update(word.strip("!") for word in words if "/" in word)
        if words[0] == "deal":
            deals.append(_read_deal(words, qualifiers, said, source))
        else:
            subject, predicate, object_ = words[:3]
            claims.append(
                Claim(subject, Predicate(predicate), object_, said, source, tuple(sorted(qualifiers.items())))
            )
    entities = [Entity(name, EntityType(name.partition("/")[0].capitalize()), name.partition("/")[2]) for name in names]
    return Extraction(document, tuple(entities), (), tuple(claims), tuple(deals))


def _read_deal(words: list[str], given: dict[str, str], said: Modality, source: Evidence) -> Investment:
    investee, *investors = [word for word in words if "/" in word]
    worth = _read_money(given.get("worth"))
    return Investment(
        InvestmentKind(given.get("kind", "round")),
        investee,
        said,
        source,
        tuple(Investor(name.strip("!"), name.endswith("!")) for name in investors),
        given.get("round"),
        _read_money(given.get("amount")),
        Valuation(worth) if worth else None,
        _read_date(given.get("day", "")),
    )


def _read_date(text: str) -> PartialDate | None:
    return PartialDate(*map(int, text.split("-"))) if text else None


def _read_money(text: str | None) -> Money | None:
    return Money(Decimal(text.strip("~")), "USD", text.startswith("~"), wording=text) if text else None


@contextmanager
def _tell(*articles: Article) -> Iterator[GraphStore]:
    with GraphStore.open(None) as opened:
        for number, told in enumerate(articles):
            extraction = _read_article(number, told)
            opened.replace_document(extraction.document.id, to_quads(extraction))
        yield opened


@pytest.fixture
def made_up() -> Callable[..., AbstractContextManager[GraphStore]]:
    """Made-up articles -> their graph."""
    return _tell


@pytest.fixture
def ask() -> Callable[..., list[tuple[Value, ...]]]:
    """Made-up articles, a question, its columns and parameters -> its rows."""

    def answer(articles: tuple[Article, ...], name: str, columns: str, **params: str) -> list[tuple[Value, ...]]:
        with _tell(*articles) as opened:
            records = run_question(opened, name, params).records()
        return [tuple(record[column] for column in columns.split()) for record in records]

    return answer
