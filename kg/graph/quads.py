"""What was found in one document -> the quads of its named graph.

The statement model: every claim is a node with its modality, confidence, qualifiers and evidence; beside it stands the
direct triple, only where the claim holds (asserted or reported) and the same document does not deny it. One document,
one graph, named by the document's IRI; a document that is read again replaces its graph. There are no blank nodes.

- An entity's `schema:name` is its one preferred name in a document, without a language tag.
- Language tags come out in lower case (`@zh-hans`): compare with `langMatches(lang(?label), "zh-Hans")`.
- Articles on one event share the investment's IRI, and what each says of it stands in its own graph: ask with
  `GRAPH ?article {…}` to keep an amount beside its source.

The complete graph of a document, in TriG (a test keeps it true)::

    BASE <https://w3id.org/ai-industry/id/>
    PREFIX aio: <https://w3id.org/ai-industry/ontology#>
    PREFIX oa: <http://www.w3.org/ns/oa#>
    PREFIX prov: <http://www.w3.org/ns/prov#>
    PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    PREFIX schema: <https://schema.org/>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX wd: <http://www.wikidata.org/entity/>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

    GRAPH <document/d6cd232407fca660> {
      <document/d6cd232407fca660> a aio:Article , schema:NewsArticle ;
        schema:headline "甲科技完成B轮融资" ;
        schema:url "https://news.example/1"^^xsd:anyURI ;
        schema:datePublished "2026-03-05"^^xsd:date ;     # or xsd:gYearMonth, xsd:gYear
        schema:author "王记者" ;
        schema:publisher "示例新闻" ;
        aio:recordId "row-7" ;
        aio:textLength 66 ;  # code points, which offsets count in
        schema:mentions <company/a-tech> , <company/b-capital> , <person/x-1> .

      <company/a-tech> a aio:Company ;                    # or aio:Organization, Model, Product, Person; where known
                                                          # also a kind of it: aio:University, aio:ModelFamily …
        schema:name "甲科技" ;
        skos:prefLabel "甲科技"@zh-hans , "A Tech"@en ;   # one a language
        skos:altLabel "甲公司"@zh-hans ;                  # other aliases, names as the text writes them
        skos:exactMatch wd:Q1 .
      <company/b-capital> a aio:Company ;
        schema:name "乙资本" ;
        skos:prefLabel "乙资本"@zh-hans ;
        aio:investedIn <company/a-tech> .                 # direct triple
      <person/x-1> a aio:Person ;
        schema:name "丙某" ;
        skos:prefLabel "丙某"@zh-hans ;
        aio:worksFor <company/a-tech> .                   # direct triple

      <claim/3f74c2dfc6794f42> a aio:Claim , rdf:Statement ;
        rdf:subject <company/b-capital> ;
        rdf:predicate aio:investedIn ;
        rdf:object <company/a-tech> ;
        aio:lead true ;                                   # qualifiers: also aio:ticker
        aio:date "2026-03"^^xsd:gYearMonth ;
        aio:modality aio:asserted ;                       # aio:reported, aio:planned, aio:denied
        aio:confidence 0.9 ;
        aio:extractor "investment" ;
        aio:evidence <evidence/e15502ae553f74ab> ;
        prov:wasDerivedFrom <document/d6cd232407fca660> .
      <claim/3c448a1b22fa8a96> a aio:Claim , rdf:Statement ;
        rdf:subject <person/x-1> ;
        rdf:predicate aio:worksFor ;
        rdf:object <company/a-tech> ;
        aio:role "首席执行官" ;
        aio:workStatus aio:current ;                      # or aio:former
        aio:modality aio:asserted ;
        aio:confidence "1"^^xsd:decimal ;
        aio:evidence <evidence/698588ccaa35f809> ;
        prov:wasDerivedFrom <document/d6cd232407fca660> .

      <evidence/e15502ae553f74ab> a aio:Evidence ;
        oa:hasSource <document/d6cd232407fca660> ;
        oa:hasSelector <evidence/e15502ae553f74ab#position> , <evidence/e15502ae553f74ab#quote> .
      <evidence/e15502ae553f74ab#position> a oa:TextPositionSelector ;
        oa:start 15 ;
        oa:end 36 .
      <evidence/e15502ae553f74ab#quote> a oa:TextQuoteSelector ;
        oa:exact "甲科技宣布完成由乙资本领投的近亿元B轮融资" ;
        oa:prefix "甲科技完成B轮融资\\n3月5日，" ;  # up to 32 code points
        oa:suffix "，投后估值10亿元。甲公司首席执行官丙某表示，资金用于研发。" .
      <evidence/698588ccaa35f809> a aio:Evidence ;
        oa:hasSource <document/d6cd232407fca660> ;
        oa:hasSelector <evidence/698588ccaa35f809#position> , <evidence/698588ccaa35f809#quote> .
      <evidence/698588ccaa35f809#position> a oa:TextPositionSelector ;
        oa:start 46 ;
        oa:end 56 .
      <evidence/698588ccaa35f809#quote> a oa:TextQuoteSelector ;
        oa:exact "甲公司首席执行官丙某" ;
        oa:prefix "，甲科技宣布完成由乙资本领投的近亿元B轮融资，投后估值10亿元。" ;
        oa:suffix "表示，资金用于研发。" .

      <investment/40a27fd67df4a890> a aio:FundingRound ;  # aio:StakePurchase, PublicOffering, Acquisition
        aio:investee <company/a-tech> ;
        aio:investor <company/b-capital> ;
        aio:leadInvestor <company/b-capital> ;            # beside aio:investor, not instead of it
        aio:round "B" ;
        aio:date "2026-03"^^xsd:gYearMonth ;
        aio:amount <amount/c8677c1cab9e70a7> ;
        aio:valuation <amount/914f8a71fd595605> ;
        aio:modality aio:asserted ;
        aio:confidence 0.9 ;
        aio:extractor "investment" ;
        aio:evidence <evidence/e15502ae553f74ab> ;
        prov:wasDerivedFrom <document/d6cd232407fca660> .
      <amount/c8677c1cab9e70a7> a aio:MonetaryAmount ;
        aio:value "100000000"^^xsd:decimal ;
        aio:minimum "90000000"^^xsd:decimal ;             # the bounds of a range, where known
        aio:maximum "100000000"^^xsd:decimal ;
        aio:currency "CNY" ;
        aio:approximate true ;
        aio:wording "近亿元" ;
        aio:evidence <evidence/e15502ae553f74ab> ;
        prov:wasDerivedFrom <document/d6cd232407fca660> .
      <amount/914f8a71fd595605> a aio:MonetaryAmount ;
        aio:value "1000000000"^^xsd:decimal ;
        aio:currency "CNY" ;
        aio:approximate false ;
        aio:wording "10亿元" ;
        aio:valuationStage "post" ;                       # or "pre"
        aio:evidence <evidence/e15502ae553f74ab> ;
        prov:wasDerivedFrom <document/d6cd232407fca660> .
    }
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pyoxigraph as ox

from kg.graph.vocab import (
    AIO,
    CLASSES,
    DEFAULT_BASE,
    INVESTMENT_CLASSES,
    KIND_CLASSES,
    MODALITIES,
    OA,
    PREDICATES,
    PROV,
    RDF,
    SCHEMA,
    SKOS,
    WIKIDATA,
    WORK_STATUS,
    XSD,
    Ids,
)
from kg.model import (
    SYMMETRIC,
    Alias,
    Claim,
    Document,
    Entity,
    Evidence,
    Extraction,
    Investment,
    Modality,
    Money,
    Predicate,
    content_id,
)
from kg.text.normalize import language_of

__all__ = ["CONTEXT", "date_literal", "to_literal", "to_quads"]

CONTEXT = 32
"""How many code points before and after a quote stand in `oa:prefix` and `oa:suffix`."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_WIKIDATA_ID = re.compile(r"[QPL][1-9][0-9]*")
_DATATYPES = (XSD.gYear, XSD.gYearMonth, XSD.date)

