"""What each part of the extraction brings: the same annotated articles, read with more and more of it.

    python benchmarks/study.py DIR/docs.jsonl DIR/gold.jsonl

Prints a table in Markdown, with characters a second of CPU time (one thread, models loaded before).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import click

from kg.claims import scene as symbols
from kg.claims.antecedents import Antecedents
from kg.claims.extractors import extract
from kg.claims.records import to_record
from kg.claims.scene import Element
from kg.entities.gazetteer import load_gazetteer
from kg.evaluation import evaluate, read_records
from kg.model import Document, Entity, Extraction, Extractor
from kg.nlp.pipeline import COMPONENTS, build_pipeline
from kg.text.sources import read_source


@click.command()
@click.argument("documents", type=click.Path(path_type=Path, exists=True))
@click.argument("gold", type=click.Path(path_type=Path, exists=True))
def main(documents: Path, gold: Path) -> None:
    """Print the scores and the speed of every stage."""
    wanted = read_records(gold)
    articles = [d for d in read_source(documents) if isinstance(d, Document) and d.record_id]
    click.echo("| | claims P | R | F1 | typed entities F1 | investment slots F1 | characters a CPU second |")
    click.echo("|---|---|---|---|---|---|---|")
    for name, read in _stages().items():
        read(articles[0])
        begun = time.process_time()
        found = {str(article.record_id): to_record(read(article)) for article in articles}
        speed = sum(len(article.text) for article in articles) / (time.process_time() - begun)
        scores = evaluate(wanted, found)
        click.echo(
            f"| {name} | {scores.claims.precision:.3f} | {scores.claims.recall:.3f} | {scores.claims.f1:.3f} "
            f"| {scores.entities_typed.f1:.3f} | {scores.investment_slots.f1:.3f} | {speed:,.0f} |"
        )


def _stages() -> dict[str, Callable[[Document], Extraction]]:
    tables = build_pipeline(load_gazetteer(), components=("listed_names", "resolved_names"))
    plain = build_pipeline(load_gazetteer(), components=[c for c in COMPONENTS[Extractor.RULES] if c != "tagged_names"])
    read = build_pipeline(load_gazetteer(), components=COMPONENTS[Extractor.ALL])
    return {
        "names of the tables, rules": lambda d: extract(d, extractor=Extractor.RULES, pipeline=tables),
        "+ names by their form": lambda d: extract(d, extractor=Extractor.RULES, pipeline=plain),
        "+ names by the log-linear tagger (`--extractor rules`)": lambda d: extract(d, extractor=Extractor.RULES),
        "the trained model alone (`--extractor model`)": lambda d: extract(d, extractor=Extractor.MODEL),
        "rules on the names of both": lambda d: extract(d, extractor=Extractor.RULES, pipeline=read),
        "rules and model (`--extractor all`)": lambda d: extract(d, extractor=Extractor.ALL),
        "rules and model, without coreference": lambda d: _without_coreference(d, Extractor.ALL),
        "`--extractor rules`, without coreference": lambda d: _without_coreference(d, Extractor.RULES),
    }


def _without_coreference(document: Document, extractor: Extractor) -> Extraction:
    """Extract where 该公司, 其, 他, 双方 and 该模型 mean nobody; a lacking subject is still what the text is about."""
    with patch.object(Antecedents, "resolve", _named):
        return extract(document, extractor=extractor)


def _named(_: Antecedents, __: int, elements: Sequence[Element], ___: Entity | None) -> list[Element]:
    """Leave all anaphors out; stands in for `Antecedents.resolve`."""
    anaphors = symbols.ORG_ANAPHOR + symbols.PERSON_ANAPHOR + symbols.MADE
    return [e for e in elements if e.entity is not None or e.symbol not in anaphors]


if __name__ == "__main__":
    main()
