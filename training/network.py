"""The network: a pre-trained encoder, a head that tags names, and a head that labels pairs of names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

PREDICATES, LABELS = 13, 18
"""The first labels are predicates, the others qualities of a claim that holds."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a network."""

    layers: int = 8
    width: int = 384
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    pieces: int = 0
    tags: int = 21
    types: int = 5
    labels: int = LABELS
    pair_width: int = 256
    distances: int = 12
    dropout: float = 0.1
    attention_dropout: float = 0.1
    context: bool = True


class Block(nn.Module):
    """One layer of a BERT encoder; returns what its heads attended to as well."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads, self.dropout, self.attention_dropout = shape.heads, shape.dropout, shape.attention_dropout
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out, self.out_norm = nn.Linear(width, width), nn.LayerNorm(width, 1e-12)
        self.inner, self.outer = nn.Linear(width, shape.inner), nn.Linear(shape.inner, width)
        self.norm = nn.LayerNorm(width, 1e-12)

    def forward(self, x: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`x` is (batch, pieces, width), `mask` (batch, 1, 1, pieces), 0 or a large negative number.

        Returns the new vectors, and the attention (batch, heads, pieces, pieces).
        """
        query, key, value = (self._split(part(x)) for part in (self.query, self.key, self.value))
        scores = query @ key.transpose(2, 3) / query.shape[-1] ** 0.5 + mask
        attention = scores.softmax(-1)
        return self._go_on(x, functional.dropout(attention, self.attention_dropout, self.training) @ value), attention

    def forward_fused(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the new vectors alone, which is faster."""
        query, key, value = (self._split(part(x)) for part in (self.query, self.key, self.value))
        dropout = self.attention_dropout if self.training else 0.0
        return self._go_on(x, functional.scaled_dot_product_attention(query, key, value, mask, dropout))

    def _split(self, x: Tensor) -> Tensor:
        return x.view(*x.shape[:2], self.heads, -1).transpose(1, 2)

    def _go_on(self, x: Tensor, heard: Tensor) -> Tensor:
        mixed = self.out(heard.transpose(1, 2).reshape(x.shape))
        x = self.out_norm(x + functional.dropout(mixed, self.dropout, self.training))
        mixed = self.outer(functional.gelu(self.inner(x)))
        result: Tensor = self.norm(x + functional.dropout(mixed, self.dropout, self.training))
        return result


def to_blocked(mask: Tensor, x: Tensor) -> Tensor:
    """Return the mask (batch, pieces) as blocks want it: a large negative number for what is no piece of the text."""
    return (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4


class Encoder(nn.Module):
    """Pieces to vectors, and the attention of the last layer, averaged over its heads."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.pieces, shape.width)
        self.places = nn.Embedding(shape.positions, shape.width)
        self.kind = nn.Parameter(torch.zeros(shape.width))
        self.norm = nn.LayerNorm(shape.width, 1e-12)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.dropout = shape.dropout

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """`ids` and `mask` are (batch, pieces); returns (batch, pieces, width) and (batch, pieces, pieces)."""
        return self.go_on(self.embed(ids), mask)

    def go_on(self, x: Tensor, mask: Tensor, *, first: int = 0) -> tuple[Tensor, Tensor]:
        """Return what :meth:`forward` does, from what block `first` sees."""
        blocked = to_blocked(mask, x)
        for block in self.blocks[first:-1]:
            x = block.forward_fused(x, blocked)
        x, attention = self.blocks[-1](x, blocked)
        return x, attention.mean(1)

    def embed(self, ids: Tensor) -> Tensor:
        """Return what the first layer sees of the pieces."""
        x = self.words(ids) + self.places.weight[: ids.shape[1]] + self.kind
        result: Tensor = functional.dropout(self.norm(x), self.dropout, self.training)
        return result


class Network(nn.Module):
    """The encoder with its two heads."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, pair = shape.width, shape.pair_width
        self.encoder = Encoder(shape)
        self.tagger = nn.Linear(width, shape.tags)
        self.subject, self.object = nn.Linear(2 * width, pair), nn.Linear(2 * width, pair)
        self.types = nn.Embedding(shape.types, 2 * pair)
        self.context = nn.Linear(width, 2 * pair)
        self.distance = nn.Embedding(2 * shape.distances, pair)
        self.hidden = nn.Linear(4 * pair, pair)
        self.label = nn.Linear(pair, shape.labels)
        nn.init.constant_(self.label.bias, -4.0)  # hardly any pair of names is stated to be related

    def pairs(
        self, vectors: Tensor, attention: Tensor, mentions: Tensor, kinds: Tensor, pairs: Tensor, distances: Tensor
    ) -> Tensor:
        """Return the label logits (pairs, labels) of the pairs of mentions of a batch of texts.

        `vectors` (batch, pieces, width), `attention` (batch, pieces, pieces), `mentions` (mentions, 3) text, first and
        last piece, `kinds` (mentions,), `pairs` (pairs, 2) mentions of one text, texts in order, `distances` (pairs,).
        """
        row, first, last = mentions.unbind(1)
        ends = torch.cat([vectors[row, first], vectors[row, last]], -1)
        types = self.types(kinds)
        size = self.shape.pair_width
        subjects, objects = self.subject(ends) + types[:, :size], self.object(ends) + types[:, size:]
        subject, object_ = subjects[pairs[:, 0]], objects[pairs[:, 1]]
        if self.shape.context:
            looks = (attention[row, first] + attention[row, last]) / 2
            shared = looks[pairs[:, 0]] * looks[pairs[:, 1]]
            shared = shared / (shared.sum(-1, keepdim=True) + 1e-8)
            counts = torch.bincount(row[pairs[:, 0]], minlength=len(vectors)).tolist()
            seen = torch.cat([part @ vectors[text] for text, part in enumerate(shared.split(counts))])
            context = self.context(seen)
            subject, object_ = subject + context[:, :size], object_ + context[:, size:]
        subject, object_ = torch.tanh(subject), torch.tanh(object_)
        near = self.distance(distances)
        subject = functional.dropout(subject, self.shape.dropout, self.training)
        object_ = functional.dropout(object_, self.shape.dropout, self.training)
        hidden = functional.relu(self.hidden(torch.cat([subject, object_, subject * object_, near], -1)))
        logits: Tensor = self.label(functional.dropout(hidden, self.shape.dropout, self.training))
        return logits


def load_network(path: Path, *, attention_dropout: float = 0.1) -> Network:
    """Return the network whose weights were saved at `path`, as deep as they are."""
    state = torch.load(path, map_location="cpu")
    layers = 1 + max(int(name.split(".")[2]) for name in state if name.startswith("encoder.blocks."))
    pieces = len(state["encoder.words.weight"])
    network = Network(Shape(layers=layers, pieces=pieces, attention_dropout=attention_dropout))
    network.load_state_dict(state)
    return network


def save_network(network: Network, path: Path) -> None:
    """Save the weights of a network, wherever they are."""
    torch.save({name: value.detach().cpu() for name, value in network.state_dict().items()}, path)


def load_pretrained(network: Network, arrays: Any) -> None:
    """Fill the encoder with the arrays that `pretrained.py` wrote; one with fewer layers takes the lower ones."""

    def put(parameter: Tensor, name: str) -> None:
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(np.asarray(arrays[name], np.float32)))

    encoder = network.encoder
    put(encoder.words.weight, "embeddings.word_embeddings.weight")
    put(encoder.places.weight, "embeddings.position_embeddings.weight")
    with torch.no_grad():
        encoder.kind.copy_(torch.from_numpy(arrays["embeddings.token_type_embeddings.weight"][0].astype(np.float32)))
    put(encoder.norm.weight, "embeddings.LayerNorm.weight")
    put(encoder.norm.bias, "embeddings.LayerNorm.bias")
    names = {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
        "out": "attention.output.dense", "out_norm": "attention.output.LayerNorm", "inner": "intermediate.dense",
        "outer": "output.dense", "norm": "output.LayerNorm",
    }  # fmt: skip
    for number, block in enumerate(encoder.blocks):
        for ours, theirs in names.items():
            part = getattr(block, ours)
            put(part.weight, f"encoder.layer.{number}.{theirs}.weight")
            put(part.bias, f"encoder.layer.{number}.{theirs}.bias")


def bucket(distance: int, buckets: int = 12) -> int:
    """Return the bucket of a signed distance in pieces: one for each power of two, backwards ones behind.

    >>> [bucket(d) for d in (1, 2, 3, 8, -1, -8)]
    [1, 2, 2, 4, 13, 16]
    """
    size = min(abs(distance).bit_length(), buckets - 1)
    return size if distance >= 0 else buckets + size
