from __future__ import annotations

import base64
import hashlib
import html as markup
import json
import re
from pathlib import Path
from typing import Any

import pytest

from kg.errors import ExportError
from kg.export.network import read_network
from kg.export.page.html import write_page
from kg.export.page.words import WORDS
from kg.graph.store import GraphStore


@pytest.fixture
def page(store: GraphStore, tmp_path: Path) -> Path:
    return write_page(read_network(store), tmp_path / "page.html", title="<b>标题</b>")


def embedded(text: str, block: str = "data") -> dict[str, Any]:
    return json.loads(re.search(f'<script type="application/json" id="{block}">(.*?)</script>', text, re.DOTALL)[1])


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
    assert len(code) == 7  # vis-network, five scripts of ours, the style sheet
    for block in code:
        assert base64.b64encode(hashlib.sha256(block.encode()).digest()).decode() in policy


def test_text_of_articles_cannot_end_the_data(page: Path) -> None:
    text = page.read_text("utf-8")
    for block in re.findall(r'id="(?:data|texts)">(.*?)</script>', text, re.DOTALL):
        assert not re.search("[<>&\u2028\u2029\u202e]", block)
    assert "<b>标题</b>" not in text
    assert any("<script>" in label for label in embedded(text)["nodes"]["label"])


def test_the_data_holds_every_fact_with_its_sentence(page: Path, store: GraphStore) -> None:
    text = page.read_text("utf-8")
    data, texts = embedded(text), embedded(text, "texts")
    network = read_network(store)
    assert len(data["nodes"]["id"]) == network.number_of_nodes() == 3
    assert len(data["edges"]["from"]) == network.number_of_edges() == 2
    shown = {
        (texts["quotes"][quote][1], texts["articles"][article][0])
        for quote, article in zip(data["evidence"]["quote"], data["evidence"]["article"], strict=True)
    }
    stated = [evidence for _, _, fact in network.edges(data=True) for evidence in fact["evidence"]]
    assert shown == {(evidence["quote"], evidence["title"]) for evidence in stated}
    assert data["edges"]["first"][-1] == len(stated) == 4
    assert {len(event["said"]) for event in data["investments"]} == {2}


def test_both_languages_say_the_same_things() -> None:
    assert set(WORDS["zh"]) == set(WORDS["en"])


def test_more_entities_than_vis_network_bears_are_drawn_by_the_canvas(store: GraphStore, tmp_path: Path) -> None:
    network = read_network(store)
    few = write_page(network, tmp_path / "few.html").read_text("utf-8")
    many = write_page(network, tmp_path / "many.html", style="large").read_text("utf-8")
    assert "vis-network" in few
    assert "vis-network" not in many
    assert len(many) < len(few) / 3
    assert embedded(few)["edges"] == embedded(many)["edges"]


def test_the_same_graph_gives_the_same_page(store: GraphStore, tmp_path: Path) -> None:
    first = write_page(read_network(store), tmp_path / "a.html").read_bytes()
    assert write_page(read_network(store), tmp_path / "b.html").read_bytes() == first


def test_a_place_that_cannot_be_written_is_an_export_error(store: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        write_page(read_network(store), tmp_path / "missing" / "page.html")
