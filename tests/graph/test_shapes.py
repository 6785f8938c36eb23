"""The shapes: what conforms, what each of them catches, and that pySHACL says the same."""

from __future__ import annotations

import itertools
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from kg.errors import DataError
from kg.graph.quads import CONTEXT, to_quads
from kg.graph.shapes import SHAPES, Check, load_shapes, parse_shapes
from kg.graph.store import GraphStore
from kg.graph.validation import find_violations, validate_quads
from kg.graph.vocab import AIO, CLASSES, PREDICATES, PREFIXES, RDF, SCHEMA, XSD, ontology_files
from kg.model import Claim, Entity, EntityType, Evidence, Extraction, Modality, Naming, Predicate, joins_right_types

SH = "http://www.w3.org/ns/shacl#"
TEXT = (ontology_files() / "shapes.ttl").read_text(encoding="utf-8")
EXCHANGE = Entity("organization/exchange", EntityType.ORGANIZATION, "示例交易所")
RIVAL = Entity("company/rival", EntityType.COMPANY, "丁科技")

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Graph = set[ox.Triple]


def enrich(example: Extraction) -> Extraction:
    """The example and what it lacks for every shape to have something to look at."""
    text = example.document.text
    start = text.index("资金用于研发")
    source = Evidence(example.document.id, start, start + 6, "资金用于研发")
    listed = (("date", "2026"), ("ticker", "0001.HK"))
    more = (
        Claim("company/a-tech", Predicate.LISTED_ON, EXCHANGE.id, Modality.REPORTED, source, listed, "rules", 0.5),
        Claim("company/a-tech", Predicate.PARTNERS_WITH, RIVAL.id, Modality.ASSERTED, source, (), "rules"),
        Claim("company/a-tech", Predicate.ACQUIRED, RIVAL.id, Modality.PLANNED, source, (), "rules"),
        Claim("company/a-tech", Predicate.COMPETES_WITH, RIVAL.id, Modality.DENIED, source, (), "rules"),
    )
    return replace(
        example,
        entities=(*example.entities, EXCHANGE, RIVAL),
        claims=(*example.claims, *more),
        namings=(Naming("company/a-tech", "甲公司", source),),
        mentions=example.mentions,
    )


# -- mutations of a valid graph, one a constraint, read off the shapes file ------------------------------------------

_INDEX: dict[tuple[Term, str], list[Term]] = {}
for _quad in ox.parse(TEXT, ox.RdfFormat.TURTLE):
    _INDEX.setdefault((_quad.subject, _quad.predicate.value.removeprefix(SH)), []).append(_quad.object)


def stated(node: Term, term: str) -> list[Term]:
    return _INDEX.get((node, term), [])


def members(head: Term) -> list[Term]:
    first, rest = f"{RDF.iri}first", f"{RDF.iri}rest"
    return [stated(head, first)[0], *members(stated(head, rest)[0])] if stated(head, first) else []


def targets() -> list[Term]:
    return sorted({node for node, term in _INDEX if term.startswith("target")}, key=str)


class Mutant:
    """A valid graph, one focus node of a shape, and one path from it: what a mutation works on."""

    def __init__(self, graph: Graph, shape: Term, path: Term | None) -> None:
        self.graph = graph
        alternatives = [part for head in stated(path, "alternativePath") for part in members(head)] or [path]
        inverse = [predicate for part in alternatives for predicate in stated(part, "inversePath")]
        self.inverse = bool(inverse)
        self.predicates = inverse or alternatives
        classes = stated(shape, "targetClass")
        found = {t.subject for t in graph if t.predicate == RDF.type and t.object in classes}
        found |= {t.subject for t in graph if t.predicate in stated(shape, "targetSubjectsOf")}
        self.focus = min(found, key=lambda node: (path is not None and not self._triples(node), str(node)))

    def _triples(self, focus: Term) -> list[ox.Triple]:
        found = (t for t in self.graph if t.predicate in self.predicates)
        return sorted((t for t in found if (t.object if self.inverse else t.subject) == focus), key=str)

    @property
    def values(self) -> list[Term]:
        return [t.subject if self.inverse else t.object for t in self._triples(self.focus)]

    def remove(self, class_: Term | None = None) -> None:
        for triple in self._triples(self.focus):
            if class_ is None or ox.Triple(triple.object, RDF.type, class_) in self.graph:
                self.graph.discard(triple)

    def add(self, value: Term) -> None:
        ends = (value, self.focus) if self.inverse else (self.focus, value)
        self.graph.add(ox.Triple(ends[0], self.predicates[0], ends[1]))

    def put(self, value: Term) -> None:
        self.remove()
        self.add(value)

    def rename(self, new: Term) -> None:
        def moved(term: Term) -> Term:
            return new if term == self.focus else term

        self.graph = {ox.Triple(moved(t.subject), t.predicate, moved(t.object)) for t in self.graph}

    def value_of(self, predicate: Term) -> Term:
        return next(t.object for t in self.graph if t.subject == self.focus and t.predicate == predicate)


