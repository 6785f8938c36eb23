"""The spaCy pipeline, and the one place that orders its components."""

from __future__ import annotations

from functools import lru_cache

import spacy
from spacy.language import Language

import kg.nlp.recognizers.latin
import kg.nlp.recognizers.listed
import kg.nlp.recognizers.organizations
import kg.nlp.recognizers.people
import kg.nlp.recognizers.quoted
import kg.nlp.resolution  # noqa: F401  importing a recognizer registers it
from kg.entities.gazetteer import load_gazetteer
from kg.nlp.names import register_extensions
from kg.nlp.tokenizer import load_tokenizer

COMPONENTS = (
    "listed_names",
    "organization_names",
    "latin_names",
    "quoted_names",
    "person_names",
    "resolved_names",
)


@lru_cache(maxsize=1)
def load_pipeline() -> Language:
    """Return the pipeline: pkuseg tokens, the recognizers, and the names that stand, in `doc._.names`.

    Its input is normalized text (`kg.text.normalize.normalize`).
    """
    register_extensions()
    nlp = spacy.blank("zh")
    nlp.tokenizer = load_tokenizer(nlp.vocab, user_words=load_gazetteer().words())
    for component in COMPONENTS:
        nlp.add_pipe(component)
    return nlp
