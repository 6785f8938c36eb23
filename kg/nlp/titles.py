"""Posts and roles as the news says them, from `data/titles.tsv`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Title:
    """A post: its wording, its group (`founder`, `executive`, `investor`, …) and whether it names a founder."""

    wording: str
    group: str
    founder: bool


@lru_cache(maxsize=1)
def load_titles() -> dict[str, Title]:
    """Return the known posts by their wording."""
    lines = (resources.files("kg.nlp") / "data" / "titles.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return {row[0]: Title(row[0], row[1], row[2] == "1") for row in rows}


@lru_cache(maxsize=1)
def title_pattern() -> re.Pattern[str]:
    """Return the pattern of one post with its modifiers (联合创始人, 高级副总裁, 首席人工智能官), longest first."""
    han = [w for w in load_titles() if not w[-1].isascii()]
    latin = [w for w in load_titles() if w[-1].isascii()]
    return re.compile(
        rf"首席[\u3400-\u9fffA-Z]{{1,6}}?(?:官|家|师|代表|顾问)|(?:{_alternatives(han)})(?<!董事(?=会))(?<!理事(?=会))(?<!监事(?=会))(?<!委员(?=会))"
        rf"|(?<![A-Za-z])(?:{_alternatives(latin)})(?![A-Za-z])"
    )


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))