UNKNOWN = ox.NamedNode("https://unknown.example/x")


def second(value: Term) -> Term:
    """Another value that looks like this one."""
    if not isinstance(value, ox.Literal):
        return UNKNOWN
    if value.datatype in (XSD.integer, XSD.decimal):
        return ox.Literal("0" if value.value != "0" else "1", datatype=value.datatype)
    if value.datatype == XSD.boolean:
        return ox.Literal(value.value == "false")
    text = value.value.replace("2026", "2025") if "2026" in value.value else "another"
    return ox.Literal(text, datatype=value.datatype)


def bad_values(term: str, operand: Term, mutant: Mutant) -> list[Term]:
    """Values that break one constraint of a property."""
    like = next((v.datatype for v in mutant.values if isinstance(v, ox.Literal)), XSD.string)
    match term:
        case "datatype":
            ill = [ox.Literal("many", datatype=operand)] if operand in (XSD.integer, XSD.decimal, XSD.boolean) else []
            return [ox.Literal("x", datatype=ox.NamedNode(XSD.iri + "token")), UNKNOWN, *ill]
        case "nodeKind":
            return [ox.Literal("x"), ox.BlankNode()]
        case "class" | "or" | "in":
            return [UNKNOWN, ox.Literal("x")]
        case "node":
            date = ox.Literal("2026-02-30", datatype=XSD.date)
            return [UNKNOWN, ox.Literal("去年"), ox.Literal("-1", datatype=XSD.decimal), date]
        case "pattern":
            wrong = "http://www.wikidata.org/entity/X1", "http://www.wikidata.org/entity/Q1/x"
            return (
                [*map(ox.NamedNode, wrong)] if "wikidata" in str(operand) else [ox.Literal("cny"), ox.Literal("CNYX")]
            )
        case "minLength":
            return [ox.Literal("")]
        case "maxLength":
            return [ox.Literal("x" * (CONTEXT + 1))]
        case "minInclusive":
            return [ox.Literal("-1", datatype=like)]
        case "maxInclusive":
            return [ox.Literal("1.01", datatype=like)]
        case "disjoint":
            return [mutant.value_of(operand)]
        case "lessThanOrEquals":
            return [ox.Literal(str(int(mutant.value_of(operand).value) + 1), datatype=like)]
    return []


def breaking(term: str, operand: Term, property_: Term, mutant: Mutant) -> list[Callable[[Mutant], None]]:
    """The mutations that break one constraint; none for what constrains nothing."""
    classes = [c for q in stated(property_, "qualifiedValueShape") for c in stated(q, "class")]
    match term:
        case "minCount":
            return [Mutant.remove]
        case "maxCount" | "uniqueLang":
            [value, *_] = mutant.values
            other = ox.Literal("x", language=value.language) if term == "uniqueLang" else second(value)
            return [lambda m: m.add(other)]
        case "qualifiedMinCount":
            return [lambda m: m.remove(classes[0])]
        case "qualifiedMaxCount":

            def add_selector(m: Mutant) -> None:
                selector = ox.NamedNode(f"{m.focus.value}#another")
                m.add(selector)
                m.graph.add(ox.Triple(selector, RDF.type, classes[0]))

            return [add_selector]
        case "closed":
            return [
                lambda m: m.graph.add(
                    ox.Triple(m.focus, SCHEMA.mentions if "Claim" in str(property_) else AIO.source, m.focus)
                )
            ]
        case "nodeKind" if property_ in targets():
            return [lambda m: m.rename(ox.BlankNode())]
        case "class" if property_ in targets():
            return [lambda m: m.graph.discard(ox.Triple(m.focus, RDF.type, operand))]
    values = bad_values(term, operand, mutant)
    return [lambda m, v=v: m.put(v) for v in values if not (mutant.inverse and isinstance(v, ox.Literal))]


