"""The diagrams of the ontology's page, as inline SVG: coloured by the page's style sheet, every box a link.

Coordinates are SVG user units (CSS pixels at full size). All text is escaped here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["STATEMENT_MODEL", "Box", "Edge", "draw_class_tree", "draw_predicates", "draw_statement_model"]

_ARROW = (
    '<defs><marker id="{id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path class="head" d="M0 0 8 4 0 8z"/></marker></defs>'
)


@dataclass(frozen=True, slots=True)
class Box:
    """A node of the statement model: where it stands, what it is, and an example of it."""

    x: int
    y: int
    title: str
    example: str
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A property from one box to another; `at` places its label between 0 (start) and 1 (end)."""

    start: str
    end: str
    label: str
    at: float = 0.5
    inferred: bool = False


_WIDTH, _HEIGHT = 190, 46

STATEMENT_MODEL: tuple[dict[str, Box], tuple[Edge, ...]] = (
    {
        "event": Box(365, 46, "aio:FundingRound", "investment/…"),
        "amount": Box(705, 46, "aio:MonetaryAmount", "“近亿元”, CNY"),
        "subject": Box(25, 152, "aio:Company", "乙资本"),
        "object": Box(705, 152, "aio:Company", "甲科技"),
        "claim": Box(365, 258, "aio:Claim", "claim/…"),
        "modality": Box(705, 258, "aio:Modality", "aio:asserted"),
        "article": Box(25, 364, "aio:Article", "document/…"),
        "evidence": Box(365, 364, "aio:Evidence", "evidence/…"),
        "position": Box(145, 470, "oa:TextPositionSelector", "oa:start, oa:end"),
        "quote": Box(425, 470, "oa:TextQuoteSelector", "oa:exact, oa:prefix, oa:suffix"),
        "post": Box(705, 570, "aio:Post", "inferred from all graphs", inferred=True),
    },
    (
        Edge("event", "subject", "aio:investor"),
        Edge("event", "object", "aio:investee"),
        Edge("event", "amount", "aio:amount"),
        Edge("subject", "object", "aio:investedIn (the direct triple)"),
        Edge("claim", "subject", "rdf:subject"),
        Edge("claim", "object", "rdf:object"),
        Edge("claim", "modality", "aio:modality"),
        Edge("claim", "article", "prov:wasDerivedFrom"),
        Edge("claim", "evidence", "aio:evidence"),
        Edge("evidence", "article", "oa:hasSource"),
        Edge("evidence", "position", "oa:hasSelector", 0.55),
        Edge("evidence", "quote", "oa:hasSelector", 0.55),
        Edge("post", "claim", "prov:wasDerivedFrom", 0.3, inferred=True),
    ),
)
"""What one article's graph holds, with the example of :mod:`kg.graph.quads`, and what is inferred beside it."""


