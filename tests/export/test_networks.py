"""Networks of a period, of investments, and of what a query constructs."""

from __future__ import annotations

import pytest

from kg.errors import QueryError
from kg.export.constructed import read_constructed
from kg.export.investments import read_investments
from kg.export.network import read_network
from kg.graph.store import GraphStore

BASE = "https://w3id.org/ai-industry/id/"


def test_only_articles_of_a_period(store: GraphStore) -> None:
    assert read_network(store, since="2026-03", until="2026-03-05").number_of_edges() == 2
    for since, until in (("2026-04", ""), ("", "2026-02"), ("2027", "")):
        network = read_network(store, since=since, until=until)
        assert network.number_of_edges() == 0
        assert network.graph["left_out"]["articles"] == 2


def test_investments_run_from_investor_to_company_with_round_and_amounts(store: GraphStore) -> None:
    network = read_investments(store)
    ((investor, company, fact),) = network.edges(data=True)
    assert [network.nodes[node]["label"] for node in (investor, company)] == ["乙资本;B", "甲科技"]
    assert fact["label"] == "B 100元 / 120元"
    assert {evidence["quote"][:4] for evidence in fact["evidence"]} == {"乙资本领"}
    assert network.graph["left"] == [investor]
    assert len(network.graph["investments"]) == 1
    assert len(read_investments(store, limit=1)) == 0


def test_a_constructed_fact_brings_its_evidence(store: GraphStore) -> None:
    network = read_constructed(store, "CONSTRUCT { ?a aio:investedIn ?b } WHERE { ?a aio:investedIn ?b }")
    ((_, _, fact),) = network.edges(data=True)
    assert len(fact["evidence"]) == 2
    assert network.graph["articles"] == 2


def test_whatever_a_query_puts_together_is_drawn(store: GraphStore) -> None:
    network = read_constructed(
        store,
        """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        CONSTRUCT { ?b <https://x.example/backedBy> ?a . ?a a aio:Company ; <https://x.example/near> _:place .
                    ?b <https://x.example/in> <https://x.example/city> . <https://x.example/city> rdfs:label "杭州" }
        WHERE { ?a aio:investedIn ?b }""",
    )
    assert {(data["predicate"], len(data["evidence"])) for _, _, data in network.edges(data=True)} == {
        ("backedBy", 0),
        ("in", 0),
    }
    assert network.nodes["https://x.example/city"]["label"] == "杭州"
    assert network.nodes["https://x.example/city"]["type"] == "other"
    assert network.nodes[BASE + "company/a-tech"]["label"] == "甲科技"


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p 1 } { ?s ?p ?o }", "CONSTRUCT {", "CONSTRUCT {} { }"]
)
def test_a_query_with_nothing_to_draw_says_so(store: GraphStore, query: str) -> None:
    with pytest.raises(QueryError):
        read_constructed(store, query)
