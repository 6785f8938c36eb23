"""What a page holds: the network in columns, which read fast, with each article and each quoted text once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import networkx as nx

from kg.export.page.communities import find_communities, to_simple
from kg.export.page.layout import place_crowd, place_nodes
from kg.export.page.words import WORDS
from kg.graph.vocab import PREFIXES
from kg.model import SYMMETRIC, EntityType, Modality, Predicate

__all__ = ["CLASSIC_LIMIT", "to_page_data"]

CLASSIC_LIMIT: Final = 500
"""Up to so many entities vis-network draws the page; beyond, our own canvas does (`benchmarks/pages.py` has both)."""

_COLOURS = {
    EntityType.COMPANY: "#2563eb",
    EntityType.ORGANIZATION: "#0d9488",
    EntityType.MODEL: "#9333ea",
    EntityType.PRODUCT: "#d97706",
    EntityType.PERSON: "#dc2626",
}
_OTHER = "other"  # the type of what a query made up
_GREY = "#64748b"
_PREFIXED = ("aio", "oa", "rdf", "schema")
_PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in _PREFIXED)
_SHOWN = """  ?claim aio:modality ?modality ; aio:evidence ?evidence .
  ?evidence oa:hasSelector/oa:exact ?quote ; oa:hasSource ?article .
  OPTIONAL { ?article schema:headline ?headline }
  OPTIONAL { ?article schema:datePublished ?published }
} ORDER BY ?published ?claim
"""
QUERIES: Final = {
    "entity": _PROLOGUE
    + "SELECT DISTINCT ?subject ?predicate ?object ?modality ?quote ?headline ?published {\n"
    + "  VALUES ?entity { <{entity}> }\n  ?claim rdf:subject|rdf:object ?entity ;\n"
    + "    rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object .\n"
    + _SHOWN,
    "fact": _PROLOGUE
    + "SELECT DISTINCT ?claim ?modality ?quote ?headline ?published {\n"
    + "  { ?claim rdf:subject <{subject}> ; rdf:predicate aio:{predicate} ; rdf:object <{object}> }\n"
    + "  UNION\n"
    + "  { ?claim rdf:object <{subject}> ; rdf:predicate aio:{predicate} ; rdf:subject <{object}> }\n"
    + _SHOWN,
}
"""What the page copies as SPARQL; names in braces are replaced by IRIs and predicates."""


def to_page_data(network: nx.MultiDiGraph[str], *, classic: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the network as the page's script reads it, and the texts, which it reads when they are first shown.

    Everything of one kind is in columns of equal length. Nodes, articles and quotes are referred to by their place; the
    evidence of fact `i` is at places `first[i]` to `first[i + 1]`.
    """
    nodes, graph = to_simple(network)
    index = {node: number for number, node in enumerate(nodes)}
    communities = find_communities(graph)
    left = {index[node] for node in network.graph.get("left", ())}
    if classic:
        boxes = [(30.0 + 7 * len(network.nodes[node]["label"]), 40.0) for node in nodes]
        places = place_nodes(graph, boxes, left=left)
    else:
        places = place_crowd(graph, communities)
    types = [str(kind) for kind in EntityType]
    if any(data["type"] == _OTHER for _, data in network.nodes(data=True)):
        types.append(_OTHER)
    base = _common_base(nodes)
    texts = _Texts()
    data = {
        "classic": classic,
        "base": base,
        "types": types,
        "colors": [_COLOURS.get(EntityType(kind), _GREY) if kind != _OTHER else _GREY for kind in types],
        "modalities": [str(modality) for modality in Modality],
        "nodes": {
            "id": [node.removeprefix(base) for node in nodes],
            "label": [network.nodes[node]["label"] for node in nodes],
            "names": [network.nodes[node]["aliases"] for node in nodes],
            "type": [types.index(network.nodes[node]["type"]) for node in nodes],
            "x": [int(x) for x, _ in places],
            "y": [int(y) for _, y in places],
            "community": communities,
        },
        **_facts(network, index, texts),
        "investments": [_investment(event, index, texts) for event in network.graph["investments"]],
        "dates": texts.dates,
        "articles": network.graph["articles"],
        "left_out": network.graph["left_out"],
        "focus": [index[node] for node in network.graph["focus"] if node in index],
        "words": WORDS,
        "queries": QUERIES,
    }
    return data, {"articles": texts.articles, "quotes": texts.quotes}


