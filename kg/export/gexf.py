"""The network for Gephi (GEXF 1.3) and other tools (GraphML).

An edge is a fact; its `kind` is the predicate, so that parallel facts between two entities stay apart in Gephi.
Attributes are strings and numbers only; dates are `yyyy-mm-dd` strings or shorter.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import networkx as nx

from kg.errors import ExportError
from kg.model import EntityType

__all__ = ["COLOURS", "flatten", "write_gexf", "write_graphml"]

COLOURS = {
    EntityType.COMPANY: (37, 99, 235),
    EntityType.ORGANIZATION: (13, 148, 136),
    EntityType.MODEL: (147, 51, 234),
    EntityType.PRODUCT: (217, 119, 6),
    EntityType.PERSON: (220, 38, 38),
}
"""Entity type -> red, green, blue (0 to 255)."""

_NAMESPACE = "http://gexf.net/1.3"
_VIZ = "http://gexf.net/1.3/viz"
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def flatten(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """Return the network with plain attributes: the best sentence of an edge beside how many articles state it."""
    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, data in network.nodes(data=True):
        flat.add_node(
            _legal(node), label=_legal(data["label"]), type=str(data["type"]),
            names=_legal(" | ".join(data["aliases"])), articles=data["documents"], facts=data["degree"],
        )  # fmt: skip
    for number, (subject, object_, data) in enumerate(network.edges(data=True)):
        best = data["evidence"][0]
        flat.add_edge(
            _legal(subject), _legal(object_), key=str(number), id=str(number), label=str(data["predicate"]),
            predicate=str(data["predicate"]), modality=str(data["modality"]), confidence=float(data["confidence"]),
            weight=float(data["sources"]), articles=data["sources"], first=data["first"] or "",
            last=data["last"] or "", role=_legal(best["role"]), sentence=_legal(best["quote"]),
            article=_legal(best["title"]), url=_legal(best["url"]),
        )  # fmt: skip
    return flat


def _legal(text: str) -> str:
    """Leave out the characters that XML cannot carry."""
    return _ILLEGAL.sub("", text)


def write_graphml(network: nx.MultiDiGraph[str], path: Path) -> Path:
    """Write the network as GraphML.

    Raises:
        ExportError: the file cannot be written.
    """
    lines = "\n".join(nx.generate_graphml(flatten(network)))
    return _write('<?xml version="1.0" encoding="UTF-8"?>\n' + lines + "\n", path)


def write_gexf(network: nx.MultiDiGraph[str], path: Path) -> Path:
    """Write the network as GEXF 1.3, with a colour for each type and a size for the number of facts.

    networkx writes the older draft; what 1.3 wants besides (`kind`, its namespaces, no empty name) is put in here.

    Raises:
        ExportError: the file cannot be written.
    """
    flat = flatten(network)
    largest = max((data["facts"] for _, data in flat.nodes(data=True)), default=1) or 1
    for _, data in flat.nodes(data=True):
        red, green, blue = COLOURS[EntityType(data["type"])]
        data["viz"] = {
            "color": {"r": red, "g": green, "b": blue, "a": 1.0},
            "size": round(8 + 32 * (data["facts"] / largest) ** 0.5, 2),
        }
    text = "\n".join(nx.generate_gexf(flat, version="1.2draft"))
    ElementTree.register_namespace("", _NAMESPACE)
    ElementTree.register_namespace("viz", _VIZ)
    root = ElementTree.fromstring(  # noqa: S314  the text is our own, made in the line above
        text.replace("http://www.gexf.net/1.2draft/viz", _VIZ).replace("http://www.gexf.net/1.2draft", _NAMESPACE)
    )
    _complete(root, flat)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return _write('<?xml version="1.0" encoding="UTF-8"?>\n' + body + "\n", path)


def _complete(root: ElementTree.Element, flat: nx.MultiDiGraph[str]) -> None:
    root.set("version", "1.3")
    for name in [name for name in root.attrib if "schemaLocation" in name]:
        del root.attrib[name]
    root.set(f"{{{_SCHEMA}}}schemaLocation", f"{_NAMESPACE} http://gexf.net/1.3/gexf.xsd")
    for meta in root.findall(f"{{{_NAMESPACE}}}meta"):
        root.remove(meta)  # it carries the day of writing, and the same facts give the same bytes
    graph = root.find(f"{{{_NAMESPACE}}}graph")
    assert graph is not None  # noqa: S101  networkx always writes it
    graph.attrib.pop("name", None)
    kinds: dict[str, Any] = {data["id"]: data["predicate"] for _, _, data in flat.edges(data=True)}
    for edge in graph.iter(f"{{{_NAMESPACE}}}edge"):
        edge.set("kind", kinds[edge.attrib["id"]])
        edge.set("label", kinds[edge.attrib["id"]])


def _write(text: str, path: Path) -> Path:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ExportError(f"cannot write {path}: {error.strerror}") from error
    return path
