"""Measure the rules: SPARQL updates in one transaction against CONSTRUCT queries whose answers are loaded in bulk.

    python benchmarks/inference.py --claims 18000 --claims 100000
    python benchmarks/inference.py --graph graph

Made-up graphs have the shape of real ones: nine claims of ten are asserted, a tenth of all statements is stated again
(well-known ones often), some are denied, families and groups of companies are trees. They are on disk, and hold what
rules read: claims, events, types, direct triples, dates; no evidence. With --graph, a copy of a real graph is measured.
Prints a row of a Markdown table for each graph.
"""

from __future__ import annotations

import random
import re
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pyoxigraph as ox

from kg.graph.rules import drop_inferred, infer, list_rules
from kg.graph.store import GraphStore
from kg.graph.vocab import AIO, PREDICATES, PREFIXES, PROV, RDF, SCHEMA, XSD, Ids
from kg.model import SIGNATURES, EntityType, Predicate, content_id

_OPERATION = re.compile(
    r"^INSERT \{\s*GRAPH <inferred> \{(?P<template>.*?)\}\s*\}\s*WHERE (?P<where>\{.*?^\}|\{.*?\}$)",
    re.DOTALL | re.MULTILINE,
)
_MODALITIES = [AIO.asserted] * 92 + [AIO.reported] * 3 + [AIO.planned] * 4 + [AIO.denied]
_WEIGHTS = {
    Predicate.WORKS_FOR: 5,
    Predicate.OFFERS: 6,
    Predicate.DEVELOPS: 3,
    Predicate.VERSION_OF: 2,
    Predicate.SUBSIDIARY_OF: 2,
}