def _facts(network: nx.MultiDiGraph[str], index: Mapping[str, int], texts: _Texts) -> dict[str, Any]:
    edges: dict[str, list[Any]] = {"from": [], "to": [], "predicate": [], "modality": [], "label": [], "first": [0]}
    said: dict[str, list[Any]] = {"article": [], "quote": [], "modality": [], "confidence": [], "when": []}
    notes: dict[int, dict[str, Any]] = {}
    predicates = [str(predicate) for predicate in Predicate]
    predicates += sorted({d["predicate"] for _, _, d in network.edges(data=True)} - set(predicates))
    modalities = [str(modality) for modality in Modality]
    for subject, object_, fact in network.edges(data=True):
        edges["from"].append(index[subject])
        edges["to"].append(index[object_])
        edges["predicate"].append(predicates.index(fact["predicate"]))
        edges["modality"].append(modalities.index(fact["modality"]))
        edges["label"].append(fact.get("label", ""))
        for evidence in fact["evidence"]:
            note = {name: evidence[name] for name in ("role", "status", "lead", "ticker") if evidence.get(name)}
            if note:
                notes[len(said["quote"])] = note
            said["article"].append(texts.article(evidence))
            said["quote"].append(texts.quote(evidence))
            said["modality"].append(modalities.index(evidence["modality"]))
            said["confidence"].append(evidence["confidence"])
            said["when"].append(evidence.get("when", ""))
        edges["first"].append(len(said["quote"]))
    symmetric = [number for number, name in enumerate(predicates) if name in set(map(str, SYMMETRIC))]
    return {"predicates": predicates, "symmetric": symmetric, "edges": edges, "evidence": said, "notes": notes}


def _investment(event: Mapping[str, Any], index: Mapping[str, int], texts: _Texts) -> dict[str, Any]:
    return {
        "kind": event["kind"],
        "investee": index.get(event["investee"], -1),
        "name": event["name"],
        "round": event["round"],
        "date": event["date"],
        "modality": event["modality"],
        "investors": [[index.get(one["entity"], -1), one["name"], one["lead"]] for one in event["investors"]],
        "said": [
            {
                "amounts": [amount["wording"] for amount in statement["amounts"]],
                "valuations": [amount["wording"] for amount in statement["valuations"]],
                "modality": statement["modality"],
                "confidence": statement["confidence"],
                "article": texts.article(statement["evidence"]),
                "quote": texts.quote(statement["evidence"]),
            }
            for statement in event["statements"]
        ],
    }


class _Texts:
    """Articles and quotes in the order in which they are first cited, each once."""

    def __init__(self) -> None:
        self.articles: list[list[str]] = []
        self.dates: list[str] = []
        self.quotes: list[list[str]] = []
        self._places: dict[tuple[Any, ...], int] = {}

    def article(self, source: Mapping[str, Any]) -> int:
        key = ("article", source["article"])
        if key not in self._places:
            self._places[key] = len(self.articles)
            self.articles.append([source["title"], source["publisher"], source["url"]])
            self.dates.append(source["date"])
        return self._places[key]

    def quote(self, source: Mapping[str, Any]) -> int:
        key = ("quote", source["article"], source["start"], source["end"])
        if key not in self._places:
            self._places[key] = len(self.quotes)
            self.quotes.append([source["prefix"], source["quote"], source["suffix"]])
        return self._places[key]


def _common_base(iris: Iterable[str]) -> str:
    """Return what all IRIs begin with, up to a slash."""
    ordered = sorted(iris)
    if not ordered:
        return ""
    first, last = ordered[0], ordered[-1]
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[: first.rfind("/", 0, same) + 1]
