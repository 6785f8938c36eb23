"""How fast each stage of a build is, on real news: read, normalize, tokenize, recognize, link, extract, quads, load.

    python benchmarks/stages.py NEWS.jsonl --documents 400

Prints a Markdown table: characters a CPU second of each stage (the rules' stages and the trained model's), the whole
pipeline as a multiple of bare spaCy with pkuseg on the same text, and the load rate beside pyoxigraph's own bulk load
of the same quads. Models are loaded, and each stage warmed up, before it is measured.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox
import spacy
import spacy_pkuseg
from spacy.tokens import Doc

from kg.claims.discourse import read_discourse
from kg.claims.extractors import extract
from kg.entities.gazetteer import load_gazetteer
from kg.graph.quads import to_quads
from kg.graph.store import GraphStore
from kg.model import Document, Extraction, Extractor
from kg.nlp.names import names_of
from kg.nlp.pipeline import load_pipeline
from kg.text.normalize import normalize
from kg.text.sources import read_source

_WARM = 5


@click.command()
@click.argument("news", type=click.Path(path_type=Path, exists=True))
@click.option("--documents", "count", default=400, show_default=True, help="How many articles, drawn at random.")
@click.option("--longest", default=6000, show_default=True, help="Longer articles are left out.")
def main(news: Path, count: int, longest: int) -> None:
    """Print the speed of every stage on the articles of NEWS."""
    begun = time.process_time()
    everything = [d for d in read_source(news) if isinstance(d, Document)]
    reading = sum(len(d.text) for d in everything) / (time.process_time() - begun)
    documents = [d for d in everything if len(d.text) <= longest]
    random.Random(1).shuffle(documents)  # noqa: S311
    documents = documents[:count]
    size = sum(len(document.text) for document in documents)
    click.echo(f"{len(documents)} articles, {size:,} characters\n\n| stage | characters a CPU second |\n|---|---|")
    click.echo(f"| read | {reading:,.0f} |")
    _pipeline_stages(documents)
    bare = _bare(documents)
    for extractor in Extractor:
        speed = size / _seconds(lambda d, e=extractor: extract(d, extractor=e), documents)  # type: ignore[misc]
        click.echo(f"| everything up to claims, `--extractor {extractor}` | {speed:,.0f} |")
        if extractor is Extractor.RULES:
            click.echo(f"| the same as a multiple of bare spaCy with pkuseg | {bare / speed:.1f} times |")
    _loading([extract(document, extractor=Extractor.RULES) for document in documents], size)


def _seconds(stage: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    for item in inputs[:_WARM]:
        stage(item)
    begun = time.process_time()
    for item in inputs:
        stage(item)
    return time.process_time() - begun


def _pipeline_stages(documents: Sequence[Document]) -> None:
    size = sum(len(document.text) for document in documents)
    gazetteer = load_gazetteer()

    def report(name: str, stage: Callable[[Any], object], inputs: Sequence[Any]) -> None:
        click.echo(f"| {name} | {size / _seconds(stage, inputs):,.0f} |")

    report("normalize", lambda d: normalize(d.text), documents)
    texts = [normalize(document.text).text for document in documents]
    report("tokenize", load_pipeline(Extractor.RULES).make_doc, texts)
    for extractor in (Extractor.RULES, Extractor.ALL):
        nlp = load_pipeline(extractor)
        made = [nlp.make_doc(text) for text in texts]

        def recognize(doc: Doc, nlp: Any = nlp) -> Doc:
            for _, component in nlp.pipeline:
                doc = component(doc)
            return doc

        report(f"recognize names, `--extractor {extractor}`", recognize, made)
    read = [load_pipeline(Extractor.RULES)(text) for text in texts]
    report("link, lay out", lambda doc: read_discourse(doc, None, gazetteer, [n.text for n in names_of(doc)]), read)


def _bare(documents: Sequence[Document]) -> float:
    """Return the characters a second of spaCy's own Chinese tokenizer with pkuseg, with the package's model."""
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "pkuseg"}}})
    with resources.as_file(resources.files("kg.nlp") / "data" / "pkuseg") as model:
        nlp.tokenizer.pkuseg_seg = spacy_pkuseg.pkuseg(str(model), user_dict=None)
    speed = sum(len(d.text) for d in documents) / _seconds(lambda d: nlp.make_doc(d.text), documents)
    click.echo(f"| bare spaCy with pkuseg, for comparison | {speed:,.0f} |")
    return speed


def _loading(extractions: Sequence[Extraction], size: int) -> None:
    click.echo(f"| quads | {size / _seconds(to_quads, extractions):,.0f} |")
    batches = [(e.document.id, list(to_quads(e))) for e in extractions]
    quads = [quad for _, batch in batches for quad in batch]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.process_time()
        with GraphStore.open(Path(folder, "one")) as store:
            for document_id, batch in batches:
                store.replace_document(document_id, batch)
        singly = time.process_time() - begun
        begun = time.process_time()
        with GraphStore.open(Path(folder, "bulk")) as store:
            store.load_documents(batches)
        ours = time.process_time() - begun
        begun = time.process_time()
        raw = ox.Store(str(Path(folder, "raw")))
        raw.bulk_extend(quads)
        raw.flush()
        theirs = time.process_time() - begun
    click.echo(f"| load, document by document | {size / singly:,.0f} |")
    click.echo(f"| load, many at once | {size / ours:,.0f} |")
    click.echo(
        f"\n{len(quads):,} quads: document by document {len(quads) / singly:,.0f} a CPU second, many at once "
        f"{len(quads) / ours:,.0f}, pyoxigraph alone {len(quads) / theirs:,.0f} ({ours / theirs:.2f} times its time)"
    )


if __name__ == "__main__":
    main()