@click.command()
@click.option("--claims", type=int, multiple=True, help="Measure a made-up graph of so many claims.")
@click.option("--graph", type=click.Path(path_type=Path, exists=True), help="Measure a copy of this graph.")
@click.option("--by-rule", is_flag=True, help="Print the CPU seconds of each operation too.")
def main(claims: tuple[int, ...], graph: Path | None, by_rule: bool) -> None:
    """Print the CPU seconds that inference takes, both ways."""
    click.echo(
        "| graph | claims | inferred | update | CONSTRUCT + bulk_extend | peak memory |\n|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as scratch:
        if graph is not None:
            shutil.copytree(graph / "store", Path(scratch, "copy"))
            _measure("real", Path(scratch, "copy"), by_rule)
        for number in claims:
            path = Path(scratch, str(number))
            with GraphStore.open(path) as store:
                store.load_documents(_made_up(number))
            _measure("made up", path, by_rule)


def _measure(name: str, path: Path, by_rule: bool) -> None:
    with GraphStore.open(path) as store:
        drop_inferred(store)
        claims = store.query("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a aio:Claim }").records()[0]["n"]
        started = time.process_time()
        total = infer(store).total
        updated = time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
        expected = set() if total > 1_000_000 else set(store.quads(inferred=True)) - set(store.quads())
        drop_inferred(store)
    raw = ox.Store(str(path))
    started = time.process_time()
    for rule, seconds in _construct(raw):
        if by_rule:
            click.echo(f"    {rule} {seconds:.2f}", err=True)
    constructed = time.process_time() - started
    found = raw.quads_for_pattern(None, None, None, Ids().inferred)
    assert set(found) == expected if expected else sum(1 for _ in found) == total, "both ways infer the same"
    click.echo(f"| {name} | {claims} | {total} | {updated:.1f} s | {constructed:.1f} s | {peak:.1f} GB |")


def _construct(store: ox.Store) -> Iterator[tuple[str, float]]:
    """Run each operation of the rules as a query, and load what it answers; yield its rule and seconds."""
    for rule in list_rules():
        for operation in _OPERATION.finditer(rule.operations):
            started = time.process_time()
            sparql = f"CONSTRUCT {{ {operation['template']} }} WHERE {operation['where']}"
            answer = store.query(sparql, base_iri=Ids().base, prefixes=PREFIXES)
            store.bulk_extend(ox.Quad(*triple, Ids().inferred) for triple in answer)  # type: ignore[misc, union-attr]
            yield rule.name, time.process_time() - started


def _made_up(claims: int) -> Iterator[tuple[str, list[ox.Quad]]]:
    """Yield documents of three claims each, and an event in every tenth."""
    chance = random.Random(1)  # noqa: S311
    people, companies, works = claims // 4, claims // 6, claims // 5
    ids = {EntityType.PERSON: people, EntityType.COMPANY: companies, EntityType.ORGANIZATION: companies // 50 + 1}
    ids |= {EntityType.MODEL: works, EntityType.PRODUCT: works}
    made: list[tuple[Predicate, str, str]] = []
    predicates = [p for p in Predicate for _ in range(_WEIGHTS.get(p, 1))]
    for number in range(claims // 3):
        statements = []
        for _ in range(3):
            if made and chance.random() < 0.3:
                # Squared, so that few statements are stated often.
                statements.append(made[int(len(made) * chance.random() ** 2)])
                continue
            statements.append(_statement(chance, chance.choice(predicates), ids))
            made.append(statements[-1])
        yield f"{number:016x}", _document(chance, number, statements)


def _statement(chance: random.Random, predicate: Predicate, ids: dict[EntityType, int]) -> tuple[Predicate, str, str]:
    kinds = [sorted(side)[0] for side in SIGNATURES[predicate]]
    subject, object_ = (chance.randrange(ids[kind]) for kind in kinds)
    if predicate in (Predicate.VERSION_OF, Predicate.SUBSIDIARY_OF, Predicate.ACQUIRED):
        object_ = subject // 4  # a tree
        if predicate is Predicate.ACQUIRED:
            subject, object_ = object_, subject
    return predicate, f"{kinds[0].lower()}/{subject}", f"{kinds[1].lower()}/{object_}"


def _document(chance: random.Random, number: int, statements: list[tuple[Predicate, str, str]]) -> list[ox.Quad]:
    ids = Ids()
    graph = ids.document(f"{number:016x}")
    triples = [(graph, RDF.type, AIO.Article)]
    if chance.random() < 0.95:
        day = f"20{chance.randrange(20, 27)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        triples.append((graph, SCHEMA.datePublished, ox.Literal(day, datatype=XSD.date)))
    for place, (predicate, *ends) in enumerate(statements):
        claim, (subject, object_) = ids.iri(f"claim/{content_id(number, place)}"), map(ids.entity, ends)
        modality = chance.choice(_MODALITIES)
        triples += [
            (claim, RDF.type, AIO.Claim), (claim, RDF.subject, subject), (claim, RDF.predicate, PREDICATES[predicate]),
            (claim, RDF.object, object_), (claim, AIO.modality, modality), (claim, PROV.wasDerivedFrom, graph),
        ]  # fmt: skip
        triples += [(ids.entity(end), RDF.type, getattr(AIO, end.partition("/")[0].capitalize())) for end in ends]
        if modality in (AIO.asserted, AIO.reported):
            triples.append((subject, PREDICATES[predicate], object_))
        if predicate is Predicate.WORKS_FOR:
            triples.append((claim, AIO.workStatus, chance.choice([AIO.current, AIO.current, AIO.former])))
            triples.append((claim, AIO.role, ox.Literal(f"role {chance.randrange(50)}")))
    if number % 10 == 0:
        event, modality = ids.iri(f"investment/{content_id(number)}"), chance.choice(_MODALITIES)
        triples += [(event, RDF.type, AIO.FundingRound), (event, AIO.modality, modality)]
        triples += [(event, AIO.investee, ids.entity(f"company/{chance.randrange(999)}"))]
        triples += [(event, AIO.investor, ids.entity(f"company/{chance.randrange(999)}"))]
    return [ox.Quad(*triple, graph) for triple in dict.fromkeys(triples)]


if __name__ == "__main__":
    main()
