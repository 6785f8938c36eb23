from __future__ import annotations

import base64
import hashlib
import html as markup
import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.errors import ExportError
from kg.export.page.html import write_page
from kg.export.network import read_network
from kg.export.page.words import WORDS
from kg.graph.store import GraphStore

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=5000",
    "--dump-dom",
]


@pytest.fixture
def page(store: GraphStore, tmp_path: Path) -> Path:
    return write_page(read_network(store), tmp_path / "page.html", title="<b>标题</b>")


def dump(page: Path, folder: Path, fragment: str = "") -> str:
    """Open the page in a browser and return what stands in it after its script has run."""
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", f"{page.as_uri()}{fragment}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def embedded(text: str) -> dict[str, object]:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1])


def test_nothing_is_fetched_and_only_our_own_code_runs(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not re.search(r"<(?:link|img|iframe)|<script[^>]*\ssrc", text)
    policy = markup.unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1])
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    code = [
        *re.findall(r"<script>(.*?)</script>", text, re.DOTALL),
        re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1],
    ]
    assert len(code) == 3
    for block in code:
        assert base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() in policy


def test_text_of_articles_cannot_end_the_data(page: Path) -> None:
    text = page.read_text("utf-8")
    block = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1]
    assert not re.search("[<>&\u2028\u2029\u202e]", block)
    assert "<b>标题</b>" not in text
    assert any("<script>" in node["label"] for node in embedded(text)["nodes"])


def test_the_data_holds_every_fact_with_its_sentence(page: Path, store: GraphStore) -> None:
    data = embedded(page.read_text("utf-8"))
    network = read_network(store)
    assert len(data["nodes"]) == network.number_of_nodes() == 3
    assert len(data["edges"]) == network.number_of_edges() == 2
    assert all(edge["evidence"][0]["quote"] for edge in data["edges"])
    assert {len(event["statements"]) for event in data["investments"]} == {2}


def test_both_languages_say_the_same_things() -> None:
    assert set(WORDS["zh"]) == set(WORDS["en"])


def test_the_same_graph_gives_the_same_page(store: GraphStore, tmp_path: Path) -> None:
    first = write_page(read_network(store), tmp_path / "a.html").read_bytes()
    assert write_page(read_network(store), tmp_path / "b.html").read_bytes() == first


def test_a_place_that_cannot_be_written_is_an_export_error(store: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        write_page(read_network(store), tmp_path / "missing" / "page.html")


@needs_browser
@pytest.mark.slow
def test_the_page_opens_settled_with_a_legend(page: Path, tmp_path: Path) -> None:
    dom = dump(page, tmp_path)
    assert 'data-ready="true"' in dom
    assert "3 个实体 · 2 条事实 · 2 篇文章" in dom
    assert "公司 2" in dom


@needs_browser
@pytest.mark.slow
def test_a_link_opens_the_card_of_an_entity(page: Path, tmp_path: Path) -> None:
    entity = quote("https://w3id.org/ai-industry/id/company/a-tech", safe="")
    dom = dump(page, tmp_path, f"#entity={entity}")
    card = re.search(r'<aside id="card">(.*?)</aside>', dom, re.DOTALL)[1]
    assert "<h2>甲科技</h2>" in card
    assert "投资方 (1)" in card
    assert "B轮" in card
    assert "100元" in card


@needs_browser
@pytest.mark.slow
def test_a_link_opens_the_sentence_of_a_fact_and_hostile_text_stays_text(page: Path, tmp_path: Path) -> None:
    data = embedded(page.read_text("utf-8"))
    number = next(edge["id"] for edge in data["edges"] if edge["predicate"] == "worksFor")
    dom = dump(page, tmp_path, f"#edge={number}")
    card = re.search(r'<aside id="card">(.*?)</aside>', dom, re.DOTALL)[1]
    assert "<mark>乙资本领投甲科技B轮;=1+1" in card
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in card
    assert "<b>完</b>" not in card
    assert '<span class="badge planned">计划</span>' in card
