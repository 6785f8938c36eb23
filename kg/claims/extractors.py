"""From a document to what it states: the one place that runs the pipeline, the rules, and the investments."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from kg.claims import scene as symbols
from kg.claims.agents import read_protagonist
from kg.claims.agreement import NETWORK, key_of, propose, settle
from kg.claims.backers import find_advisers, may_raise
from kg.claims.careers import settle_status
from kg.claims.discourse import Discourse, read_discourse
from kg.claims.frames import apply_frames
from kg.claims.inherent import (
    NAMESAKE,
    contradicts_maker,
    extract_group_members,
    extract_known_makers,
    extract_known_owners,
    extract_nested_owners,
    extract_versions,
    settle_makers,
)
from kg.claims.investments import Event, extract_investments, investor_findings
from kg.claims.pairs import Judgement, Judgements, judge_pairs
from kg.claims.posts import extract_posts
from kg.claims.rules import Finding, apply_rules
from kg.claims.scene import Scene
from kg.entities.gazetteer import load_gazetteer
from kg.model import (
    Claim,
    Document,
    Entity,
    Evidence,
    Extraction,
    Extractor,
    Investment,
    Investor,
    Mention,
    Modality,
    Naming,
    Predicate,
    sort_qualifiers,
)
from kg.nlp.names import Equation, Name, equations_of, names_of, reading_of
from kg.nlp.pipeline import load_pipeline
from kg.text.normalize import NormalizedText, fold_name, normalize

_MODIFIER = re.compile(
    rf"[{symbols.UNITS}](?:[和、与及][{symbols.UNITS}]){symbols.MORE}[^{symbols.ANY_NAME},。;!?、]{{0,6}}?{symbols.TITLE}(?:[、/&和兼][^{symbols.ANY_NAME},。;!?]{{0,4}}{symbols.TITLE}){{0,6}}(?=[{symbols.PERSON}])"
)
_OF_MAKER = re.compile(
    rf"[{symbols.MADE}](?:[和、与及][{symbols.MADE}]){symbols.MORE}的?(?:开发商|开发者|制造商|生产商|运营商|研发商|开发公司|母公司)(?=[{symbols.UNITS}])"
)
_OF_MODIFIERS = (
    Predicate.SUBSIDIARY_OF,
    Predicate.COMPETES_WITH,
    Predicate.PARTNERS_WITH,
    Predicate.DEVELOPS,
    Predicate.OFFERS,
)
_CLAUSE_END = re.compile(r"[,。;:!?\n]")
_MAX_CLAUSE = 48
_HEADING = re.compile(r"\n\s*#{1,6} ")
_SURE_OF_STAKE = 0.5
"""What the network alone finds makes an investment of its own only where it is as likely as this."""
_OWNER = re.compile(
    rf"[{symbols.UNITS}](?:集团)?(?:旗下的?|的?子公司|的?母公司|的?竞争对手|的?劲敌|的?合作伙伴)[^{symbols.ANY_NAME},。;!?、]{{0,10}}(?=[{symbols.UNITS}])"
)


def extract(
    document: Document, *, extractor: Extractor = Extractor.ALL, pipeline: Language | None = None
) -> Extraction:
    """Return everything that `extractor` finds in a document: rules, the trained model, or both together.

    `pipeline` finds the names, by default that of the extractor.
    """
    normalized = normalize(document.text)
    doc = (pipeline or load_pipeline(extractor))(normalized.text)
    return _Reader(document, normalized, extractor).read(doc)


@dataclass(frozen=True, slots=True)
class Sides:
    """A document as the rules read it, with the names of all recognizers, and what the network says of its pairs."""

    rules: Extraction
    network: Judgements


def extract_sides(document: Document) -> Sides:
    """Return what rules and network each find in a document, for learning how far to believe either."""
    normalized = normalize(document.text)
    doc = load_pipeline(Extractor.ALL)(normalized.text)
    reader = _Reader(document, normalized, Extractor.RULES)
    reading = reading_of(doc)
    judgements = judge_pairs(reading, reader.lay_out(doc).names) if reading else Judgements((), frozenset())
    return Sides(reader.read(doc), judgements)


class _Reader:
    """Reads one document: keeps it and the map from normalized offsets back to its text."""

    def __init__(self, document: Document, normalized: NormalizedText, extractor: Extractor) -> None:
        self.extractor = extractor
        self.document = document
        self.normalized = normalized
        self.document_id = document.id

    def read(self, doc: Doc) -> Extraction:
        discourse = self.lay_out(doc)
        scenes = [scene for scene, _ in discourse.scenes]
        findings = [] if self.extractor is Extractor.MODEL else self._rule_findings(discourse)
        reading = None if self.extractor is Extractor.RULES else reading_of(doc)
        judgements = judge_pairs(reading, discourse.names) if reading else None
        if judgements:
            judgements = replace(judgements, made=tuple(j for j in judgements.made if self._is_one_section(j)))
            proposed = propose(judgements, findings, scenes, alone=self.extractor is Extractor.MODEL)
            findings += _without_advisers(proposed, scenes)
        stated = [f for f in findings if f.rule != NETWORK or f.confidence >= _SURE_OF_STAKE]
        events = extract_investments([(_reduce(s), t) for s, t in discourse.scenes], stated)
        told = [f for e in events for f in investor_findings(e)]
        if self.extractor is Extractor.ALL:
            findings = _without_told(findings, told)
        best = _settled([*findings, *told])
        if judgements and self.extractor is Extractor.ALL:
            best = settle(best, judgements)
        found = self._extraction(discourse.names, best, events)
        return replace(found, namings=tuple(self._namings(doc, discourse.names)))

    def lay_out(self, doc: Doc) -> Discourse:
        """Return the linked names of the document, and its sentences as scenes."""
        wordings = [self._quote(n.start, n.end)[2] for n in names_of(doc)]
        return read_discourse(doc, self.document.published, load_gazetteer(), wordings)

    def _rule_findings(self, discourse: Discourse) -> list[Finding]:
        """Return what the rules find, but for what follows from investments."""
        gazetteer = load_gazetteer()
        findings: list[Finding] = []
        protagonist: Entity | None = None
        work: Entity | None = None
        for scene, topic in discourse.scenes:
            findings += extract_posts(scene, topic, protagonist)
            reduced = _reduce(scene)
            findings += apply_rules(reduced, topic, protagonist)
            findings += apply_frames(scene, topic, work)
            protagonist = read_protagonist(scene, protagonist)
            work = _work(scene) or work
            if reduced is not scene:
                findings += (f for f in apply_rules(scene, topic) if f.predicate in _OF_MODIFIERS)
        findings += extract_nested_owners(discourse.elements)
        findings += extract_group_members(discourse.elements)
        versions = list(extract_versions(discourse.elements))
        findings += (v for v in versions if v.rule != NAMESAKE)
        findings += extract_known_owners(discourse.scenes, gazetteer)
        findings += extract_known_makers(discourse.scenes, versions, gazetteer)
        return _without_denied_rumours(findings)

    def _is_one_section(self, judgement: Judgement) -> bool:
        """Whether no heading stands between the two names: what a new section names is another matter."""
        start, end = judgement.start, judgement.end
        return "\n" not in self.normalized.text[start:end] or not _HEADING.search(self._quote(start, end)[2])

    def _quote(self, start: int, end: int) -> tuple[int, int, str]:
        begin, finish = self.normalized.to_original(start, end)
        return begin, finish, self.document.text[begin:finish]

    def _evidence(self, start: int, end: int) -> Evidence:
        return Evidence(self.document_id, *self._quote(start, end))

    def _statement(self, start: int, end: int) -> Evidence:
        """Return the whole clauses around what a rule matched, so that the evidence reads as a statement."""
        text = self.normalized.text
        before = text[max(0, start - _MAX_CLAUSE) : start]
        after = text[end : end + _MAX_CLAUSE]
        head = _CLAUSE_END.split(before)[-1] if _CLAUSE_END.search(before) or start <= _MAX_CLAUSE else ""
        tail = _CLAUSE_END.search(after)
        end += tail.start() if tail else (len(after) if len(after) < _MAX_CLAUSE else 0)
        start -= len(head.lstrip())
        return self._evidence(start, end - (end - start - len(text[start:end].rstrip())))

    def _extraction(
        self, linked: Sequence[tuple[Name, Entity]], findings: Sequence[Finding], events: Sequence[Event]
    ) -> Extraction:
        entities = {entity.id: entity for _, entity in linked}
        mentions = []
        for name, entity in linked:
            evidence = self._evidence(name.start, name.end)
            mentions.append(Mention(evidence, entity.type, evidence.quote, entity.id))
        claims = [self._claim(f) for f in findings]
        tellings: dict[str, Event] = {}
        for event in events:
            known = tellings.setdefault(self._investment(event).id, event)
            if known is not event:
                known.merge(event)
        investments = map(self._investment, tellings.values())
        return Extraction(
            self.document,
            tuple(sorted(entities.values(), key=lambda e: e.id)),
            tuple(sorted(mentions, key=lambda m: (m.evidence.start, m.evidence.end, m.entity))),
            tuple(sorted(claims, key=lambda c: (c.evidence.start, c.evidence.end, c.subject, c.predicate, c.object))),
            tuple(sorted(investments, key=lambda i: (i.evidence.start, i.evidence.end, i.id))),
        )

    def _namings(self, doc: Doc, linked: Sequence[tuple[Name, Entity]]) -> Iterator[Naming]:
        """Yield what the document states about other names of its entities, each once, in order."""
        bearers: dict[str, set[str]] = defaultdict(set)
        for name, entity in linked:
            bearers[fold_name(name.text)].add(entity.id)
        seen = set()
        for equation in sorted(equations_of(doc), key=lambda e: (e.start, e.end, e.second)):
            if equation.reason != "stated":
                continue
            for entity_id in sorted(bearers[equation.first] & bearers[equation.second]):
                if (entity_id, equation.second) not in seen:
                    seen.add((entity_id, equation.second))
                    wording = self._wording(equation, linked)
                    yield Naming(entity_id, wording, self._evidence(equation.start, equation.end))

    def _wording(self, equation: Equation, linked: Sequence[tuple[Name, Entity]]) -> str:
        spans = (n for n, _ in linked if fold_name(n.text) == equation.second)
        first = next(spans)
        return self._quote(first.start, first.end)[2]

    def _claim(self, finding: Finding) -> Claim:
        return Claim(
            subject=finding.subject.id,
            predicate=finding.predicate,
            object=finding.object.id,
            modality=finding.modality,
            evidence=self._statement(finding.start, finding.end),
            qualifiers=sort_qualifiers(finding.qualifiers),
            extractor=finding.rule if finding.rule == NETWORK else f"rules:{finding.rule}",
            confidence=finding.confidence,
        )

    def _investment(self, event: Event) -> Investment:
        return Investment(
            kind=event.kind,
            investee=event.investee.id,
            modality=event.modality,
            evidence=self._statement(event.start, event.end),
            investors=tuple(sorted(Investor(i, lead) for i, lead in event.investors.items())),
            round=event.round,
            amount=event.amount,
            valuation=event.valuation,
            date=event.date,
            extractor="rules:investments",
            confidence=0.8,
        )


def _settled(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that go together, of each statement the surest."""
    return _best(settle_status(settle_makers(_plausible(findings))))


