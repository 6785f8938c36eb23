"""Compare answers to named questions of the store and of rdflib's own engine: CPU milliseconds on the same graph.

    python benchmarks/questions.py                             # 100,000 claims
    python benchmarks/questions.py --claims 1000 --limit 60
    python benchmarks/questions.py --claims 1000000 --ours     # rdflib left out: it holds all in memory

The graph is made up: articles of some four facts each, nearly half of which other articles state too (well-known ones
often, now and then with another amount, or denied), among a company for every hundred claims. Rounds have amounts,
valuations and dates. Nothing is inferred. The questions ask about what is talked of most.

Ours is a store on disk: the first run is left out, the median of the others counts. rdflib holds the same quads in its
memory, the union as the default graph, and answers once. Each answers in a process of its own, which is ended at the
limit. Both have to answer the same rows. Prints a Markdown table.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import click
import rdflib
from rdflib.namespace import XSD

from kg.graph.quads import to_quads
from kg.graph.queries import bind_parameters, load_question
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
    Money,
    PartialDate,
    Predicate,
    Valuation,
)

QUESTIONS: dict[str, dict[str, str]] = {
    "investors": {"company": "company/0"},
    "co-investors": {"investor": "organization/0"},
    "funding": {"company": "company/0"},
    "largest-rounds": {"since": "2024", "until": "2024-06"},
    "active-investors": {},
    "rivals-sharing-investors": {"company": "company/0"},
    "timeline": {"entity": "company/0"},
    "career": {"person": "person/0"},
    "single-source": {"entity": "company/0"},
    "contradictions": {},
}
_SHARE = {
    EntityType.COMPANY: 100,
    EntityType.ORGANIZATION: 400,
    EntityType.PERSON: 50,
    EntityType.MODEL: 100,
    EntityType.PRODUCT: 100,
}
"""There is one entity of the type for so many claims."""

_MODALITIES = [Modality.ASSERTED] * 88 + [Modality.REPORTED] * 6 + [Modality.PLANNED] * 4 + [Modality.DENIED] * 2
_ROUNDS = ("seed", "angel", "Pre-A", "A", "A+", "B", "C", "D", "strategic")
_POSTS = ("CEO", "首席科学家", "副总裁", "研究员")
_NAMES = {EntityType.COMPANY: "公司", EntityType.ORGANIZATION: "基金", EntityType.PERSON: "人"}
_Rows = Counter[tuple[Any, ...]]


@dataclass(slots=True)
class _Maker:
    """Makes articles that state known and new facts; a fact is a deal or what one claim says."""

    claims: int
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311
    known: list[Investment | Claim] = field(default_factory=list)

    def make(self) -> Iterator[Extraction]:
        number = made = 0
        while made < self.claims:
            article = self._make_article(number)
            yield article
            made += len(article.claims)
            number += 1

    def _make_article(self, number: int) -> Extraction:
        facts = [self._choose_fact() for _ in range(4)]
        sentences = [f"据报道{number}，{_write(fact)}。" for fact in facts]
        date = PartialDate(
            self.chance.randrange(2021, 2027), self.chance.randrange(1, 13), self.chance.randrange(1, 29)
        )
        text = "".join(sentences)
        url = f"https://news.example/{number}"
        document = Document(text, title=sentences[0][:20], url=url, published=date if number % 20 else None)
        claims: list[Claim] = []
        events = []
        at = 0
        for fact, sentence in zip(facts, sentences, strict=True):
            evidence = Evidence(document.id, at, at + len(sentence), sentence)
            at += len(sentence)
            modality = self.chance.choice(_MODALITIES)
            if isinstance(fact, Claim):
                claims.append(
                    Claim(fact.subject, fact.predicate, fact.object, modality, evidence, fact.qualifiers, "rules")
                )
                continue
            events.append(self._retell(fact, modality, evidence))
            claims.extend(
                Claim(party.entity, Predicate.INVESTED_IN, fact.investee, modality, evidence)
                for party in fact.investors
            )
        ids = sorted({end for claim in claims for end in (claim.subject, claim.object)})
        entities = tuple(Entity(id, _to_type(id), _to_name(id)) for id in ids)
        return Extraction(document, entities, (), tuple(claims), tuple(events))

    def _choose_fact(self) -> Investment | Claim:
        if self.known and self.chance.random() < 0.45:
            return self.known[int(len(self.known) * self.chance.random() ** 2)]
        self.known.append(self._make_deal() if self.chance.random() < 0.2 else self._make_claim())
        return self.known[-1]

    def _make_deal(self) -> Investment:
        funds = {self._choose(EntityType.ORGANIZATION) for _ in range(self.chance.randrange(1, 5))}
        investors = tuple(Investor(fund, lead=not place) for place, fund in enumerate(sorted(funds)))
        date = PartialDate(self.chance.randrange(2021, 2027), self.chance.randrange(1, 13))
        value = Decimal(self.chance.randrange(1, 90) * 10**7)
        amount = Money(value, self.chance.choice(("CNY", "USD")), wording="数亿")
        worth = Valuation(Money(value * 8, "CNY", wording="数十亿"), "post") if self.chance.random() < 0.3 else None
        evidence = Evidence("", 0, 0, "")
        return Investment(
            InvestmentKind.ROUND, self._choose(EntityType.COMPANY), Modality.ASSERTED, evidence, investors,
            self.chance.choice(_ROUNDS), amount, worth, date,
        )  # fmt: skip

    def _retell(self, deal: Investment, modality: Modality, evidence: Evidence) -> Investment:
        """Return the deal as one article tells it: one in ten gets the amount wrong."""
        amount = deal.amount
        if amount is not None and amount.value is not None and self.chance.random() < 0.1:
            amount = Money(amount.value * 2, amount.currency, True, wording="约数亿")
        return Investment(
            deal.kind, deal.investee, modality, evidence, deal.investors, deal.round, amount, deal.valuation, deal.date
        )

    def _make_claim(self) -> Claim:
        predicate = self.chance.choice([p for p in Predicate if p is not Predicate.INVESTED_IN])
        kinds = [EntityType.COMPANY if EntityType.COMPANY in side else min(side) for side in SIGNATURES[predicate]]
        subject, object_ = (self._choose(kind) for kind in kinds)
        qualifiers: tuple[tuple[str, str], ...] = ()
        if predicate is Predicate.WORKS_FOR:
            qualifiers = (("role", self.chance.choice(_POSTS)), ("status", self.chance.choice(("current", "former"))))
        return Claim(subject, predicate, object_, Modality.ASSERTED, Evidence("", 0, 0, ""), qualifiers)

    def _choose(self, kind: EntityType) -> str:
        """Return an entity of the type: the first of them often."""
        return f"{kind.lower()}/{int(max(20, self.claims // _SHARE[kind]) * self.chance.random() ** 2)}"


def _write(fact: Investment | Claim) -> str:
    if isinstance(fact, Claim):
        return f"{_to_name(fact.subject)}{fact.predicate}{_to_name(fact.object)}"
    investors = "、".join(_to_name(investor.entity) for investor in fact.investors)
    return f"{_to_name(fact.investee)}完成{fact.round}轮融资，由{investors}投资"


def _to_type(id: str) -> EntityType:
    return EntityType(id.partition("/")[0].capitalize())


def _to_name(id: str) -> str:
    kind, _, number = id.partition("/")
    return f"{_NAMES.get(_to_type(id), kind)}{number}"


@click.command()
@click.option("--claims", default=100_000, show_default=True, help="Size of the graph.")
@click.option("--runs", default=5, show_default=True, help="How often the store answers, beside the first time.")
@click.option("--limit", default=120, show_default=True, help="CPU seconds that each may take for an answer.")
@click.option("--ours", is_flag=True, help="Leave rdflib out.")
def main(claims: int, runs: int, limit: int, ours: bool) -> None:
    """Print how long the store and rdflib take for ten questions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store")
        with GraphStore.open(path) as store:
            store.load_documents((made.document.id, to_quads(made)) for made in _Maker(claims).make())
            store.compact()  # as a build does
            size = len(store)
        with GraphStore.open(path, read_only=True) as store:
            click.echo(f"{claims:,} claims, {len(store.document_ids()):,} articles, {size:,} quads\n")
            asked = {name: bind_parameters(store, load_question(name), given) for name, given in QUESTIONS.items()}
        answers = {name: _run_apart(partial(_ask_store, path, asked[name], runs), limit * (runs + 1)) for name in asked}
        with GraphStore.open(path, read_only=True) as store:
            dataset = None if ours else _load_rdflib(store, Path(folder, "graph.nq"))
        _compare(asked, answers, dataset, limit)


