"""Where the nodes of a network go on a page, worked out beforehand so that the page opens settled.

Each connected component is laid out by forces, its labels are pushed apart, and the components are packed around the
largest. Time and memory grow with the square of the largest component: 500 nodes take half a second, 2,000 some six.
Nothing is drawn at random: the same network gives the same positions.
"""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "place_nodes"]

Box = tuple[float, float]
"""The width and height that a node takes up with its label, in pixels."""

_Points = NDArray[np.float32]

_ROOM = 22_000.0  # square pixels for a node and its label
_GAP = 70.0  # pixels between components
_ASPECT = 1.5  # width to height of the whole, as of most screens
_EFFORT = 250_000_000  # pairs of nodes to look at before the forces must have settled


def place_nodes(network: nx.MultiDiGraph[str], boxes: Mapping[str, Box]) -> dict[str, tuple[int, int]]:
    """Return node -> (x, y) in pixels, y pointing down; `boxes` are the nodes' sizes with their labels."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(network))
    graph.add_edges_from(sorted({(min(s, o), max(s, o)) for s, o in network.edges() if s != o}))
    components = [sorted(nodes) for nodes in nx.connected_components(graph)]
    components.sort(key=lambda nodes: (-len(nodes), nodes[0]))
    parts = [_place_component(graph, nodes, boxes) for nodes in components]
    offsets = _pack([points for points, _ in parts], [size for _, size in parts])
    return {
        node: (round(float(x)), round(float(y)))
        for nodes, (points, _), offset in zip(components, parts, offsets, strict=True)
        for node, (x, y) in zip(nodes, points + offset, strict=True)
    }


def _place_component(graph: nx.Graph[str], nodes: list[str], boxes: Mapping[str, Box]) -> tuple[_Points, _Points]:
    """Return the points of a component around its middle, and half of its width and height."""
    index = {node: number for number, node in enumerate(nodes)}
    links = np.array(
        [(index[s], index[o]) for s, o in graph.subgraph(nodes).edges()], dtype=np.intp
    ).reshape(-1, 2)  # fmt: skip
    links = np.sort(links, axis=1)
    links = links[np.lexsort((links[:, 1], links[:, 0]))]
    half = np.array([boxes[node] for node in nodes], dtype=np.float32) / np.float32(2)
    points = _part_boxes(_spread(_settle(len(nodes), links)), half)
    low, high = (points - half).min(axis=0), (points + half).max(axis=0)
    return points - (low + high) / 2, (high - low) / 2


def _settle(count: int, links: NDArray[np.intp]) -> _Points:
    """Return points at which springs along the links and repulsion between all nodes are at rest.

    Fruchterman and Reingold's forces with the ideal distance 1, where nodes of many links push harder, as in
    ForceAtlas2, so that the hubs keep away from one another.
    """
    points = _sunflower(count)
    if count < 2:
        return points
    masses = np.sqrt(np.float32(1) + np.bincount(links.ravel(), minlength=count).astype(np.float32))
    steps = int(np.clip(_EFFORT // (count * count), 60, 500))
    first, second = links[:, 0], links[:, 1]
    for step in range(steps):
        squares = (points**2).sum(axis=1)
        distances = squares[:, None] + squares[None, :] - 2 * (points @ points.T)
        push = np.outer(masses, masses) / np.maximum(distances, np.float32(0.01))
        np.fill_diagonal(push, 0)
        force = points * push.sum(axis=1)[:, None] - push @ points
        apart = points[first] - points[second]
        pull = apart * np.sqrt((apart**2).sum(axis=1))[:, None]
        np.add.at(force, first, -pull)
        np.add.at(force, second, pull)
        force -= points * np.float32(0.5)
        length = np.sqrt((force**2).sum(axis=1))[:, None] + np.float32(1e-6)
        heat = np.float32(0.1 * np.sqrt(count) * (1 - step / steps) ** 1.5 + 0.01)
        points = points + force / length * np.minimum(length, heat)
    settled: _Points = points - points.mean(axis=0)
    return settled


def _spread(points: _Points) -> _Points:
    """Scale points so that each has the room of a label on a disc."""
    radius = np.sqrt((points**2).sum(axis=1).mean())
    return points if radius == 0 else points * np.float32(np.sqrt(len(points) * _ROOM / (2 * np.pi)) / radius)


def _sunflower(count: int) -> _Points:
    """Return points that fill a disc evenly, about one apart, the first in the middle."""
    order = np.arange(count, dtype=np.float64)
    angle = order * np.pi * (3 - np.sqrt(5))
    radius = np.sqrt(order)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).astype(np.float32)


def _part_boxes(points: _Points, half: _Points, *, rounds: int = 80) -> _Points:
    """Push boxes that overlap apart, along the axis on which they overlap less."""
    # A hair of difference, so that two nodes on one spot know which way to go.
    points = points + _sunflower(len(points)) * np.float32(0.01)
    for _ in range(min(rounds, max(10, _EFFORT // (3 * len(points) ** 2)))):
        gaps = points[:, None, :] - points[None, :, :]
        overlap = half[:, None, :] + half[None, :, :] - np.abs(gaps)
        clash = (overlap > 0).all(axis=2)
        np.fill_diagonal(clash, False)
        if not clash.any():
            break
        sideways = clash & (overlap[:, :, 0] < overlap[:, :, 1])
        for axis, chosen in ((0, sideways), (1, clash & ~sideways)):
            move = np.where(chosen, np.sign(gaps[:, :, axis]) * overlap[:, :, axis] * np.float32(0.5), np.float32(0))
            points[:, axis] += np.clip(move.sum(axis=1), -150, 150)
    return points


def _pack(parts: list[_Points], halves: list[_Points]) -> list[_Points]:
    """Return for each part how far to move it: as near to the first as it fits without touching another."""
    stretch = np.array([_ASPECT, 1.0], dtype=np.float32)
    spiral = _sunflower(20_000) * np.float32(35) * stretch
    centres = np.zeros((0, 2), dtype=np.float32)
    taken = np.zeros((0, 2), dtype=np.float32)
    for half in halves:
        free = np.ones(len(spiral), dtype=bool)
        for centre, other in zip(centres, taken, strict=True):
            free &= (np.abs(spiral - centre) >= half + other + np.float32(_GAP)).any(axis=1)
        found = np.flatnonzero(free)
        below = np.array([0, (centres[:, 1] + taken[:, 1]).max(initial=0) + half[1] + _GAP], dtype=np.float32)
        centres = np.vstack([centres, spiral[found[0]] if len(found) else below])
        taken = np.vstack([taken, half])
    return list(centres)
