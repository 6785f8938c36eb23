"""Compare SHACL engines on the shapes of the ontology: CPU seconds and peak memory by size of the graph.

    python benchmarks/validation.py                    # 10k and 100k triples
    python benchmarks/validation.py 10000 1000000 --timeout 300

The documents are synthetic, two in a hundred are broken, and none shares an entity with another, so that the union of
their graphs, which is all that other engines can look at, is broken in the same nodes as the graphs one by one. Other
engines get SHACL core only (`sh:sparql` taken out): pySHACL parses a query anew for each focus node, 0.1 to 0.3 s each.
pyshacl, pyrudof and holosdb are run where they are installed, each in a process of its own.
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from kg.graph.quads import to_quads
from kg.graph.shapes import load_shapes
from kg.graph.store import GraphStore
from kg.graph.validation import find_violations, validate_quads
from kg.graph.vocab import AIO, ontology_files
from kg.model import (
    Claim,
    Document,
    Entity,
    EntityType,
    Evidence,
    Extraction,
    Investment,
    InvestmentKind,
    Investor,
    Modality,
    Money,
    PartialDate,
    Predicate,
    Valuation,
)

SH = "http://www.w3.org/ns/shacl#"


def make_document(number: int) -> Extraction:
    """An article on a round, a post and a plan: some 120 triples."""
    text = (
        f"甲{number}完成由乙{number}领投的近亿元B轮融资，投后估值10亿元。"
        f"甲{number}首席执行官丙{number}表示，将发布丁{number}。"
    )
    document = Document(text, title=f"甲{number}融资", url=f"https://news.example/{number}")

    def evidence(quote: str) -> Evidence:
        start = text.index(quote)
        return Evidence(document.id, start, start + len(quote), quote)

    kinds = (EntityType.COMPANY, EntityType.COMPANY, EntityType.PERSON, EntityType.MODEL)
    entities = tuple(
        Entity(f"{k.lower()}/{n}{number}", k, f"{n}{number}") for n, k in zip("甲乙丙丁", kinds, strict=True)
    )
    company, investor, person, model = (entity.id for entity in entities)
    money, post, plan = (
        evidence(f"由乙{number}领投的近亿元B轮融资"),
        evidence("首席执行官"),
        evidence(f"将发布丁{number}"),
    )
    claims = (
        Claim(investor, Predicate.INVESTED_IN, company, Modality.ASSERTED, money, (("lead", "true"),), "rules", 0.9),
        Claim(person, Predicate.WORKS_FOR, company, Modality.ASSERTED, post, (("role", "首席执行官"),), "rules", 0.9),
        Claim(company, Predicate.DEVELOPS, model, Modality.PLANNED, plan, (), "rules", 0.9),
    )
    amount = Money(Decimal(10**8), "CNY", True, Decimal(9 * 10**7), Decimal(10**8), "近亿元")
    event = Investment(
        InvestmentKind.ROUND, company, Modality.ASSERTED, money, (Investor(investor, lead=True),), "B", amount,
        Valuation(Money(Decimal(10**9), "CNY", wording="10亿元"), "post"), PartialDate(2026, 3), "rules", 0.9,
    )  # fmt: skip
    if number % 100 == 0:
        claims = (replace(claims[0], confidence=7.0), *claims[1:])
    return Extraction(document, entities, (), claims, (event,))


def make_quads(triples: int) -> Iterator[ox.Quad]:
    """Yield the quads of whole documents, at least so many."""
    made = number = 0
    while made < triples:
        quads = to_quads(make_document(number))
        if number % 100 == 50:
            quads = [quad for quad in quads if quad.predicate != AIO.wording]
        yield from quads
        made += len(quads)
        number += 1


def core_shapes() -> str:
    """The shapes without queries, as N-Triples."""
    text = (ontology_files() / "shapes.ttl").read_text("utf-8")
    kept = [q.triple for q in ox.parse(text, ox.RdfFormat.TURTLE) if q.predicate.value != SH + "sparql"]
    return ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES).decode()


def run_store(data: Path, clock: Callable[[], None]) -> int:
    store = ox.Store()
    store.bulk_load(path=str(data), format=ox.RdfFormat.N_QUADS)
    clock()
    return len(find_violations(GraphStore(store)))


def run_store_on_disk(data: Path, clock: Callable[[], None]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = ox.Store(folder)
        store.bulk_load(path=str(data), format=ox.RdfFormat.N_QUADS)
        store.optimize()
        clock()
        return len(find_violations(GraphStore(store)))


def run_store_core(data: Path, clock: Callable[[], None]) -> int:
    memory = ox.Store()
    memory.bulk_load(path=str(data), format=ox.RdfFormat.N_QUADS)
    store = GraphStore(memory)
    clock()
    checks = (check for check in load_shapes() if check.constraint != "sparql")
    return len({(check.shape.iri, node) for check in checks for _, node, _ in store.query(check.sparql).terms})


def run_documents(data: Path, clock: Callable[[], None]) -> int:
    documents: dict[Any, list[ox.Quad]] = {}
    for quad in ox.parse(path=str(data), format=ox.RdfFormat.N_QUADS):
        documents.setdefault(quad.graph_name, []).append(quad)
    load_shapes()
    clock()
    return sum(len(validate_quads(quads)) for quads in documents.values())


def run_pyshacl(data: Path, clock: Callable[[], None]) -> int:
    import pyshacl
    import rdflib

    graph = rdflib.Graph().parse(data.with_suffix(".nt"), format="nt")
    shapes = rdflib.Graph().parse(data=core_shapes(), format="nt")
    clock()
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes)
    sh = rdflib.Namespace(SH)
    results = set(report.objects(None, sh.result))
    return len({(report.value(r, sh.sourceShape), report.value(r, sh.focusNode)) for r in results})


def run_pyrudof(data: Path, clock: Callable[[], None]) -> int:
    import pyrudof

    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_data(str(data.with_suffix(".nt")), format=pyrudof.RDFFormat.NTriples)
    shapes = data.with_name("shapes.nt")
    shapes.write_text(core_shapes(), "utf-8")
    engine.read_shacl(str(shapes), format=pyrudof.ShaclFormat.NTriples)
    clock()
    engine.validate_shacl()
    report = engine.serialize_shacl_validation_results(format=pyrudof.ResultShaclValidationFormat.NTriples)
    found: dict[str, list[str]] = {}
    for quad in ox.parse(report, ox.RdfFormat.N_TRIPLES):
        if quad.predicate.value in (SH + "focusNode", SH + "sourceShape"):
            found.setdefault(str(quad.subject), []).append(str(quad.object))
    return len({tuple(sorted(pair)) for pair in found.values()})


def run_holosdb(data: Path, clock: Callable[[], None]) -> int:
    import holosdb

    store = holosdb.Store()
    store.load(str(data.with_suffix(".nt")))
    shapes = data.with_name("shapes.nt")
    shapes.write_text(core_shapes(), "utf-8")
    clock()
    report = store.validate(str(shapes))
    return len({(result["shape"], result["focus"]) for result in report["results"]})


ENGINES: dict[str, tuple[str, Callable[[Path, Callable[[], None]], int]]] = {
    "store, all shapes": ("pyoxigraph", run_store),
    "store on disk, all shapes": ("pyoxigraph", run_store_on_disk),
    "store, core": ("pyoxigraph", run_store_core),
    "store, a document at a time": ("pyoxigraph", run_documents),
    "pySHACL, core": ("pyshacl", run_pyshacl),
    "pyrudof, core": ("pyrudof", run_pyrudof),
    "holosdb, core": ("holosdb", run_holosdb),
}


@click.command()
@click.argument("sizes", nargs=-1, type=int)
@click.option("--timeout", default=300, show_default=True, help="Seconds an engine may take, loading included.")
@click.option("--only", multiple=True, help="Run these engines.")
@click.option("--run", "engine", hidden=True)
@click.option("--data", type=click.Path(path_type=Path), hidden=True)
def main(sizes: tuple[int, ...], timeout: int, only: tuple[str, ...], engine: str | None, data: Path | None) -> None:
    """Print a table of engines and sizes (triples)."""
    if engine and data:
        click.echo(json.dumps(measure(engine, data)))
        return
    versions = {package: version for package, _ in ENGINES.values() if (version := installed(package))}
    click.echo(f"{platform.machine()}, Python {platform.python_version()}, {versions}")
    click.echo(
        "| engine | triples | load, CPU s | validate, CPU s | peak MB | shape and node |\n|---|---|---|---|---|---|"
    )
    for size in sizes or (10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "data.nq"
            with path.open("wb") as quads, path.with_suffix(".nt").open("wb") as triples:
                for quad in make_quads(size):
                    quads.write(f"{quad} .\n".encode())
                    triples.write(f"{quad.triple} .\n".encode())
            for name, (package, _) in ENGINES.items():
                if package in versions and (not only or name in only):
                    click.echo(f"| {name} | {size:,} | {' | '.join(run_apart(name, path, timeout))} |")


def installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def run_apart(engine: str, data: Path, timeout: int) -> list[str]:
    command = [sys.executable, __file__, "--run", engine, "--data", str(data)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)  # noqa: S603
    except subprocess.TimeoutExpired:
        return ["", f"more than {timeout} in all", "", ""]
    if done.returncode:
        return ["", f"fails: {done.stderr.strip().splitlines()[-1][:80] if done.stderr else done.returncode}", "", ""]
    figures = json.loads(done.stdout.splitlines()[-1])
    return [f"{figures['load']:.1f}", f"{figures['validate']:.2f}", f"{figures['peak']:,.0f}", str(figures["found"])]


def measure(engine: str, data: Path) -> dict[str, float]:
    """Run an engine in this process; `clock` is what it calls between loading and validating."""
    loaded = [time.process_time()]
    started = loaded[0]
    found = ENGINES[engine][1](data, lambda: loaded.append(time.process_time()))
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"load": loaded[-1] - started, "validate": ended - loaded[-1], "peak": peak, "found": found}


if __name__ == "__main__":
    main()