_Object = ox.NamedNode | ox.Literal
_Triple = tuple[ox.NamedNode, ox.NamedNode, _Object]


def to_quads(extraction: Extraction, *, base: str = DEFAULT_BASE) -> list[ox.Quad]:
    """Return the quads of the document's named graph, each once, in an order that depends on the facts alone.

    Raises:
        ValueError: the extraction contradicts itself: a claim or investment names an entity that is not among its
            entities, or evidence points into another document or does not match its text.
    """
    graph = _DocumentGraph(extraction, Ids(base))
    triples = dict.fromkeys(graph.triples())
    return sorted((ox.Quad(*triple, graph.iri) for triple in triples), key=str)


def to_literal(text: str, *, language: str | None = None) -> ox.Literal:
    """Return a string literal; a lone surrogate, which no RDF syntax can carry, becomes U+FFFD (so lengths stay)."""
    return ox.Literal(_SURROGATE.sub("\ufffd", text), language=language)


def date_literal(iso: str) -> ox.Literal:
    """Return `yyyy`, `yyyy-mm` or `yyyy-mm-dd` typed by its precision; a plain string where it is no date.

    >>> str(date_literal("2025-12"))
    '"2025-12"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    >>> str(date_literal("2025-02-30"))
    '"2025-02-30"'
    """
    if match := _DATE.fullmatch(iso):
        parts = [int(part) for part in match.groups() if part]
        try:
            date(*[*parts, 1, 1][:3])
        except ValueError:
            return to_literal(iso)
        return ox.Literal(iso, datatype=_DATATYPES[len(parts) - 1])
    return to_literal(iso)


