"""Why the names of an entity of the graph are taken for one: what the tables, the articles and the spelling say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import pyoxigraph as ox

from kg.entities.explanation import NameReason, explain_names
from kg.entities.gazetteer import load_gazetteer
from kg.errors import QueryError
from kg.graph.queries import resolve_entity
from kg.graph.store import GraphStore
from kg.model import Extraction
from kg.text.normalize import fold_name

_LABELS = """
SELECT DISTINCT ?entity ?name ?label ?article {
  GRAPH ?article { ?entity schema:name ?name ; skos:prefLabel|skos:altLabel ?label . }
}"""
_STATED = """
SELECT DISTINCT ?entity ?stated ?sentence ?article {
  GRAPH ?article {
    ?naming aio:namedEntity ?entity ; aio:statedName ?stated ; aio:evidence/oa:hasSelector/oa:exact ?sentence .
  }
}"""


@dataclass(frozen=True, slots=True)
class EntityExplanation:
    """An entity by its id, whether the tables have it, in how many articles it occurs, and the reasons of its names."""

    id: str
    listed: bool
    articles: int
    names: tuple[NameReason, ...]


def explain_entities(store: GraphStore, name: str) -> list[EntityExplanation]:
    """Explain every entity that `name` stands for, sorted by id.

    Raises:
        QueryError: nothing in the graph bears the name.
    """
    return [_explain(store, node) for node in resolve_entity(store, name)]


def _explain(store: GraphStore, node: ox.NamedNode) -> EntityExplanation:
    preferred: set[str] = set()
    labels: set[str] = set()
    articles: set[str] = set()
    for _, name, label, article in store.query(_LABELS, bindings={"entity": node}).rows:
        preferred.add(str(name))
        labels.add(str(label))
        articles.add(str(article))
    sentences: dict[str, set[str]] = defaultdict(set)
    for _, stated, sentence, _ in store.query(_STATED, bindings={"entity": node}).rows:
        sentences[fold_name(str(stated))].add(str(sentence))
    entity_id = unquote(node.value.removeprefix(store.ids.base))
    gazetteer = load_gazetteer()
    shown = _longest(preferred)
    reasons = explain_names(
        entity_id, shown, labels | preferred, {name: min(found) for name, found in sentences.items()}, gazetteer
    )
    return EntityExplanation(entity_id, entity_id in gazetteer.records, len(articles), tuple(reasons))


def explain_extraction(name: str, extractions: Sequence[Extraction]) -> list[EntityExplanation]:
    """Explain every entity that `name` stands for in documents that were just read, sorted by id.

    Raises:
        QueryError: no document bears the name.
    """
    wanted = fold_name(name)
    written: dict[str, set[str]] = defaultdict(set)
    preferred: dict[str, set[str]] = defaultdict(set)
    counts: Counter[str] = Counter()
    sentences: dict[str, dict[str, str]] = defaultdict(dict)
    for extraction in extractions:
        for entity in extraction.entities:
            counts[entity.id] += 1
            preferred[entity.id].add(entity.name)
            written[entity.id].update([*extraction.names(entity.id), *(a.name for a in entity.aliases)])
        for naming in extraction.namings:
            sentences[naming.entity].setdefault(fold_name(naming.name), naming.evidence.quote)
    found = sorted(e for e in counts if wanted in {fold_name(n) for n in written[e] | preferred[e]})
    if not found:
        raise QueryError(f"nothing in the text is called {name!r}")
    gazetteer = load_gazetteer()
    return [
        EntityExplanation(
            entity_id,
            entity_id in gazetteer.records,
            counts[entity_id],
            tuple(
                explain_names(
                    entity_id, _longest(preferred[entity_id]), written[entity_id], sentences[entity_id], gazetteer
                )
            ),
        )
        for entity_id in found
    ]


def format_explanation(explanation: EntityExplanation) -> str:
    """Return an explanation as lines for a terminal."""
    kind = "a row of the tables" if explanation.listed else "in no table; its id is made from its name"
    lines = [f"{explanation.id}  ({kind}; {explanation.articles} articles)"]
    words = {
        "table": "listed in the tables",
        "spelling": "another spelling or script of {}",
        "stated": "the text says so: {}",
        "short form": "short for {}",
        "name": "as the text writes it",
    }
    lines += [f"  {n.name}: {words[n.reason].format(n.detail)}" for n in explanation.names]
    return "\n".join(lines)


def _longest(names: set[str]) -> str:
    return min(names, key=lambda n: (-len(n), n))
