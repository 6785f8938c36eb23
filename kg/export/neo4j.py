"""CSV files for Neo4j, and the Cypher that loads them.

`neo4j-admin database import` reads the files as they are (`README.md` in the directory gives the command);
`import.cypher` loads them into a running database. Entities, articles, claims and investments are nodes; a fact is a
relationship between two entities too, so that simple questions have simple queries. Nothing of an article ever stands
in Cypher: its text travels in CSV alone. In arrays `;` parts the values, so a `;` inside a name becomes a full-width
one; line breaks inside a text become spaces.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx

from kg.errors import ExportError
from kg.export.facts import read_articles, read_entities
from kg.export.network import read_network
from kg.graph.store import GraphStore
from kg.model import EntityType, Predicate

__all__ = ["write_neo4j"]

Row = Iterable[Any]
_BREAKS = re.compile(r"[\r\n\t\x00-\x1f\u2028\u2029]+")

_NODES = {
    "entities": ("iri:ID", ":LABEL", "name", "names:string[]", "articles:int"),
    "articles": ("iri:ID", ":LABEL", "title", "publisher", "published", "url"),
    "claims": (
        "iri:ID", ":LABEL", "predicate", "modality", "confidence:float", "role", "status", "lead:boolean", "sentence",
        "start:int", "end:int", "extractor",
    ),
    "investments": (
        "iri:ID", ":LABEL", "kind", "round", "date", "modality", "amount:double", "currency", "amountWording",
        "valuation:double", "valuationCurrency", "valuationWording", "sentence",
    ),
}  # fmt: skip
_LINKS = {
    "facts": (
        ":START_ID", ":END_ID", ":TYPE", "modality", "confidence:float", "articles:int", "first", "last", "role",
        "sentence",
    ),
    "links": (":START_ID", ":END_ID", ":TYPE", "lead:boolean"),
}  # fmt: skip
_LABELS = {"entities": "Entity", "articles": "Article", "claims": "Claim", "investments": "Investment"}
_LINK_TYPES = ("SUBJECT", "OBJECT", "STATED_IN", "INVESTEE", "INVESTOR", "MENTIONS")


def write_neo4j(store: GraphStore, directory: Path) -> list[Path]:
    """Write the CSV files, `import.cypher` and `README.md` into `directory` (made where it is missing).

    Raises:
        ExportError: the directory cannot be written.
    """
    network = read_network(store)
    rows = {
        "entities": _entities(store),
        "articles": _articles(store),
        "claims": _claims(store),
        "investments": _investments(store),
        "facts": _facts(network),
        "links": _links(store),
    }
    try:
        directory.mkdir(parents=True, exist_ok=True)
        paths = [_write_csv(directory / f"{n}.csv", {**_NODES, **_LINKS}[n], found) for n, found in rows.items()]
        for name, text in (("import.cypher", _cypher()), ("README.md", _readme())):
            paths.append(directory / name)
            paths[-1].write_text(text, encoding="utf-8", newline="\n")
        return paths
    except OSError as error:
        raise ExportError(f"cannot write to {directory}: {error.strerror}") from error


def _write_csv(path: Path, header: tuple[str, ...], rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow([_cell(value) for value in row])
    return path


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ";".join(_BREAKS.sub(" ", str(item)).replace(";", "；") for item in value)
    return _BREAKS.sub(" ", value) if isinstance(value, str) else value


def relationship_type(predicate: Predicate) -> str:
    """Return the type of a fact's relationship.

    >>> relationship_type(Predicate.INVESTED_IN)
    'INVESTED_IN'
    """
    return predicate.name


def _entities(store: GraphStore) -> Iterator[Row]:
    for entity in read_entities(store).values():
        yield entity.iri, ["Entity", str(entity.type)], entity.name, list(entity.names), entity.documents


def _articles(store: GraphStore) -> Iterator[Row]:
    for article in read_articles(store):
        record = article.record
        yield record.iri, "Article", record.title, record.publisher, record.published, record.url


def _claims(store: GraphStore) -> Iterator[Row]:
    for article in read_articles(store):
        for c in article.claims:
            yield (
                c.iri, "Claim", str(c.predicate), str(c.modality), c.confidence, c.role, c.status, c.lead,
                c.quote.exact, c.quote.start, c.quote.end, c.extractor,
            )  # fmt: skip


def _investments(store: GraphStore) -> Iterator[Row]:
    """Yield each event once: several articles on one share its node, the first by id gives what it says."""
    seen: set[str] = set()
    for article in read_articles(store):
        for event in article.investments:
            if event.iri in seen:
                continue
            seen.add(event.iri)
            amount = event.amounts[0] if event.amounts else None
            valuation = event.valuations[0] if event.valuations else None
            yield (
                event.iri, "Investment", str(event.kind), event.round, event.date, str(event.modality),
                amount and amount.value, amount and amount.currency, amount and amount.wording,
                valuation and valuation.value, valuation and valuation.currency, valuation and valuation.wording,
                event.quotes[0].exact,
            )  # fmt: skip


def _facts(network: nx.MultiDiGraph[str]) -> Iterator[Row]:
    for subject, object_, data in network.edges(data=True):
        best = data["evidence"][0]
        yield (
            subject, object_, relationship_type(Predicate(data["predicate"])), str(data["modality"]),
            data["confidence"], data["sources"], data["first"], data["last"], best["role"], best["quote"],
        )  # fmt: skip


def _links(store: GraphStore) -> Iterator[Row]:
    seen: set[tuple[str, str, str]] = set()
    for article in read_articles(store):
        found: list[tuple[str, str, str, bool | None]] = [
            (article.record.iri, entity, "MENTIONS", None) for entity in article.mentions
        ]
        for claim in article.claims:
            found += [
                (claim.iri, claim.subject, "SUBJECT", None),
                (claim.iri, claim.object, "OBJECT", None),
                (claim.iri, article.record.iri, "STATED_IN", None),
            ]
        for event in article.investments:
            found.append((event.iri, event.investee, "INVESTEE", None))
            found.append((event.iri, article.record.iri, "STATED_IN", None))
            found += [(event.iri, investor, "INVESTOR", investor in event.leads) for investor in event.investors]
        for link in found:
            if link[:3] not in seen:
                seen.add(link[:3])
                yield link


def _cypher() -> str:
    """Return the script for a running database; only names of this module stand in it, never text of an article."""
    lines = ["// Put the CSV files into the import directory of the database, then run this script."]
    for table, label in _LABELS.items():
        lines.append(f"CREATE CONSTRAINT {table}_iri IF NOT EXISTS FOR (n:{label}) REQUIRE n.iri IS UNIQUE;")
        lines.append(f"LOAD CSV WITH HEADERS FROM 'file:///{table}.csv' AS row")
        lines.append(f"MERGE (n:{label} {{iri: row.`iri:ID`}}) SET {_assignments('n', _NODES[table])};")
    for kind in EntityType:
        lines.append(
            f"LOAD CSV WITH HEADERS FROM 'file:///entities.csv' AS row WITH row WHERE row.`:LABEL` = 'Entity;{kind}'\n"
            f"MATCH (n:Entity {{iri: row.`iri:ID`}}) SET n:{kind};"
        )
    for predicate in Predicate:
        lines.append(_relation("facts", relationship_type(predicate), "Entity", "Entity"))
    ends = {
        "SUBJECT": ("Claim", "Entity"), "OBJECT": ("Claim", "Entity"), "INVESTEE": ("Investment", "Entity"),
        "INVESTOR": ("Investment", "Entity"), "MENTIONS": ("Article", "Entity"),
    }  # fmt: skip
    for name in _LINK_TYPES:
        for start, end in [ends[name]] if name in ends else [("Claim", "Article"), ("Investment", "Article")]:
            lines.append(_relation("links", name, start, end))
    return "\n".join(lines) + "\n"


def _relation(table: str, kind: str, start: str, end: str) -> str:
    return (
        f"LOAD CSV WITH HEADERS FROM 'file:///{table}.csv' AS row WITH row WHERE row.`:TYPE` = '{kind}'\n"
        f"MATCH (a:{start} {{iri: row.`:START_ID`}}), (b:{end} {{iri: row.`:END_ID`}})\n"
        f"MERGE (a)-[r:{kind}]->(b) SET {_assignments('r', _LINKS[table])};"
    )


def _assignments(variable: str, header: tuple[str, ...]) -> str:
    """Return the SET items that read the columns of a file, converted by the type in their header."""
    readers = {
        "int": "toInteger(row.`{0}`)", "float": "toFloat(row.`{0}`)", "double": "toFloat(row.`{0}`)",
        "boolean": "(row.`{0}` = 'true')", "string[]": "split(row.`{0}`, ';')", "": "row.`{0}`",
    }  # fmt: skip
    items = []
    for column in header:
        name, _, kind = column.partition(":")
        if name and kind != "ID":
            items.append(f"{variable}.{name} = {readers[kind].format(column)}")
    return ", ".join(items)


def _readme() -> str:
    nodes = " ".join(f"--nodes={table}.csv" for table in _NODES)
    links = " ".join(f"--relationships={table}.csv" for table in _LINKS)
    return (
        "# Load this graph into Neo4j\n\n"
        "Into a new database, with the server stopped:\n\n"
        f"```bash\nneo4j-admin database import full {nodes} {links} --overwrite-destination neo4j\n```\n\n"
        "Into a running one: copy the CSV files to its import directory, then\n\n"
        "```bash\ncypher-shell -f import.cypher\n```\n\n"
        "A fact is a relationship between two entities (`INVESTED_IN`, `DEVELOPS`, …) with its best sentence; every\n"
        "statement of it is a `Claim` node with `SUBJECT`, `OBJECT` and the `Article` it is `STATED_IN`.\n"
    )
