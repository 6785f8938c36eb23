"""What the exports write: the facts of the store as records, each with the sentence and article that state it.

Articles are read one at a time, because each has a named graph of its own: an event that two articles tell of is one
IRI in two graphs, and only inside a graph does an amount stand beside its source.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from kg.graph.store import GraphStore
from kg.graph.vocab import AIO, CLASSES, INVESTMENT_CLASSES, OA, PREDICATES, PROV, RDF, SCHEMA
from kg.model import EntityType, InvestmentKind, Modality, Predicate

__all__ = [
    "PREDICATES_BY_IRI",
    "AmountRecord",
    "Article",
    "ArticleRecord",
    "ClaimRecord",
    "EntityRecord",
    "InvestmentRecord",
    "QuoteRecord",
    "read_articles",
    "read_entities",
]

_TYPES = {iri.value: kind for kind, iri in CLASSES.items()}
_KINDS = {iri.value: kind for kind, iri in INVESTMENT_CLASSES.items()}
PREDICATES_BY_IRI = {iri.value: predicate for predicate, iri in PREDICATES.items()}
_LANGUAGES = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_Graph = Mapping[str, Mapping[str, list[str]]]
"""Subject -> predicate -> the values of its objects, sorted: one article's graph."""


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """An entity over all articles; `labels` are (language, preferred name), `documents` counts who mentions it."""

    iri: str
    type: EntityType
    name: str
    labels: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    same_as: tuple[str, ...]
    documents: int

    @property
    def names(self) -> tuple[str, ...]:
        """Every name once: the one to show, then the preferred ones, then the aliases."""
        return tuple(dict.fromkeys((self.name, *(label for _, label in self.labels), *self.aliases)))


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article; whatever its source does not say is empty. `published` is ISO, to the precision known."""

    iri: str
    title: str
    url: str
    publisher: str
    author: str
    published: str
    text_length: int


@dataclass(frozen=True, slots=True, order=True)
class QuoteRecord:
    """The characters that state something: `start` and `end` in code points of the article, end excluded."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    iri: str


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """What one stretch of an article states; `subject` and `object` are IRIs, qualifiers not stated are empty."""

    iri: str
    article: str
    subject: str
    predicate: Predicate
    object: str
    modality: Modality
    confidence: float
    extractor: str
    role: str
    status: str
    lead: bool
    ticker: str
    date: str
    quote: QuoteRecord


@dataclass(frozen=True, slots=True)
class AmountRecord:
    """Money in full units of a currency; no value where the wording has no figure. `stage` is `pre` or `post`."""

    value: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    currency: str
    approximate: bool
    wording: str
    stage: str


