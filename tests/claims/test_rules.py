from __future__ import annotations

import re

import pytest

from kg.claims.extractors import _reduce
from kg.claims.rules import Rule, apply_rules, compile_match, load_rules
from kg.errors import DataError
from kg.model import SIGNATURES, SYMMETRIC, Entity, EntityType, Modality, Predicate


def _parse(claim: str) -> tuple[str, Predicate, str]:
    match = re.fullmatch(rf"(.+) ({'|'.join(Predicate)}) (.+)", claim)
    assert match, claim
    return match[1], Predicate(match[2]), match[3]


def _kinds(predicate: Predicate) -> tuple[str, str]:
    """The kinds of names that an example of a predicate speaks of."""
    special = {
        Predicate.EDUCATED_AT: ("Person", "School"),
        Predicate.LISTED_ON: ("Company", "Exchange"),
        Predicate.POWERED_BY: ("Product", "Model"),
    }
    if predicate in special:
        return special[predicate]
    subject, object_ = SIGNATURES[predicate]
    order = [EntityType.COMPANY, EntityType.PRODUCT, EntityType.PERSON, EntityType.MODEL, EntityType.ORGANIZATION]
    return tuple(str(next(t for t in order if t in side)) for side in (subject, object_))  # type: ignore[return-value]


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_every_rule_finds_its_example(rule: Rule, make_scene) -> None:
    text, claims = rule.example["text"], rule.example["claims"]
    names: dict[str, str] = {}
    wanted = set()
    for subject, predicate, object_ in map(_parse, claims):
        kinds = (
            ("Model", "Model")
            if rule.id in ("competes.better", "competes.compared", "competes.so_many_times")
            else _kinds(predicate)
        )
        for name, kind in zip((subject, object_), kinds, strict=True):
            names.setdefault(name, kind)
        pair = sorted((subject, object_)) if predicate in SYMMETRIC else (subject, object_)
        wanted.add((predicate, *pair))
    topic = None
    if rule.topic_subject or rule.topic_object:
        # a headless sentence: its subject is the organization of the sentence before
        first, _, text = text.partition("。")
        subject = _parse(claims[0])[0 if rule.topic_subject else 2]
        assert subject in first
        topic = Entity(f"company/{subject}", EntityType.COMPANY, subject)
    scene = make_scene(text, names)
    found = set()
    for finding in [*apply_rules(scene, topic), *apply_rules(_reduce(scene), topic)]:
        if finding.rule == rule.id:
            pair = (finding.subject.name, finding.object.name)
            found.add((finding.predicate, *(sorted(pair) if finding.predicate in SYMMETRIC else pair)))
    assert found == wanted


def test_unknown_kind_is_an_error() -> None:
    with pytest.raises(DataError, match="BANANA"):
        compile_match("{s:BANANA}吃{o:UNIT}")


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("深言公司收购了方圆科技。", Modality.ASSERTED),
        ("深言公司拟收购方圆科技。", Modality.PLANNED),
        ("知情人士透露,深言公司收购了方圆科技。", Modality.REPORTED),
        ("深言公司否认收购方圆科技。", Modality.DENIED),
        ("深言公司并未收购方圆科技。", Modality.DENIED),
    ],
)
def test_modality_follows_the_cues(sentence: str, modality: Modality, make_scene) -> None:
    scene = make_scene(sentence, {"深言公司": "Company", "方圆科技": "Company"})
    found = {f.modality for f in apply_rules(scene, None) if f.predicate is Predicate.ACQUIRED}
    assert found == {modality}


@pytest.mark.parametrize(
    "sentence",
    [
        "深言公司推出了类小方模型的产品。",
        "深言公司的竞争对手是谁尚不清楚,小方模型另说。",
        "深言公司的收入基于小方模型。",
    ],
)
def test_a_work_that_is_compared_or_used_is_not_made(sentence: str, make_scene) -> None:
    scene = make_scene(sentence, {"深言公司": "Company", "小方模型": "Model"})
    assert not [f for f in apply_rules(scene, None) if f.predicate is Predicate.DEVELOPS]
