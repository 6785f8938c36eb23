"""Count what a graph holds."""

from __future__ import annotations

from typing import Any

from kg.graph.store import GraphStore

_COUNTS = {
    "documents": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a aio:Article }",
    "entities": "SELECT ?kind (COUNT(DISTINCT ?x) AS ?n) "
    "{ VALUES ?kind { aio:Company aio:Organization aio:Model aio:Product aio:Person } ?x a ?kind } GROUP BY ?kind",
    "claims": "SELECT ?kind (COUNT(DISTINCT ?x) AS ?n) { ?x a aio:Claim ; rdf:predicate ?kind } GROUP BY ?kind",
    "modalities": "SELECT ?kind (COUNT(DISTINCT ?x) AS ?n) { ?x a aio:Claim ; aio:modality ?kind } GROUP BY ?kind",
    "investments": "SELECT ?kind (COUNT(DISTINCT ?x) AS ?n) "
    "{ VALUES ?kind { aio:FundingRound aio:StakePurchase aio:PublicOffering aio:Acquisition } "
    "?x a ?kind } GROUP BY ?kind",
    "most_mentioned": "SELECT ?kind (COUNT(DISTINCT ?doc) AS ?n) "
    "{ ?doc schema:mentions ?x . { SELECT ?x (MIN(?label) AS ?kind) { ?x schema:name ?label } GROUP BY ?x } } "
    "GROUP BY ?x ?kind ORDER BY DESC(?n) ?kind LIMIT 10",
}  # fmt: skip


def count_graph(store: GraphStore) -> dict[str, Any]:
    """Return the counts: `documents`; by kind `entities`, `claims`, `modalities`, `investments`, `most_mentioned`."""
    counts: dict[str, Any] = {}
    for name, sparql in _COUNTS.items():
        rows = store.query(sparql).records()
        if name == "documents":
            counts[name] = rows[0]["n"] if rows else 0
        else:
            ordered = sorted(rows, key=lambda r: (-int(str(r["n"])), str(r["kind"])))
            counts[name] = {str(r["kind"]).removeprefix("aio:"): int(str(r["n"])) for r in ordered}
    return counts


def find_protagonists(store: GraphStore) -> dict[str, str]:
    """Return for `investedIn`, `develops` and `worksFor` the name of the entity with most such claims.

    The company invested in, the person who works, the maker; a predicate without claims is left out.
    """
    leads = {}
    for predicate, side in (("investedIn", "object"), ("develops", "subject"), ("worksFor", "subject")):
        rows = store.query(
            f"SELECT ?name (COUNT(DISTINCT ?claim) AS ?n) {{ ?claim rdf:predicate aio:{predicate} ; rdf:{side} ?x . "
            "{ SELECT ?x (MIN(?label) AS ?name) { ?x schema:name ?label } GROUP BY ?x } } "
            "GROUP BY ?x ?name ORDER BY DESC(?n) ?name LIMIT 1"
        ).records()
        if rows:
            leads[predicate] = str(rows[0]["name"])
    return leads


def format_counts(counts: dict[str, Any]) -> str:
    """Return the counts as text for a terminal."""
    lines = [f"documents  {counts['documents']}"]
    for name in ("entities", "claims", "modalities", "investments", "most_mentioned"):
        total = f"  {sum(counts[name].values())}" if name != "most_mentioned" else " (documents that name them)"
        lines.append(f"{name.replace('_', ' ')}{total}")
        lines += [f"  {kind:16} {number}" for kind, number in counts[name].items()]
    return "\n".join(lines)
