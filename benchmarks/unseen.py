"""Measure how many names are found that no table lists: hide the table rows of the annotated names, and look again.

    python benchmarks/unseen.py DIR/docs.jsonl DIR/gold.jsonl --seen LEARNT/gold.jsonl

The annotated entities are dealt into folds by name. For each fold the rows of its names are taken out of the tables
(and out of the tokenizer's words), everything is read anew, and the recall is counted on the entities of that fold
alone. Names in the annotations that a model has learnt from (--seen) do not count. The precision is that of all names
found meanwhile, a lower bound: with rows gone, names are linked less well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from kg.entities.gazetteer import Gazetteer, load_gazetteer
from kg.entities.linker import NameUse, link
from kg.evaluation import Record, evaluate, read_records
from kg.model import ORGANIZATIONS, EntityType, Extractor, content_id
from kg.nlp.names import equations_of, names_of
from kg.nlp.pipeline import COMPONENTS, build_pipeline
from kg.text.normalize import fold_name, normalize


@click.command()
@click.argument("documents", type=click.Path(path_type=Path, exists=True))
@click.argument("gold", type=click.Path(path_type=Path, exists=True))
@click.option("--folds", default=3, show_default=True, help="In how many parts the names are hidden.")
@click.option("--seen", type=click.Path(path_type=Path, exists=True), multiple=True, help="A gold.jsonl learnt from.")
@click.option("--extractor", type=click.Choice([str(e) for e in Extractor]), default="all", show_default=True)
@click.option("--misses", type=click.Path(path_type=Path), help="Write the hidden names that were not found here.")
def main(documents: Path, gold: Path, folds: int, seen: tuple[Path, ...], extractor: str, misses: Path | None) -> None:
    """Print recall on hidden names, plain and typed, and the precision of all names meanwhile."""
    articles, wanted = read_records(documents), read_records(gold)
    gazetteer = load_gazetteer()
    learnt = {
        fold_name(name)
        for path in seen
        for record in read_records(path).values()
        for entity in record["entities"]
        for name in entity["names"]
    }
    total, found, typed, missed = 0, 0, 0, []
    predicted_count = predicted_right = predicted_typed = 0
    by_type: dict[str, list[int]] = {}
    for fold in range(folds):
        hidden = {
            record.id
            for gold_record in wanted.values()
            for entity in gold_record["entities"]
            if _fold(entity, gazetteer, folds) == fold
            for name in entity["names"]
            for record in gazetteer.lookup(name)
        }
        less = Gazetteer(r for r in gazetteer.records.values() if r.id not in hidden)
        predicted = dict(_read(articles, less, Extractor(extractor)))
        for key, gold_record in wanted.items():
            for entity in gold_record["entities"]:
                if _fold(entity, gazetteer, folds) != fold:
                    continue
                names = {fold_name(n) for n in entity["names"]}
                if names & learnt:
                    continue
                types = {_unit(entity["type"]), _unit(entity.get("alt_type", entity["type"]))}
                hits = {_unit(e["type"]) for e in predicted[key]["entities"] if names & set(map(fold_name, e["names"]))}
                total, found, typed = total + 1, found + bool(hits), typed + bool(hits & types)
                counts = by_type.setdefault(_unit(entity["type"]), [0, 0, 0])
                counts[0], counts[1], counts[2] = counts[0] + 1, counts[1] + bool(hits), counts[2] + bool(hits & types)
                if not hits & types:
                    missed.append([key, entity["type"], entity["names"], sorted(hits)])
        scores = evaluate(wanted, predicted)
        predicted_count += scores.entities.predicted
        predicted_right += scores.entities.right_predicted
        predicted_typed += scores.entities_typed.right_predicted
    click.echo(f"hidden {total}, found {found / total:.3f}, with the right type {typed / total:.3f}")
    for name, (count, plain, right) in sorted(by_type.items()):
        click.echo(f"  {name:9} {count:5}  {plain / count:.3f}  {right / count:.3f}")
    click.echo(
        f"precision meanwhile {predicted_right / predicted_count:.3f}, typed {predicted_typed / predicted_count:.3f}"
    )
    if misses is not None:
        misses.write_text("".join(json.dumps(m, ensure_ascii=False) + "\n" for m in missed), "utf-8")


def _fold(entity: dict[str, Any], gazetteer: Gazetteer, folds: int) -> int:
    """Deal out an entity by its record, or by its first name: the same entity has the same fold in all documents."""
    ids = [record.id for name in entity["names"] for record in gazetteer.lookup(name)]
    return int(content_id(ids[0] if ids else fold_name(entity["names"][0])), 16) % folds


def _read(articles: dict[str, Record], gazetteer: Gazetteer, extractor: Extractor) -> Iterator[tuple[str, Record]]:
    nlp = build_pipeline(gazetteer, components=COMPONENTS[extractor])
    for key, article in articles.items():
        doc = nlp(normalize(article["text"]).text)
        uses = [NameUse(name.text, name.type, name.records) for name in names_of(doc)]
        pairs = [(e.first, e.second) for e in equations_of(doc)]
        entities: dict[str, dict[str, Any]] = {}
        for use, entity in zip(uses, link(uses, pairs, gazetteer), strict=True):
            row = entities.setdefault(entity.id, {"id": entity.id, "type": str(entity.type), "names": []})
            row["names"].append(use.wording)
        yield key, {"id": key, "entities": list(entities.values()), "claims": [], "investments": []}


def _unit(type_name: str) -> str:
    return "Unit" if type_name in {str(t) for t in ORGANIZATIONS} else str(EntityType(type_name))


if __name__ == "__main__":
    main()