def core_mutants(fresh: Callable[[], Graph]) -> Iterator[tuple[str, str, Graph]]:
    """Yield (shape, constraint, broken graph) for every constraint of SHACL core in the file."""
    for shape in targets():
        properties = stated(shape, "property")
        places = [(shape, None), *((p, stated(p, "path")[0]) for p in sorted(properties, key=str))]
        for node, path in places:
            for term in sorted(term for owner, term in _INDEX if owner == node):
                count = len(breaking(term, stated(node, term)[0], node, Mutant(fresh(), shape, path)))
                for number in range(count):
                    mutant = Mutant(fresh(), shape, path)
                    breaking(term, stated(node, term)[0], node, mutant)[number](mutant)
                    yield str(node.value).removeprefix(SHAPES), term, mutant.graph


SPARQL_MUTATIONS = [
    ("ArticleAlone", "INSERT DATA { <https://x.example/a> a aio:Article , schema:NewsArticle ; aio:textLength 3 }"),
    ("EntityOneType", 'INSERT { ?e a aio:Model } WHERE { ?e schema:name "乙资本" }'),
    ("DirectTripleHasClaim",
     'INSERT { ?a aio:acquired ?b } WHERE { ?a schema:name "甲科技" . ?b schema:name "丁科技" }'),
    ("DirectTripleHasClaim", "DELETE { ?c aio:modality ?m } INSERT { ?c aio:modality aio:planned } "
                             "WHERE { ?c rdf:predicate aio:worksFor ; aio:modality ?m }"),
    ("DirectTripleNotDenied", "DELETE { ?c aio:modality ?m } INSERT { ?c aio:modality aio:denied } "
                              "WHERE { ?c rdf:predicate aio:worksFor ; aio:modality ?m }"),
    ("DirectTripleNotDenied", "INSERT { ?b aio:competesWith ?a } "
                              "WHERE { ?c rdf:predicate aio:competesWith ; rdf:subject ?a ; rdf:object ?b }"),
    ("ClaimQualifiers", 'INSERT { ?c aio:role "总裁" } WHERE { ?c rdf:predicate aio:investedIn }'),
    ("ClaimQualifiers", "INSERT { ?c aio:workStatus aio:former } WHERE { ?c rdf:predicate aio:listedOn }"),
    ("ClaimQualifiers", "INSERT { ?c aio:lead true } WHERE { ?c rdf:predicate aio:worksFor }"),
    ("ClaimQualifiers", 'INSERT { ?c aio:ticker "1" } WHERE { ?c rdf:predicate aio:worksFor }'),
    ("ClaimSignature", "DELETE { ?c rdf:predicate ?p } INSERT { ?c rdf:predicate aio:develops } "
                       "WHERE { ?c rdf:predicate ?p FILTER (?p = aio:listedOn) }"),
    ("ClaimDirectTriple", "DELETE { ?a aio:worksFor ?b } WHERE { ?a aio:worksFor ?b }"),
    ("EvidenceInText",
     "DELETE { ?d aio:textLength ?n } INSERT { ?d aio:textLength 50 } WHERE { ?d aio:textLength ?n }"),
    ("EvidenceLength", 'DELETE { ?q oa:exact ?t } INSERT { ?q oa:exact ?longer } '
                       'WHERE { ?q oa:exact ?t BIND(CONCAT(?t, "😀") AS ?longer) }'),
    ("InvestmentLeadInvests", "DELETE { ?i aio:investor ?x } WHERE { ?i aio:investor ?x }"),
    ("InvestmentOneKind", "INSERT { ?i a aio:StakePurchase } WHERE { ?i a aio:FundingRound }"),
]  # fmt: skip