class _DocumentGraph:
    """The triples of one document, in no particular order and possibly repeated."""

    def __init__(self, extraction: Extraction, ids: Ids) -> None:
        self.extraction = extraction
        self.ids = ids
        self.iri = ids.document(extraction.document.id)
        self._known = {entity.id for entity in extraction.entities}

    def triples(self) -> Iterator[_Triple]:
        yield from self._document(self.extraction.document)
        for entity in self.extraction.entities:
            yield self.iri, SCHEMA.mentions, self.ids.entity(entity.id)
            yield from self._entity(entity)
        for naming in self.extraction.namings:
            node = self.ids.iri(f"naming/{naming.id}")
            yield node, RDF.type, AIO.Naming
            yield node, AIO.namedEntity, self._known_entity(naming.entity)
            yield node, AIO.statedName, to_literal(naming.name)
            yield from self._source(node, naming.evidence)
        for claim in self.extraction.claims:
            yield from self._claim(claim)
        yield from self._direct_triples()
        for investment in self.extraction.investments:
            yield from self._investment(investment)

    def _document(self, document: Document) -> Iterator[_Triple]:
        yield self.iri, RDF.type, AIO.Article
        yield self.iri, RDF.type, SCHEMA.NewsArticle
        yield self.iri, AIO.textLength, _count(len(document.text))
        for predicate, text in (
            (SCHEMA.headline, document.title),
            (SCHEMA.author, document.author),
            (SCHEMA.publisher, document.publisher),
            (AIO.recordId, document.record_id),
        ):
            if text:
                yield self.iri, predicate, to_literal(text)
        if document.url:
            # A literal, because what a feed calls a URL need not be one.
            yield self.iri, SCHEMA.url, ox.Literal(to_literal(document.url).value, datatype=XSD.anyURI)
        if document.published:
            yield self.iri, SCHEMA.datePublished, date_literal(document.published.iso)

    def _entity(self, entity: Entity) -> Iterator[_Triple]:
        node = self.ids.entity(entity.id)
        yield node, RDF.type, CLASSES[entity.type]
        if kind := KIND_CLASSES.get((entity.type, entity.kind)):
            yield node, RDF.type, kind
        yield node, SCHEMA.name, to_literal(entity.name)
        preferred: dict[str, str] = {}
        for alias in _names(entity, self.extraction.names(entity.id)):
            label = to_literal(alias.name, language=alias.language)
            is_preferred = preferred.setdefault(alias.language, alias.name) == alias.name
            yield node, SKOS.prefLabel if is_preferred else SKOS.altLabel, label
        for scheme, external_id in entity.external_ids:
            if scheme == "wikidata" and _WIKIDATA_ID.fullmatch(external_id):
                # Not owl:sameAs: an app and a model that share one item would become one thing to a reasoner.
                yield node, SKOS.exactMatch, ox.NamedNode(WIKIDATA + external_id)

    def _claim(self, claim: Claim) -> Iterator[_Triple]:
        node = self.ids.iri(f"claim/{claim.id}")
        yield node, RDF.type, AIO.Claim
        yield node, RDF.type, RDF.Statement
        yield node, RDF.subject, self._known_entity(claim.subject)
        yield node, RDF.predicate, PREDICATES[claim.predicate]
        yield node, RDF.object, self._known_entity(claim.object)
        for name, value in claim.qualifiers:
            yield node, *_qualifier(name, value)
        yield from self._provenance(node, claim)

    def _direct_triples(self) -> Iterator[_Triple]:
        claims = self.extraction.claims
        denied = {key for claim in claims if claim.modality is Modality.DENIED for key in _directions(claim)}
        for claim in claims:
            key = (claim.subject, claim.predicate, claim.object)
            if claim.holds and key not in denied:
                yield self.ids.entity(claim.subject), PREDICATES[claim.predicate], self.ids.entity(claim.object)

    def _investment(self, investment: Investment) -> Iterator[_Triple]:
        node = self.ids.iri(f"investment/{investment.id}")
        yield node, RDF.type, INVESTMENT_CLASSES[investment.kind]
        yield node, AIO.investee, self._known_entity(investment.investee)
        for investor in investment.investors:
            yield node, AIO.investor, self._known_entity(investor.entity)
            if investor.lead:
                yield node, AIO.leadInvestor, self._known_entity(investor.entity)
        if investment.round:
            yield node, AIO.round, to_literal(investment.round)
        if investment.date:
            yield node, AIO.date, date_literal(investment.date.iso)
        if investment.amount:
            yield from self._amount(node, AIO.amount, investment.evidence, investment.amount)
        if valuation := investment.valuation:
            yield from self._amount(node, AIO.valuation, investment.evidence, valuation.money, valuation.stage)
        yield from self._provenance(node, investment)

    def _amount(
        self, event: ox.NamedNode, predicate: ox.NamedNode, evidence: Evidence, money: Money, stage: str | None = None
    ) -> Iterator[_Triple]:
        figures = ((AIO.value, money.value), (AIO.minimum, money.minimum), (AIO.maximum, money.maximum))
        written = [(name, _write_decimal(figure)) for name, figure in figures if figure is not None]
        # The evidence is part of the id: articles that disagree keep an amount each, and each shows its sentence.
        key = content_id(
            "amount", event.value, predicate.value, evidence.document, evidence.start, evidence.end,
            [(name.value, figure) for name, figure in written], money.currency, money.approximate, money.wording, stage,
        )  # fmt: skip
        node = self.ids.iri(f"amount/{key}")
        yield event, predicate, node
        yield node, RDF.type, AIO.MonetaryAmount
        for name, figure in written:
            yield node, name, ox.Literal(figure, datatype=XSD.decimal)
        yield node, AIO.currency, to_literal(money.currency)
        yield node, AIO.approximate, ox.Literal(money.approximate)
        if money.wording:
            yield node, AIO.wording, to_literal(money.wording)
        if stage:
            yield node, AIO.valuationStage, to_literal(stage)
        yield from self._source(node, evidence)

    def _provenance(self, node: ox.NamedNode, fact: Claim | Investment) -> Iterator[_Triple]:
        yield node, AIO.modality, MODALITIES[fact.modality]
        confidence = _write_decimal(Decimal(str(round(fact.confidence, 4))))
        yield node, AIO.confidence, ox.Literal(confidence, datatype=XSD.decimal)
        if fact.extractor:
            yield node, AIO.extractor, to_literal(fact.extractor)
        yield from self._source(node, fact.evidence)

    def _source(self, node: ox.NamedNode, evidence: Evidence) -> Iterator[_Triple]:
        yield node, PROV.wasDerivedFrom, self.iri
        document, text = self.extraction.document, self.extraction.document.text
        start, end = evidence.start, evidence.end
        if evidence.document != document.id or text[start:end] != evidence.quote:
            raise ValueError(f"evidence {start}:{end} of {evidence.document} does not match document {document.id}")
        path = f"evidence/{content_id('evidence', document.id, start, end)}"
        source = self.ids.iri(path)
        position, quote = (ox.NamedNode(f"{source.value}#{selector}") for selector in ("position", "quote"))
        yield node, AIO.evidence, source
        yield source, RDF.type, AIO.Evidence
        yield source, OA.hasSource, self.iri
        yield source, OA.hasSelector, position
        yield position, RDF.type, OA.TextPositionSelector
        yield position, OA.start, _count(start)
        yield position, OA.end, _count(end)
        yield source, OA.hasSelector, quote
        yield quote, RDF.type, OA.TextQuoteSelector
        yield quote, OA.exact, to_literal(evidence.quote)
        yield quote, OA.prefix, to_literal(text[max(0, start - CONTEXT) : start])
        yield quote, OA.suffix, to_literal(text[end : end + CONTEXT])

    def _known_entity(self, entity_id: str) -> ox.NamedNode:
        if entity_id not in self._known:
            raise ValueError(f"{entity_id} is not among the entities of document {self.extraction.document.id}")
        return self.ids.entity(entity_id)


