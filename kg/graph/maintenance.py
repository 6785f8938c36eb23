"""Bring the inferred graph up to date after documents were written, at a cost that depends on what they speak of.

The rules read pairs of entities (see :mod:`kg.graph.scope`). Those that the written documents speak of, before or
after, are copied into memory and inferred from there. What that leaves open draws in more: where a step of ownership or
of versions came or went, the next steps of all below it, and the families that it may make or unmake; where an
investor lost an investment, others that he made. The outcome is the graph that :func:`kg.graph.rules.infer` builds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pyoxigraph as ox

from kg.graph.changes import Changes, read_changes
from kg.graph.rules import InferenceReport, fingerprint, infer, read_report
from kg.graph.scope import Pair, Scope, Step, list_owners, list_wholes, to_pair
from kg.graph.store import GraphStore
from kg.graph.vocab import AIO, ORG, RDF

__all__ = ["update_inferred"]

_FEW = 500
"""So many written documents are always inferred from by themselves; the store's are not counted for them."""

_SHARE = 4
"""Where more than one in so many documents was written, all are inferred from again, which then is cheaper."""


@dataclass(slots=True)
class _Chain:
    """A relation over any number of steps, its inverse, and `lower`: what the relation changed for."""

    relation: ox.NamedNode
    inverse: ox.NamedNode
    step: Step
    lower: set[ox.NamedNode] = field(default_factory=set)


def update_inferred(store: GraphStore) -> InferenceReport:
    """Infer what follows from the documents written since the last time, or all again where that is less work.

    All or nothing, and the outcome is the same either way. Does nothing where nothing was written.

    Raises:
        StoreError: the store is read-only or cannot be written.
        DataError: a rule file is malformed.
    """
    if store.tally.get(store.ids.inferred) != fingerprint():
        return infer(store)  # nothing was inferred yet, or by other rules
    if not store.has_inferred:
        if not _is_little(store):
            return infer(store)
        _Amendment(store).write()
    return read_report(store)


def _is_little(store: GraphStore) -> bool:
    """Return whether so few documents were written that they are less work than all."""
    written = sum(1 for _ in store.match(graph=store.ids.pending))
    return written <= _FEW or written * _SHARE <= len(store.document_ids())


