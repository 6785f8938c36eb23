"""What a reader does with the page, done in Chromium with mouse and keys, for both ways to draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from kg.export.network import read_network
from kg.export.page.html import Style, write_page
from kg.graph.store import GraphStore

pytestmark = pytest.mark.slow
BASE = "https://w3id.org/ai-industry/id/"
MOON, STAR, LI = (quote(BASE + name, safe="") for name in ("company/moon", "model/star", "person/li"))


def node(page: Any, name: str) -> int:
    return page.evaluate("(name) => KG.page.model.nodes.label.indexOf(name)", name)


def spot(page: Any, number: int) -> tuple[float, float]:
    """Return where a node is on the screen."""
    x, y = page.evaluate("(node) => KG.page.view.position(node)", number)
    box = page.locator("#network").bounding_box()
    return box["x"] + x, box["y"] + y


def search(page: Any, name: str) -> None:
    page.fill("#search", name)
    page.keyboard.press("Enter")


def summary(page: Any) -> str:
    return page.inner_text("#summary")


def card(page: Any) -> str:
    return page.inner_text("#card")


def choose(page: Any, kind: str, name: str) -> None:
    page.evaluate("(kind) => { document.querySelector('details.' + kind).open = true; }", kind)
    page.click(f'details.{kind} button[data-name="{name}"]')


def test_opens_settled_and_says_what_is_on_it(page: Any) -> None:
    assert summary(page) == "8 个实体 · 6 条事实 · 7 篇文章"
    before = [spot(page, number) for number in range(8)]
    page.wait_for_timeout(400)
    assert [spot(page, number) for number in range(8)] == before
    box = page.locator("#network").bounding_box()
    assert all(box["x"] < x < box["x"] + box["width"] and box["y"] < y < box["y"] + box["height"] for x, y in before)


@pytest.mark.parametrize("name", ["明月", "輝月科技", "bright moon", "BrightMoon"])
def test_search_finds_any_alias_in_either_script(page: Any, name: str) -> None:
    page.fill("#search", name)
    assert "明月科技" in page.inner_text(".suggestions li >> nth=0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == "明月科技"
    assert "Bright Moon" in card(page)


def test_search_says_that_nothing_was_found(page: Any) -> None:
    page.fill("#search", "不存在")
    assert page.inner_text(".suggestions") == "没有找到"


def test_a_click_on_a_node_opens_its_card_with_its_rounds(page: Any) -> None:
    page.mouse.click(*spot(page, node(page, "明月科技")))
    page.wait_for_selector("#card:not([hidden])")
    assert "投融资 (1)" in card(page)
    assert "A轮" in card(page)
    assert "2亿元" in card(page)
    page.click("#card table .open >> nth=0")
    assert "大河资本领投明月科技的A轮融资，金额2亿元。" in page.inner_text("#card table")
    assert page.evaluate("decodeURIComponent(location.hash)") == f"#entity={BASE}company/moon"


def test_a_person_has_a_career(page: Any) -> None:
    search(page, "李望舒")
    rows = page.locator("#card table tbody tr:not(.below)").all_inner_texts()
    assert [row.replace("▸", "").split() for row in rows] == [
        ["明月科技", "首席执行官", "现任", "2025-09-09"],
        ["镜湖智能", "工程师", "曾任", "2024-05-05"],
    ]


def test_a_click_on_an_edge_shows_the_sentences(page: Any) -> None:
    ends = [spot(page, node(page, name)) for name in ("孤岛公司", "礁石公司")]
    x, y = (sum(values) / 2 for values in zip(*ends, strict=True))
    # vis-network bends its arrows: look for the line across its direction.
    for away in range(0, 60, 3):
        for sign in (1, -1):
            page.mouse.click(x, y + sign * away)
            if page.is_visible("#card"):
                break
        if page.is_visible("#card"):
            break
    assert page.inner_text("#card mark") == "孤岛公司与礁石公司达成合作。"
    text = card(page)
    assert all(part in text for part in ("报道6", "示例日报", "2025-11-11", "置信度", "已述"))
    assert page.get_attribute("#card a", "href") == "https://news.example/6"


def test_filters_of_every_kind(page: Any) -> None:
    choose(page, "types", "Person")
    assert summary(page).startswith("7/8 个实体 · 4/6 条事实") or summary(page).startswith("6/8 个实体 · 4/6 条事实")
    choose(page, "types", "Person")
    choose(page, "predicates", "investedIn")
    assert "4/6 条事实" in summary(page)
    page.click("text=清除筛选")
    assert summary(page) == "8 个实体 · 6 条事实 · 7 篇文章"
    choose(page, "modalities", "planned")
    assert "5/6 条事实" in summary(page)
    page.click("text=清除筛选")
    page.fill("#sources", "2")
    page.keyboard.press("Enter")
    assert summary(page).startswith("2/8 个实体 · 1/6 条事实")


def test_the_time_slider_counts_articles_or_events(page: Any) -> None:
    page.evaluate("""() => { const slider = document.getElementById('since');
      slider.value = Date.UTC(2025, 9, 1) / 86400000; slider.dispatchEvent(new Event('input'));
      slider.dispatchEvent(new Event('change')); }""")
    assert "2/6 条事实" in summary(page)
    assert "2025-10-01 – 2025-11-11" in page.inner_text(".dates")
    page.select_option("#basis", "event_dates")
    assert summary(page) == "8 个实体 · 6 条事实 · 7 篇文章"


def test_the_slider_moves_by_keys(page: Any) -> None:
    page.focus("#since")
    page.keyboard.press("End")
    assert "1/6 条事实" in summary(page)
    assert page.evaluate("document.activeElement.id") == "since"


def test_shortest_path(page: Any) -> None:
    search(page, "大河资本")
    page.click("text=到…的路径")
    search(page, "镜湖智能")
    assert page.inner_text("#card h2") == "大河资本 → 镜湖智能"
    assert "3 步" in card(page)
    assert "李望舒曾在镜湖智能担任工程师。" in card(page)
    page.keyboard.press("Escape")
    search(page, "大河资本")
    page.click("text=到…的路径")
    search(page, "孤岛公司")
    assert "没有路径" in card(page)


def test_neighbours_one_step_more_and_all_again(page: Any) -> None:
    search(page, "Star-2")
    page.click("text=只看相邻")
    assert summary(page).startswith("2/8 个实体")
    page.click("text=再展开一层")
    assert summary(page).startswith("4/8 个实体")
    page.click("text=显示全图")
    assert summary(page).startswith("8 个实体")


def test_colours_by_community(page: Any) -> None:
    page.select_option("#colouring", "community")
    colour = "(name) => KG.page.view.colour(KG.page.model.nodes.label.indexOf(name))"
    assert page.evaluate(colour, "孤岛公司") == page.evaluate(colour, "礁石公司") != page.evaluate(colour, "明月科技")


def test_both_languages(page: Any) -> None:
    search(page, "李望舒")
    page.click("#language")
    assert summary(page) == "8 entities · 6 facts · 7 articles"
    assert "Career" in card(page)
    assert page.evaluate("document.documentElement.lang") == "en"
    page.click("#language")
    assert "履历" in card(page)


def test_what_is_copied_as_sparql_finds_the_sentences(page: Any, world: GraphStore) -> None:
    search(page, "明月科技")
    page.click("text=复制 SPARQL")
    page.wait_for_selector("#notice:not([hidden])")
    answer = world.query(page.evaluate("navigator.clipboard.readText()"))
    assert "明月科技发布了模型Star-2。" in {record["quote"] for record in answer.records()}
    page.click('#card li:has-text("Star-2") .soft')
    page.click("text=复制 SPARQL")
    page.wait_for_timeout(200)
    answer = world.query(page.evaluate("navigator.clipboard.readText()"))
    assert [record["quote"] for record in answer.records()] == ["明月科技发布了模型Star-2。"]


def test_a_picture_to_download(page: Any, tmp_path: Path) -> None:
    with page.expect_download() as waiting:
        page.click("#png")
    waiting.value.save_as(tmp_path / "network.png")
    picture = (tmp_path / "network.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 5_000  # an empty one has some 3,000


@pytest.mark.parametrize(
    ("fragment", "title"),
    [
        (f"#entity={MOON}", "明月科技"),
        (f"#fact={MOON},develops,{STAR}", "明月科技 研发 Star-2"),
        (f"#path={STAR},{LI}", "Star-2 → 李望舒"),
    ],
)
def test_links_to_a_selection(
    world: GraphStore, style: Style, tmp_path: Path, visit: Callable[..., Any], fragment: str, title: str
) -> None:
    page = visit(write_page(read_network(world), tmp_path / "page.html", style=style), fragment)
    assert page.inner_text("#card h2") == title
    assert page.evaluate("decodeURIComponent(location.hash)") == page.evaluate("decodeURIComponent", fragment)


@pytest.mark.parametrize(
    "fragment", ["#entity=nobody", "#entity=%E0%A4%A", "#fact=a,b", "#path=x", "#entity=<img src=x>"]
)
def test_a_link_to_what_is_not_there_does_no_harm(page: Any, fragment: str) -> None:
    page.evaluate("(fragment) => { location.hash = fragment; }", fragment)
    page.wait_for_timeout(100)
    assert not page.is_visible("#card")


def test_keys(page: Any) -> None:
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("Star-2")
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == "Star-2"
    page.focus("#network")
    # The only neighbour lies in one of the four directions.
    for arrow in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        if page.inner_text("#card h2") == "Star-2":
            page.keyboard.press(arrow)
    assert page.inner_text("#card h2") == "明月科技"
    page.keyboard.press("Escape")
    assert not page.is_visible("#card")
    before = spot(page, 0)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    assert spot(page, 0)[0] < before[0]
    page.keyboard.press("0")
    page.keyboard.press("?")
    assert "Alt" in page.inner_text("#notice")


def test_a_node_can_be_dragged(page: Any) -> None:
    number = node(page, "孤岛公司")
    x, y = spot(page, number)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=6)
    page.mouse.up()
    page.wait_for_timeout(300)
    there = spot(page, number)
    assert abs(there[0] - x - 60) < 6
    assert abs(there[1] - y - 40) < 6


def test_readable_on_a_phone(world: GraphStore, style: Style, tmp_path: Path, visit: Callable[..., Any]) -> None:
    page = visit(write_page(read_network(world), tmp_path / "page.html", style=style), size=(390, 844), touch=True)
    assert not page.is_visible("#filters .body")
    page.touchscreen.tap(*spot(page, node(page, "明月科技")))
    page.wait_for_selector("#card:not([hidden])")
    box = page.locator("#card").bounding_box()
    assert box["width"] == 390
    assert box["y"] > 300
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.click("#filters .fold")
    assert page.is_visible("#filters .body")