def _names(entity: Entity, written: list[str]) -> list[Alias]:
    """Return every name of an entity once, the preferred one first, then the aliases, then the ones the text has."""
    languages = {alias.name: alias.language for alias in reversed(entity.aliases)}
    first = Alias(entity.name, languages.get(entity.name) or language_of(entity.name))
    seen = {entity.name, *languages}
    others = [Alias(name, language_of(name)) for name in written if name not in seen]
    return list(dict.fromkeys((first, *entity.aliases, *others)))


def _directions(claim: Claim) -> list[tuple[str, Predicate, str]]:
    key = (claim.subject, claim.predicate, claim.object)
    return [key, key[::-1]] if claim.predicate in SYMMETRIC else [key]


def _qualifier(name: str, value: str) -> tuple[ox.NamedNode, _Object]:
    match name:
        case "role":
            return AIO.role, to_literal(value)
        case "ticker":
            return AIO.ticker, to_literal(value)
        case "date":
            return AIO.date, date_literal(value)
        case "lead":
            return AIO.lead, ox.Literal(value == "true")
        case "status":
            return AIO.workStatus, WORK_STATUS[value]
        case _:
            raise ValueError(f"the ontology has no qualifier {name!r}")


def _count(number: int) -> ox.Literal:
    # Not xsd:nonNegativeInteger: Oxigraph stores every integer type as xsd:integer.
    return ox.Literal(str(number), datatype=XSD.integer)


def _write_decimal(number: Decimal) -> str:
    """Write equal numbers alike, never with an exponent, which xsd:decimal does not know."""
    if not number.is_finite():
        raise ValueError(f"{number} is no amount")
    written = f"{number:f}"
    return (written.rstrip("0").rstrip(".") if "." in written else written) or "0"
