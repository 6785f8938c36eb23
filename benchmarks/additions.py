"""Measure what it costs to add one document, inference included, to stores of different sizes.

    python benchmarks/additions.py
    python benchmarks/additions.py --documents 100000

Made-up documents of two claims each, every tenth with an event, one in twenty undated. Most of their entities are their
own; one in five is an entity that earlier documents name, and well-known ones come often. Owners and families are
trees, as nearly all real ones are. Stores are on disk. The documents added are the same at every size: what they name
beside their own entities is what the first 100 documents name, so the best known there is.

Prints a row of a Markdown table for each store: the seconds it took to load and to infer all of it, and the median CPU
milliseconds of writing one document more and of bringing the inferred graph up to date, beside the longest of them.
Every document is added to all stores in turn, so that a machine that is slower for a while is so for all of them.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, islice
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
_FIRST = 100
_TEXT = "甲公司宣布与乙公司合作。" * 4


@click.command()
@click.option("--documents", type=int, multiple=True, default=[100, 1000, 10000], help="A store of so many documents.")
@click.option("--additions", default=50, help="How many documents to add, one after the other.")
def main(documents: tuple[int, ...], additions: int) -> None:
    """Print what adding a document costs."""
    with ExitStack() as stack:
        stores = []
        for number in documents:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            store = stack.enter_context(GraphStore.open(scratch))
            stores.append((store, _Cost(number, *_fill(store, number))))
        first = _Maker(1)
        deque(islice(first.make(), _FIRST), maxlen=0)
        for document_id, quads in islice(_Maker(2, known=first.made, own="more-").make(), additions):
            for store, cost in stores:
                cost.add(store, document_id, quads)
    click.echo("| documents | quads | inferred | load | infer all | write one | update | both | longest |")
    click.echo("|---" * 9 + "|")
    for _, cost in stores:
        click.echo(cost.format())


def _fill(store: GraphStore, number: int) -> tuple[int, int, float, float]:
    """Return how many quads there are, and inferred ones, and the seconds that it took to load and to infer."""
    started = time.perf_counter()
    store.load_documents(islice(_Maker(1).make(), number))
    loaded = time.perf_counter()
    total = infer(store).total
    store.compact()  # as a build does
    return len(store), total, loaded - started, time.perf_counter() - loaded


@dataclass(slots=True)
class _Cost:
    """What a store of so many documents costs; times are in seconds."""

    documents: int
    quads: int
    inferred: int
    load: float
    infer: float
    writes: list[float] = field(default_factory=list)
    updates: list[float] = field(default_factory=list)

    def add(self, store: GraphStore, document_id: str, quads: list[ox.Quad]) -> None:
        """Add a document, and note how long that takes."""
        before = time.thread_time()
        store.replace_document(document_id, quads)
        written = time.thread_time()
        update_inferred(store)
        self.writes.append(written - before)
        self.updates.append(time.thread_time() - written)

    def format(self) -> str:
        """Return a row of the table."""
        both = [sum(pair) for pair in zip(self.writes, self.updates, strict=True)]
        times = (median(self.writes), median(self.updates), median(both), max(both))
        return (
            f"| {self.documents} | {self.quads} | {self.inferred} | {self.load:.1f} s | {self.infer:.1f} s | "
            + " | ".join(f"{1000 * t:.0f} ms" for t in times)
            + " |"
        )


@dataclass(slots=True)
class _Maker:
    """Makes documents that name entities of earlier ones, or of the `known` so many of a type, and `own` ones."""

    seed: int
    known: dict[EntityType, int] | None = None
    own: str = ""
    made: dict[EntityType, int] = field(default_factory=lambda: dict.fromkeys(EntityType, 0))

    def make(self) -> Iterator[tuple[str, list[ox.Quad]]]:
        chance = random.Random(self.seed)  # noqa: S311
        for number in count():
            extraction = self._make_document(chance, number)
            yield extraction.document.id, to_quads(extraction)

    def _make_document(self, chance: random.Random, number: int) -> Extraction:
        day = PartialDate(chance.randrange(2020, 2027), chance.randrange(1, 13), chance.randrange(1, 29))
        document = Document(_TEXT, title=f"{self.own}{number}", published=day if chance.random() < 0.95 else None)
        quotes = [Evidence(document.id, at, at + 3, _TEXT[at : at + 3]) for at in (0, 12, 24)]
        claims = []
        for quote in quotes[:2]:
            predicate = chance.choice(list(Predicate))
            kinds = [sorted(side)[0] for side in SIGNATURES[predicate]]
            # What comes to a tree is new: a company has one owner, a version one family.
            old = [predicate not in _LEAVES or side != _LEAVES[predicate] for side in (0, 1)]
            subject, object_ = (self._choose(chance, *end) for end in zip(kinds, old, strict=True))
            status = (("status", chance.choice(["current", "former"])),) if predicate is Predicate.WORKS_FOR else ()
            claims.append(Claim(subject, predicate, object_, chance.choice(_MODALITIES), quote, status))
        events = []
        if number % 10 == 0:
            parties = [self._choose(chance, EntityType.COMPANY, True) for _ in range(2)]
            modality = chance.choice(_MODALITIES)
            events.append(
                Investment(InvestmentKind.ROUND, parties[0], modality, quotes[2], (Investor(parties[1]),), "A")
            )
        ends = {end for claim in claims for end in (claim.subject, claim.object)}
        ends |= {end for event in events for end in (event.investee, event.investors[0].entity)}
        entities = tuple(Entity(id, EntityType(id.partition("/")[0].capitalize()), id) for id in sorted(ends))
        return Extraction(document, entities, (), tuple(claims), tuple(events))

    def _choose(self, chance: random.Random, kind: EntityType, may_be_old: bool) -> str:
        """Return an entity of earlier documents, if it may be one and the first of them often, or one that is new."""
        known = (self.known or self.made)[kind]
        if may_be_old and known and chance.random() < 0.2:
            return f"{kind.lower()}/{int(known * chance.random() ** 4)}"
        self.made[kind] += 1
        return f"{kind.lower()}/{self.own}{self.made[kind] - 1}"


if __name__ == "__main__":
    main()
