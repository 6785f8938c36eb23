"""The network as one HTML file that works offline: vis-network (as pyvis ships it), our script, and the data.

All text of articles is data: it stands in a JSON block, with every character escaped that could end it, and the script
puts it into the page as text, never as markup. The Content-Security-Policy allows the two scripts and the style sheet
by their hashes and nothing else; nothing is ever fetched.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import networkx as nx
from pyvis.network import Network as VisNetwork

from kg.errors import ExportError
from kg.export.layout import place_nodes
from kg.export.words import WORDS
from kg.model import SYMMETRIC, EntityType, Predicate

__all__ = ["write_page"]

_COLOURS = {
    EntityType.COMPANY: "#2563eb",
    EntityType.ORGANIZATION: "#0d9488",
    EntityType.MODEL: "#9333ea",
    EntityType.PRODUCT: "#d97706",
    EntityType.PERSON: "#dc2626",
}
_VIS = ("lib", "vis-9.1.2", "vis-network.min.js")
_EVIDENCE = ("quote", "prefix", "suffix", "title", "publisher", "date", "url", "modality", "confidence", "role")
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def write_page(network: nx.MultiDiGraph[str], path: Path, *, title: str = "AI 产业知识图谱") -> Path:
    """Write the page of a network that :func:`kg.export.network.read_network` returned.

    Raises:
        ExportError: the file cannot be written.
    """
    assets = resources.files("kg.export") / "assets"
    style = (assets / "page.css").read_text("utf-8")
    script = (assets / "page.js").read_text("utf-8")
    library = resources.files("pyvis").joinpath(*_VIS).read_text("utf-8").replace("</script", "<\\/script")
    parts = {
        "title": html.escape(title),
        "policy": _policy(style, script, library),
        "style": style,
        "data": _embed(_page_data(network)),
        "library": library,
        "script": script,
    }
    page = _SLOT.sub(lambda slot: parts[slot[1]], (assets / "page.html").read_text("utf-8"))
    try:
        path.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ExportError(f"cannot write the page {path}: {error.strerror}") from error
    return path


def _policy(style: str, *scripts: str) -> str:
    sources = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {sources}; style-src {_hash(style)}; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _embed(data: dict[str, Any]) -> str:
    """Return JSON that can stand in a script element: no `<`, `>`, `&`, no line separators, no lone surrogates."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return re.sub("[<>&\u2028\u2029\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]", _escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _page_data(network: nx.MultiDiGraph[str]) -> dict[str, Any]:
    vis = _fill_pyvis(network)
    facts = [data for _, _, data in network.edges(data=True)]
    bends: Counter[tuple[str, str]] = Counter()
    edges = []
    for number, (edge, fact) in enumerate(zip(vis.edges, facts, strict=True)):
        pair = (edge["from"], edge["to"])
        bends[pair] += 1
        edges.append(
            {
                "id": number, "from": edge["from"], "to": edge["to"], "predicate": str(fact["predicate"]),
                "modality": str(fact["modality"]), "sources": fact["sources"], "bend": round(0.12 * bends[pair], 2),
                "symmetric": Predicate(fact["predicate"]) in SYMMETRIC,
                "evidence": [{name: e[name] for name in _EVIDENCE} for e in fact["evidence"]],
            }
        )  # fmt: skip
    nodes = [
        {
            "id": node["id"], "label": node["label"], "x": node["x"], "y": node["y"], "color": node["color"],
            "size": node["value"], "type": str(network.nodes[node["id"]]["type"]),
            "aliases": network.nodes[node["id"]]["aliases"],
        }
        for node in vis.nodes
    ]  # fmt: skip
    return {
        "nodes": nodes,
        "edges": edges,
        "investments": network.graph["investments"],
        "articles": network.graph["articles"],
        "left_out": network.graph["left_out"],
        "colors": {str(kind): colour for kind, colour in _COLOURS.items()},
        "words": WORDS,
    }


def _fill_pyvis(network: nx.MultiDiGraph[str]) -> VisNetwork:
    """Return the network as pyvis holds it, with positions; parallel facts stay apart."""
    vis = VisNetwork(directed=True)
    boxes = {node: (24.0 + 15 * len(data["label"]), 46.0) for node, data in network.nodes(data=True)}
    places = place_nodes(network, boxes)
    for node, data in network.nodes(data=True):
        x, y = places[node]
        vis.add_node(
            node, label=data["label"], x=x, y=y, color=_COLOURS[EntityType(data["type"])], value=data["degree"] + 1
        )
    for subject, object_ in network.edges():
        vis.add_edge(subject, object_)
    return vis
