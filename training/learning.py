"""Batches, the loss, the loop that trains, and figures on held-out examples."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from network import LABELS, PREDICATES, Network, bucket
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from kg.model import ORGANIZATIONS, SIGNATURES, EntityType, Predicate
from kg.nlp.encoder import TYPES
from kg.nlp.pieces import BEGIN, END, PAD

Record = dict[str, Any]

_SORTED = 16
"""Of so many batches the items are sorted by size."""

_ADMITTED = SIGNATURES | {Predicate.EDUCATED_AT: (frozenset({EntityType.PERSON}), ORGANIZATIONS)}
"""The types that predicates join; a school may be taken for a company."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train."""

    epochs: int = 8
    rate: float = 1e-4
    head_rate: float = 1e-3
    batch: int = 8
    warm_up: float = 0.1
    relation_weight: float = 1.0
    quality_weight: float = 0.3
    freeze_words: bool = True
    frozen: int = 0
    """So many of the lower layers learn nothing, nor do the embeddings of places."""
    seed: int = 1
    decay: float = 0.01


Loss = Callable[[Network, Sequence[Record], Plan], Tensor]


def admissible(kinds: Sequence[int]) -> np.ndarray:
    """Return (mentions, mentions, predicates): whether the types of two mentions admit a predicate."""
    places = np.asarray(kinds, dtype=int)
    found: np.ndarray = _ADMISSIBLE[places[:, None], places[None, :]]
    return found


_ADMISSIBLE = np.array(
    [[[s in subjects and o in objects for subjects, objects in _ADMITTED.values()] for o in TYPES] for s in TYPES]
)


def prepare(record: Record) -> Record:
    """Return a record as tensors: ids, tags, mentions, pairs to judge, their targets and weights."""
    size = len(record["ids"])
    keep = [i for i, (_, last) in enumerate(record["mentions"]) if last < size]
    place = {old: new for new, old in enumerate(keep)}
    mentions = [record["mentions"][i] for i in keep]
    kinds = [record["kinds"][i] for i in keep]
    numbers = [record["numbers"][i] for i in keep]
    positive = {(place[s], place[o]): labels for s, o, labels in record["pairs"] if s in place and o in place}
    unsure = [(place[s], place[o]) for s, o in record["unsure"] if s in place and o in place]
    fits = admissible(kinds)
    entities = np.asarray(numbers, dtype=int)
    judged = fits.any(-1) & (entities[:, None] != entities[None, :])
    for pair in positive:
        judged[pair] = numbers[pair[0]] != numbers[pair[1]]
    pairs = np.argwhere(judged)
    rows = np.full(judged.shape, -1)
    rows[judged] = np.arange(len(pairs))
    targets = np.zeros((len(pairs), LABELS), np.float32)
    weights = np.zeros((len(pairs), LABELS), np.float32)
    weights[:, :PREDICATES] = fits[judged]
    for pair in unsure:
        if judged[pair]:
            weights[rows[pair]] = 0
    for pair, labels in positive.items():
        if judged[pair]:
            targets[rows[pair], labels] = 1
            weights[rows[pair], PREDICATES:] = 1
            weights[rows[pair], :PREDICATES] = fits[pair]
            weights[rows[pair], labels] = 1
    return {
        "id": record["id"],
        "ids": torch.tensor([BEGIN, *record["ids"], END]),
        "tags": torch.tensor([-100, *record["tags"], -100]),
        "mentions": torch.tensor(mentions, dtype=torch.long).view(-1, 2) + 1,
        "kinds": torch.tensor(kinds, dtype=torch.long),
        "pairs": torch.from_numpy(pairs).view(-1, 2),
        "distances": torch.tensor([bucket(mentions[o][0] - mentions[s][0]) for s, o in pairs], dtype=torch.long),
        "targets": torch.from_numpy(targets),
        "weights": torch.from_numpy(weights),
        "numbers": numbers,
        "stated": record["stated"],
        "sure": record.get("sure", 1.0),
        "soft": record.get("soft", False),
    }


def to_device(item: Record, device: str) -> Record:
    """Return a prepared record with its tensors on a device."""
    return {k: v.to(device) if isinstance(v, Tensor) else v for k, v in item.items()}


def collate(items: Sequence[Record]) -> tuple[Tensor, Tensor]:
    """Return padded ids and their mask, each (batch, pieces)."""
    ids = pad_sequence([item["ids"] for item in items], batch_first=True, padding_value=PAD)
    return ids, (ids != PAD).float()


def losses(network: Network, items: Sequence[Record], plan: Plan) -> Tensor:
    """Return the loss of a batch: names, plus pairs."""
    ids, mask = collate(items)
    vectors, attention = network.encoder(ids, mask)
    logits = network.tagger(functional.dropout(vectors, 0.1, network.training))
    tags = pad_sequence([item["tags"] for item in items], batch_first=True, padding_value=-100)
    loss = functional.cross_entropy(logits.flatten(0, 1).float(), tags.flatten(), ignore_index=-100)
    if any(len(item["pairs"]) for item in items):
        found = network.pairs(vectors, attention, *join_pairs(items)).float()
        targets = torch.cat([item["targets"] for item in items])
        weights = torch.cat([item["weights"] * item["sure"] for item in items])
        each = functional.binary_cross_entropy_with_logits(found, targets, weights, reduction="none")
        loss = loss + _weigh(each, plan) / len(items)
    return loss


def distilled(teachers: Sequence[Network], share: float) -> Loss:
    """Return a loss by what `teachers` say on average, instead of the annotations, or together with them.

    Of items with `soft` all is learnt from the teachers, of others the `share`: their probabilities of tags, those of
    labels for all pairs that the types admit, the qualities of a claim as far as they believe in it.
    """

    def loss(network: Network, items: Sequence[Record], plan: Plan) -> Tensor:
        ids, mask = collate(items)
        with torch.no_grad():
            read = [teacher.encoder(ids, mask) for teacher in teachers]
            believed = _mean(t.tagger(v).softmax(-1) for t, (v, _) in zip(teachers, read, strict=True))
        tags = pad_sequence([item["tags"] for item in items], batch_first=True, padding_value=-100)
        soft = torch.tensor([1.0 if item["soft"] else share for item in items], device=ids.device)
        vectors, attention = network.encoder(ids, mask)
        logits = network.tagger(functional.dropout(vectors, 0.1, network.training)).float().log_softmax(-1)
        annotated = functional.one_hot(tags.clamp(min=0), logits.shape[-1])
        wanted = soft[:, None, None] * believed + (1 - soft[:, None, None]) * annotated
        names = -(wanted * logits).sum(-1)[tags != -100].mean()
        if not any(len(item["pairs"]) for item in items):
            return names
        joined = _, kinds, pairs, _ = join_pairs(items)
        with torch.no_grad():
            believed = _mean(t.pairs(v, a, *joined).sigmoid() for t, (v, a) in zip(teachers, read, strict=True))
        found = network.pairs(vectors, attention, *joined).float()
        fits = torch.from_numpy(_ADMISSIBLE).to(ids.device)[kinds[pairs[:, 0]], kinds[pairs[:, 1]]].float()
        made = believed[:, :PREDICATES].amax(1, keepdim=True).expand(-1, LABELS - PREDICATES)
        counts = torch.tensor([len(item["pairs"]) for item in items], device=ids.device)
        soft = soft.repeat_interleave(counts)[:, None]
        targets, weights = (torch.cat([item[part] for item in items]) for part in ("targets", "weights"))
        each = soft * functional.binary_cross_entropy_with_logits(
            found, believed, torch.cat([fits, made], 1), reduction="none"
        ) + (1 - soft) * functional.binary_cross_entropy_with_logits(found, targets, weights, reduction="none")
        return names + _weigh(each, plan) / len(items)

    return loss


def _mean(some: Iterable[Tensor]) -> Tensor:
    return torch.stack([*some]).float().mean(0)


def _weigh(each: Tensor, plan: Plan) -> Tensor:
    """Return the loss of pairs of (pairs, labels), on the scale of that of one text's names."""
    relation = each[:, :PREDICATES].sum() + plan.quality_weight * each[:, PREDICATES:].sum()
    return plan.relation_weight * relation / 10


def join_pairs(items: Sequence[Record]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the mentions (with the row of their text), their kinds, the pairs and distances of a batch."""
    mentions, pairs = [], []
    at = 0
    for row, item in enumerate(items):
        mentions.append(functional.pad(item["mentions"], (1, 0), value=row))
        pairs.append(item["pairs"] + at)
        at += len(item["mentions"])
    kinds, distances = (torch.cat([item[part] for item in items]) for part in ("kinds", "distances"))
    return torch.cat(mentions), kinds, torch.cat(pairs), distances


def train(
    network: Network, choose: Callable[[int], list[Record]], plan: Plan, *, loss_of: Loss = losses,
    device: str = "cpu", amp: bool = False, say: Callable[[str], None] = print,
) -> None:  # fmt: skip
    """Train `network`; `choose(epoch)` gives the prepared examples of an epoch, `loss_of` what a batch costs."""
    network.to(device).train()
    network.encoder.words.weight.requires_grad_(not plan.freeze_words)
    if plan.frozen:
        network.encoder.places.weight.requires_grad_(False)
        network.encoder.blocks[: plan.frozen].requires_grad_(False)
    groups: dict[tuple[float, float], list[Tensor]] = defaultdict(list)
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            rate = plan.rate if name.startswith("encoder.") else plan.head_rate
            groups[rate, plan.decay if parameter.ndim > 1 else 0.0].append(parameter)
    learning = [parameter for group in groups.values() for parameter in group]
    optimizer = torch.optim.AdamW(
        [{"params": group, "lr": rate, "weight_decay": decay} for (rate, decay), group in groups.items()],
        betas=(0.9, 0.98), eps=1e-6, fused=True,
    )  # fmt: skip
    first = choose(0)
    steps = math.ceil(len(first) / plan.batch) * plan.epochs
    warm = max(1, int(steps * plan.warm_up))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: (s + 1) / warm if s < warm else max(0.0, (steps - s) / max(1, steps - warm))
    )
    chance = np.random.default_rng(plan.seed)
    begun = time.time()
    for epoch in range(plan.epochs):
        items = first if epoch == 0 else choose(epoch)
        total = torch.zeros((), device=device)
        for places in draw_batches([len(item["ids"]) for item in items], plan.batch, chance):
            batch = [to_device(items[place], device) for place in places]
            with torch.autocast(device, dtype=torch.bfloat16, enabled=amp):
                loss = loss_of(network, batch, plan)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            schedule.step()
            total += loss.detach()
        mean = float(total) * plan.batch / max(1, len(items))
        say(f"epoch {epoch + 1}/{plan.epochs}: loss {mean:.4f}, {time.time() - begun:.0f} s")


def draw_batches(sizes: Sequence[int], batch: int, chance: np.random.Generator) -> list[list[int]]:
    """Return the places of all items in batches at random, each of items of similar size: less padding to compute."""
    order = chance.permutation(len(sizes)).tolist()
    batches = []
    for at in range(0, len(order), batch * _SORTED):
        some = sorted(order[at : at + batch * _SORTED], key=lambda place: sizes[place])
        batches += [some[i : i + batch] for i in range(0, len(some), batch)]
    return [batches[i] for i in chance.permutation(len(batches))]


@torch.no_grad()
def judge(network: Network, items: Sequence[Record], *, device: str = "cpu") -> list[Record]:
    """Return for each item the tag probabilities (pieces, tags) and pair probabilities (pairs, labels)."""
    network.to(device).eval()
    results = []
    for item in items:
        moved = to_device(item, device)
        ids, mask = collate([moved])
        vectors, attention = network.encoder(ids, mask)
        tags = network.tagger(vectors)[0, 1:-1].softmax(-1).float().cpu().numpy()
        if len(item["pairs"]):
            found = network.pairs(vectors, attention, *join_pairs([moved]))
            pairs = found.float().sigmoid().cpu().numpy() * (
                np.concatenate(
                    [item["weights"][:, :PREDICATES].cpu().numpy() > 0, np.ones((len(item["pairs"]), 5), bool)], 1
                )
            )
        else:
            pairs = np.zeros((0, 18), np.float32)
        results.append({"tags": tags, "pairs": pairs})
    return results


def figures(items: Sequence[Record], results: Sequence[Record]) -> dict[str, Any]:
    """Return the F1 of names (spans with type), and of claims between given mentions at the best threshold."""
    right = found = gold = 0
    scored: list[tuple[float, bool, int]] = []
    stated = 0
    for item, result in zip(items, results, strict=True):
        ours = spans(result["tags"].argmax(-1).tolist())
        theirs = spans(item["tags"][1:-1].tolist())
        right, found, gold = right + len(ours & theirs), found + len(ours), gold + len(theirs)
        best: dict[tuple[int, int, int], float] = defaultdict(float)
        fits = {(s, o): p for s, o, p in item["stated"]}
        symmetric = {10, 11}
        for (s, o), row in zip(item["pairs"].tolist(), result["pairs"], strict=True):
            for p in range(PREDICATES):
                a, b = item["numbers"][s], item["numbers"][o]
                if p in symmetric and a > b:
                    a, b = b, a
                key = a, b, p
                best[key] = max(best[key], float(row[p]))
        for (a, b, p), score in best.items():
            ok = p in fits.get((a, b), ()) or (p in symmetric and p in fits.get((b, a), ()))
            scored.append((score, ok, p))
        stated += len(item["stated"])
    scored.sort(key=lambda x: -x[0])
    ok = 0
    top = (0.0, 0.0, 0.0, 0.0)
    for rank, (score, is_right, _) in enumerate(scored, 1):
        ok += is_right
        f1 = 2 * ok / (rank + stated) if rank + stated else 0
        if f1 > top[0]:
            top = (f1, score, ok / rank, ok / stated)
        if score < 0.02:
            break
    at75 = ok = 0
    for rank, (_, is_right, _) in enumerate(scored, 1):
        ok += is_right
        if ok / rank >= 0.75:
            at75 = ok / stated
    return {
        "names": round(2 * right / max(1, found + gold), 4),
        "claims": round(top[0], 4), "threshold": round(top[1], 3), "P": round(top[2], 3), "R": round(top[3], 3),
        "R@P.75": round(at75, 3), "stated": stated,
    }  # fmt: skip


def spans(tags: Iterable[int]) -> set[tuple[int, int, int]]:
    """Return (first, last, type) of the well-formed names in a row of tags (O, then B I E S of each type)."""
    found = set()
    start = kind = None
    for place, tag in enumerate(tags):
        position, type_ = (None, None) if tag <= 0 else ((tag - 1) % 4, (tag - 1) // 4)
        if position == 3:
            found.add((place, place, type_))
            start = None
        elif position == 0:
            start, kind = place, type_
        elif position == 2 and start is not None and type_ == kind:
            found.add((start, place, type_))
            start = None
        elif position != 1 or type_ != kind:
            start = None
    return found
