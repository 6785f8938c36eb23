"""Train the word segmentation model that the tokenizer ships with.

    python training/segmentation.py UD_DIR OUT_DIR

`UD_DIR` holds UD Chinese GSDSimp (`*train*.conllu`, `*dev*.conllu`, `*test*.conllu`; CC BY-SA 4.0). The texts are
normalized as the pipeline's input is. The number of iterations was chosen on the dev set; the test set is only
scored at the end. Training is deterministic: two runs give the same bytes.
"""

from __future__ import annotations

import io
import os
import random
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import spacy
import spacy_pkuseg

from kg.nlp.tokenizer import PkusegTokenizer, _load_segmenter
from kg.text.normalize import normalize

ITERATIONS = 8


def read_sentences(path: Path) -> Iterator[list[str]]:
    """Yield the words of each sentence of a CoNLL-U file, normalized."""
    words: list[str] = []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        columns = line.split("\t")
        if not line and words:
            yield words
            words = []
        elif columns[0].isdigit() and (word := normalize(columns[1]).text.replace(" ", "").strip()):
            words.append(word)


def shrink(model: Path) -> None:
    """Round the weights to half precision and compress them, with fixed time stamps: 16 MB become 8 MB."""
    with np.load(model / "weights.npz") as arrays:
        rounded = {
            name: a.astype(np.float16).astype(a.dtype) if a.dtype.kind == "f" else a for name, a in arrays.items()
        }
    with zipfile.ZipFile(model / "weights.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(rounded.items()):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, buffer.getvalue())


def score(model: Path, sentences: list[list[str]], known: set[str]) -> tuple[float, float]:
    """Return word F1 and the recall of words that the training set does not hold."""
    tokenizer = PkusegTokenizer(spacy.blank("zh").vocab, _load_segmenter(str(model), ()))
    right = predicted = gold = unknown = unknown_found = 0
    for words in sentences:
        wanted = _spans(words)
        found = set(_spans([token.text for token in tokenizer("".join(words))]))
        right += len(found & set(wanted))
        predicted += len(found)
        gold += len(wanted)
        fresh = [span for span, word in zip(wanted, words, strict=True) if word not in known]
        unknown += len(fresh)
        unknown_found += sum(span in found for span in fresh)
    return 2 * right / (predicted + gold), unknown_found / unknown


def _spans(words: list[str]) -> list[tuple[int, int]]:
    spans, start = [], 0
    for word in words:
        spans.append((start, start + len(word)))
        start += len(word)
    return spans


@click.command()
@click.argument("ud", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
def main(ud: Path, out: Path) -> None:
    """Train on UD GSDSimp in UD, write the model to OUT, print its scores."""
    sets = {
        name: list(read_sentences(next(iter(sorted(ud.glob(f"*{name}*.conllu")))))) for name in ("train", "dev", "test")
    }
    ud, out = ud.resolve(), out.resolve()
    random.seed(1)
    np.random.seed(1)
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)  # pkuseg leaves a data/ directory behind
        for name in ("train", "dev"):
            Path(f"{name}.txt").write_text("\n".join(" ".join(words) for words in sets[name]) + "\n", "utf-8")
        spacy_pkuseg.train("train.txt", "dev.txt", str(out), train_iter=ITERATIONS)
        os.chdir(out)
    shrink(out)
    known = {word for words in sets["train"] for word in words}
    for name in ("dev", "test"):
        f1, recall = score(out, sets[name], known)
        click.echo(f"{name}: word F1 {f1:.4f}, recall of unknown words {recall:.4f}")


if __name__ == "__main__":
    main()
