"""Who put money into whom: the network of investors and companies, an edge for each investor of each event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx

from kg.export.facts import read_entities
from kg.export.network import node_attributes, read_network
from kg.graph.store import GraphStore
from kg.model import InvestmentKind, Predicate

__all__ = ["read_investments"]


def read_investments(
    store: GraphStore,
    *,
    focus: str | None = None,
    hops: int = 1,
    since: str = "",
    until: str = "",
    limit: int | None = None,
    on_article: Callable[[], object] = lambda: None,
) -> nx.MultiDiGraph[str]:
    """Return the investments as a network like that of :func:`kg.export.network.read_network`.

    An edge runs from an investor to a company; its key is the event's IRI, its `label` round and amount as the articles
    word them, its evidence what each article says of the event. `left` of the graph are the entities that invest more
    than they receive. Events without a named investor are left out and counted (`unnamed` of `left_out`). `limit` keeps
    the entities that are part of most events.

    Raises:
        QueryError: nothing is called `focus`.
    """
    whole = read_network(store, focus=focus, hops=hops, since=since, until=until, on_article=on_article)
    events = whole.graph["investments"]
    parties = {one for event in events for one in (event["investee"], *(i["entity"] for i in event["investors"]))}
    entities = read_entities(store, iris=parties)
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for event in events:
        for investor in event["investors"]:
            edge = (investor["entity"], event["investee"])
            network.add_edge(*edge, key=event["iri"], **_fact(event, investor["lead"]))
    ranked = sorted(network, key=lambda iri: (-network.degree(iri), iri))
    network.remove_nodes_from(ranked[limit:] if limit is not None else [])
    network.remove_nodes_from([iri for iri, degree in list(network.degree()) if not degree])
    for iri in network:
        network.nodes[iri].update(node_attributes(entities[iri]), degree=network.degree(iri))
    kept = [event for event in events if event["investee"] in network]
    network.graph.update(
        focus=[iri for iri in whole.graph["focus"] if iri in network],
        articles=len({say["evidence"]["article"] for event in kept for say in event["statements"]}),
        investments=kept,
        left=sorted(iri for iri in network if network.out_degree(iri) > network.in_degree(iri)),
        left_out={
            "entities": len(ranked) - len(network),
            "facts": 0,
            "unnamed": sum(1 for event in events if not event["investors"]),
            "articles": whole.graph["left_out"]["articles"],
        },
    )
    return _in_order(network)


def _fact(event: Mapping[str, Any], lead: bool) -> dict[str, Any]:
    predicate = Predicate.ACQUIRED if event["kind"] == InvestmentKind.ACQUISITION else Predicate.INVESTED_IN
    amounts = dict.fromkeys(amount["wording"] for say in event["statements"] for amount in say["amounts"])
    dates = sorted(say["evidence"]["date"] for say in event["statements"] if say["evidence"]["date"])
    return {
        "predicate": predicate.value,
        "modality": event["modality"],
        "disputed": False,
        "confidence": max(say["confidence"] for say in event["statements"]),
        "sources": len({say["evidence"]["article"] for say in event["statements"]}),
        "first": dates[0] if dates else "",
        "last": dates[-1] if dates else "",
        "label": " ".join(filter(None, (event["round"], " / ".join(amounts)))),
        "evidence": [
            {
                **say["evidence"],
                "modality": say["modality"],
                "confidence": say["confidence"],
                "lead": lead,
                "when": event["date"],
            }
            for say in event["statements"]
        ],
    }


def _in_order(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    ordered: nx.MultiDiGraph[str] = nx.MultiDiGraph(**network.graph)
    ordered.add_nodes_from(sorted(network.nodes(data=True)))
    for subject, object_, key in sorted(network.edges(keys=True)):
        ordered.add_edge(subject, object_, key=key, **network.edges[subject, object_, key])
    return ordered
