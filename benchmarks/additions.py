"""Measure what it costs to add one document, inference included, to stores of different sizes.

    python benchmarks/additions.py
    python benchmarks/additions.py --documents 100000

Made-up documents of two claims each, every tenth with an event, one in twenty undated. Most of their entities are their
own; one in five is an entity that earlier documents name, and well-known ones come often. Owners and families are
trees, as nearly all real ones are. Stores are on disk.

Prints a row of a Markdown table for each store: the seconds it took to load and to infer all of it, and the median CPU
milliseconds of writing one document more and of bringing the inferred graph up to date, beside the longest of them.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import click
import pyoxigraph as ox

from kg.graph.maintenance import update_inferred
from kg.graph.quads import to_quads
from kg.graph.rules import infer
from kg.graph.store import GraphStore
from kg.model import (
    SIGNATURES,
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
    PartialDate,
    Predicate,
)

_MODALITIES = [Modality.ASSERTED] * 92 + [Modality.REPORTED] * 3 + [Modality.PLANNED] * 4 + [Modality.DENIED]
_LEAVES = {Predicate.SUBSIDIARY_OF: 0, Predicate.VERSION_OF: 0, Predicate.ACQUIRED: 1}
_TEXT = "甲公司宣布与乙公司合作。" * 4


@click.command()
@click.option("--documents", type=int, multiple=True, default=[100, 1000, 10000], help="A store of so many documents.")
@click.option("--additions", default=50, help="How many documents to add, one after the other.")
def main(documents: tuple[int, ...], additions: int) -> None:
    """Print what adding a document costs."""
    click.echo(
        "| documents | quads | inferred | load | infer all | write one | update | both | longest |\n" + "|---" * 9 + "|"
    )
    for number in documents:
        with tempfile.TemporaryDirectory() as scratch:
            _measure(number, additions, Path(scratch))


def _measure(number: int, additions: int, path: Path) -> None:
    made = _make_documents()
    started = time.perf_counter()
    with GraphStore.open(path) as store:
        store.load_documents(next(made) for _ in range(number))
        loaded = time.perf_counter()
        total = infer(store).total
        store.compact()  # as a build does
        inferred = time.perf_counter()
        writes, updates = [], []
        for _ in range(additions):
            document_id, quads = next(made)
            before = time.thread_time()
            store.replace_document(document_id, quads)
            written = time.thread_time()
            update_inferred(store)
            writes.append(written - before)
            updates.append(time.thread_time() - written)
        size = len(store)
    both = [sum(pair) for pair in zip(writes, updates, strict=True)]
    milliseconds = " | ".join(f"{1000 * t:.0f} ms" for t in (median(writes), median(updates), median(both), max(both)))
    click.echo(
        f"| {number} | {size} | {total} | {loaded - started:.1f} s | {inferred - loaded:.1f} s | {milliseconds} |"
    )


def _make_documents() -> Iterator[tuple[str, list[ox.Quad]]]:
    chance = random.Random(1)  # noqa: S311
    counts = dict.fromkeys(EntityType, 0)
    number = 0
    while True:
        extraction = _make_document(chance, number, counts)
        yield extraction.document.id, to_quads(extraction)
        number += 1


def _make_document(chance: random.Random, number: int, counts: dict[EntityType, int]) -> Extraction:
    day = PartialDate(chance.randrange(2020, 2027), chance.randrange(1, 13), chance.randrange(1, 29))
    document = Document(_TEXT, title=f"{number}", published=day if chance.random() < 0.95 else None)
    quotes = [Evidence(document.id, at, at + 3, _TEXT[at : at + 3]) for at in (0, 12, 24)]
    claims = []
    for quote in quotes[:2]:
        predicate = chance.choice(list(Predicate))
        kinds = [sorted(side)[0] for side in SIGNATURES[predicate]]
        # What comes to a tree is new: a company has one owner, a version one family.
        known = [predicate not in _LEAVES or side != _LEAVES[predicate] for side in (0, 1)]
        subject, object_ = (_choose(chance, *end, counts) for end in zip(kinds, known, strict=True))
        status = (("status", chance.choice(["current", "former"])),) if predicate is Predicate.WORKS_FOR else ()
        claims.append(Claim(subject, predicate, object_, chance.choice(_MODALITIES), quote, status))
    events = []
    if number % 10 == 0:
        parties = [_choose(chance, EntityType.COMPANY, True, counts) for _ in range(2)]
        modality = chance.choice(_MODALITIES)
        events.append(Investment(InvestmentKind.ROUND, parties[0], modality, quotes[2], (Investor(parties[1]),), "A"))
    ends = {end for claim in claims for end in (claim.subject, claim.object)}
    ends |= {end for event in events for end in (event.investee, event.investors[0].entity)}
    entities = tuple(Entity(id, EntityType(id.partition("/")[0].capitalize()), id) for id in sorted(ends))
    return Extraction(document, entities, (), tuple(claims), tuple(events))


def _choose(chance: random.Random, kind: EntityType, known: bool, counts: dict[EntityType, int]) -> str:
    """Return an entity of earlier documents, if it may be `known` and the first of them often, or one that is new."""
    if known and counts[kind] and chance.random() < 0.2:
        return f"{kind.lower()}/{int(counts[kind] * chance.random() ** 4)}"
    counts[kind] += 1
    return f"{kind.lower()}/{counts[kind] - 1}"


if __name__ == "__main__":
    main()