def update(graph: Graph, sparql: str) -> Graph:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in graph)
    before = len(store), set(store)
    store.update(sparql, prefixes=PREFIXES)
    assert (len(store), set(store)) != before
    return {quad.triple for quad in store}


def in_graph(graph: Graph, name: str = "https://w3id.org/ai-industry/id/document/x") -> list[ox.Quad]:
    return [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name)) for t in graph]


def written(node: Term) -> str:
    return "_:" if isinstance(node, ox.BlankNode) else node.value


def found_by_store(graph: Graph, checks: Iterable[Check]) -> set[tuple[str, str]]:
    store = ox.Store()
    store.extend(in_graph(graph))
    opened = GraphStore(store)
    return {(check.shape.iri, written(this)) for check in checks for _, this, _ in opened.query(check.sparql).terms}


def found_by_pyshacl(graph: Graph, shapes: rdflib.Graph, **options: object) -> set[tuple[str, str]]:
    data = rdflib.Graph().parse(data=ox.serialize(graph, format=ox.RdfFormat.N_TRIPLES), format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, **options)
    sh = rdflib.Namespace(SH)
    # Not the sh:detail of a result, which tells which part of the shape behind sh:node failed.
    pairs = ((report.value(r, sh.sourceShape), report.value(r, sh.focusNode)) for r in report.objects(None, sh.result))
    return {(str(shape), "_:" if isinstance(node, rdflib.BNode) else str(node)) for shape, node in pairs}


def core_shapes() -> rdflib.Graph:
    """The shapes without those in SPARQL, which pySHACL parses anew for every focus node: seconds each."""
    shapes = rdflib.Graph().parse(data=TEXT, format="turtle")
    return shapes.remove((None, rdflib.URIRef(SH + "sparql"), None))


@pytest.fixture
def valid(example: Extraction) -> Callable[..., Graph]:
    rich = enrich(example)
    return lambda **options: {quad.triple for quad in to_quads(rich, **options)}


COMPARED = {"PositionStart", "PositionEnd", "AmountMinimum", "AmountMaximum"}
"""pySHACL 0.40 raises where sh:lessThanOrEquals meets a value that has no order."""


@pytest.mark.slow
def test_every_constraint_is_caught_and_pyshacl_agrees(
    valid: Callable[..., Graph], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "rdflib")  # it complains of every ill-typed literal at length
    bases = (f"https://m{number}.example/" for number in itertools.count())
    mutants = list(core_mutants(lambda: valid(base=next(bases))))
    core = [check for check in load_shapes() if check.constraint != "sparql"]
    assert {shape for shape, _, _ in mutants} == {check.shape.iri.removeprefix(SHAPES) for check in core}
    store = ox.Store()
    for number, (_, _, graph) in enumerate(mutants):
        store.extend(in_graph(graph, f"https://graph.example/{number}"))
    opened = GraphStore(store)
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for check in core:
        for graph, this, _ in opened.query(check.sparql).terms:
            found[graph.value].add((check.shape.iri, written(this)))
    expected, together, apart = set(), set(), []
    for number, (shape, constraint, graph) in enumerate(mutants):
        caught = found[f"https://graph.example/{number}"]
        assert SHAPES + shape in {iri for iri, _ in caught}, (shape, constraint)
        if number and mutants[number - 1][:2] == (shape, constraint):
            continue  # one a constraint is enough: pySHACL takes half a second for a thousand triples
        if shape in COMPARED and constraint in ("datatype", "node"):
            apart.append((graph, {(iri, node) for iri, node in caught if iri == SHAPES + shape}))
        else:
            expected |= caught
            together |= graph
    shapes = core_shapes()
    assert found_by_pyshacl(together, shapes) == expected
    shapes.remove((None, rdflib.URIRef(SH + "lessThanOrEquals"), None))
    assert apart
    for graph, caught in apart:
        assert caught <= found_by_pyshacl(graph, shapes)


@pytest.mark.parametrize(("shape", "sparql"), SPARQL_MUTATIONS)
def test_every_query_is_caught_and_pyshacl_agrees(valid: Callable[..., Graph], shape: str, sparql: str) -> None:
    graph = update(valid(), sparql)
    checks = tuple(check for check in load_shapes() if check.shape.iri == SHAPES + shape)
    found = found_by_store(graph, checks)
    assert found
    shapes = rdflib.Graph().parse(data=TEXT, format="turtle")
    assert found == found_by_pyshacl(graph, shapes, use_shapes=[SHAPES + shape])


