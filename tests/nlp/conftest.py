"""Docs by hand: tokens are single characters and Latin runs, no segmentation model is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import spacy
from spacy.tokens import Doc

from kg.nlp.names import register_extensions
from kg.text.normalize import normalize


@pytest.fixture(scope="session")
def make_doc() -> Callable[..., Doc]:
    """Return a function that makes a Doc of a text; words that must be one token are given."""
    register_extensions()
    vocab = spacy.blank("zh").vocab

    def build(text: str, *words: str) -> Doc:
        text = normalize(text).text
        pattern = "|".join([*map(re.escape, sorted(words, key=len, reverse=True)), r"[A-Za-z0-9.\-]+", r"\s", "."])
        tokens = re.findall(f"(?:{pattern})", text, re.DOTALL)
        doc = Doc(vocab, words=tokens, spaces=[False] * len(tokens))
        doc._.names = []
        assert doc.text == text
        return doc

    return build
