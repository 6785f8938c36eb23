"""The vocabulary, and that the ontology declares it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from kg.entities.gazetteer import load_gazetteer
from kg.errors import DataError
from kg.graph import vocab
from kg.graph.quads import to_quads
from kg.graph.store import GraphStore
from kg.graph.vocab import AIO, CLASSES, INVERSES, KIND_CLASSES, ONTOLOGY, PREDICATES, Ids, ontology_files
from kg.model import SIGNATURES, SYMMETRIC, EntityType, Extraction

LANGUAGES = {"en", "zh-hans", "zh-hant"}


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


def test_domains_and_ranges_hold_what_the_model_joins(ontology: rdflib.Graph) -> None:
    def above(kind: EntityType) -> set[object]:
        return set(ontology.transitive_objects(URIRef(CLASSES[kind].value), RDFS.subClassOf))

    role = {URIRef(AIO.Investor.value), URIRef(AIO.Exchange.value)}  # inferred from the property, not required by it
    for predicate, (subjects, objects) in SIGNATURES.items():
        term = URIRef(PREDICATES[predicate].value)
        for side, kinds in ((RDFS.domain, subjects), (RDFS.range, objects)):
            wanted = ontology.value(term, side)
            assert wanted in role or all(wanted in above(kind) for kind in kinds), (predicate, side)


def test_the_class_of_a_kind_lies_below_the_class_of_its_type(ontology: rdflib.Graph) -> None:
    for (entity_type, kind), node in KIND_CLASSES.items():
        supers = set(ontology.objects(URIRef(node.value), RDFS.subClassOf))
        assert URIRef(CLASSES[entity_type].value) in supers, kind


def test_every_kind_that_has_a_class_is_in_the_tables() -> None:
    used = {(record.type, record.kind) for record in load_gazetteer().records.values()}
    assert set(KIND_CLASSES) <= used
    mapped_kinds = {kind for _, kind in KIND_CLASSES}
    assert {pair for pair in used if pair[1] in mapped_kinds} == set(KIND_CLASSES)


def test_the_ontology_names_its_version_and_licence(ontology: rdflib.Graph) -> None:
    assert str(ontology.value(URIRef(ONTOLOGY), OWL.versionIRI)).startswith(ONTOLOGY + "/")
    assert len(set(ontology.objects(URIRef(ONTOLOGY), rdflib.DCTERMS.license))) == 2


def test_the_ontology_stays_within_owl_2_rl(ontology: rdflib.Graph) -> None:
    # No class expressions at all: named classes on both sides of every axiom are in the profile.
    assert not any(isinstance(term, rdflib.BNode) for triple in ontology for term in triple)
    axioms = {p for p in ontology.predicates() if str(p).startswith((str(OWL), str(RDFS)))}
    assert axioms <= {
        RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, RDFS.label, RDFS.isDefinedBy, RDFS.seeAlso,
        OWL.inverseOf, OWL.disjointWith, OWL.differentFrom, OWL.versionIRI, OWL.versionInfo, OWL.priorVersion,
    }  # fmt: skip
    kinds = {o for o in ontology.objects(None, RDF.type) if str(o).startswith(str(OWL))}
    assert kinds <= {
        OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual,
        OWL.SymmetricProperty, OWL.TransitiveProperty, OWL.FunctionalProperty, OWL.IrreflexiveProperty,
        OWL.AsymmetricProperty,
    }  # fmt: skip


def test_properties_that_exclude_something_are_simple(ontology: rdflib.Graph) -> None:
    # OWL 2 DL, and so HermiT, forbids these characteristics where a transitive property lies below.
    transitive = set(ontology.subjects(RDF.type, OWL.TransitiveProperty))
    assert transitive
    for kind in (OWL.IrreflexiveProperty, OWL.AsymmetricProperty, OWL.FunctionalProperty):
        for term in ontology.subjects(RDF.type, kind):
            assert not transitive & set(ontology.transitive_subjects(RDFS.subPropertyOf, term)), term


def test_every_term_that_an_axiom_names_is_declared(ontology: rdflib.Graph) -> None:
    known = {str(subject) for subject in ontology.subjects(RDF.type, None)}
    for predicate in (
        RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.disjointWith,
        OWL.differentFrom,
    ):  # fmt: skip
        named = {str(value) for value in ontology.objects(None, predicate)}
        assert {iri for iri in named if not iri.startswith((str(rdflib.XSD), str(RDF)))} <= known


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
