from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import networkx as nx
import pytest
import rdflib

from kg.errors import ExportError
from kg.export.facts import read_entities
from kg.export.gexf import write_gexf, write_graphml
from kg.export.neo4j import write_neo4j
from kg.export.network import read_network
from kg.export.page.html import write_page
from kg.export.rdf import RDF_FORMATS, write_rdf
from kg.export.tables import TABLES, write_tables
from kg.graph.quads import to_quads
from kg.graph.rules import infer
from kg.graph.statistics import count_graph
from kg.graph.store import GraphStore
from kg.model import Document, Entity, EntityType, Extraction, Predicate

NAMESPACE = "{http://gexf.net/1.3}"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_an_entity_of_a_kind_shows_its_main_type_everywhere(tmp_path: Path) -> None:
    school = Entity("organization/u", EntityType.ORGANIZATION, "甲大学", kind="university")
    found = Extraction(Document("甲大学"), (school,))
    with GraphStore.open(None) as store:
        store.load_documents([(found.document.id, to_quads(found))])
        assert [entity.type for entity in read_entities(store).values()] == [EntityType.ORGANIZATION]
        assert count_graph(store)["entities"] == {"Organization": 1}
        write_tables(store, tmp_path, form="csv")
        assert [row["type"] for row in rows(tmp_path / "entities.csv")] == ["Organization"]


def test_gexf_is_sound_and_keeps_parallel_facts_apart(store: GraphStore, tmp_path: Path) -> None:
    path = write_gexf(read_network(store), tmp_path / "n.gexf")
    root = ElementTree.parse(path).getroot()  # noqa: S314
    nodes = {n.attrib["id"] for n in root.iter(f"{NAMESPACE}node")}
    edges = list(root.iter(f"{NAMESPACE}edge"))
    assert len(nodes) == 3
    assert len({e.attrib["id"] for e in edges}) == len(edges) == 2
    assert all({e.attrib["source"], e.attrib["target"]} <= nodes for e in edges)
    assert {e.attrib["kind"] for e in edges} == {"investedIn", "worksFor"}
    assert "lastmodifieddate" not in path.read_text("utf-8")
    assert nx.read_gexf(path, version="1.3").number_of_nodes() == 3


def test_graphml_reads_back(store: GraphStore, tmp_path: Path) -> None:
    graph = nx.read_graphml(write_graphml(read_network(store), tmp_path / "n.graphml"), force_multigraph=True)
    assert {data["predicate"] for _, _, data in graph.edges(data=True)} == {"investedIn", "worksFor"}
    assert {data["articles"] for _, _, data in graph.edges(data=True)} == {2}


def test_tables_defuse_formulas_in_csv_and_keep_them_in_json(store: GraphStore, tmp_path: Path) -> None:
    paths = {p.stem: p for p in write_tables(store, tmp_path / "csv")}
    assert set(paths) == set(TABLES)
    assert all(row["title"].startswith("'=标题") for row in rows(paths["articles"]))
    assert len(rows(paths["claims"])) == 4
    amounts = {row["amount"] for row in rows(paths["investments"])}
    assert amounts == {"100", "120"}
    claims = [
        json.loads(line)
        for line in write_tables(store, tmp_path / "j", form="jsonl")[2].read_text("utf-8").splitlines()
    ]
    assert all(c["sentence"] == "乙资本领投甲科技B轮;=1+1\x0b<b>完</b>" for c in claims)
    assert all(c["end"] - c["start"] == len(c["sentence"]) for c in claims)


def test_neo4j_files_join_up(store: GraphStore, tmp_path: Path) -> None:
    paths = {p.name: p for p in write_neo4j(store, tmp_path)}
    ids = set()
    for name in ("entities", "articles", "claims", "investments"):
        found = [row["iri:ID"] for row in rows(paths[f"{name}.csv"])]
        assert len(found) == len(set(found)) > 0
        ids |= set(found)
    for name in ("facts", "links"):
        found = rows(paths[f"{name}.csv"])
        assert found
        assert all({row[":START_ID"], row[":END_ID"]} <= ids for row in found)
    assert {row[":TYPE"] for row in rows(paths["facts.csv"])} == {"INVESTED_IN", "WORKS_FOR"}
    entity = next(row for row in rows(paths["entities.csv"]) if "乙资本" in row["name"])
    assert entity["names:string[]"].split(";")[0] == "乙资本；B"
    assert all(
        "\n" not in cell for p in paths.values() if p.suffix == ".csv" for row in rows(p) for cell in row.values()
    )


def test_cypher_holds_no_text_of_articles(store: GraphStore, tmp_path: Path) -> None:
    script = next(p for p in write_neo4j(store, tmp_path) if p.name == "import.cypher").read_text("utf-8")
    assert not re.search("[\u3400-\u9fff]", script)
    assert "<script" not in script
    assert all(f"'{p.name}'" in script for p in Predicate)


@pytest.mark.filterwarnings("ignore:(Dataset.default_context|ConjunctiveGraph) is deprecated")  # rdflib calls its own
@pytest.mark.parametrize("form", sorted(RDF_FORMATS))
def test_rdf_files_hold_every_claim(form: str, store: GraphStore, tmp_path: Path) -> None:
    path = write_rdf(store, tmp_path / f"g.{RDF_FORMATS[form]}", form=form)
    names = {"jsonld": "json-ld", "turtle": "turtle", "nquads": "nquads", "ntriples": "nt", "trig": "trig"}
    dataset = rdflib.Dataset(default_union=True).parse(data=path.read_bytes(), format=names[form])
    claims = set(dataset.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/ai-industry/ontology#Claim")))
    assert len(claims) == 4


def test_the_same_facts_give_the_same_bytes(store: GraphStore, tmp_path: Path) -> None:
    for name, write in (("a.gexf", write_gexf), ("a.graphml", write_graphml)):
        first = write(read_network(store), tmp_path / name).read_bytes()
        assert write(read_network(store), tmp_path / ("b" + name)).read_bytes() == first
    one, two = (write_neo4j(store, tmp_path / d) for d in ("x", "y"))
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_what_was_inferred_is_in_no_file_that_was_not_asked_for_it(store: GraphStore, tmp_path: Path) -> None:
    def write_all(folder: Path) -> dict[str, bytes]:
        folder.mkdir()
        write_tables(store, folder)
        write_neo4j(store, folder / "neo4j")
        for hops in (1, 2):
            network = read_network(store, focus="甲科技", hops=hops)
            write_gexf(network, folder / f"{hops}.gexf")
        write_page(read_network(store), folder / "page.html", title="甲科技")
        for form in RDF_FORMATS:
            write_rdf(store, folder / form, form=form)
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    stated = write_all(tmp_path / "stated")
    with pytest.raises(ExportError, match="run: kg infer"):
        write_rdf(store, tmp_path / "full.nq", form="nquads", inferred=True)
    assert infer(store).total > 0
    assert write_all(tmp_path / "inferred") == stated
    full = write_rdf(store, tmp_path / "full.nq", form="nquads", inferred=True).read_bytes()
    assert full.startswith(stated["nquads"])
    assert len(full) > len(stated["nquads"])


def test_a_place_that_cannot_be_written_is_an_export_error(store: GraphStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ExportError):
        write_tables(store, tmp_path / "file" / "tables")
    with pytest.raises(ExportError):
        write_neo4j(store, tmp_path / "file" / "neo4j")
    with pytest.raises(ExportError):
        write_rdf(store, tmp_path / "missing" / "g.nq", form="nquads")
    with pytest.raises(ExportError):
        write_gexf(read_network(store), tmp_path / "missing" / "n.gexf")
