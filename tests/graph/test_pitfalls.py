"""Pitfalls of ontologies, in the spirit of OOPS!: a check for each, and a mistake that each check must see.

`ontology/README.md` describes them in the same order. A check returns what is wrong, as text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from kg.graph.vocab import AIO, ONTOLOGY
from kg.text.normalize import to_simplified

NS = Namespace(AIO.iri)
SCHEMA = Namespace("https://schema.org/")
VANN = Namespace("http://purl.org/vocab/vann/")
_HIERARCHIES = (RDFS.subClassOf, RDFS.subPropertyOf)
_KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.NamedIndividual)
_AXIOMS = (*_HIERARCHIES, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.disjointWith, OWL.differentFrom)
_BUILT_IN = (str(RDF), str(RDFS), str(OWL), str(XSD))

Found = Iterator[str]


def ours(g: Graph, *kinds: URIRef) -> list[URIRef]:
    found = {s for kind in kinds or _KINDS for s in g.subjects(RDF.type, kind)}
    return sorted(URIRef(str(s)) for s in found if str(s).startswith(NS))


def properties(g: Graph) -> list[URIRef]:
    return ours(g, OWL.ObjectProperty, OWL.DatatypeProperty)


def above(g: Graph, term: URIRef, relation: URIRef) -> set[URIRef]:
    return {URIRef(str(x)) for x in g.transitive_objects(term, relation)}


def excluded(g: Graph, first: Iterable[URIRef], second: Iterable[URIRef]) -> bool:
    """Whether no thing can belong to all these classes."""
    ups = {up for term in (*first, *second) for up in above(g, term, RDFS.subClassOf)}
    return any((a, OWL.disjointWith, b) in g or (b, OWL.disjointWith, a) in g for a, b in combinations(ups, 2))


def texts(g: Graph, term: URIRef, predicate: URIRef) -> list[Literal]:
    return [text for text in g.objects(term, predicate) if isinstance(text, Literal)]


def without_label_or_definition(g: Graph) -> Found:
    for term in ours(g):
        for predicate in (RDFS.label, SKOS.definition):
            tags = sorted(str(text.language).lower() for text in texts(g, term, predicate))
            if tags != ["en", "zh-hans", "zh-hant"]:
                yield f"{term} {predicate} {tags}"


def label_shared(g: Graph) -> Found:
    for terms in (ours(g, OWL.Class), properties(g), ours(g, OWL.NamedIndividual)):
        labels = Counter((str(text).lower(), text.language) for t in terms for text in texts(g, t, RDFS.label))
        yield from (f"{label}@{language}" for (label, language), number in labels.items() if number > 1)


def definition_that_is_the_label(g: Graph) -> Found:
    for term in ours(g):
        labels = {str(text).lower() for text in texts(g, term, RDFS.label)}
        yield from (str(term) for text in texts(g, term, SKOS.definition) if str(text).lower().rstrip(".。") in labels)


def text_in_the_wrong_script(g: Graph) -> Found:
    for subject, _, text in g:
        if isinstance(text, Literal) and str(text.language).lower() == "zh-hans" and to_simplified(text) != str(text):
            yield f"{subject} {text}"


def class_without_example(g: Graph) -> Found:
    yield from (str(term) for term in ours(g, OWL.Class) if not texts(g, term, SKOS.example))


def merged_concepts(g: Graph) -> Found:
    for term in ours(g):
        yield from (
            f"{term} {text}"
            for text in texts(g, term, RDFS.label)
            if re.search(r"\b(?:and|or)\b|/|[与與或]|以及", str(text))
        )


def name_against_convention(g: Graph) -> Found:
    for term in ours(g):
        wanted = r"[A-Z][a-zA-Z]*" if (term, RDF.type, OWL.Class) in g else r"[a-z][a-zA-Z]*"
        if not re.fullmatch(wanted, term.removeprefix(NS)):
            yield str(term)


def catch_all_class(g: Graph) -> Found:
    yield from (str(t) for t in ours(g, OWL.Class) if re.search("Other|Misc|Thing|Unknown", t.removeprefix(NS)))


def term_that_is_not_declared(g: Graph) -> Found:
    known = {str(s) for s in g.subjects(RDF.type, None)}
    used = {str(x) for triple in g for x in triple if isinstance(x, URIRef) and x.startswith(NS)}
    mentioned = {
        NS[name] for _, _, text in g if isinstance(text, Literal) for name in re.findall(r"aio:([A-Za-z]+)", text)
    }
    yield from sorted((used | {str(term) for term in mentioned}) - known)


def foreign_term_without_type(g: Graph) -> Found:
    known = {str(s) for s in g.subjects(RDF.type, None)}
    named = {str(o) for axiom in _AXIOMS for o in g.objects(None, axiom)} | {str(p) for p in g.predicates()}
    yield from sorted(iri for iri in named - known if not iri.startswith(_BUILT_IN))


def term_of_two_kinds(g: Graph) -> Found:
    for term in set(g.subjects(RDF.type, None)):
        if len({kind for kind in g.objects(term, RDF.type) if kind in _KINDS}) > 1:
            yield str(term)


def cycle_in_a_hierarchy(g: Graph) -> Found:
    for relation in _HIERARCHIES:
        for term in set(g.subjects(relation, None)):
            if any(term in above(g, URIRef(str(up)), relation) for up in g.objects(term, relation)):
                yield f"{term} {relation}"


def equivalent_by_accident(g: Graph) -> Found:
    for relation in (OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs):
        yield from (f"{s} {relation}" for s in g.subjects(relation, None))
    inverses = Counter(str(o) for o in g.objects(None, OWL.inverseOf))
    yield from (f"{term} has {number} inverses" for term, number in inverses.items() if number > 1)


def ancestor_named_twice(g: Graph) -> Found:
    for relation in _HIERARCHIES:
        for term in ours(g):
            direct = [URIRef(str(o)) for o in g.objects(term, relation)]
            implied = {up for one in direct for up in above(g, one, relation) - {one}}
            yield from (f"{term} {up}" for up in direct if up in implied)


def without_domain_or_range(g: Graph) -> Found:
    for term in properties(g):
        for strict, loose in ((RDFS.domain, SCHEMA.domainIncludes), (RDFS.range, SCHEMA.rangeIncludes)):
            if not (g.value(term, strict) or g.value(term, loose)):
                yield f"{term} {strict}"


def several_domains_or_ranges(g: Graph) -> Found:
    for term in properties(g):
        yield from (f"{term} {side}" for side in (RDFS.domain, RDFS.range) if len(set(g.objects(term, side))) > 1)


def domain_that_nothing_meets(g: Graph) -> Found:
    for term in properties(g):
        for side in (RDFS.domain, RDFS.range):
            sides = [URIRef(str(o)) for up in above(g, term, RDFS.subPropertyOf) for o in g.objects(up, side)]
            if excluded(g, sides, []):
                yield f"{term} {side}"


def without_inverse(g: Graph) -> Found:
    """Relations between two things of a kind; what leads to a value, a source or a party needs none."""
    inverted = {x for s, o in g.subject_objects(OWL.inverseOf) for x in (s, o)}
    for term in ours(g, OWL.ObjectProperty):
        ends = [above(g, URIRef(str(g.value(term, side))), RDFS.subClassOf) for side in (RDFS.domain, RDFS.range)]
        things = {NS.Entity, URIRef("http://www.w3.org/ns/org#Organization")}
        related = all(end & things for end in ends) or all(NS.Claim in end for end in ends)
        if related and term not in inverted and (term, RDF.type, OWL.SymmetricProperty) not in g:
            yield str(term)


def wrong_inverse(g: Graph) -> Found:
    for first, second in g.subject_objects(OWL.inverseOf):
        if first == second or (first, RDF.type, OWL.SymmetricProperty) in g:
            yield f"{first} is its own inverse"
        if (g.value(first, RDFS.domain), g.value(first, RDFS.range)) != (
            g.value(second, RDFS.range),
            g.value(second, RDFS.domain),
        ):
            yield f"{first} {second}"
        for kind in (OWL.TransitiveProperty, OWL.SymmetricProperty):
            if ((first, RDF.type, kind) in g) != ((second, RDF.type, kind) in g):
                yield f"{first} {second} {kind}"


def chain_that_cannot_be(g: Graph) -> Found:
    """A symmetric property must have one class on both sides; a transitive one must be able to go on."""
    for kind in (OWL.SymmetricProperty, OWL.TransitiveProperty):
        for term in g.subjects(RDF.type, kind):
            domain, range_ = g.value(term, RDFS.domain), g.value(term, RDFS.range)
            if (kind == OWL.SymmetricProperty and domain != range_) or (
                domain and range_ and excluded(g, [URIRef(str(domain))], [URIRef(str(range_))])
            ):
                yield str(term)


def class_without_members(g: Graph) -> Found:
    yield from (str(term) for term in ours(g, OWL.Class) if excluded(g, [term], []))


def tops_that_are_not_apart(g: Graph) -> Found:
    tops = [
        term for term in ours(g, OWL.Class)
        if not any(str(up).startswith(NS) for up in g.objects(term, RDFS.subClassOf))
    ]  # fmt: skip
    yield from (f"{a} {b}" for a, b in combinations(tops, 2) if not excluded(g, [a], [b]))


def term_on_its_own(g: Graph) -> Found:
    links = (*_HIERARCHIES, RDFS.domain, RDFS.range, SCHEMA.domainIncludes, SCHEMA.rangeIncludes, RDF.type)
    linked = {x for link in links for x in g.objects(None, link)}
    for term in ours(g, OWL.Class):
        if term not in linked and not g.value(term, RDFS.subClassOf):
            yield str(term)
    for term in ours(g, OWL.NamedIndividual):
        if not any(str(kind).startswith(NS) for kind in g.objects(term, RDF.type)):
            yield str(term)


def ontology_without_metadata(g: Graph) -> Found:
    wanted = (
        DCTERMS.title, DCTERMS.description, DCTERMS.license, OWL.versionIRI, OWL.versionInfo, OWL.priorVersion,
        SKOS.changeNote, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri,
    )  # fmt: skip
    yield from (str(predicate) for predicate in wanted if not g.value(URIRef(ONTOLOGY), predicate))
    versions = {str(v).rpartition("/")[2] for v in g.objects(URIRef(ONTOLOGY), OWL.versionIRI)}
    if versions != {str(v) for v in g.objects(URIRef(ONTOLOGY), OWL.versionInfo)}:
        yield "the version IRI and the version differ"
    yield from (f"{t} isDefinedBy" for t in ours(g) if (t, RDFS.isDefinedBy, URIRef(ONTOLOGY)) not in g)


Check = Callable[[Graph], Found]

PITFALLS: dict[Check, str] = {
    without_label_or_definition: "aio:New a owl:Class ; rdfs:label 'new'@en .",
    label_shared: "aio:Firm a owl:Class ; rdfs:label 'Company'@en .",
    definition_that_is_the_label: "aio:Firm a owl:Class ; rdfs:label 'firm'@en ; skos:definition 'Firm.'@en .",
    text_in_the_wrong_script: "aio:Firm a owl:Class ; rdfs:label '機構'@zh-Hans .",
    class_without_example: "aio:Firm a owl:Class .",
    merged_concepts: "aio:Firm a owl:Class ; rdfs:label 'firm or fund'@en .",
    name_against_convention: "aio:is_owner a owl:ObjectProperty .",
    catch_all_class: "aio:OtherOrganization a owl:Class .",
    term_that_is_not_declared: "aio:Company rdfs:seeAlso aio:Firm .",
    foreign_term_without_type: "aio:Company rdfs:subClassOf schema:LocalBusiness .",
    term_of_two_kinds: "aio:Company a owl:ObjectProperty .",
    cycle_in_a_hierarchy: "aio:Agent rdfs:subClassOf aio:Company .",
    equivalent_by_accident: "aio:Company owl:equivalentClass schema:Organization .",
    ancestor_named_twice: "aio:Company rdfs:subClassOf aio:Entity .",
    without_domain_or_range: "aio:likes a owl:ObjectProperty ; rdfs:domain aio:Person .",
    several_domains_or_ranges: "aio:develops rdfs:range aio:Product .",
    domain_that_nothing_meets: "aio:writes a owl:ObjectProperty ; rdfs:subPropertyOf aio:develops ; "
    "rdfs:range aio:Claim .",
    without_inverse: "aio:likes a owl:ObjectProperty ; rdfs:domain aio:Person ; rdfs:range aio:Company .",
    wrong_inverse: "aio:likedBy owl:inverseOf aio:likes ; rdfs:domain aio:Person . aio:likes rdfs:domain aio:Person .",
    chain_that_cannot_be: "aio:develops a owl:TransitiveProperty .",
    class_without_members: "aio:Chatbot a owl:Class ; rdfs:subClassOf aio:Model , aio:Product .",
    tops_that_are_not_apart: "aio:Place a owl:Class .",
    term_on_its_own: "aio:Place a owl:Class .",
    ontology_without_metadata: "aio:Place a owl:Class .",
}
"""Check -> a mistake that it must see, as Turtle."""


@pytest.mark.parametrize("check", PITFALLS, ids=lambda check: check.__name__)
def test_the_ontology_avoids(check: Check, ontology: rdflib.Graph) -> None:
    assert list(check(ontology)) == []


@pytest.mark.parametrize(("check", "mistake"), PITFALLS.items(), ids=[check.__name__ for check in PITFALLS])
def test_the_check_sees(check: Check, mistake: str, ontology: rdflib.Graph) -> None:
    wrong = rdflib.Graph() + ontology
    for prefix, namespace in {"aio": NS, "schema": SCHEMA, "owl": OWL, "rdfs": RDFS, "skos": SKOS}.items():
        wrong.bind(prefix, namespace, replace=True)
    header = "".join(f"PREFIX {p}: <{n}>\n" for p, n in wrong.namespaces())
    wrong.parse(data=header + mistake, format="turtle")
    assert list(check(wrong))
