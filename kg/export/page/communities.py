"""Which entities of a network belong together: Louvain communities."""

from __future__ import annotations

from collections import Counter

import networkx as nx

__all__ = ["find_communities", "to_simple"]

_SEED = 1


def to_simple(network: nx.MultiDiGraph[str]) -> tuple[list[str], nx.Graph[int]]:
    """Return the nodes in order, and the network as a simple graph of their numbers: parallel facts weigh more."""
    nodes = sorted(network)
    index = {node: number for number, node in enumerate(nodes)}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(nodes)))
    pairs = Counter(tuple(sorted((index[s], index[o]))) for s, o in network.edges() if s != o)
    graph.add_weighted_edges_from((first, second, weight) for (first, second), weight in sorted(pairs.items()))
    return nodes, graph


def find_communities(graph: nx.Graph[int]) -> list[int]:
    """Return for each node of :func:`to_simple` the number of its community, the largest first.

    The algorithm is Louvain's as networkx has it. Numbers, not names, are shuffled with a fixed seed, so that the same
    network gives the same communities.
    """
    found = nx.community.louvain_communities(graph, seed=_SEED)
    ranked = sorted(found, key=lambda members: (-len(members), min(members)))
    numbers = {node: number for number, members in enumerate(ranked) for node in members}
    return [numbers[node] for node in graph]