def _without_told(findings: Iterable[Finding], told: Iterable[Finding]) -> list[Finding]:
    """Leave out what only the network found, and an investment tells as well: a rule has found that."""
    stakes = {key_of(f) for f in told}
    return [f for f in findings if f.rule != NETWORK or key_of(f) not in stakes]


def _without_advisers(findings: Iterable[Finding], scenes: Iterable[Scene]) -> list[Finding]:
    """Leave out the stakes of those that the text names as advisers or underwriters."""
    advisers = {e.entity.id for s in scenes for i in find_advisers(s) if (e := s.elements[i]).entity}
    return [f for f in findings if f.predicate is not Predicate.INVESTED_IN or f.subject.id not in advisers]


def _reduce(scene: Scene) -> Scene:
    """Leave out what only says who a name is: 谷歌董事长施密特 becomes 施密特, 阿里旗下的夸克 becomes 夸克."""
    ranges = [m.span() for p in (_MODIFIER, _OWNER, _OF_MAKER) for m in p.finditer(scene.text)]
    return scene.without(ranges)


def _work(scene: Scene) -> Entity | None:
    """Return the first model or product of a scene: what a next sentence without a subject may speak of."""
    return next((e.entity for e in scene.names() if e.symbol in symbols.MADE), None)


def _plausible(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out what the gazetteer contradicts, stakes in what raises no money, and a post guessed from the topic.

    The last only for a person of whom a post at another organization, or its foundation, is stated.
    """
    stated = [f for f in findings if f.rule != "post.topic"]
    posts = {(f.subject.id, f.object.id) for f in stated if f.predicate is Predicate.WORKS_FOR}
    posts |= {(f.object.id, f.subject.id) for f in stated if f.predicate is Predicate.FOUNDED_BY}
    employed = {person for person, _ in posts}
    return [
        f
        for f in findings
        if not contradicts_maker(f)
        and not (f.predicate is Predicate.INVESTED_IN and not may_raise(f.object))
        and not (
            f.rule == "post.topic"
            and {f.subject.id, f.object.id} & employed
            and not {(f.subject.id, f.object.id), (f.object.id, f.subject.id)} & posts
        )
    ]


def _without_denied_rumours(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out the rumours and plans that the text denies: the denial tells of them."""
    denied = {key_of(f) for f in findings if f.modality is Modality.DENIED}
    return [f for f in findings if f.modality in (Modality.ASSERTED, Modality.DENIED) or key_of(f) not in denied]


def _best(findings: Sequence[Finding]) -> list[Finding]:
    """Keep, of the findings of one statement with one modality class, the surest; a denial beside a fact stays."""
    best: dict[tuple[str, Predicate, str, bool], Finding] = {}
    for finding in findings:
        key = (*key_of(finding), finding.modality is Modality.DENIED)
        known = best.get(key)
        if known is None or _rank(finding) > _rank(known):
            merged = finding
            if known is not None:
                merged = replace(finding, qualifiers=_merged(finding.qualifiers, known.qualifiers))
            best[key] = merged
        else:
            best[key] = replace(known, qualifiers=_merged(known.qualifiers, finding.qualifiers))
    return list(best.values())


def _rank(finding: Finding) -> tuple[float, int]:
    return (finding.confidence, finding.start - finding.end)


def _merged(
    first: tuple[tuple[str, str | None], ...], second: tuple[tuple[str, str | None], ...]
) -> tuple[tuple[str, str | None], ...]:
    return tuple({**dict(second), **{k: v for k, v in first if v}}.items())