def _compare(
    asked: dict[str, str], answers: dict[str, tuple[float, _Rows] | None], dataset: rdflib.Dataset | None, limit: int
) -> None:
    click.echo("| question | rows | store, ms | rdflib, ms | ratio |\n|---|---|---|---|---|")
    ratios = []
    late = f"more than {1000 * limit:,}"
    for name, mine in answers.items():
        theirs = _run_apart(partial(_ask_rdflib, dataset, asked[name]), limit) if dataset else None
        assert not mine or not theirs or mine[1] == theirs[1], f"{name}: the rows differ"
        rows = f"{(mine or theirs)[1].total():,}" if mine or theirs else ""
        ratio = ""
        if dataset and mine:
            ratios.append((theirs[0] if theirs else limit) / mine[0])
            ratio = f"{'' if theirs else 'more than '}{ratios[-1]:,.0f}"
        took = [f"{1000 * found[0]:,.1f}" if found else late for found in (mine, theirs)]
        click.echo(f"| `{name}` | {rows} | {took[0]} | {took[1] if dataset else ''} | {ratio} |")
    if ratios:
        click.echo(f"\nThe median ratio is {median(ratios):,.0f}.")


def _ask_store(path: Path, sparql: str, runs: int) -> tuple[float, _Rows]:
    seconds = []
    with GraphStore.open(path, read_only=True) as store:
        for _ in range(runs + 1):
            started = time.process_time()
            answer = store.query(sparql)
            seconds.append(time.process_time() - started)
    terms = [[None if term is None else rdflib.util.from_n3(str(term)) for term in row] for row in answer.terms]
    return median(seconds[1:] or seconds), Counter(tuple(map(_to_value, row)) for row in terms)


