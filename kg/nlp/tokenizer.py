"""The tokenizer: pkuseg with the project's own segmentation model, names and numbers kept whole.

Only runs of Han characters go through pkuseg; Latin words, model names with versions (Qwen3.5-Plus, GLM-4.7), numbers
and punctuation are cut off before, where pkuseg would break them apart (and white space is none of its business). The
model's recipe and its score on a held-out set are in `training/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

import spacy_pkuseg
from spacy.tokens import Doc
from spacy.vocab import Vocab

_RUNS = re.compile(
    r"(?P<han>[\u3400-\u9fff\uf900-\ufaff]+)"
    r"|(?P<latin>[A-Za-zÀ-ɏ](?:[A-Za-z0-9À-ɏ'’&]|[.\-_/+](?=[A-Za-z0-9]))*\+*)"
    r"|(?P<number>\d+(?:[.,:/]\d+)*(?:[.\-]?[A-Za-z][A-Za-z0-9]*(?:[.\-][A-Za-z0-9]+)*)?%?)"
    r"|(?P<space> )"
    r"|(?P<other>.)",
    re.DOTALL,
)
_MAX_RUN = 200
_CACHED_RUNS = 1 << 15


class PkusegTokenizer:
    """A spaCy tokenizer: text -> `Doc`, whose text is the input to the character."""

    def __init__(self, vocab: Vocab, segmenter: spacy_pkuseg.pkuseg) -> None:
        self.vocab = vocab
        self._cut = lru_cache(maxsize=_CACHED_RUNS)(lambda run: tuple(_cut(segmenter, run)))

    def __call__(self, text: str) -> Doc:
        """Return the tokens of a text; a single space after a token is its trailing space, as in spaCy."""
        words: list[str] = []
        spaces: list[bool] = []
        for match in _RUNS.finditer(text):
            run = match.group()
            if match.lastgroup == "space" and words and not spaces[-1] and words[-1] != " ":
                spaces[-1] = True
            elif match.lastgroup == "han":
                for start in range(0, len(run), _MAX_RUN):
                    pieces = self._cut(run[start : start + _MAX_RUN])
                    words.extend(pieces)
                    spaces.extend([False] * len(pieces))
            else:
                words.append(run)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)


def load_tokenizer(vocab: Vocab, *, user_words: Iterable[str] = ()) -> PkusegTokenizer:
    """Return the tokenizer, offline; `user_words` (normalized, of Han characters) are never cut."""
    words = sorted({word for word in user_words if len(word) > 1})
    with resources.as_file(resources.files("kg.nlp") / "data" / "pkuseg") as model:
        return PkusegTokenizer(vocab, _load_segmenter(str(model), tuple(words)))


def _load_segmenter(model: str, words: tuple[str, ...]) -> spacy_pkuseg.pkuseg:
    """Load pkuseg with the user's words; its general dictionary follows another standard and costs 6 points of F1."""
    segmenter = spacy_pkuseg.pkuseg(model, user_dict=None)
    segmenter.preprocesser = spacy_pkuseg.Preprocesser(list(words))
    return segmenter


def _cut(segmenter: spacy_pkuseg.pkuseg, run: str) -> list[str]:
    pieces: list[str] = segmenter.cut(run)
    return pieces if "".join(pieces) == run else list(run)
