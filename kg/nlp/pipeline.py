"""The spaCy pipeline, and the one place that orders its components."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import spacy
from spacy.language import Language

import kg.nlp.recognizers.context
import kg.nlp.recognizers.latin
import kg.nlp.recognizers.listed
import kg.nlp.recognizers.organizations
import kg.nlp.recognizers.people
import kg.nlp.recognizers.quoted
import kg.nlp.recognizers.read
import kg.nlp.recognizers.slots
import kg.nlp.recognizers.stocks
import kg.nlp.resolution  # noqa: F401  importing a recognizer registers it
from kg.entities.gazetteer import Gazetteer, load_gazetteer
from kg.model import Extractor
from kg.nlp.names import register_extensions
from kg.nlp.tokenizer import load_tokenizer

_RECOGNIZERS = (
    "listed_names",
    "organization_names",
    "latin_names",
    "quoted_names",
    "person_names",
    "slot_names",
    "stock_names",
)
COMPONENTS = {
    Extractor.RULES: (*_RECOGNIZERS, "tagged_names", "resolved_names"),
    Extractor.MODEL: ("read_names", "resolved_names"),
    Extractor.ALL: (*_RECOGNIZERS, "read_names", "resolved_names"),
}


@cache
def load_pipeline(extractor: Extractor = Extractor.ALL) -> Language:
    """Return the pipeline with the package's tables of names; `build_pipeline` says what it does."""
    return build_pipeline(load_gazetteer(), components=COMPONENTS[extractor])


def build_pipeline(gazetteer: Gazetteer, *, components: Sequence[str] = COMPONENTS[Extractor.RULES]) -> Language:
    """Return a pipeline that knows the names of `gazetteer`: pkuseg tokens, the recognizers, the names that stand.

    Its input is normalized text (`kg.text.normalize.normalize`), its output `doc._.names`.
    """
    register_extensions()
    nlp = spacy.blank("zh")
    nlp.tokenizer = load_tokenizer(nlp.vocab, user_words=gazetteer.words())
    for component in components:
        pipe = nlp.add_pipe(component)
        if hasattr(pipe, "gazetteer"):
            pipe.gazetteer = gazetteer
    return nlp