def draw_class_tree(parents: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """Draw the classes, each to the right of the one above it; `labels` stand beside the names."""
    width, step, row = 212, 232, 32
    children: dict[str, list[str]] = {}
    for name, parent in parents.items():
        children.setdefault(parent if parent in parents else "", []).append(name)
    placed: dict[str, tuple[int, int]] = {}

    def place(name: str, depth: int, at: int) -> int:
        placed[name] = (8 + depth * step, 8 + at * row)
        below = at
        for child in children.get(name, []):
            below = place(child, depth + 1, below)
        return max(below, at + 1)

    rows = 0
    for top in children.get("", []):
        rows = place(top, 0, rows)
    parts = []
    for name, (x, y) in placed.items():
        parent = parents[name]
        if parent in placed:
            px, py = placed[parent]
            parts.append(f'<path class="line" d="M{px + width} {py + 13}H{x - 10}V{y + 13}H{x}"/>')
        shown = f"{escape(name)} <tspan class='soft'>{escape(labels.get(name, ''))}</tspan>"
        parts.append(
            f'<a href="#{escape(name)}"><rect class="box" x="{x}" y="{y}" width="{width}" height="26" rx="5"/>'
            f'<text x="{x + 10}" y="{y + 18}">{shown}</text></a>'
        )
    right = max((x for x, _ in placed.values()), default=0) + width + 8
    return _svg(right, 10 + rows * row, "The classes", parts)


def draw_predicates(signatures: Sequence[tuple[str, str, str, bool]]) -> str:
    """Draw (domain, predicate, range, whether symmetric): classes on both sides, predicates between them."""
    row, top = 40, 30
    middle = {name: top + place * row for place, (_, name, _, _) in enumerate(signatures)}
    lefts = _spread({d: [middle[n] for e, n, _, _ in signatures if e == d] for d, _, _, _ in signatures}, row)
    rights = _spread({r: [middle[n] for _, n, e, _ in signatures if e == r] for _, _, r, _ in signatures}, row)
    parts = [_ARROW.format(id="predicate-arrow")]
    for domain, name, range_, _ in signatures:
        y = middle[name]
        parts.append(f'<path class="line" d="{_curve(200, lefts[domain], 350, y)}"/>')
        parts.append(
            f'<path class="line" marker-end="url(#predicate-arrow)" d="{_curve(530, y, 696, rights[range_])}"/>'
        )
    parts += [_node(name, name, "box", 10, y, 190) for name, y in lefts.items()]
    parts += [_node(name, name, "box", 698, y, 190) for name, y in rights.items()]
    for _, name, _, symmetric in signatures:
        parts.append(_node(f"aio:{name}", f"{name} ↔" if symmetric else name, "pill", 350, middle[name], 180))
    height = max([*middle.values(), *lefts.values(), *rights.values()], default=0) + 30
    return _svg(898, height, "Domains and ranges of the predicates of claims", parts)


def draw_statement_model() -> str:
    """Draw :data:`STATEMENT_MODEL`."""
    boxes, edges = STATEMENT_MODEL
    parts = [
        _ARROW.format(id="model-arrow"),
        '<rect class="region" x="8" y="8" width="904" height="526" rx="10"/>',
        '<text class="soft" x="22" y="30">the named graph of one article: GRAPH document/… { }</text>',
    ]
    for edge in edges:
        (x1, y1), (x2, y2) = _ends(boxes[edge.start], boxes[edge.end])
        kind = "line dashed" if edge.inferred else "line"
        x, y = x1 + (x2 - x1) * edge.at, y1 + (y2 - y1) * edge.at
        parts.append(
            f'<path class="{kind}" marker-end="url(#model-arrow)" d="M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}"/>'
            f'<text class="mid edge" x="{x:.0f}" y="{y + 4:.0f}">{escape(edge.label)}</text>'
        )
    for box in boxes.values():
        kind = "box dashed" if box.inferred else "box"
        middle = box.x + _WIDTH // 2
        parts.append(_linked(
            box.title,
            f'<rect class="{kind}" x="{box.x}" y="{box.y}" width="{_WIDTH}" height="{_HEIGHT}" rx="5"/>'
            f'<text class="mid" x="{middle}" y="{box.y + 19}">{escape(box.title)}</text>'
            f'<text class="mid soft" x="{middle}" y="{box.y + 37}">{escape(box.example)}</text>',
        ))  # fmt: skip
    return _svg(920, 626, "The statement model", parts)


def _node(term: str, shown: str, kind: str, x: int, middle: int, width: int) -> str:
    drawn = f'<rect class="{kind}" x="{x}" y="{middle - 14}" width="{width}" height="28" rx="7"/>'
    text = f'<text x="{x + width // 2}" y="{middle + 5}" class="mid">{escape(shown)}</text>'
    return _linked(term, drawn + text)


def _spread(rows: Mapping[str, list[int]], gap: int) -> dict[str, int]:
    """Place each name at the middle of its rows, in their order, no two nearer than `gap`."""
    wanted = sorted((sum(ys) / len(ys), name) for name, ys in rows.items())
    placed: dict[str, int] = {}
    last = -gap
    for y, name in wanted:
        last = max(round(y), last + gap)
        placed[name] = last
    return placed


def _curve(x1: int, y1: int, x2: int, y2: int) -> str:
    half = (x1 + x2) // 2
    return f"M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}"


def _ends(start: Box, end: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where the line between the middles of two boxes leaves the one and meets the other."""
    a = (start.x + _WIDTH / 2, start.y + _HEIGHT / 2)
    b = (end.x + _WIDTH / 2, end.y + _HEIGHT / 2)
    dx, dy = b[0] - a[0], b[1] - a[1]
    share = min(_WIDTH / 2 / abs(dx) if dx else 1, _HEIGHT / 2 / abs(dy) if dy else 1)
    return (a[0] + dx * share, a[1] + dy * share), (b[0] - dx * share, b[1] - dy * share)


def _linked(term: str, drawn: str) -> str:
    """Return a drawing that leads to its term; terms of other vocabularies have no place in the page."""
    prefix, _, name = term.partition(":")
    return f'<a href="#{escape(name)}">{drawn}</a>' if prefix == "aio" else drawn


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )
