"""Train the network that reads names and claims, step by step, and write it in the form that the package ships.

    pip install torch onnx
    training/reader.sh e5.npz DATA OUT [DEVICE]

runs all steps in order; DATA is what `prepare.py` wrote. A step reads networks (`.pt`) and writes one.
"""

from __future__ import annotations

import gzip
import json
import pickle
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from export import export as write
from learning import Plan, Record, distilled, figures, prepare, train
from learning import judge as read_all
from network import Network, Shape, load_network, load_pretrained, save_network

_SURE_OF_SILVER = 0.5
_EXISTING = click.Path(path_type=Path, exists=True)
_NEW = click.Path(path_type=Path)
_device = click.option("--device", default="cpu", show_default=True)


@click.group()
def main() -> None:
    """Train the network that reads names and claims."""


@main.command()
@click.argument("pretrained", type=_EXISTING)
@click.argument("out", type=_NEW)
@click.option("--layers", default=8, show_default=True, help="So many of the lower layers.")
def begin(pretrained: Path, out: Path, layers: int) -> None:
    """Take the PRETRAINED encoder, and put untrained heads on it."""
    arrays = np.load(pretrained)
    torch.manual_seed(1)
    network = Network(Shape(layers=layers, pieces=len(arrays["scores"])))
    load_pretrained(network, arrays)
    save_network(network, out)


@main.command()
@click.argument("start", type=_EXISTING)
@click.argument("data", type=_EXISTING)
@click.argument("out", type=_NEW)
@click.option("--silver", is_flag=True, help="Learn from what was found in news, with half weight for pairs.")
@click.option("--annotated", is_flag=True, help="Learn from annotated passages, in one epoch of five as they are.")
@click.option("--share", default=1.0, show_default=True, help="So much of both in an epoch, drawn at random.")
@click.option("--also", type=_EXISTING, help="Other data, of whose annotated passages every epoch has all.")
@click.option("--frozen", default=0, show_default=True, help="So many of the lower layers learn nothing.")
@click.option("--attention-dropout", default=0.1, show_default=True, help="None saves a CPU a quarter of the time.")
@click.option("--epochs", default=10, show_default=True)
@click.option("--rate", default=1e-4, show_default=True)
@click.option("--head-rate", default=1e-3, show_default=True)
@click.option("--batch", default=8, show_default=True)
@click.option("--seed", default=1, show_default=True)
@_device
def learn(
    start: Path, data: Path, out: Path, silver: bool, annotated: bool, share: float, also: Path | None, frozen: int,
    attention_dropout: float, epochs: int, rate: float, head_rate: float, batch: int, seed: int, device: str,
) -> None:  # fmt: skip
    """Train the network START on examples of one kind or both."""
    torch.manual_seed(seed)
    network = load_network(start, attention_dropout=attention_dropout)
    told = _read(data)
    found = [record | {"sure": _SURE_OF_SILVER} for record in told["silver"]] if silver else []
    variants = told["annotated"] if annotated else [[]]
    others = _read(also)["annotated"] if also else [[]]
    chance = random.Random(seed)  # noqa: S311  nothing secret

    def choose(epoch: int) -> list[Record]:
        every = [*found, *variants[epoch % len(variants)]]
        some = every if share == 1 else chance.sample(every, int(len(every) * share))
        whole = others[epoch % len(others)]
        return [prepare(record) for record in [*some, *whole]]

    plan = Plan(epochs=epochs, rate=rate, head_rate=head_rate, batch=batch, frozen=frozen, seed=seed)
    train(network, choose, plan, device=device, amp=device != "cpu", say=click.echo)
    save_network(network, out)


@main.command()
@click.argument("start", type=_EXISTING)
@click.argument("data", type=_EXISTING)
@click.argument("out", type=_NEW)
@click.argument("teachers", type=_EXISTING, nargs=-1, required=True)
@click.option("--share", default=0.5, show_default=True, help="So much of what annotated passages teach is theirs.")
@click.option("--epochs", default=3, show_default=True)
@click.option("--rate", default=7e-5, show_default=True)
@click.option("--head-rate", default=3.5e-4, show_default=True)
@click.option("--batch", default=16, show_default=True)
@click.option("--seed", default=1, show_default=True)
@_device
def distil(
    start: Path, data: Path, out: Path, teachers: Sequence[Path], share: float, epochs: int, rate: float,
    head_rate: float, batch: int, seed: int, device: str,
) -> None:  # fmt: skip
    """Train the network START on what TEACHERS say of annotated passages and of news."""
    torch.manual_seed(seed)
    told = _read(data)
    news = [record | {"soft": True} for record in told["silver"]]
    variants = told["annotated"]

    def choose(epoch: int) -> list[Record]:
        return [prepare(record) for record in [*variants[(2 * epoch + seed) % len(variants)], *news]]

    plan = Plan(epochs=epochs, rate=rate, head_rate=head_rate, batch=batch, warm_up=0.06, seed=seed)
    loss_of = distilled([load_network(path).to(device).eval() for path in teachers], share)
    network = load_network(start)
    train(network, choose, plan, loss_of=loss_of, device=device, amp=device != "cpu", say=click.echo)
    save_network(network, out)


@main.command()
@click.argument("out", type=_NEW)
@click.argument("networks", type=_EXISTING, nargs=-1, required=True)
def average(out: Path, networks: Sequence[Path]) -> None:
    """Average NETWORKS, weight by weight."""
    states = [torch.load(path, map_location="cpu") for path in networks]
    torch.save({name: sum(state[name] for state in states) / len(states) for name in states[0]}, out)


@main.command()
@click.argument("data", type=_EXISTING)
@click.argument("networks", type=_EXISTING, nargs=-1, required=True)
@_device
def judge(data: Path, networks: Sequence[Path], device: str) -> None:
    """Print how well each network reads the test passages of DATA."""
    items = [prepare(record) for record in _read(data)["test"]]
    for path in networks:
        click.echo(
            json.dumps({"network": path.stem} | figures(items, read_all(load_network(path), items, device=device)))
        )


@main.command()
@click.argument("pretrained", type=_EXISTING)
@click.argument("network", type=_EXISTING)
@click.argument("out", type=_NEW)
@click.option("--sharpness", default=1.0, show_default=True, help="The odds of tags are raised to this power.")
def export(pretrained: Path, network: Path, out: Path, sharpness: float) -> None:
    """Write a network in the form that the package ships to the directory OUT."""
    arrays = np.load(pretrained)
    read = load_network(network)
    with torch.no_grad():
        for parameter in read.tagger.parameters():
            parameter *= sharpness
    write(read, bytes(arrays["pieces"]).decode().split("\n"), arrays["scores"], out)


def _read(data: Path) -> dict[str, Any]:
    with gzip.open(data, "rb") as file:
        found: dict[str, Any] = pickle.load(file)  # noqa: S301  written by prepare.py
    return found


if __name__ == "__main__":
    main()
