"""A small world of six articles, and a browser to look at its pages with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kg.export.network import read_network
from kg.export.page.html import Style, write_page
from kg.graph.quads import to_quads
from kg.graph.store import GraphStore
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
    sort_qualifiers,
)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]

ENTITIES = {
    "moon": Entity(
        "company/moon", EntityType.COMPANY, "明月科技",
        (Alias("明月科技", "zh-Hans"), Alias("輝月科技", "zh-Hant"), Alias("Bright Moon", "en")),
    ),
    "river": Entity("company/river", EntityType.COMPANY, "大河资本"),
    "peak": Entity("company/peak", EntityType.COMPANY, "高峰创投"),
    "star": Entity("model/star", EntityType.MODEL, "Star-2"),
    "li": Entity("person/li", EntityType.PERSON, "李望舒"),
    "lake": Entity("company/lake", EntityType.COMPANY, "镜湖智能"),
    "island": Entity("company/island", EntityType.COMPANY, "孤岛公司"),
    "reef": Entity("company/reef", EntityType.COMPANY, "礁石公司"),
}  # fmt: skip
SAID, RUMOURED, PLANNED = Modality.ASSERTED, Modality.REPORTED, Modality.PLANNED
INVESTED, WORKS = Predicate.INVESTED_IN, Predicate.WORKS_FOR
CHIEF, ENGINEER = {"role": "首席执行官", "status": "current"}, {"role": "工程师", "status": "former"}
STATEMENTS: list[tuple[str, str, str, Predicate, str, Modality, dict[str, str]]] = [
    ("2025-01-10", "大河资本领投明月科技的A轮融资，金额2亿元。", "river", INVESTED, "moon", SAID, {"lead": "true"}),
    ("2025-06-01", "有消息称，大河资本已入股明月科技。", "river", INVESTED, "moon", RUMOURED, {}),
    ("2025-03-02", "明月科技发布了模型Star-2。", "moon", Predicate.DEVELOPS, "star", SAID, {}),
    ("2025-09-09", "李望舒现任明月科技首席执行官。", "li", WORKS, "moon", SAID, CHIEF),
    ("2024-05-05", "李望舒曾在镜湖智能担任工程师。", "li", WORKS, "lake", SAID, ENGINEER),
    ("2025-10-01", "高峰创投计划投资镜湖智能。", "peak", INVESTED, "lake", PLANNED, {}),
    ("2025-11-11", "孤岛公司与礁石公司达成合作。", "island", Predicate.PARTNERS_WITH, "reef", SAID, {}),
]


def extraction(
    date: str, text: str, names: dict[str, Entity], stated: list[tuple[Any, ...]], **fields: str
) -> Extraction:
    """Return what an article of one sentence states."""
    document = Document(text, published=PartialDate(*map(int, date.split("-"))), **fields)
    evidence = Evidence(document.id, 0, len(text), text)
    claims = tuple(
        Claim(names[s].id, predicate, names[o].id, modality, evidence, sort_qualifiers(sorted(more.items())))
        for s, predicate, o, modality, more in stated
    )
    rounds = tuple(
        Investment(
            InvestmentKind.ROUND, names[o].id, modality, evidence, (Investor(names[s].id, "lead" in more),), "A",
            Money(Decimal(200_000_000), "CNY", wording="2亿元"), date=PartialDate(2025, 1),
        )
        for s, predicate, o, modality, more in stated
        if predicate is Predicate.INVESTED_IN and modality is Modality.ASSERTED
    )  # fmt: skip
    used = [names[key] for s, _, o, _, _ in stated for key in (s, o)]
    mentions = tuple(Mention(evidence, entity.type, entity.name, entity.id) for entity in used)
    return Extraction(document, tuple(dict.fromkeys(used)), mentions, claims, rounds)


@pytest.fixture(scope="module")
def world() -> Iterator[GraphStore]:
    """Yield the store of the small world."""
    with GraphStore.open(None) as store:
        for number, (date, text, subject, predicate, object_, modality, more) in enumerate(STATEMENTS):
            found = extraction(
                date, text, ENTITIES, [(subject, predicate, object_, modality, more)], title=f"报道{number}",
                publisher="示例日报", url=f"https://news.example/{number}",
            )  # fmt: skip
            store.replace_document(found.document.id, to_quads(found))
        yield store


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Yield a browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["classic", "large"])
def style(request: pytest.FixtureRequest) -> Style:
    """Both ways to draw."""
    return request.param


@pytest.fixture
def visit(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page and gives it once it is drawn; whatever went wrong in it fails the test."""
    faults: list[str] = []
    contexts = []

    def open_page(path: Path, fragment: str = "", *, size: tuple[int, int] = (1280, 800), touch: bool = False) -> Any:
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            permissions=["clipboard-read", "clipboard-write"],
            has_touch=touch,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: faults.append(request.url) if not request.url.startswith("file:") else None)
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("body[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(world: GraphStore, style: Style, tmp_path: Path, visit: Callable[..., Any]) -> Any:
    """Return the page of the small world, open in a browser."""
    return visit(write_page(read_network(world), tmp_path / "page.html", style=style))