class _Amendment:
    """What becomes of the inferred graph: worked out at once, written at the end."""

    def __init__(self, store: GraphStore) -> None:
        self.store = store
        self.changes: Changes = read_changes(store)
        self.scope = Scope(store)
        self.chains = (
            _Chain(AIO.ownedBy, AIO.owns, list_owners),
            _Chain(AIO.descendsFrom, AIO.hasDescendant, list_wholes),
        )
        self.scope.add_pairs(self.changes.pairs)
        self.found: set[Any] = self.scope.infer()
        if self._add_chains():
            self.found = self.scope.infer()
        self.investors = self._add_investors()
        self.found |= set(self._complete_chains())

    def write(self) -> None:
        """Put what follows now in place of what followed before."""
        before = set(self._read_before())
        gone = before - self.found
        new = {triple for triple in self.found - before if not self._was_inferred(*triple)}
        tally = Counter({term: int(n) for term, n in self.store.tally.items() if term != self.store.ids.inferred})
        tally.update(map(_to_term, new))
        tally.subtract(map(_to_term, gone))
        noted = {term: str(number) for term, number in tally.items() if number}
        self.store.amend_inferred(gone, new, tally=noted | {self.store.ids.inferred: fingerprint()})

    # -- what else to look at -----------------------------------------------------------------------------------------

    def _add_chains(self) -> bool:
        """Copy the steps and families that may be others now; return whether there was anything new in them."""
        families = self._find_changed_wholes()
        grown = False
        for chain in self.chains:
            for tail in self._find_changed_tails(chain):
                chain.lower |= {tail, *(quad.subject for quad in self._inferred(None, chain.relation, tail))}
            grown |= self.scope.add_steps(chain.lower, chain.step)
        # Of a family counts too whether it descends from its own versions.
        families |= self.chains[1].lower
        return self.scope.add_families(families) or bool(families) or grown

    def _complete_chains(self) -> Iterator[ox.Triple]:
        """Yield how chains go on that leave what the relation changed for: as they did before.

        None of them comes back, since whatever leads there belongs to it.
        """
        for chain in self.chains:
            lower, steps = chain.lower, [triple for triple in self.found if triple.predicate == chain.relation]
            for triple in (step for step in steps if step.subject in lower and step.object not in lower):
                for beyond in self._inferred(triple.object, chain.relation):
                    yield ox.Triple(triple.subject, chain.relation, beyond.object)
                    yield ox.Triple(beyond.object, chain.inverse, triple.subject)

    def _find_changed_tails(self, chain: _Chain) -> Iterator[ox.NamedNode]:
        """Yield the lower ends of steps that came or went.

        A step that the relation held for already adds nothing to it, by whatever way it held.
        """
        for lower, upper in self._directions():
            step = ox.Triple(lower, chain.relation, upper)
            if self._was_inferred(*step) != (step in self.found):
                yield lower

    def _find_changed_wholes(self) -> set[ox.NamedNode]:
        """Return whatever may have other versions, or may be a version of something else, than before."""
        wholes = set(self.changes.kinds)
        for entity in self.changes.kinds:
            wholes |= list_wholes(self.store, entity)
        for version, whole in self._directions():
            stated = ox.Triple(whole, AIO.hasVersion, version)
            before, after = self._was_inferred(*stated), stated in self.found
            if before != after or (after and self._is_disputed(to_pair(version, whole))):
                wholes |= {version, whole}
        return wholes

    def _is_disputed(self, pair: Pair) -> bool:
        """Return whether a claim on the pair is deprecated, or was: what is stated may then not hold."""
        ranks = (ox.Triple(claim, AIO.rank, AIO.deprecated) for claim in self._claims(pair))
        return any(rank in self.found or self._was_inferred(*rank) for rank in ranks)

    def _add_investors(self) -> set[ox.NamedNode]:
        """Return who may be no investor any more, once the scope has what else makes an investor of him."""
        lost = {
            investor
            for investor, company in self._directions()
            if self._was_inferred(company, AIO.hasInvestor, investor)
            and ox.Triple(investor, RDF.type, AIO.Investor) not in self.found
        }
        doubtful, more = lost, 4
        while doubtful:
            # A few at a time: one investment that stands is enough, and some have made hundreds.
            others = {pair for investor in doubtful for pair in islice(self._list_investments(investor), more)}
            if not self.scope.add_pairs(others):
                break
            self.found = self.scope.infer()
            doubtful = {x for x in doubtful if ox.Triple(x, RDF.type, AIO.Investor) not in self.found}
            more *= 4
        return lost

    def _list_investments(self, investor: ox.NamedNode) -> Iterator[Pair]:
        for quad in self.store.match(investor, AIO.investedIn):
            pair = to_pair(investor, quad.object)
            if pair not in self.scope.claims:
                yield pair

    # -- what was inferred before -------------------------------------------------------------------------------------

    def _read_before(self) -> Iterator[ox.Triple]:
        """Yield what was inferred of all that may be otherwise now."""
        chained = {term for chain in self.chains for term in (chain.relation, chain.inverse)}
        for pair in self.changes.pairs:
            for claim in self._claims(pair):
                yield from self._inferred(claim)
        for one, other in self._directions():
            yield from (t for t in self._inferred(one, None, other) if t.predicate not in chained)
            for member in self._inferred(None, ORG.member, one):
                if self._was_inferred(member.subject, ORG.organization, other):
                    yield from self._inferred(member.subject)
        for chain in self.chains:
            for entity in chain.lower:
                yield from self._inferred(entity, chain.relation)
                yield from self._inferred(None, chain.inverse, entity)
        for entity in self.scope.families:
            yield from self._inferred(entity, RDF.type, AIO.ModelFamily)
        for entity in self.investors:
            yield from self._inferred(entity, RDF.type, AIO.Investor)

    def _claims(self, pair: Pair) -> set[ox.NamedNode]:
        return self.scope.claims[pair] | self.changes.claims.get(pair, set())

    def _directions(self) -> Iterator[Pair]:
        for pair in self.changes.pairs:
            yield from {pair, pair[::-1]}

    def _inferred(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None = None,
        object_: ox.NamedNode | None = None,
    ) -> Iterator[Any]:
        # Triples, whose type does not know that no graph has blank nodes.
        return (quad.triple for quad in self.store.match(subject, predicate, object_, self.store.ids.inferred))

    def _was_inferred(self, *triple: ox.NamedNode) -> bool:
        return any(self._inferred(*triple))


def _to_term(triple: Any) -> ox.NamedNode:
    """Return what the tally counts a triple by."""
    term: ox.NamedNode = triple.object if triple.predicate == RDF.type else triple.predicate
    return term
