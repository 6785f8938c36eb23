"""SHACL shapes as SPARQL: the queries that find what breaks `ontology/shapes.ttl`, graph by graph.

The files are standard SHACL, which any engine can run on the graph of one article (`shapes.ttl`) or on the union of the
graphs (`shapes-union.ttl`). Here every constraint becomes a SELECT of `?graph ?this ?value` (`value` may stay unbound),
which runs in the store over all graphs at once: inside `GRAPH ?graph {…}` nothing is counted twice.

Understood is the part of SHACL that the files use, and a term beyond it raises:

- targets: `sh:targetClass` (without subclasses: the graphs state every type), `sh:targetSubjectsOf`,
  `sh:targetObjectsOf`;
- paths: a property, `sh:inversePath`, `sh:alternativePath`, sequences;
- values: `sh:class`, `sh:datatype` (well-formedness too), `sh:nodeKind`, `sh:in` (IRIs, plain strings), `sh:pattern`,
  `sh:flags`, `sh:minLength`, `sh:maxLength`, `sh:minInclusive`, `sh:maxInclusive`, `sh:or`, `sh:node` of such a shape;
- properties: `sh:minCount` and `sh:maxCount` of 0 and 1, the same of `sh:qualifiedValueShape`, `sh:uniqueLang`,
  `sh:hasValue`, `sh:disjoint`, `sh:lessThan`, `sh:lessThanOrEquals`;
- nodes: `sh:property`, `sh:closed`, and `sh:sparql` with `SELECT $this ?value WHERE {…}` without sub-queries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph as ox

from kg.errors import DataError
from kg.graph.vocab import PREFIXES, RDF, ontology_files

__all__ = ["SHAPES", "Check", "Shape", "load_shapes", "parse_shapes"]

SHAPES: Final = "https://w3id.org/ai-industry/shapes#"
_SH: Final = "http://www.w3.org/ns/shacl#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"

_TYPE = f"<{_RDF}type>"
_CASTS = frozenset({"integer", "decimal", "boolean", "date", "dateTime", "gYear", "gYearMonth"})
_UNCHECKED = frozenset({"string", "anyURI"})
"""Datatypes whose every literal is well-formed."""
_SELECT = re.compile(r"\s*SELECT\s+\$this(\s+\?value)?\s+WHERE\s*\{(.*)\}\s*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_IRI = re.compile(r"<([^<>\s]+)>")
_PREFIXED = re.compile(r"(?<![\w<:/?$])([a-z]+):(\w+)")
_NODE_KINDS = {"IRI": "isIRI", "Literal": "isLiteral", "BlankNode": "isBlank"}

_ABOUT = frozenset({"name", "description", "message", "severity"})
_TARGETS = frozenset({"targetClass", "targetSubjectsOf", "targetObjectsOf"})
_VALUES = frozenset(
    {"class", "datatype", "nodeKind", "in", "pattern", "flags", "minLength", "maxLength", "or", "node"}
    | {"minInclusive", "maxInclusive"}
)
_NODES = _ABOUT | _TARGETS | _VALUES | {"property", "closed", "ignoredProperties", "sparql"}
_PROPERTIES = _ABOUT | _VALUES | {
    "path", "minCount", "maxCount", "qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "uniqueLang",
    "hasValue", "disjoint", "lessThan", "lessThanOrEquals",
}  # fmt: skip

_Node = ox.NamedNode | ox.BlankNode


@dataclass(frozen=True, slots=True)
class Shape:
    """What is said of a shape: its IRI, name, severity (`violation`, `warning`, `info`), messages by language tag."""

    iri: str
    name: str
    severity: str
    messages: tuple[tuple[str, str], ...]

    def message(self, language: str = "en") -> str:
        """Return the message in a language, in English where there is none."""
        messages = dict(self.messages)
        return messages.get(language) or messages["en"]


@dataclass(frozen=True, slots=True)
class Check:
    """A query that finds the focus nodes (`?this`, and `?graph`, `?value`) that break one constraint of a shape.

    `targets` are the classes and predicates that give it focus nodes: where a graph has none of them, nor does it break
    the constraint.
    """

    shape: Shape
    constraint: str
    sparql: str
    targets: frozenset[ox.NamedNode]

    @property
    def terms(self) -> frozenset[ox.NamedNode]:
        """Every IRI that the query mentions."""
        text = _STRING.sub("", self.sparql)
        names = [PREFIXES[prefix] + local for prefix, local in _PREFIXED.findall(text) if prefix in PREFIXES]
        return frozenset(map(ox.NamedNode, (*names, *_IRI.findall(text), RDF.type.value)))


@cache
def load_shapes(file: str = "shapes.ttl") -> tuple[Check, ...]:
    """Return the checks of a file of the ontology: `shapes.ttl`, or `shapes-union.ttl`, which minds no graphs.

    Raises:
        DataError: the file uses SHACL that is not understood here.
    """
    text = (ontology_files() / file).read_text(encoding="utf-8")
    return parse_shapes(text, union=file == "shapes-union.ttl")


def parse_shapes(turtle: str, *, union: bool = False) -> tuple[Check, ...]:
    """Translate shapes; with `union` the queries match the default graph and leave `?graph` unbound.

    Raises:
        DataError: not Turtle, or SHACL that is not understood here.
    """
    try:
        shapes = _ShapesGraph(turtle)
    except SyntaxError as error:
        raise DataError(f"the shapes are no Turtle: {error}") from error
    return tuple(check for node in shapes.targeted() for check in _Translator(shapes, union).checks(node))


class _ShapesGraph:
    """The triples of a shapes file, by subject and predicate."""

    def __init__(self, turtle: str) -> None:
        self._objects: dict[tuple[object, str], list[ox.NamedNode | ox.BlankNode | ox.Literal]] = {}
        self._predicates: dict[object, list[str]] = {}
        for quad in ox.parse(turtle, ox.RdfFormat.TURTLE):
            if isinstance(quad.object, ox.Triple):
                raise DataError("shapes have no quoted triples")
            self._objects.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)
            self._predicates.setdefault(quad.subject, []).append(quad.predicate.value)

    def targeted(self) -> list[ox.NamedNode]:
        """Return the shapes that have targets, in the order of their IRIs."""
        wanted = {_SH + target for target in _TARGETS}
        found = [s for s, used in self._predicates.items() if wanted & set(used)]
        for node in found:
            if not isinstance(node, ox.NamedNode):
                raise DataError("a shape with a target has no IRI")
        return sorted((s for s in found if isinstance(s, ox.NamedNode)), key=lambda node: node.value)

    def terms(self, node: _Node) -> set[str]:
        """Return the names of the SHACL terms that a node has."""
        return {p.removeprefix(_SH) for p in self._predicates.get(node, ()) if p.startswith(_SH)}

    def all(self, node: _Node, term: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        return self._objects.get((node, _SH + term), [])

    def one(self, node: _Node, term: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        found = self.all(node, term)
        if len(found) > 1:
            raise DataError(f"shape {_short(node)}: more than one sh:{term} is not understood")
        return found[0] if found else None

    def nodes(self, node: _Node, term: str) -> list[_Node]:
        """Return the objects of a term that have to be nodes."""
        return [_as_node(value) for value in self.all(node, term)]

    def items(self, head: object) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """Return the members of an RDF list."""
        items = []
        while head != ox.NamedNode(_RDF + "nil"):
            [first], [head] = self._objects[head, _RDF + "first"], self._objects[head, _RDF + "rest"]
            items.append(first)
        return items

    def path(self, node: _Node) -> str:
        """Return a path in the syntax of SPARQL."""
        if isinstance(node, ox.NamedNode):
            return str(node)
        if (inverse := self.one(node, "inversePath")) is not None:
            return f"^({self.path(_as_node(inverse))})"
        if (alternatives := self.one(node, "alternativePath")) is not None:
            return "(" + "|".join(self.path(_as_node(item)) for item in self.items(alternatives)) + ")"
        if (node, _RDF + "first") in self._objects:
            return "(" + "/".join(self.path(_as_node(item)) for item in self.items(node)) + ")"
        raise DataError(f"a path with {', '.join(sorted(self.terms(node)))} is not understood")

    def describe(self, node: _Node) -> Shape:
        name, severity = self.one(node, "name"), self.one(node, "severity")
        texts = [m for m in self.all(node, "message") if isinstance(m, ox.Literal)]
        messages = {text.language or "en": text.value for text in texts}
        if not isinstance(node, ox.NamedNode) or not isinstance(severity, ox.NamedNode) or "en" not in messages:
            raise DataError(f"shape {_short(node)} needs an IRI, a severity and a message in English")
        return Shape(
            node.value,
            name.value if isinstance(name, ox.Literal) else _short(node),
            severity.value.removeprefix(_SH).lower(),
            tuple(sorted(messages.items())),
        )


class _Translator:
    """The checks of one shape with a target."""

    def __init__(self, shapes: _ShapesGraph, union: bool) -> None:
        self.shapes = shapes
        self.union = union
        self.targets: frozenset[ox.NamedNode] = frozenset()

    def checks(self, node: ox.NamedNode) -> Iterator[Check]:
        self._understand(node, _NODES)
        shape = self.shapes.describe(node)
        target = self._target(node)
        if tests := list(self._tests(node, "?this")):
            yield self._check(shape, "node", f"{target} FILTER({_none_of(tests)})")
        if (closed := self.shapes.one(node, "closed")) is not None and closed == ox.Literal(True):
            yield self._check(shape, "closed", f"{target} ?this ?k_p ?value . FILTER({self._unknown(node)})")
        for constraint in self.shapes.nodes(node, "sparql"):
            yield self._check(shape, "sparql", f"{target} {self._body(node, constraint)}")
        for property_ in sorted(self.shapes.nodes(node, "property"), key=str):
            yield from self._property(property_, target)

    def _property(self, node: _Node, target: str) -> Iterator[Check]:
        self._understand(node, _PROPERTIES)
        shape = self.shapes.describe(node)
        [path_node] = self.shapes.nodes(node, "path")
        path = self.shapes.path(path_node)
        value = f"{target} ?this {path} ?value ."
        if tests := [*self._tests(node, "?value"), *self._pairs(node)]:
            yield self._check(shape, "value", f"{value} FILTER({_none_of(tests)})")
        yield from self._counts(node, shape, target, path)
        if self.shapes.one(node, "uniqueLang") == ox.Literal(True):
            yield self._check(
                shape,
                "uniqueLang",
                f'{value} ?this {path} ?k_v . FILTER(LANG(?value) != "" && LANG(?value) = LANG(?k_v) '
                "&& !sameTerm(?value, ?k_v))",
            )
        for wanted in self.shapes.all(node, "hasValue"):
            yield self._check(shape, "hasValue", f"{target} FILTER NOT EXISTS {{ ?this {path} {wanted} }}")

    def _counts(self, node: _Node, shape: Shape, target: str, path: str) -> Iterator[Check]:
        def matching(variable: str, tests: list[str]) -> str:
            return f"?this {path} {variable} ." + "".join(f" FILTER({test})" for test in tests)

        for prefix, tested in (("", []), ("qualified", self.shapes.nodes(node, "qualifiedValueShape"))):
            names = ("minCount", "maxCount") if not prefix else ("qualifiedMinCount", "qualifiedMaxCount")
            one, other = ([t for shape in tested for t in self._tests(shape, v)] for v in ("?value", "?k_v"))
            minimum, maximum = (self._count(node, name) for name in names)
            if minimum == 1:
                yield self._check(shape, names[0], f"{target} FILTER NOT EXISTS {{ {matching('?k_v', other)} }}")
            if maximum == 0:
                yield self._check(shape, names[1], f"{target} {matching('?value', one)}")
            if maximum == 1:
                pair = f"{matching('?value', one)} {matching('?k_v', other)}"
                yield self._check(shape, names[1], f"{target} {pair} FILTER(!sameTerm(?value, ?k_v))")

    def _count(self, node: _Node, term: str) -> int | None:
        literal = self.shapes.one(node, term)
        if literal is None:
            return None
        if literal not in (ox.Literal(0), ox.Literal(1)):
            raise DataError(f"shape {_short(node)}: only 0 and 1 are understood as sh:{term}")
        return int(literal == ox.Literal(1))

    def _pairs(self, node: _Node) -> Iterator[str]:
        """Yield what `?value` passes in comparison with the values of other properties."""
        for other in self.shapes.all(node, "disjoint"):
            yield f"NOT EXISTS {{ ?this {other} ?value }}"
        for term, operator in (("lessThan", "<"), ("lessThanOrEquals", "<=")):
            for other in self.shapes.all(node, term):
                yield f"NOT EXISTS {{ ?this {other} ?k_o . FILTER(!COALESCE(?value {operator} ?k_o, false)) }}"

    def _tests(self, node: _Node, variable: str) -> Iterator[str]:
        """Yield SPARQL expressions that are true where a value passes, never an error."""
        one = self.shapes.one
        for class_ in self.shapes.all(node, "class"):
            yield f"EXISTS {{ {variable} {_TYPE} {class_} }}"
        if (datatype := one(node, "datatype")) is not None:
            yield _has_datatype(datatype, variable)
        if (kind := one(node, "nodeKind")) is not None:
            parts = re.split("Or", str(_as_node(kind).value).removeprefix(_SH))
            yield "(" + " || ".join(f"{_NODE_KINDS[part]}({variable})" for part in parts) + ")"
        if (members := one(node, "in")) is not None:
            yield f"COALESCE({variable} IN ({', '.join(map(_member, self.shapes.items(members)))}), false)"
        if (pattern := one(node, "pattern")) is not None:
            flags = one(node, "flags")
            yield f"COALESCE(REGEX(STR({variable}), {pattern}{f', {flags}' if flags else ''}), false)"
        for term, call in (
            ("minLength", "STRLEN(STR({})) >= {}"),
            ("maxLength", "STRLEN(STR({})) <= {}"),
            ("minInclusive", "{} >= {}"),
            ("maxInclusive", "{} <= {}"),
        ):
            if (bound := one(node, term)) is not None:
                yield f"COALESCE({call.format(variable, bound)}, false)"
        for alternatives in self.shapes.all(node, "or"):
            yield self._any_of(alternatives, variable)
        for other in self.shapes.nodes(node, "node"):
            self._understand(other, _ABOUT | _VALUES)
            yield from self._tests(other, variable)

    def _any_of(self, alternatives: object, variable: str) -> str:
        choices = []
        for item in self.shapes.items(alternatives):
            self._understand(_as_node(item), _VALUES)
            choices.append("(" + " && ".join(self._tests(_as_node(item), variable)) + ")")
        return "(" + " || ".join(choices) + ")"

    def _unknown(self, node: ox.NamedNode) -> str:
        paths = [p for shape in self.shapes.nodes(node, "property") for p in self.shapes.nodes(shape, "path")]
        ignored = [i for head in self.shapes.all(node, "ignoredProperties") for i in self.shapes.items(head)]
        known = {str(path) for path in (*paths, *ignored) if isinstance(path, ox.NamedNode)}
        return f"?k_p NOT IN ({', '.join(sorted(known))})"

    def _body(self, node: ox.NamedNode, constraint: _Node) -> str:
        self._understand(constraint, frozenset({"select", "prefixes", "message"}))
        select = self.shapes.one(constraint, "select")
        match = _SELECT.fullmatch(select.value) if isinstance(select, ox.Literal) else None
        if match is None or re.search(r"\bSELECT\b|\bGRAPH\b", match[2], re.IGNORECASE):
            raise DataError(
                f"shape {_short(node)}: its query is not SELECT $this ?value WHERE {{…}} without sub-queries"
            )
        return match[2].strip()

    def _target(self, node: ox.NamedNode) -> str:
        named = (target for term in _TARGETS for target in self.shapes.all(node, term))
        self.targets = frozenset(target for target in named if isinstance(target, ox.NamedNode))
        patterns = [f"?this {_TYPE} {class_} ." for class_ in self.shapes.all(node, "targetClass")]
        patterns += [f"?this {predicate} ?k_t ." for predicate in self.shapes.all(node, "targetSubjectsOf")]
        patterns += [f"?k_t {predicate} ?this ." for predicate in self.shapes.all(node, "targetObjectsOf")]
        return patterns[0] if len(patterns) == 1 else " UNION ".join(f"{{ {pattern} }}" for pattern in sorted(patterns))

    def _check(self, shape: Shape, constraint: str, pattern: str) -> Check:
        pattern = re.sub(r"\s+", " ", pattern)
        where = f"{{ {pattern} }}" if self.union else f"{{ GRAPH ?graph {{ {pattern} }} }}"
        return Check(shape, constraint, f"SELECT DISTINCT ?graph ?this ?value WHERE {where}", self.targets)

    def _understand(self, node: _Node, terms: frozenset[str] | set[str]) -> None:
        if unknown := self.shapes.terms(node) - terms:
            raise DataError(f"shape {_short(node)}: sh:{', sh:'.join(sorted(unknown))} is not understood here")


def _has_datatype(datatype: object, variable: str) -> str:
    if not isinstance(datatype, ox.NamedNode):
        raise DataError(f"{datatype} is no datatype")
    name = datatype.value.removeprefix(_XSD)
    if datatype.value == _RDF + "langString":
        return f'COALESCE(LANG({variable}) != "", false)'
    if name in _UNCHECKED:
        return f"COALESCE(DATATYPE({variable}) = {datatype}, false)"
    if name not in _CASTS:
        raise DataError(f"the datatype {datatype.value} is not understood")
    return f"COALESCE(DATATYPE({variable}) = {datatype} && isLiteral({datatype}(STR({variable}))), false)"


def _member(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
    # SPARQL's IN compares values, SHACL's terms: they agree on IRIs and plain strings.
    if isinstance(term, ox.NamedNode) or (isinstance(term, ox.Literal) and term.datatype.value == _XSD + "string"):
        return str(term)
    raise DataError(f"sh:in with {term} is not understood")


def _none_of(tests: list[str]) -> str:
    return f"!({' && '.join(tests)})"


def _as_node(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> _Node:
    if isinstance(term, ox.Literal):
        raise DataError(f"{term} stands where a node has to be")
    return term


def _short(node: _Node) -> str:
    return node.value.removeprefix(SHAPES)
