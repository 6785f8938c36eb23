"""How sure a sentence is of what it states, from the cues in `data/modality.yaml`, each in its scope."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import yaml

from kg.claims import scene as symbols
from kg.claims.scene import Scene
from kg.model import Modality

_LEAD = 10
_TAIL = 24
_CLAUSE_END = re.compile(r"[,。;:!?]")
# Behind such a word, what a clause plans or denies is something else: 将停用此前发布的模型.
_DONE = re.compile(r"(?:已经?|曾|此前|早前|早些时候|刚刚|去年|上周|上月|昨日)[^,。;:!?]{0,24}的")
# 她曾将公司卖给...: what is past has 将 before its object only.
_PAST = re.compile("(?:曾经?|此前|早前)[^,。;:!?]{0,14}$")
_OBJECT = ("将",)
_OTHER = re.compile(f"[{symbols.ANY_NAME}]")


@lru_cache(maxsize=1)
def _cues() -> dict[tuple[Modality, str], re.Pattern[str]]:
    raw = yaml.safe_load((resources.files("kg.claims") / "data" / "modality.yaml").read_text("utf-8"))
    return {(Modality(m), scope): re.compile("|".join(words)) for m in raw for scope, words in raw[m].items()}


def read_modality(scene: Scene, start: int, end: int) -> Modality:
    """Return the modality of a claim stated in `scene.text[start:end]`.

    A near cue counts from the beginning of the clause, at most ten characters before the claim, to its end; what
    happened in the end (告吹) behind it; a source for the clauses after it.
    """
    cues = _cues()
    near = _near(scene.text, start, end)
    if cues[Modality.DENIED, "near"].search(near) or cues[Modality.DENIED, "sentence"].search(scene.text):
        return Modality.DENIED
    if cues[Modality.DENIED, "after"].search(_after(scene.text, end)):
        return Modality.DENIED
    if cues[Modality.REPORTED, "near"].search(near):
        return Modality.REPORTED
    planned = cues[Modality.PLANNED, "near"].search(near)
    if planned and not (
        _DONE.match(near, planned.end() + 2)
        or _DONE.search(near, planned.end())
        or (planned.group() in _OBJECT and _PAST.search(near, 0, planned.start()))
    ):
        return Modality.PLANNED
    if cues[Modality.PLANNED, "after"].search(_CLAUSE_END.split(_after(scene.text, end), 1)[0]):
        return Modality.PLANNED
    return Modality.REPORTED if _has_source(scene.text, end) else Modality.ASSERTED


def _near(text: str, start: int, end: int) -> str:
    lead = text[max(0, start - _LEAD) : start]
    breaks = list(_CLAUSE_END.finditer(lead))
    return (lead[breaks[-1].end() :] if breaks else lead) + text[start:end]


def _after(text: str, end: int) -> str:
    """Return what follows a claim: the rest of its clause and the next one, up to another name."""
    tail = text[end : end + _TAIL]
    breaks = [m.start() for m in _CLAUSE_END.finditer(tail)]
    if breaks and tail[breaks[0]] in "。;!?":
        tail = tail[: breaks[0]]
    elif len(breaks) > 1:
        tail = tail[: breaks[1]]
    other = _OTHER.search(tail)
    return tail[: other.start()] if other else tail


def _has_source(text: str, end: int) -> bool:
    """Whether an unnamed source says the claim that ends at `end`: named before it, or at the end of the sentence."""
    for cue in _cues()[Modality.REPORTED, "source"].finditer(text):
        if cue.start() < end or not _CLAUSE_END.search(text[cue.end() :].rstrip("。!? ")):
            return True
    return False
