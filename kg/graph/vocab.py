"""The names of things in the graph: namespaces, the terms used from each, and how ids become IRIs.

Every `aio:` term of this module is declared in `ontology/ai-industry.ttl`, and the other way round; a test compares
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

import pyoxigraph as ox

from kg.errors import DataError
from kg.model import EntityType, InvestmentKind, Modality, Predicate

__all__ = [
    "AIO",
    "CLASSES",
    "DEFAULT_BASE",
    "INVERSES",
    "INVESTMENT_CLASSES",
    "KIND_CLASSES",
    "MODALITIES",
    "OA",
    "ONTOLOGY",
    "ORG",
    "PREDICATES",
    "PREFIXES",
    "PROV",
    "RDF",
    "SCHEMA",
    "SKOS",
    "WIKIDATA",
    "WORK_STATUS",
    "XSD",
    "Ids",
    "Namespace",
    "ontology_files",
]


class Namespace:
    """A closed list of terms under one IRI prefix: a term that is not in the list is a bug and raises.

    >>> AIO.Claim.value
    'https://w3id.org/ai-industry/ontology#Claim'
    >>> AIO.Clam
    Traceback (most recent call last):
    AttributeError: no term 'Clam' in https://w3id.org/ai-industry/ontology#
    """

    def __init__(self, iri: str, terms: str) -> None:
        self.iri: Final = iri
        self._terms: Final = {term: ox.NamedNode(iri + term) for term in terms.split()}

    def __getattr__(self, term: str) -> ox.NamedNode:
        try:
            return self._terms[term]
        except KeyError:
            raise AttributeError(f"no term {term!r} in {self.iri}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._terms))


INVERSES: Final[dict[Predicate, str]] = {
    Predicate.DEVELOPS: "developedBy",
    Predicate.OFFERS: "offeredBy",
    Predicate.POWERED_BY: "powers",
    Predicate.VERSION_OF: "hasVersion",
    Predicate.FOUNDED_BY: "founderOf",
    Predicate.WORKS_FOR: "employs",
    Predicate.EDUCATED_AT: "educated",
    Predicate.SUBSIDIARY_OF: "hasSubsidiary",
    Predicate.ACQUIRED: "acquiredBy",
    Predicate.INVESTED_IN: "hasInvestor",
    Predicate.LISTED_ON: "lists",
}
"""Predicate -> the name of its inverse. The graph states one direction only; symmetric predicates have none."""

ONTOLOGY: Final = "https://w3id.org/ai-industry/ontology"
DEFAULT_BASE: Final = "https://w3id.org/ai-industry/id/"

AIO: Final = Namespace(
    ONTOLOGY + "#",
    # What the graph is about.
    "Entity Agent Artifact Company Organization Model Product Person "
    # Kinds of them that the tables of names know.
    "MediaOutlet ResearchLab University ResearchInstitute GovernmentBody IndustryBody Exchange ModelFamily "
    # Where it is said.
    "Article Claim Naming namedEntity statedName Evidence textLength recordId evidence confidence extractor "
    # How it is said.
    "Modality modality asserted reported planned denied "
    # Qualifiers of a claim.
    "WorkStatus workStatus current former role lead ticker date "
    # Events and their money.
    "Investment FundingRound StakePurchase PublicOffering Acquisition investee investor leadInvestor round amount "
    "valuation MonetaryAmount value currency minimum maximum approximate wording valuationStage "
    # What the rules infer.
    "Investor Post ownedBy owns descendsFrom hasDescendant currentlyWorksFor currentlyEmploys firstReported "
    "lastReported Rank rank preferred deprecated supersedes supersededBy confirms confirmedBy contradicts "
    # How the graph was built.
    "Run documentCount softwareVersion settings source " + " ".join((*Predicate, *INVERSES.values())),
)
OA: Final = Namespace(
    "http://www.w3.org/ns/oa#",
    "hasSource hasSelector TextPositionSelector TextQuoteSelector start end exact prefix suffix",
)
ORG: Final = Namespace("http://www.w3.org/ns/org#", "Organization member organization")
PROV: Final = Namespace("http://www.w3.org/ns/prov#", "wasDerivedFrom startedAtTime endedAtTime used")
RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type Statement subject predicate object value")
SCHEMA: Final = Namespace(
    "https://schema.org/", "NewsArticle headline url datePublished author publisher mentions name"
)
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#", "prefLabel altLabel exactMatch")
XSD: Final = Namespace(
    "http://www.w3.org/2001/XMLSchema#",
    "anyURI boolean date dateTime decimal gYear gYearMonth integer string",
)
WIKIDATA: Final = "http://www.wikidata.org/entity/"

PREFIXES: Final[dict[str, str]] = {
    "aio": AIO.iri,
    "oa": OA.iri,
    "org": ORG.iri,
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": PROV.iri,
    "rdf": RDF.iri,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": SCHEMA.iri,
    "skos": SKOS.iri,
    "wd": WIKIDATA,
    "xsd": XSD.iri,
}
"""The prefixes that queries may use without declaring them and that dumps declare (beside `id:` for the ids' base)."""

CLASSES: Final[dict[EntityType, ox.NamedNode]] = {kind: getattr(AIO, kind) for kind in EntityType}
KIND_CLASSES: Final[dict[tuple[EntityType, str], ox.NamedNode]] = {
    (EntityType.COMPANY, "media"): AIO.MediaOutlet,
    (EntityType.COMPANY, "lab"): AIO.ResearchLab,
    (EntityType.ORGANIZATION, "university"): AIO.University,
    (EntityType.ORGANIZATION, "institute"): AIO.ResearchInstitute,
    (EntityType.ORGANIZATION, "government"): AIO.GovernmentBody,
    (EntityType.ORGANIZATION, "industry-body"): AIO.IndustryBody,
    (EntityType.ORGANIZATION, "exchange"): AIO.Exchange,
    (EntityType.MODEL, "family"): AIO.ModelFamily,
}
"""(Type, kind) of an entity -> the sub-class of the type's class that it belongs to as well.

Other kinds (`startup`, `chip`, `app` …) have no class, and a kind that does not go with its type gives none.
"""
PREDICATES: Final[dict[Predicate, ox.NamedNode]] = {predicate: getattr(AIO, predicate) for predicate in Predicate}
MODALITIES: Final[dict[Modality, ox.NamedNode]] = {modality: getattr(AIO, modality) for modality in Modality}
WORK_STATUS: Final[dict[str, ox.NamedNode]] = {"current": AIO.current, "former": AIO.former}
INVESTMENT_CLASSES: Final[dict[InvestmentKind, ox.NamedNode]] = {
    InvestmentKind.ROUND: AIO.FundingRound,
    InvestmentKind.STAKE: AIO.StakePurchase,
    InvestmentKind.IPO: AIO.PublicOffering,
    InvestmentKind.ACQUISITION: AIO.Acquisition,
}


@dataclass(frozen=True, slots=True)
class Ids:
    """How ids become IRIs under `base`: percent-encoded where an id has a character that an IRI may not have.

    >>> Ids().entity("company/moonshot-ai").value
    'https://w3id.org/ai-industry/id/company/moonshot-ai'
    >>> Ids("https://example.org/").document("00ff").value
    'https://example.org/document/00ff'
    """

    base: str = DEFAULT_BASE

    def iri(self, path: str) -> ox.NamedNode:
        """Return the IRI of `path` under the base."""
        return ox.NamedNode(self.base + quote(path, safe="/-._~:@!$&'()*+,;=", errors="replace"))

    def entity(self, entity_id: str) -> ox.NamedNode:
        """Return the IRI of an entity by :attr:`kg.model.Entity.id`."""
        return self.iri(entity_id)

    def document(self, document_id: str) -> ox.NamedNode:
        """Return the IRI of a document, which is also the name of its graph."""
        return self.iri(f"document/{document_id}")

    def document_id(self, graph: ox.NamedNode) -> str | None:
        """Return the id of the document that a graph is named for, None for any other graph."""
        prefix = self.base + "document/"
        return unquote(graph.value.removeprefix(prefix)) if graph.value.startswith(prefix) else None

    def to_document_id(self, name: str) -> str:
        """Return the id of a document that is named by its id or its IRI."""
        return unquote(name.removeprefix("<").removesuffix(">").removeprefix(self.base + "document/"))

    @property
    def runs(self) -> ox.NamedNode:
        """The name of the graph that holds the metadata of runs."""
        return self.iri("run")

    @property
    def inferred(self) -> ox.NamedNode:
        """The name of the graph that holds what rules infer from the documents' graphs."""
        return self.iri("inferred")

    @property
    def pending(self) -> ox.NamedNode:
        """The name of the graph that notes which documents were written since rules inferred."""
        return self.iri("pending")

    @property
    def tally(self) -> ox.NamedNode:
        """The name of the graph that notes how much rules inferred."""
        return self.iri("tally")

    @property
    def graphs_of_no_document(self) -> tuple[ox.NamedNode, ...]:
        """The names of all graphs but those of documents."""
        return self.runs, self.inferred, self.pending, self.tally


def ontology_files() -> Traversable:
    """Return the directory of the ontology, its queries and shapes.

    An installed package carries it as `kg/ontology/`; in a source checkout, which an editable install runs from, it
    lies beside `kg/`.

    Raises:
        DataError: it is in neither place.
    """
    package = resources.files("kg")
    installed = package / "ontology"
    if installed.is_dir():
        return installed
    if isinstance(package, Path) and (package.parent / "ontology" / "ai-industry.ttl").is_file():
        return package.parent / "ontology"
    raise DataError("the ontology files are missing from this installation; install the package again")
