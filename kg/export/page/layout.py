"""Where the nodes of a network go on a page, worked out beforehand so that the page opens settled.

A small network is laid out component by component: forces, labels pushed apart, the components packed around the
largest; 500 nodes take some three seconds. A crowd is laid out as a whole, its communities first, and its labels are
left to the page, which shows those that find room.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import networkx as nx
import numpy as np

from kg.export.page.forces import Links, Points, settle, sunflower

__all__ = ["Box", "place_crowd", "place_nodes"]

Box = tuple[float, float]
"""The width and height that a node takes up with its label, in pixels."""

_ROOM = 9_000.0  # square pixels for a node and its label
_CROWDED = 2_500.0  # square pixels for a node of a crowd
_GAP = 70.0  # pixels between components
_ASPECT = 1.5  # width to height of the whole, as of most screens
_COLUMNS = 420.0  # pixels between the two sides
_LEVEL = 52.0  # pixels from one node of a column to the next
_TALLEST = 40  # nodes of a column
_TURNS = 24
_CANDIDATES = 256  # places to try at once
_COMPARISONS = 250_000_000  # of boxes, before they must be apart


def place_crowd(graph: nx.Graph[int], communities: Sequence[int]) -> Points:
    """Return (nodes, 2) pixels for a graph of numbers, y pointing down; `communities` are those of its nodes."""
    member, links = np.array(communities, dtype=np.intp), _links(graph)
    between = np.sort(member[links], axis=1)
    between = np.unique(between[between[:, 0] != between[:, 1]], axis=0)
    middles = _spread(settle(int(member.max(initial=-1)) + 1, between), len(member))
    order = np.argsort(member, kind="stable")
    rank = np.empty_like(member)
    rank[order] = np.arange(len(member)) - np.searchsorted(member[order], member[order])
    start = middles[member] + sunflower(len(member))[rank] * 0.7
    return np.round(_spread(settle(len(member), links, start=start), len(member) * _CROWDED))


def place_nodes(graph: nx.Graph[int], boxes: Sequence[Box], *, left: Collection[int] = ()) -> Points:
    """Return (nodes, 2) pixels for a graph of numbers, y pointing down; `boxes` are the nodes' sizes with their labels.

    Where some nodes are to stand on the `left`, the others stand on the right of them, component by component, unless
    there are so many that the columns could not be read.
    """
    half = np.array(boxes, dtype=np.float64).reshape(-1, 2) / 2
    components = [sorted(nodes) for nodes in nx.connected_components(graph)]
    components.sort(key=lambda nodes: (-len(nodes), nodes[0]))
    parts = []
    for nodes in components:
        inside = _links(nx.relabel_nodes(graph.subgraph(nodes), {node: number for number, node in enumerate(nodes)}))
        sided = [number for number, node in enumerate(nodes) if node in left]
        columns = left and max(len(sided), len(nodes) - len(sided)) <= _TALLEST
        points = _place_sides(inside, half[nodes], sided) if columns else _place_component(inside, half[nodes])
        low, high = (points - half[nodes]).min(axis=0), (points + half[nodes]).max(axis=0)
        parts.append((points - (low + high) / 2, (high - low) / 2))
    placed = np.zeros_like(half)
    for nodes, (points, _), offset in zip(components, parts, _pack([size for _, size in parts]), strict=True):
        placed[nodes] = points + offset
    return np.round(placed)


def _links(graph: nx.Graph[int]) -> Links:
    links = np.sort(np.array(list(graph.edges()), dtype=np.intp).reshape(-1, 2), axis=1)
    return links[np.lexsort((links[:, 1], links[:, 0]))]


def _place_component(links: Links, half: Points) -> Points:
    return _part_boxes(_spread(settle(len(half), links), len(half) * _ROOM), half)


def _place_sides(links: Links, half: Points, left: Sequence[int]) -> Points:
    """Return two columns, each node about level with those on the other side that it is linked to."""
    on_left = np.zeros(len(half), dtype=bool)
    on_left[left] = True
    level = np.arange(len(half), dtype=np.float64)
    degree = np.maximum(np.bincount(links.ravel(), minlength=len(half)), 1)
    for turn in range(_TURNS):
        side = on_left if turn % 2 else ~on_left
        first, second = links[:, 0], links[:, 1]
        mean = np.bincount(first, level[second], len(half)) + np.bincount(second, level[first], len(half))
        level[side] = (mean / degree)[side]
        for column in (on_left, ~on_left):
            ranked = np.flatnonzero(column)[np.argsort(level[column], kind="stable")]
            level[ranked] = (np.arange(len(ranked)) + 0.5) / max(len(ranked), 1)
    tallest = max(on_left.sum(), (~on_left).sum())
    return np.stack([np.where(on_left, -0.5, 0.5) * _COLUMNS, level * tallest * _LEVEL], axis=1)


def _spread(points: Points, room: float) -> Points:
    """Scale points so that they fill a disc of `room` square pixels."""
    radius = np.sqrt((points**2).sum(axis=1).mean()) if len(points) else 0
    return points if radius == 0 else points * (np.sqrt(room / (2 * np.pi)) / radius)


def _part_boxes(points: Points, half: Points, *, rounds: int = 80) -> Points:
    """Push boxes that overlap apart, along the axis on which they overlap less."""
    # A hair of difference, so that two nodes on one spot know which way to go.
    points = points + sunflower(len(points)) * 0.01
    for _ in range(min(rounds, max(10, _COMPARISONS // (3 * len(points) ** 2)))):
        gaps = points[:, None, :] - points[None, :, :]
        overlap = half[:, None, :] + half[None, :, :] - np.abs(gaps)
        clash = np.asarray((overlap > 0).all(axis=2))
        np.fill_diagonal(clash, False)
        if not clash.any():
            break
        sideways = clash & (overlap[:, :, 0] < overlap[:, :, 1])
        for axis, chosen in ((0, sideways), (1, clash & ~sideways)):
            move = np.where(chosen, np.sign(gaps[:, :, axis]) * overlap[:, :, axis] * 0.5, 0)
            points[:, axis] += np.clip(move.sum(axis=1), -150, 150)
    return points


def _pack(halves: Sequence[Points]) -> list[Points]:
    """Return for each part how far to move it: as near to the first as it fits without touching another."""
    spiral = sunflower(20_000) * 35 * np.array([_ASPECT, 1.0])
    centres, taken = np.zeros((0, 2)), np.zeros((0, 2))
    for half in halves:
        centre = np.array([0, (centres[:, 1] + taken[:, 1]).max(initial=0) + half[1] + _GAP])
        for first in range(0, len(spiral), _CANDIDATES):
            places = spiral[first : first + _CANDIDATES, None]
            free = (np.abs(places - centres) >= half + taken + _GAP).any(axis=2).all(axis=1)
            if free.any():
                centre = places[np.flatnonzero(free)[0], 0]
                break
        centres, taken = np.vstack([centres, centre]), np.vstack([taken, half])
        spiral = spiral[(np.abs(spiral - centre) >= half + _GAP).any(axis=1)]
    return list(centres)
