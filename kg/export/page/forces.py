"""Springs along the links of a network and repulsion between all its nodes, until they are at rest.

The forces are those of ForceAtlas2: nodes push each other in inverse proportion to their distance, links pull in
proportion to it, and nodes of many links push harder, so that hubs keep away from one another. Gravity goes by the same
masses, so that what is not linked to the rest lies close around it. Up to 600 nodes every pair is looked at. Beyond,
the repulsion is taken from a mesh: the nodes' masses are spread over its points, a convolution gives the field, and
each step costs about the same for any number of nodes; only nodes close to each other are looked at in pairs.

Nothing is drawn at random, and positions are rounded at every step, so that processors which differ in the last bits of
a sum give the same positions.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Links", "Points", "settle", "sunflower"]

Points = NDArray[np.float64]
"""(nodes, 2): x and y."""
Links = NDArray[np.intp]
"""(links, 2): the numbers of the nodes at both ends."""

_EXACT = 600  # nodes up to which every pair is looked at
_PAIRS = 40_000_000  # pairs to look at before the exact forces must have settled
_STEPS = 160  # of the mesh
_CROWD = 64  # nodes of one cell that push a node
_GRAVITY = 0.5
_PULL = 3.0
_GRAIN = 2.0**-16  # to which positions are rounded


def settle(count: int, links: Links, *, start: Points | None = None) -> Points:
    """Return points at which `count` nodes are at rest around the origin; `start` is where they stand before."""
    points = sunflower(count) if start is None else start
    if count < 2:
        return points
    masses = np.sqrt(1.0 + np.bincount(links.ravel(), minlength=count))
    exact = count <= _EXACT
    steps = int(np.clip(_PAIRS // (count * count), 60, 500)) if exact else _STEPS
    repel = _repel_pairs if exact else _Mesh(count).repel
    reach = 0.1 * np.sqrt(count) if start is None else 0.03 * np.sqrt(count)
    for step in range(steps):
        points = _move(points, links, masses, repel, heat=reach * (1 - step / steps) ** 1.5 + 0.01)
    settled: Points = points - points.mean(axis=0)
    return settled


def sunflower(count: int) -> Points:
    """Return points that fill a disc evenly, about one apart, the first in the middle."""
    order = np.arange(count, dtype=np.float64)
    angle = order * np.pi * (3 - np.sqrt(5))
    return np.stack([np.sqrt(order) * np.cos(angle), np.sqrt(order) * np.sin(angle)], axis=1)


def _move(
    points: Points, links: Links, masses: Points, repel: Callable[[Points, Points], Points], *, heat: float
) -> Points:
    """Move every node along the force on it, by no more than `heat`."""
    first, second = links[:, 0], links[:, 1]
    pull = _PULL * (points[first] - points[second])
    force = repel(points, masses) - points * masses[:, None] * _GRAVITY
    for axis in (0, 1):
        force[:, axis] -= np.bincount(first, pull[:, axis], len(points))
        force[:, axis] += np.bincount(second, pull[:, axis], len(points))
    length = np.sqrt((force**2).sum(axis=1))[:, None] + 1e-6
    moved: Points = np.round((points + force / length * np.minimum(length, heat)) / _GRAIN) * _GRAIN
    return moved


def _repel_pairs(points: Points, masses: Points) -> Points:
    squares = (points**2).sum(axis=1)
    distances = squares[:, None] + squares[None, :] - 2 * (points @ points.T)
    push = np.outer(masses, masses) / np.maximum(distances, 0.01)
    np.fill_diagonal(push, 0)
    force: Points = points * push.sum(axis=1)[:, None] - push @ points
    return force


class _Mesh:
    """A square mesh over the nodes, on which the repulsion is a convolution of their masses with (x, y) / r²."""

    def __init__(self, count: int) -> None:
        self.size = 256 if count > 4_000 else 128
        offsets = np.fft.fftfreq(2 * self.size, 1 / (2 * self.size))
        x, y = offsets[:, None], offsets[None, :]
        squares = np.maximum(x**2 + y**2, 1.0)
        self.fields = [np.fft.rfft2(np.broadcast_to(axis / squares, (len(x), len(x)))) for axis in (x, y)]

    def repel(self, points: Points, masses: Points) -> Points:
        """Return the force on every node."""
        low = points.min(axis=0)
        cell = max(float((points.max(axis=0) - low).max()) / (self.size - 2), 1e-6)
        places = (points - low) / cell
        base = places.astype(np.intp)
        part = places - base
        corners = [
            ((base[:, 0] + i) * 2 * self.size + base[:, 1] + j, abs(1 - i - part[:, 0]) * abs(1 - j - part[:, 1]))
            for i in (0, 1)
            for j in (0, 1)
        ]
        shape = (2 * self.size, 2 * self.size)
        spread = np.zeros(shape[0] * shape[1])
        for at, share in corners:
            spread += np.bincount(at, masses * share, len(spread))
        spectrum = np.fft.rfft2(spread.reshape(shape))
        force = np.zeros_like(points)
        for axis, kernel in enumerate(self.fields):
            field = np.fft.irfft2(spectrum * kernel, shape).ravel() / cell
            force[:, axis] = masses * sum(field[at] * share for at, share in corners)
        return force + _repel_near(points, masses, reach=max(1.5 * cell, 1.0))


def _repel_near(points: Points, masses: Points, *, reach: float) -> Points:
    """Return what the mesh is too coarse for: the force between nodes within `reach` of each other."""
    first, second = _near_pairs(np.floor((points - points.min(axis=0)) / reach).astype(np.int64))
    apart = points[first] - points[second]
    squares = (apart**2).sum(axis=1)
    push = masses[first] * masses[second] * np.maximum(1 - squares / reach**2, 0) / np.maximum(squares, 0.01)
    force = np.zeros_like(points)
    for axis in (0, 1):
        # Two nodes on one spot: the one that comes first goes to one side.
        along = push * (apart[:, axis] + np.where(squares == 0, 0.05, 0))
        force[:, axis] = np.bincount(first, along, len(points)) - np.bincount(second, along, len(points))
    return force


def _near_pairs(cells: NDArray[np.int64]) -> tuple[Links, Links]:
    """Return the pairs of nodes in the same or neighbouring cells, at most some 64 for a node in each direction."""
    row = int(cells[:, 1].max()) + 3
    keys = cells[:, 0] * row + cells[:, 1]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    here = np.arange(len(keys))
    firsts, seconds = [], []
    for offset in (0, 1, row - 1, row, row + 1):
        begin = here + 1 if offset == 0 else np.searchsorted(keys, keys + offset, "left")
        count = np.clip(np.searchsorted(keys, keys + offset, "right") - begin, 0, _CROWD)
        firsts.append(order[np.repeat(here, count)])
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        seconds.append(order[np.repeat(begin, count) + within])
    return np.concatenate(firsts), np.concatenate(seconds)
