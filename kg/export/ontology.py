"""The ontology as one HTML page that works offline: every term, its texts in three languages, and three diagrams.

The page follows the file: its sections are the `# --- … ---` lines of the Turtle, its terms come in their order there.
All text of the ontology is escaped by the template; nothing is ever fetched, and there is no script.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path

import jinja2
import rdflib
from markupsafe import Markup
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, URIRef
from rdflib.term import Node

from kg.errors import ExportError
from kg.export.diagrams import draw_class_tree, draw_predicates, draw_statement_model
from kg.graph.vocab import AIO, ONTOLOGY, PREDICATES, ontology_files
from kg.model import SYMMETRIC

__all__ = ["Ontology", "Section", "Term", "render_ontology", "write_ontology"]

LANGUAGES = ("en", "zh-Hans", "zh-Hant")

_SECTION = re.compile(r"# --- (.+?) -+")
_TERM = re.compile(r"aio:(\w+) a ")
_SCHEMA = rdflib.Namespace("https://schema.org/")
_KINDS = {
    OWL.Class: "class",
    OWL.ObjectProperty: "object property",
    OWL.DatatypeProperty: "datatype property",
    OWL.NamedIndividual: "individual",
}
_CHARACTERISTICS = {
    OWL.SymmetricProperty: "symmetric",
    OWL.TransitiveProperty: "transitive",
    OWL.FunctionalProperty: "functional",
    OWL.IrreflexiveProperty: "irreflexive",
    OWL.AsymmetricProperty: "asymmetric",
}
_NOTES = ((SKOS.scopeNote, "Mind"), (SKOS.example, "Example"), (SKOS.changeNote, "Changed"))
# Title of a row -> (relation, whether it is read from its object back to the term).
_ROWS: tuple[tuple[str, URIRef, bool], ...] = (
    ("is a", RDF.type, False),
    ("sub-class of", RDFS.subClassOf, False),
    ("sub-classes", RDFS.subClassOf, True),
    ("sub-property of", RDFS.subPropertyOf, False),
    ("sub-properties", RDFS.subPropertyOf, True),
    ("domain", RDFS.domain, False),
    ("used on", _SCHEMA.domainIncludes, False),
    ("range", RDFS.range, False),
    ("values", _SCHEMA.rangeIncludes, False),
    ("in the domain of", RDFS.domain, True),
    ("used with", _SCHEMA.domainIncludes, True),
    ("in the range of", RDFS.range, True),
    ("individuals", RDF.type, True),
    ("see also", RDFS.seeAlso, False),
    ("close match", SKOS.closeMatch, False),
)
_ALIGNMENTS = (
    (RDFS.subClassOf, "sub-class of"),
    (RDFS.subPropertyOf, "sub-property of"),
    (SKOS.closeMatch, "close match"),
    (RDFS.seeAlso, "related to"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A term as the page shows it: `aio:` terms lead to their place in the page, others to their IRI."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Term:
    """A class, property or individual; texts are (language, text) pairs, English first."""

    name: str
    kind: str
    labels: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    rows: tuple[tuple[str, tuple[Link, ...]], ...]
    characteristics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The terms under one heading of the file."""

    title: str
    anchor: str
    terms: tuple[Term, ...]