def test_every_query_has_a_mutation() -> None:
    queries = {check.shape.iri.removeprefix(SHAPES) for check in load_shapes() if check.constraint == "sparql"}
    assert {shape for shape, _ in SPARQL_MUTATIONS} == queries


def test_a_valid_graph_conforms_for_both(valid: Callable[..., Graph]) -> None:
    graph = valid()
    assert found_by_store(graph, load_shapes()) == set()
    assert found_by_pyshacl(graph, core_shapes()) == set()  # the queries have tests of their own
    targeted = {target for check in load_shapes() for target in check.targets}
    present = {t.object for t in graph if t.predicate == RDF.type}
    assert len(present & targeted) > 8  # so that conforming says something


def test_the_signatures_are_those_of_the_model() -> None:
    quads, wrong = [], set()
    for number, (predicate, subject, object_) in enumerate(itertools.product(Predicate, EntityType, EntityType)):
        claim, one, other = (ox.NamedNode(f"https://x.example/{number}/{part}") for part in ("claim", "s", "o"))
        triples = [
            (claim, RDF.type, AIO.Claim),
            (claim, RDF.predicate, PREDICATES[predicate]),
            (claim, RDF.subject, one),
            (claim, RDF.object, other),
            (one, RDF.type, CLASSES[subject]),
            (other, RDF.type, CLASSES[object_]),
        ]
        quads += [ox.Quad(*triple, claim) for triple in triples]
        if not joins_right_types(predicate, subject, object_):
            wrong.add(claim)
    store = ox.Store()
    store.extend(quads)
    [check] = [check for check in load_shapes() if check.shape.iri == SHAPES + "ClaimSignature"]
    assert {this for _, this, _ in GraphStore(store).query(check.sparql).terms} == wrong
    assert 100 < len(wrong) < 300


def test_a_month_that_does_not_exist_is_no_date(valid: Callable[..., Graph]) -> None:
    # Not compared with pySHACL: rdflib 7.6 takes "2026-13" for a month.
    [check] = [c for c in load_shapes() if c.shape.iri == SHAPES + "ArticlePublished" and c.constraint == "value"]
    sparql = "DELETE {{ ?d schema:datePublished ?o }} INSERT {{ ?d schema:datePublished '{}'^^xsd:gYearMonth }} "
    for month, wrong in (("2026-13", 1), ("2026-00", 1), ("2026-12", 0)):
        graph = update(valid(), sparql.format(month) + "WHERE { ?d schema:datePublished ?o }")
        assert len(found_by_store(graph, [check])) == wrong


def test_further_types_of_an_entity_are_fine(example: Extraction) -> None:
    quads = to_quads(example)
    graph = quads[0].graph_name
    [entity] = {q.subject for q in quads if q.object == ox.Literal("乙资本")}
    kinds = [ox.Quad(entity, RDF.type, kind, graph) for kind in (AIO.ResearchLab, AIO.Exchange)]
    assert validate_quads([*quads, *kinds]) == []


def test_the_graphs_of_runs_and_of_inference_are_left_alone(store: GraphStore) -> None:
    node = store.ids.entity("company/yunqi")
    junk = [
        ox.Quad(node, AIO.acquired, node, graph)
        for graph in (store.ids.runs, store.ids.inferred)
    ] + [
        ox.Quad(node, RDF.type, AIO.Claim, store.ids.inferred),
        ox.Quad(node, AIO.subsidiaryOf, node, store.ids.inferred),
    ]  # fmt: skip
    store._store.extend(junk)
    assert find_violations(store) == []


