"""How sure a sentence is of what it states, from the cues in `data/modality.yaml`."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import yaml

from kg.claims.scene import Scene
from kg.model import Modality

_ORDER = (Modality.DENIED, Modality.PLANNED, Modality.REPORTED)
_LEAD = 8
_CLAUSE_END = re.compile(r"[,。;:!?]")


@lru_cache(maxsize=1)
def _cues() -> dict[Modality, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]:
    raw = yaml.safe_load((resources.files("kg.claims") / "data" / "modality.yaml").read_text("utf-8"))

    def compiled(words: list[str] | None) -> re.Pattern[str] | None:
        return re.compile("|".join(words)) if words else None

    return {m: (compiled(raw[m].get("near")), compiled(raw[m].get("sentence"))) for m in _ORDER}


def read_modality(scene: Scene, start: int, end: int) -> Modality:
    """Return the modality of a claim stated in `scene.text[start:end]`.

    A near cue counts from the beginning of the clause, at most eight characters before the claim, to its end.
    """
    lead = scene.text[max(0, start - _LEAD) : start]
    breaks = list(_CLAUSE_END.finditer(lead))
    near = (lead[breaks[-1].end() :] if breaks else lead) + scene.text[start:end]
    for modality in _ORDER:
        by_near, by_sentence = _cues()[modality]
        if by_near and by_near.search(near):
            return modality
        if by_sentence and by_sentence.search(scene.text):
            return modality
    return Modality.ASSERTED
