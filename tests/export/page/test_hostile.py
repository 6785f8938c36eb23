"""Text of articles that would do harm: it is shown as it is and does nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.export.network import read_network
from kg.export.page.html import Style, write_page
from kg.graph.quads import to_quads
from kg.graph.store import GraphStore
from kg.model import Entity, EntityType, Modality, Predicate

from .conftest import extraction

PAYLOADS = [
    "<script>window.harm=1</script>",
    "</script><script>window.harm=1</script>",
    "<!--<script>",
    "]]><script>window.harm=1</script>",
    "<img src=x onerror=window.harm=1>",
    "<svg/onload=window.harm=1>",
    '"><iframe srcdoc="<script>parent.harm=1</script>">',
    "' onmouseover='window.harm=1",
    "javascript:window.harm=1",
    "{{constructor.constructor('window.harm=1')()}}",
    "${window.harm=1}",
    "\\u003cscript\\u003ewindow.harm=1",
    "$& $1 {{data}} {entity}",
    "__proto__",
    "控\x00制\x07字\x1b符",
    "行\u2028分\u2029隔",
    "倒\u202e序\u202d文\u2067字",
    "零\u200b宽\ufeff字",
    "😀𠮷" * 40,
    "甲" * 3_000,
]


@pytest.mark.slow
def test_hostile_text_stays_text(style: Style, tmp_path: Path, visit: Callable[..., Any]) -> None:
    with GraphStore.open(None) as store:
        for number, payload in enumerate(PAYLOADS):
            names = {
                "a": Entity(f"company/x-{number:02}a", EntityType.COMPANY, payload),
                "b": Entity(f"company/x-{number:02}b", EntityType.COMPANY, f"乙{payload}"),
            }
            stated = [
                ("a", Predicate.INVESTED_IN, "b", Modality.ASSERTED, {}),
                ("a", Predicate.WORKS_FOR, "b", Modality.ASSERTED, {"role": payload}),
            ]
            text = f"引文{payload}完"
            found = extraction("2026-01-01", text, names, stated, title=payload, publisher=payload, url=payload)
            store.replace_document(found.document.id, to_quads(found))
        network = read_network(store)
    shown = [data["label"] for _, data in network.nodes(data=True)]
    page = visit(write_page(network, tmp_path / "page.html", title="".join(PAYLOADS), style=style))
    assert page.evaluate("KG.page.model.nodes.label") == shown
    for number, payload in enumerate(PAYLOADS):
        page.evaluate("(node) => KG.page.select(node)", 2 * number)
        assert page.locator("#card h2").text_content() == shown[2 * number]
        page.evaluate("(node) => KG.page.showFacts(KG.page.model.between(node, node + 1))", 2 * number)
        assert page.locator("#card mark").first.text_content() == f"引文{payload}完"
        page.evaluate("(node) => KG.page.showPath(node, node + 1)", 2 * number)
        page.fill("#search", payload[:30])
    page.keyboard.press("Enter")
    assert page.evaluate("window.harm") is None
    assert page.locator("script").count() == (7 + (style == "classic"))
    assert page.locator("iframe, img, svg, object, embed").count() == 0
    assert page.locator("a[href]").count() == 0


def test_a_title_cannot_leave_its_place(world: GraphStore, tmp_path: Path) -> None:
    written = write_page(read_network(world), tmp_path / "page.html", title="</title><script>{{data}}").read_text(
        "utf-8"
    )
    assert "<title>&lt;/title&gt;&lt;script&gt;{{data}}</title>" in written