class Ontology:
    """An ontology read from Turtle, asked for what the page shows."""

    def __init__(self, turtle: str) -> None:
        self.turtle = turtle
        self.graph = rdflib.Graph().parse(data=turtle, format="turtle")
        self._prefixes = sorted(
            ((str(iri), prefix) for prefix, iri in self.graph.namespaces()), key=lambda pair: -len(pair[0])
        )

    def sections(self) -> Iterator[Section]:
        """Yield the sections that declare terms, in the order of the file."""
        title, names = "", list[str]()
        for line in [*self.turtle.splitlines(), "# --- end -"]:
            if heading := _SECTION.fullmatch(line):
                if names:
                    anchor = "section-" + re.sub(r"\W+", "-", title.lower()).strip("-")
                    yield Section(title, anchor, tuple(map(self.term, names)))
                title, names = heading[1], []
            elif declared := _TERM.match(line):
                names.append(declared[1])

    def term(self, name: str) -> Term:
        """Return what the page says of `aio:<name>`."""
        iri = URIRef(AIO.iri + name)
        kinds = set(self.graph.objects(iri, RDF.type))
        notes = [(title, self.texts(iri, predicate)) for predicate, title in _NOTES]
        return Term(
            name,
            next((word for kind, word in _KINDS.items() if kind in kinds), "term"),
            self.texts(iri, RDFS.label),
            self.texts(iri, SKOS.definition),
            tuple((title, texts) for title, texts in notes if texts),
            tuple(self._rows(iri)),
            tuple(word for kind, word in _CHARACTERISTICS.items() if kind in kinds),
        )

    def texts(self, subject: URIRef, predicate: URIRef) -> tuple[tuple[str, str], ...]:
        """Return the (language, text) pairs of a term, English before Simplified before Traditional Chinese."""
        known = {language.lower(): language for language in LANGUAGES}
        found = [
            (known.get((text.language or "").lower(), text.language or ""), str(text))
            for text in self.graph.objects(subject, predicate)
            if isinstance(text, rdflib.Literal)
        ]
        order = {language: place for place, language in enumerate(LANGUAGES)}
        return tuple(sorted(found, key=lambda pair: (order.get(pair[0], len(order)), pair[1])))

    def label(self, name: str, language: str) -> str:
        """Return the label of `aio:<name>` in a language, empty where it has none."""
        return dict(self.texts(URIRef(AIO.iri + name), RDFS.label)).get(language, "")

    def link(self, node: Node) -> Link:
        """Return how the page shows and links a term."""
        iri = str(node)
        if iri.startswith(AIO.iri):
            return Link("aio:" + iri.removeprefix(AIO.iri), "#" + iri.removeprefix(AIO.iri))
        for namespace, prefix in self._prefixes:
            if iri.startswith(namespace) and prefix:
                return Link(f"{prefix}:{iri.removeprefix(namespace)}", iri)
        return Link(iri, iri)

    @cached_property
    def parents(self) -> dict[str, str]:
        """Name of a class -> name of the `aio:` class above it, empty at the top; in the order of the file."""
        found = {}
        for line in self.turtle.splitlines():
            declared = _TERM.match(line)
            if declared and (URIRef(AIO.iri + declared[1]), RDF.type, OWL.Class) in self.graph:
                supers = sorted(map(str, self.graph.objects(URIRef(AIO.iri + declared[1]), RDFS.subClassOf)))
                ours = [iri.removeprefix(AIO.iri) for iri in supers if iri.startswith(AIO.iri)]
                found[declared[1]] = ours[0] if ours else ""
        return found

    def signatures(self) -> list[tuple[str, str, str, bool]]:
        """Return (domain, predicate, range, whether symmetric) of the predicates of claims, by domain."""
        found = []
        for predicate, node in PREDICATES.items():
            ends = [self.graph.value(URIRef(node.value), side) for side in (RDFS.domain, RDFS.range)]
            domain, range_ = (self.link(end).text if end else "" for end in ends)
            found.append((domain, str(predicate), range_, predicate in SYMMETRIC))
        return sorted(found, key=lambda signature: (signature[0], signature[2], signature[1]))

    def alignments(self) -> list[tuple[Link, str, tuple[Link, ...]]]:
        """Return (term, relation, terms of other vocabularies) for every term that has some, in the file's order."""
        found = []
        for section in self.sections():
            for term in section.terms:
                iri = URIRef(AIO.iri + term.name)
                for predicate, words in _ALIGNMENTS:
                    others = [o for o in self.graph.objects(iri, predicate) if not str(o).startswith(AIO.iri)]
                    if others:
                        found.append((self.link(iri), words, self._links(others)))
        return found

    def metadata(self, predicate: URIRef) -> tuple[tuple[str, str], ...]:
        """Return what the ontology says of itself, as (language, text) pairs."""
        return self.texts(URIRef(ONTOLOGY), predicate)

    def values(self, predicate: URIRef) -> list[str]:
        """Return the IRIs or plain strings that the ontology gives of itself, sorted."""
        return sorted(str(value) for value in self.graph.objects(URIRef(ONTOLOGY), predicate))

    def _rows(self, iri: URIRef) -> Iterator[tuple[str, tuple[Link, ...]]]:
        for title, relation, backwards in _ROWS:
            if relation == RDF.type and not backwards:
                found = {o for o in self.graph.objects(iri, relation) if str(o).startswith(AIO.iri)}
            elif backwards:
                found = set(self.graph.subjects(relation, iri))
            else:
                found = set(self.graph.objects(iri, relation))
            if found:
                yield title, self._links(found)
        for title, relation in (("inverse of", OWL.inverseOf), ("excludes", OWL.disjointWith)):
            both = {*self.graph.objects(iri, relation), *self.graph.subjects(relation, iri)}
            if both:
                yield title, self._links(both)

    def _links(self, nodes: Iterable[Node]) -> tuple[Link, ...]:
        # Ours before others.
        return tuple(sorted(map(self.link, nodes), key=lambda link: (not link.href.startswith("#"), link.text)))


def render_ontology(turtle: str) -> str:
    """Return the page of an ontology in Turtle, as XHTML-conforming HTML.

    Raises:
        ExportError: the Turtle cannot be read.
    """
    try:
        ontology = Ontology(turtle)
    except SyntaxError as error:
        raise ExportError(f"the ontology is no Turtle: {error}") from error
    assets = resources.files("kg.export") / "assets"
    style = (assets / "ontology.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string((assets / "ontology.html").read_text("utf-8"))
    labels = {name: ontology.label(name, "zh-Hans") for name in ontology.parents}
    return template.render(
        ontology=ontology,
        sections=list(ontology.sections()),
        languages=LANGUAGES,
        titles=ontology.metadata(DCTERMS.title),
        descriptions=ontology.metadata(DCTERMS.description),
        changes=ontology.metadata(SKOS.changeNote),
        version=ontology.values(OWL.versionInfo),
        version_iris=ontology.values(OWL.versionIRI),
        prior=ontology.values(OWL.priorVersion),
        licences=ontology.values(DCTERMS.license),
        namespace=AIO.iri,
        # The drawings escape what they write, the style sheet is ours.
        style=Markup(style),  # noqa: S704
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        tree=Markup(draw_class_tree(ontology.parents, labels)),  # noqa: S704
        predicates=Markup(draw_predicates(ontology.signatures())),  # noqa: S704
        model=Markup(draw_statement_model()),  # noqa: S704
    )


def write_ontology(path: Path) -> Path:
    """Write the page of the ontology that comes with the package.

    Raises:
        ExportError: the file cannot be written.
    """
    page = render_ontology((ontology_files() / "ai-industry.ttl").read_text(encoding="utf-8"))
    try:
        path.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ExportError(f"cannot write the page {path}: {error.strerror}") from error
    return path
