"""Make a network with fewer layers that reads as a deeper one does: knowledge distillation on news without annotations.

    pip install torch
    python training/shallower.py DEEP.pt e5.npz NEWS.jsonl OUT.pt --without DEV/docs.jsonl

The shallower network begins with some layers and the heads of the deeper one. It learns to give the same vectors, the
same attention in its last layer, and the same tags, so the head for pairs fits it as it is. The lower layers that both
share learn nothing, and are computed once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
import torch
from examples import LONGEST
from learning import collate
from network import Network, load_network, save_network, to_blocked
from prepare import load_vocabulary, read_rows, shingles
from torch import Tensor
from torch.nn import functional

from kg.nlp.pieces import BEGIN, END, Vocabulary
from kg.text.normalize import normalize

_RATE, _HEAD_RATE = 2e-4, 5e-4
_BATCH = 4
_TEMPERATURE = 2.0
_OF_ONE_ARTICLE = 3


@click.command()
@click.argument("deep", type=click.Path(path_type=Path, exists=True))
@click.argument("pretrained", type=click.Path(path_type=Path, exists=True))
@click.argument("news", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--without", type=click.Path(path_type=Path, exists=True), multiple=True, help="Articles to leave out.")
@click.option(
    "--layers", default="0,1,2,3,5,7", show_default=True, help="The layers of the deeper network to begin with."
)
@click.option("--windows", "count", default=2400, show_default=True, help="How many stretches of news to learn from.")
def main(deep: Path, pretrained: Path, news: Path, out: Path, without: Sequence[Path], layers: str, count: int) -> None:
    """Make a network of some LAYERS that reads like DEEP, and write its weights to OUT."""
    chosen = [int(number) for number in layers.split(",")]
    shared = next((i for i, number in enumerate(chosen) if i != number), len(chosen))
    teacher = load_network(deep).eval()
    student = Network(replace(teacher.shape, layers=len(chosen))).eval()  # learns without dropout
    student.load_state_dict(_take(teacher.state_dict(), chosen))
    closed = shingles(row["text"] for path in without for row in read_rows(path))
    windows = list(_windows(news, closed, load_vocabulary(pretrained), count))
    learning = [*student.encoder.blocks[shared:].parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": learning, "lr": _RATE}, {"params": student.tagger.parameters(), "lr": _HEAD_RATE}]
    )
    steps = len(windows) // _BATCH
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min((s + 1) / 50, 1 - s / steps))
    begun, total = time.time(), 0.0
    for step in range(steps):
        loss = _loss(teacher, student, windows[step * _BATCH : (step + 1) * _BATCH], shared)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        schedule.step()
        total += float(loss.detach())
        if step % 50 == 49:
            click.echo(f"{step + 1}/{steps}: loss {total / 50:.4f}, {time.time() - begun:.0f} s")
            total = 0.0
    save_network(student, out)


def _take(weights: dict[str, Tensor], layers: Sequence[int]) -> dict[str, Tensor]:
    """Return the weights of a network that has some layers of another."""
    taken = {}
    for name, value in weights.items():
        parts = name.split(".")
        if parts[1] == "blocks":
            if int(parts[2]) not in layers:
                continue
            parts[2] = str(layers.index(int(parts[2])))
        taken[".".join(parts)] = value
    return taken


def _windows(news: Path, closed: set[str], vocabulary: Vocabulary, count: int) -> Iterator[list[int]]:
    """Yield the pieces of stretches of news, of similar length one after another within hundreds."""
    chance = random.Random(3)  # noqa: S311  nothing secret
    rows = [row for row in read_rows(news) if not shingles([row["text"]]) & closed]
    chance.shuffle(rows)
    found = []
    for row in rows:
        ids = vocabulary.cut(normalize(row["text"]).text).ids
        starts = range(0, max(1, len(ids) - 60), LONGEST - 2)
        found += [list(ids[at : at + LONGEST - 2]) for at in [*starts][:_OF_ONE_ARTICLE] if len(ids) - at > 20]
        if len(found) >= count:
            break
    chance.shuffle(found)
    found = found[:count]
    for at in range(0, len(found), 200):
        batches = sorted(found[at : at + 200], key=len)
        order = list(range(0, len(batches), _BATCH))
        chance.shuffle(order)
        for start in order:
            yield from batches[start : start + _BATCH]


def _loss(teacher: Network, student: Network, windows: Sequence[Sequence[int]], shared: int) -> Tensor:
    texts = (torch.tensor([BEGIN, *window, END]) for window in windows)
    ids, real = collate([{"ids": text} for text in texts])
    with torch.no_grad():
        lower = teacher.encoder.embed(ids)
        for block in teacher.encoder.blocks[:shared]:
            lower = block.forward_fused(lower, to_blocked(real, lower))
        wanted, looks = teacher.encoder.go_on(lower, real, first=shared)
        tags = (teacher.tagger(wanted) / _TEMPERATURE).log_softmax(-1)
    vectors, attention = student.encoder.go_on(lower, real, first=shared)
    found = (student.tagger(vectors) / _TEMPERATURE).log_softmax(-1)
    same = ((vectors - wanted) ** 2).mean(-1) / wanted.var()
    alike = functional.kl_div(found, tags, reduction="none", log_target=True).sum(-1) * _TEMPERATURE**2
    seen = functional.kl_div((attention + 1e-8).log(), (looks + 1e-8).log(), reduction="none", log_target=True).sum(-1)
    total: Tensor = ((same + alike + 0.3 * seen) * real).sum() / real.sum()
    return total


if __name__ == "__main__":
    main()
