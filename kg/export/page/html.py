"""The page as one file: our scripts, the data and, for small networks, vis-network as pyvis ships it.

All text of articles is data: it stands in JSON blocks, with every character escaped that could end them, and the
scripts put it into the page as text, never as markup. The Content-Security-Policy allows the scripts and the style
sheet by their hashes and nothing else; nothing is ever fetched.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import networkx as nx

from kg.errors import ExportError
from kg.export.page.data import CLASSIC_LIMIT, to_page_data

__all__ = ["Style", "write_page"]

Style = Literal["auto", "classic", "large"]

_VIS = ("lib", "vis-9.1.2", "vis-network.min.js")
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def write_page(
    network: nx.MultiDiGraph[str], path: Path, *, title: str = "AI 产业知识图谱", style: Style = "auto"
) -> Path:
    """Write the page of a network that :func:`kg.export.network.read_network` returned.

    Up to 500 entities are drawn by vis-network (`classic`), more by a canvas of our own that bears 20,000 (`large`).

    Raises:
        ExportError: the file cannot be written.
    """
    classic = style == "classic" or (style == "auto" and len(network) <= CLASSIC_LIMIT)
    data, texts = to_page_data(network, classic=classic)
    view = "classic.js" if classic else "large.js"
    scripts = [_asset(name) for name in ("model.js", "labels.js", "cards.js", view, "page.js")]
    if classic:
        vis = resources.files("pyvis").joinpath(*_VIS).read_text("utf-8")
        scripts.insert(0, vis.replace("</script", "<\\/script"))
    sheet = _asset("page.css")
    parts = {
        "title": html.escape(title),
        "policy": _policy(sheet, scripts),
        "style": sheet,
        "data": _embed(data),
        "texts": _embed(texts),
        "scripts": "\n".join(f"<script>{script}</script>" for script in scripts),
    }
    page = _SLOT.sub(lambda slot: parts[slot[1]], _asset("page.html"))
    try:
        path.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ExportError(f"cannot write the page {path}: {error.strerror}") from error
    return path


def _asset(name: str) -> str:
    return (resources.files("kg.export.page") / "assets" / name).read_text("utf-8")


def _policy(sheet: str, scripts: list[str]) -> str:
    return (
        f"default-src 'none'; script-src {' '.join(map(_hash, scripts))}; style-src {_hash(sheet)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _embed(data: dict[str, Any]) -> str:
    """Return JSON that can stand in a script element: no `<`, `>`, `&`, no line separators, no lone surrogates."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return re.sub("[<>&\u2028\u2029\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]", _escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"