def _load_rdflib(store: GraphStore, path: Path) -> rdflib.Dataset:
    with path.open("wb") as file:
        store.dump(file)
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(path, format="nquads")
    return dataset


def _ask_rdflib(dataset: rdflib.Dataset, sparql: str) -> tuple[float, _Rows]:
    started = time.process_time()
    # It drops all rows, or fails, where it sorts by an expression that has no value in some; we sort, it need not.
    rows = list(dataset.query(sparql.rpartition("\nORDER BY")[0]))
    seconds = time.process_time() - started
    return seconds, Counter(tuple(map(_to_value, row)) for row in rows)  # type: ignore[arg-type]


def _to_value(term: Any) -> Any:
    """Return what a term says: the engines write numbers differently, and to rdflib MIN of IRIs is a text."""
    is_number = isinstance(term, rdflib.Literal) and term.datatype in (XSD.integer, XSD.decimal)
    return Decimal(str(term)) if is_number else None if term is None else str(term)


def _run_apart(work: Callable[[], Any], limit: int) -> Any:
    """Return what `work` returns in a copy of this process, None where it takes more than `limit` CPU seconds."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def send(connection: Connection) -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        connection.send(work())

    process = context.Process(target=send, args=(sender,))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    except EOFError:
        process.join()
        if process.exitcode not in (-signal.SIGXCPU, -signal.SIGKILL):
            raise
        return None
    finally:
        process.join()


if __name__ == "__main__":
    main()