@dataclass(frozen=True, slots=True)
class InvestmentRecord:
    """An event as one article tells it; several articles on one event share the IRI."""

    iri: str
    article: str
    kind: InvestmentKind
    investee: str
    investors: tuple[str, ...]
    leads: tuple[str, ...]
    round: str
    date: str
    amounts: tuple[AmountRecord, ...]
    valuations: tuple[AmountRecord, ...]
    modality: Modality
    confidence: float
    extractor: str
    quotes: tuple[QuoteRecord, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """Everything that one article states; `mentions` are the IRIs of its entities."""

    record: ArticleRecord
    mentions: tuple[str, ...]
    claims: tuple[ClaimRecord, ...]
    investments: tuple[InvestmentRecord, ...]


def read_articles(store: GraphStore, *, iris: Iterable[str] | None = None) -> Iterator[Article]:
    """Yield the articles of the store one by one, sorted by id; only those of `iris` where they are given."""
    if iris is None:
        iris = (store.ids.document(document_id).value for document_id in store.document_ids())
    for iri in sorted(iris):
        yield _ArticleGraph(iri, _read_graph(store, iri)).article()


def read_entities(store: GraphStore, *, iris: Collection[str] | None = None) -> dict[str, EntityRecord]:
    """Return IRI -> entity, sorted by IRI; where articles differ in type or name, what most of them say.

    Only the entities of `iris` are read where they are given.
    """
    only = "" if iris is None else f"VALUES ?e {{ {' '.join(sorted(map(_write_iri, iris)))} }}"
    types = _count(store, f"{only} VALUES ?v {{ {' '.join(map(str, CLASSES.values()))} }} GRAPH ?g {{ ?e a ?v }}")
    names = _count(store, f"{only} GRAPH ?g {{ ?e schema:name ?v }}")
    preferred = _count(store, f"{only} GRAPH ?g {{ ?e skos:prefLabel ?v }}")
    others = _count(store, f"{only} GRAPH ?g {{ ?e skos:altLabel ?v }}")
    same = _count(store, f"{only} GRAPH ?g {{ ?e skos:exactMatch ?v }}")
    mentions = _count(store, f"{only} GRAPH ?v {{ ?v schema:mentions ?e }}")
    return {
        iri: _entity(iri, types[iri], names[iri], preferred[iri], others[iri], same[iri], len(mentions[iri]))
        for iri in sorted(types)
    }


def _entity(
    iri: str,
    types: Counter[_Term],
    names: Counter[_Term],
    preferred: Counter[_Term],
    others: Counter[_Term],
    same: Counter[_Term],
    documents: int,
) -> EntityRecord:
    by_language: defaultdict[str, Counter[_Term]] = defaultdict(Counter)
    for label, count in preferred.items():
        language = label.language or "" if isinstance(label, ox.Literal) else ""
        by_language[_LANGUAGES.get(language.lower(), language)][label] = count
    labels = tuple((language, _most_frequent(found)) for language, found in sorted(by_language.items()))
    name = _most_frequent(names) if names else (labels[0][1] if labels else iri.rpartition("/")[2])
    shown = {name, *(label for _, label in labels)}
    aliases = sorted({_value(term) for term in (*preferred, *others, *names)} - shown)
    matches = tuple(sorted(map(_value, same)))
    return EntityRecord(iri, _TYPES[_most_frequent(types)], name, labels, tuple(aliases), matches, documents)


def _most_frequent(found: Counter[_Term]) -> str:
    return _value(min(found, key=lambda term: (-found[term], str(term))))


def _count(store: GraphStore, pattern: str) -> defaultdict[str, Counter[_Term]]:
    """Return entity -> value -> in how many graphs it stands; the pattern binds `?e`, `?v` and `?g`."""
    counts: defaultdict[str, Counter[_Term]] = defaultdict(Counter)
    for entity, value, count in store.query(
        f"SELECT ?e ?v (COUNT(DISTINCT ?g) AS ?n) {{ {pattern} }} GROUP BY ?e ?v"
    ).terms:
        if isinstance(entity, ox.NamedNode) and value is not None and isinstance(count, ox.Literal):
            counts[entity.value][value] = int(count.value)
    return counts


def _read_graph(store: GraphStore, iri: str) -> _Graph:
    graph: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in store.match(graph=ox.NamedNode(iri)):
        graph[_value(quad.subject)][quad.predicate.value].append(_value(quad.object))
    for properties in graph.values():
        for values in properties.values():
            values.sort()
    return graph


def _write_iri(iri: str) -> str:
    return str(ox.NamedNode(iri))  # raises where it is none, so nothing can leave the brackets


def _value(term: _Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)


class _ArticleGraph:
    """One article's graph, and how its nodes become records."""

    def __init__(self, iri: str, graph: _Graph) -> None:
        self.iri = iri
        self.graph = graph

    def article(self) -> Article:
        claims, investments = [], []
        for node in sorted(self.graph):
            types = self._all(node, RDF.type)
            if AIO.Claim.value in types:
                claims.append(self._claim(node))
            elif kind := next((_KINDS[name] for name in types if name in _KINDS), None):
                investments.append(self._investment(node, kind))
        claims.sort(key=lambda claim: (claim.quote.start, claim.quote.end, claim.iri))
        return Article(self._record(), tuple(self._all(self.iri, SCHEMA.mentions)), tuple(claims), tuple(investments))

    def _record(self) -> ArticleRecord:
        return ArticleRecord(
            self.iri,
            self._one(self.iri, SCHEMA.headline),
            self._one(self.iri, SCHEMA.url),
            self._one(self.iri, SCHEMA.publisher),
            self._one(self.iri, SCHEMA.author),
            self._one(self.iri, SCHEMA.datePublished),
            int(self._one(self.iri, AIO.textLength) or 0),
        )

    def _claim(self, node: str) -> ClaimRecord:
        return ClaimRecord(
            node,
            self._one(node, PROV.wasDerivedFrom) or self.iri,
            self._one(node, RDF.subject),
            PREDICATES_BY_IRI[self._one(node, RDF.predicate)],
            self._one(node, RDF.object),
            self._modality(node),
            self._confidence(node),
            self._one(node, AIO.extractor),
            self._one(node, AIO.role),
            self._one(node, AIO.workStatus).removeprefix(AIO.iri),
            self._one(node, AIO.lead) == "true",
            self._one(node, AIO.ticker),
            self._one(node, AIO.date),
            self._quotes(node)[0],
        )

    def _investment(self, node: str, kind: InvestmentKind) -> InvestmentRecord:
        return InvestmentRecord(
            node,
            self.iri,
            kind,
            self._one(node, AIO.investee),
            tuple(self._all(node, AIO.investor)),
            tuple(self._all(node, AIO.leadInvestor)),
            self._one(node, AIO.round),
            self._one(node, AIO.date),
            tuple(map(self._amount, self._all(node, AIO.amount))),
            tuple(map(self._amount, self._all(node, AIO.valuation))),
            self._modality(node),
            self._confidence(node),
            self._one(node, AIO.extractor),
            tuple(self._quotes(node)),
        )

    def _amount(self, node: str) -> AmountRecord:
        return AmountRecord(
            _decimal(self._one(node, AIO.value)),
            _decimal(self._one(node, AIO.minimum)),
            _decimal(self._one(node, AIO.maximum)),
            self._one(node, AIO.currency),
            self._one(node, AIO.approximate) == "true",
            self._one(node, AIO.wording),
            self._one(node, AIO.valuationStage),
        )

    def _quotes(self, node: str) -> list[QuoteRecord]:
        """Return where a node is stated, in the order of the text."""
        return sorted(map(self._quote, self._all(node, AIO.evidence)))

    def _quote(self, evidence: str) -> QuoteRecord:
        found = {
            name: self._one(selector, term)
            for selector in self._all(evidence, OA.hasSelector)
            for name, term in (
                ("start", OA.start), ("end", OA.end), ("exact", OA.exact), ("prefix", OA.prefix), ("suffix", OA.suffix),
            )
            if self._all(selector, term)
        }  # fmt: skip
        return QuoteRecord(
            int(found.get("start", 0)),
            int(found.get("end", 0)),
            found.get("exact", ""),
            found.get("prefix", ""),
            found.get("suffix", ""),
            evidence,
        )

    def _modality(self, node: str) -> Modality:
        """Return the surest of what an article says: it may tell of one event twice, as a rumour and as a fact."""
        found = {Modality(iri.removeprefix(AIO.iri)) for iri in self._all(node, AIO.modality)}
        return next(modality for modality in Modality if modality in found)

    def _confidence(self, node: str) -> float:
        return max(map(float, self._all(node, AIO.confidence)))

    def _one(self, node: str, predicate: ox.NamedNode) -> str:
        values = self._all(node, predicate)
        return values[0] if values else ""

    def _all(self, node: str, predicate: ox.NamedNode) -> list[str]:
        return self.graph.get(node, {}).get(predicate.value, [])


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
