"""Turn news and annotated passages into what the network learns from, as numbers in one file.

    python training/pretrained.py e5.npz
    python training/annotations.py read NEWS.jsonl annotated
    python training/prepare.py e5.npz NEWS.jsonl DATA --annotated annotated --test HELD_OUT --without DEV/docs.jsonl

DATA gets `annotated` (passages as they are, and several times with other names), `test` (held-out passages), and
`silver` (windows of news with what the rules find in them, half of the names replaced). Articles that share 24
characters with a passage of --test or --without are left out altogether, and of the other articles the windows that
share as many with an annotated passage. Needs the package, and no torch; uses all cores.
"""

from __future__ import annotations

import gzip
import json
import pickle
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import click
import numpy as np
from examples import Example, encode, names_of_types, read_annotated, rename, to_example, windows

from kg.claims.extractors import extract
from kg.entities.gazetteer import load_gazetteer
from kg.model import Document, EntityType, Extractor
from kg.nlp.pieces import Vocabulary
from kg.text.normalize import normalize

Record = dict[str, Any]

_LONGEST_ARTICLE = 3000
_SHORTEST = 25
_SHARED = 24
_VARIANTS = 5
_RENAMED_SILVER, _RENAMED = 0.5, 0.6


@click.command()
@click.argument("pretrained", type=click.Path(path_type=Path, exists=True))
@click.argument("news", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--annotated", type=click.Path(path_type=Path, exists=True), multiple=True, required=True,
              help="A directory with docs.jsonl and gold.jsonl to learn from; may be given again.")  # fmt: skip
@click.option("--test", type=click.Path(path_type=Path, exists=True), multiple=True,
              help="Such a directory to make figures on; its passages are no part of --annotated.")  # fmt: skip
@click.option("--sentences", type=click.Path(path_type=Path, exists=True), multiple=True,
              help="Rows with tabs whose last column is a sentence (FinRE), to be read like news.")  # fmt: skip
@click.option("--without", type=click.Path(path_type=Path, exists=True), multiple=True, help="Articles to leave out.")
@click.option("--extractor", type=click.Choice([str(e) for e in Extractor]), default="rules", show_default=True,
              help="What reads the news; `all` makes the network learn from what both readers agree on.")  # fmt: skip
def main(
    pretrained: Path, news: Path, out: Path, annotated: Sequence[Path], test: Sequence[Path],
    sentences: Sequence[Path], without: Sequence[Path], extractor: str,
) -> None:  # fmt: skip
    """Write what the network learns from."""
    vocabulary = load_vocabulary(pretrained)
    names = _listed_names()
    tested = [example for folder in test for example in _annotated(folder)]
    held = {example.id for example in tested}
    passages = [e for folder in annotated for e in _annotated(folder) if e.id not in held]
    closed = shingles([*(e.text for e in tested), *(row["text"] for path in without for row in read_rows(path))])
    learnt = shingles(e.text for e in passages)
    every = [*read_rows(news), *({"text": text} for path in sentences for text in _sentences(path))]
    rows = [row for row in every if not shingles([row["text"]]) & closed]
    parts = [window for passage in passages for window in windows(passage, vocabulary)]
    click.echo(f"{len(passages)} passages to learn from, {len(tested)} to test on, {len(rows)} articles")
    with ProcessPoolExecutor() as pool:
        found = pool.map(_read_silver, ((row["text"], row.get("title"), extractor) for row in rows), chunksize=16)
        silver = [e for example in found for e in windows(example, vocabulary) if len(e.mentions) > 1]
    silver = [window for window in silver if not shingles([window.text]) & learnt]
    data = {
        "annotated": _variants(parts, vocabulary, names),
        "test": _records((w for e in tested for w in windows(e, vocabulary)), vocabulary, names, share=0.0),
        "silver": _records(silver, vocabulary, names, share=_RENAMED_SILVER),
    }
    with gzip.open(out, "wb", 6) as file:
        pickle.dump(data, file)
    click.echo(", ".join(f"{len(part)} {name}" for name, part in data.items()))


def load_vocabulary(pretrained: Path) -> Vocabulary:
    """Return the pieces that `pretrained.py` kept."""
    arrays = np.load(pretrained)
    return Vocabulary(bytes(arrays["pieces"]).decode().split("\n"), arrays["scores"].tolist())


def _annotated(folder: Path) -> Iterator[Example]:
    return read_annotated(folder / "docs.jsonl", folder / "gold.jsonl")


def _variants(
    parts: Sequence[Example], vocabulary: Vocabulary, names: dict[EntityType, list[str]]
) -> list[list[Record]]:
    """Return the windows as they are, and several times with other names."""
    shares = [0.0, *[_RENAMED] * (_VARIANTS - 1)]
    return [_records(parts, vocabulary, names, share=share, seed=number) for number, share in enumerate(shares)]


def _records(
    parts: Iterable[Example], vocabulary: Vocabulary, names: dict[EntityType, list[str]], *, share: float,
    seed: int = 5,
) -> list[Record]:  # fmt: skip
    chance = random.Random(seed)  # noqa: S311  nothing secret
    return [encode(rename(window, names, chance, share), vocabulary) for window in parts]


def _listed_names() -> dict[EntityType, list[str]]:
    """Return unambiguous names of the tables by type, to put in the place of others."""
    rows = (
        (record.type, normalize(name).text)
        for record in load_gazetteer().records.values()
        for name in record.names()
        if name not in record.ambiguous
    )
    return names_of_types((kind, name) for kind, name in rows if 2 <= len(name) <= 18)


def _sentences(path: Path) -> list[str]:
    """Return the sentences of a table of relations, each once, but for the shortest."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [text for text in dict.fromkeys(row[-1] for row in rows if len(row) > 1) if len(text) > _SHORTEST]


def _read_silver(article: tuple[str, str | None, str]) -> Example:
    text, title, extractor = article
    document = Document(text=text[:_LONGEST_ARTICLE], title=title)
    return to_example(extract(document, extractor=Extractor(extractor)))


def shingles(texts: Iterable[str]) -> set[str]:
    """Return all stretches of as many characters as tell that texts share a passage."""
    bare = (re.sub(r"\s", "", normalize(text).text) for text in texts)
    return {text[i : i + _SHARED] for text in bare for i in range(len(text) - _SHARED + 1)}


def read_rows(path: Path) -> Iterator[Record]:
    """Yield the rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


if __name__ == "__main__":
    main()
