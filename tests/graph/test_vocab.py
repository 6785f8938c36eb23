"""The vocabulary, and that the ontology declares it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import owlrl
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from kg.errors import DataError
from kg.graph import vocab
from kg.graph.quads import to_quads
from kg.graph.store import GraphStore
from kg.graph.vocab import AIO, INVERSES, ONTOLOGY, PREDICATES, Ids, ontology_files
from kg.model import SYMMETRIC, Extraction

LANGUAGES = {"en", "zh-hans", "zh-hant"}


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(
        data=(ontology_files() / "ai-industry.ttl").read_text(encoding="utf-8"), format="turtle"
    )


def declared(ontology: rdflib.Graph) -> set[str]:
    subjects = (str(subject) for subject in ontology.subjects(RDF.type, None))
    return {subject.removeprefix(AIO.iri) for subject in subjects if subject.startswith(AIO.iri)}


def terms_of(graph: Iterable[tuple[object, ...]]) -> set[str]:
    return {str(term) for statement in graph for term in statement if isinstance(term, URIRef)}


def test_the_ontology_declares_the_vocabulary_and_nothing_else(ontology: rdflib.Graph) -> None:
    assert declared(ontology) == set(AIO)


def test_the_ontology_declares_every_term_of_the_graph(
    ontology: rdflib.Graph, corpus: list[Extraction], example: Extraction
) -> None:
    with GraphStore.open(None) as store:
        store.load_documents((extraction.document.id, to_quads(extraction)) for extraction in [*corpus, example])
        used = {
            value
            for quad in store.quads()
            for value in [quad.predicate.value] + ([quad.object.value] if quad.predicate.value == str(RDF.type) else [])
        }
    known = {str(subject) for subject in ontology.subjects(RDF.type, None)}
    builtin = {iri for iri in used if iri.startswith((str(RDF), str(RDFS)))}
    assert used - builtin <= known
    assert {iri for iri in used if iri.startswith(AIO.iri)}  # so that the test looks at something


def test_every_term_has_label_and_definition_in_three_languages(ontology: rdflib.Graph) -> None:
    for name in AIO:
        term = URIRef(AIO.iri + name)
        for predicate in (RDFS.label, SKOS.definition):
            tags = [str(text.language).lower() for text in ontology.objects(term, predicate) if str(text).strip()]
            assert sorted(tags) == sorted(LANGUAGES), (name, predicate)


def test_every_predicate_has_domain_range_and_an_inverse_or_symmetry(ontology: rdflib.Graph) -> None:
    for predicate, node in PREDICATES.items():
        term = URIRef(node.value)
        assert ontology.value(term, RDFS.domain)
        assert ontology.value(term, RDFS.range)
        if predicate in SYMMETRIC:
            assert (term, RDF.type, OWL.SymmetricProperty) in ontology
        else:
            assert (URIRef(AIO.iri + INVERSES[predicate]), OWL.inverseOf, term) in ontology
    assert set(INVERSES) == set(PREDICATES) - SYMMETRIC


def test_the_ontology_names_its_version_and_licence(ontology: rdflib.Graph) -> None:
    assert str(ontology.value(URIRef(ONTOLOGY), OWL.versionIRI)).startswith(ONTOLOGY + "/")
    assert len(set(ontology.objects(URIRef(ONTOLOGY), rdflib.DCTERMS.license))) == 2


def test_the_ontology_stays_within_owl_2_rl(ontology: rdflib.Graph) -> None:
    # No class expressions at all: named classes on both sides of every axiom are in the profile.
    assert not any(isinstance(term, rdflib.BNode) for triple in ontology for term in triple)
    axioms = {str(p) for p in ontology.predicates() if str(p).startswith((str(OWL), str(RDFS)))}
    allowed = {
        RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, RDFS.label, RDFS.isDefinedBy, RDFS.seeAlso,
        OWL.inverseOf, OWL.disjointWith, OWL.versionIRI, OWL.versionInfo,
    }  # fmt: skip
    assert axioms <= {str(iri) for iri in allowed}


def test_every_term_that_an_axiom_names_is_declared(ontology: rdflib.Graph) -> None:
    known = {str(subject) for subject in ontology.subjects(RDF.type, None)}
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.disjointWith):
        named = {str(value) for value in ontology.objects(None, predicate)}
        assert {iri for iri in named if not iri.startswith((str(rdflib.XSD), str(RDF)))} <= known


def reason(ontology: rdflib.Graph, facts: str) -> rdflib.Graph:
    graph = rdflib.Graph() + ontology
    graph.parse(data=facts, format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return graph


def errors(graph: rdflib.Graph) -> list[str]:
    return [
        str(text)
        for subject, text in graph.subject_objects(URIRef("http://www.daml.org/2002/03/agents/agent-ont#error"))
    ]


def test_the_graph_is_consistent_and_inverses_follow(ontology: rdflib.Graph, corpus: list[Extraction]) -> None:
    facts = "".join(f"{quad.triple} .\n" for quad in to_quads(corpus[0]))
    graph = reason(ontology, facts)
    assert errors(graph) == []
    base = Ids().base
    lin, yunqi = URIRef(base + "person/lin"), URIRef(base + "company/yunqi")
    assert (lin, URIRef(AIO.iri + "founderOf"), yunqi) in graph
    assert (yunqi, URIRef("https://schema.org/founder"), lin) in graph
    assert (yunqi, RDF.type, URIRef("http://www.w3.org/ns/org#Organization")) in graph


def test_a_person_that_is_an_organization_is_inconsistent(ontology: rdflib.Graph) -> None:
    person = "<https://example.org/x>"
    types = "".join(f"{person} <{RDF.type}> <{AIO.iri}{name}> .\n" for name in ("Person", "Company"))
    assert errors(reason(ontology, types))


def test_terms_outside_the_list_are_bugs() -> None:
    for namespace in (AIO, vocab.OA, vocab.PROV, vocab.RDF, vocab.SCHEMA, vocab.SKOS, vocab.XSD):
        with pytest.raises(AttributeError):
            _ = namespace.nonsense


@pytest.mark.parametrize("entity_id", ["company/甲 科技", 'company/a"b<c>', "company/a#b", "person/%41", "x/\ud800"])
def test_any_id_makes_an_iri(entity_id: str) -> None:
    iri = Ids().entity(entity_id).value
    assert re.fullmatch(r"https://w3id\.org/ai-industry/id/(company|person|x)/[\w%.-]+", iri, re.ASCII)


def test_document_ids_come_back_from_graph_names() -> None:
    ids = Ids("https://example.org/")
    assert ids.document_id(ids.document("a b")) == "a b"
    assert ids.document_id(ids.runs) is None
    assert Ids().document_id(ids.document("a")) is None


def test_ontology_files_of_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "kg"
    package.mkdir()
    monkeypatch.setattr(vocab.resources, "files", lambda _: package)
    with pytest.raises(DataError, match="install the package again"):
        ontology_files()
    (package / "ontology").mkdir()
    assert ontology_files() == package / "ontology"
