from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from kg.export.page import forces
from kg.export.page.communities import find_communities, to_simple
from kg.export.page.forces import settle
from kg.export.page.layout import place_crowd, place_nodes


def cliques(count: int, size: int) -> nx.Graph[int]:
    """Return cliques in a ring, each linked to the next."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count * size))
    for number in range(count):
        members = range(number * size, (number + 1) * size)
        graph.add_edges_from((a, b) for a in members for b in members if a < b)
        graph.add_edge(number * size, ((number + 1) % count) * size + 1)
    return graph


def test_boxes_do_not_overlap() -> None:
    graph = nx.gnm_random_graph(60, 70, seed=3)
    boxes = [(30.0 + 10 * (node % 7), 40.0) for node in graph]
    places = place_nodes(graph, boxes)
    gaps = np.abs(places[:, None] - places[None, :])
    room = (np.array(boxes)[:, None] + np.array(boxes)[None, :]) / 2
    overlap = np.minimum(*np.moveaxis(room - gaps, 2, 0))
    np.fill_diagonal(overlap, 0)
    assert (overlap > 3).sum() <= 4  # pushed apart in a limited number of rounds


def test_linked_nodes_stand_nearer_than_others() -> None:
    graph = cliques(8, 6)
    places = place_nodes(graph, [(30.0, 30.0)] * 48)
    distances = np.sqrt(((places[:, None] - places[None, :]) ** 2).sum(axis=2))
    same = np.arange(48)[:, None] // 6 == np.arange(48)[None, :] // 6
    assert distances[same].mean() < distances[~same].mean() / 2


def test_investors_stand_on_the_left() -> None:
    graph = nx.empty_graph(7)
    investments = [(0, 3), (1, 3), (2, 4), (5, 6)]
    graph.add_edges_from(investments)
    places = place_nodes(graph, [(60.0, 40.0)] * 7, left={0, 1, 2, 5})
    assert all(places[investor, 0] < places[company, 0] for investor, company in investments)


def test_the_mesh_gives_the_same_force_as_all_pairs() -> None:
    rng = np.random.default_rng(5)
    points = rng.normal(size=(3_000, 2)) * 60
    masses = 1 + rng.random(3_000)
    exact, mesh = forces._repel_pairs(points, masses), forces._Mesh(3_000).repel(points, masses)
    far = np.sqrt((exact**2).sum(axis=1)) > np.median(np.sqrt((exact**2).sum(axis=1)))
    cosine = (exact * mesh).sum(axis=1) / np.sqrt((exact**2).sum(axis=1) * (mesh**2).sum(axis=1))
    assert np.median(cosine[far]) > 0.95


def test_a_crowd_is_placed_the_same_way_twice_and_its_communities_apart() -> None:
    graph = cliques(400, 5)
    communities = find_communities(graph)
    places = place_crowd(graph, communities)
    assert (places == place_crowd(graph, communities)).all()
    assert len(np.unique(places, axis=0)) > 1_990
    distances = np.sqrt(((places[:-1] - places[1:]) ** 2).sum(axis=1))
    inside = np.arange(1_999) % 5 < 4
    assert np.median(distances[inside]) * 3 < np.sqrt(((places - places.mean(axis=0)) ** 2).sum(axis=1)).mean()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_anything_can_be_placed(count: int) -> None:
    links = np.zeros((0, 2), dtype=np.intp)
    assert settle(count, links).shape == (count, 2)
    graph = nx.empty_graph(count)
    assert place_nodes(graph, [(10.0, 10.0)] * count).shape == (count, 2)
    assert place_crowd(graph, [0] * count).shape == (count, 2)


def test_communities_do_not_depend_on_the_order_of_facts() -> None:
    edges = [(f"e{a}", f"e{b}") for a, b in cliques(6, 5).edges()]
    found = set()
    for step in (1, 5, 7, 13):
        edges = [edges[number * step % len(edges)] for number in range(len(edges))]
        network: nx.MultiDiGraph[str] = nx.MultiDiGraph(edges)
        nodes, graph = to_simple(network)
        assert nodes == sorted(network)
        found.add(tuple(find_communities(graph)))
    assert len(found) == 1
    assert len(set(found.pop())) == 6