@pytest.mark.parametrize(
    ("data", "shape", "severity"),
    [
        ("<g1> { <a> a aio:Company } <g2> { <a> a aio:Product }", "OneTypeInAllArticles", "violation"),
        ("<g1> { <a> aio:subsidiaryOf <b> } <g2> { <b> aio:subsidiaryOf <a> }", "NoCircularOwnership", "warning"),
        ("<g1> { <a> aio:versionOf <b> . <b> aio:versionOf <c> } <g2> { <c> aio:versionOf <a> }",
         "NoCircularVersions", "warning"),
        ("<g1> { <a> skos:exactMatch wd:Q1 } <g2> { <a> skos:exactMatch wd:Q2 }", "OneItem", "warning"),
        ("<g1> { <a> a aio:Model ; skos:exactMatch wd:Q1 } <g2> { <b> a aio:Model ; skos:exactMatch wd:Q1 }",
         "OneEntityAnItem", "warning"),
        ("<g1> { <c> a aio:Claim ; prov:wasDerivedFrom <g1> } <g2> { <c> a aio:Claim ; prov:wasDerivedFrom <g2> }",
         "OneArticle", "violation"),
        ("<g1> { <i> a aio:Acquisition ; aio:investee <a> } <g2> { <i> a aio:Acquisition ; aio:investee <b> }",
         "OneInvestee", "violation"),
    ],
)  # fmt: skip
def test_what_articles_say_together(data: str, shape: str, severity: str) -> None:
    store = ox.Store()
    head = "BASE <https://x.example/> " + " ".join(f"PREFIX {p}: <{iri}>" for p, iri in PREFIXES.items())
    store.load(f"{head} {data}", ox.RdfFormat.TRIG)
    found = {(f.shape.iri.removeprefix(SHAPES), f.shape.severity) for f in find_violations(GraphStore(store))}
    assert (shape, severity) in found
    union = load_shapes("shapes-union.ttl")
    shapes = rdflib.Graph().parse(data=(ontology_files() / "shapes-union.ttl").read_text("utf-8"), format="turtle")
    graph = {quad.triple for quad in store}
    queried = {(f.shape.iri, f.node.value) for f in find_violations(GraphStore(store)) if f.graph is None}
    assert queried == found_by_pyshacl(graph, shapes)
    assert {iri for iri, _ in queried} <= {check.shape.iri for check in union}


def test_every_shape_says_in_words_what_is_wrong() -> None:
    for check in (*load_shapes(), *load_shapes("shapes-union.ttl")):
        assert check.shape.severity in ("violation", "warning")
        assert set(dict(check.shape.messages)) == {"en", "zh-hans"}, check.shape.iri
        assert check.shape.message("zh-hans") != check.shape.message("en")
        assert check.shape.message("fr") == check.shape.message("en")
        assert check.shape.name


SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <https://x.example/> .
x:S a sh:NodeShape ; sh:targetClass x:C ; sh:severity sh:Violation ; sh:message "wrong"@en ; {}
"""
PROPERTY = 'sh:property x:P . x:P sh:path x:p ; sh:severity sh:Violation ; sh:message "wrong"@en ; {} .'


@pytest.mark.parametrize(
    "unknown",
    [
        "sh:xone ( [ sh:class x:D ] ) .",
        "sh:deactivated true .",
        "sh:not [ sh:class x:D ] .",
        'sh:sparql [ sh:select "SELECT $this WHERE { { SELECT ?x WHERE { ?x a x:C } } }" ] .',
        'sh:sparql [ sh:ask "ASK { }" ] .',
        PROPERTY.format("sh:minCount 2"),
        PROPERTY.format("sh:equals x:q"),
        PROPERTY.format("sh:in ( 1 2 )"),
        PROPERTY.format("sh:datatype <http://www.w3.org/2001/XMLSchema#duration>"),
        PROPERTY.format("sh:or ( [ sh:path x:q ; sh:minCount 1 ] )"),
        PROPERTY.format("sh:node [ sh:property [ sh:path x:q ] ]"),
        'sh:property [ sh:path [ sh:zeroOrMorePath x:p ] ; sh:message "wrong"@en ] .',
        "sh:target [ ] .",
    ],
)
def test_shacl_that_is_not_understood_raises(unknown: str) -> None:
    parse_shapes(SHAPE.format(PROPERTY.format("sh:minCount 1")))  # the rest of it is fine
    with pytest.raises(DataError, match=r"understood|IRI|query"):
        parse_shapes(SHAPE.format(unknown))


def test_shapes_that_are_no_turtle_raise() -> None:
    with pytest.raises(DataError, match="no Turtle"):
        parse_shapes("x y z")
