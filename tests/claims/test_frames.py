from __future__ import annotations

import re

import pytest

from kg.claims.frames import Frame, apply_frames, load_frames
from kg.model import SYMMETRIC, Entity, EntityType, Predicate

# The invented names of the examples; what ends otherwise is a company.
_ENDINGS = {
    "沈括": "Person",
    "模型": "Model",
    "R1": "Model",
    "大学": "Organization",
    "助手": "Product",
    "文档": "Product",
    "会议": "Product",
    "芯片": "Product",
    "小匣": "Product",
    "交所": "Exchange",
}


def _parse(claim: str) -> tuple[str, Predicate, str]:
    match = re.fullmatch(rf"(.+) ({'|'.join(Predicate)}) (.+)", claim)
    assert match, claim
    return match[1], Predicate(match[2]), match[3]


def _kind(name: str) -> str:
    return next((kind for ending, kind in _ENDINGS.items() if name.endswith(ending)), "Company")


@pytest.mark.parametrize("frame", load_frames(), ids=lambda frame: frame.id)
def test_every_frame_finds_its_example(frame: Frame, make_scene) -> None:
    text, claims = frame.example["text"], [_parse(c) for c in frame.example["claims"]]
    names = {name: _kind(name) for s, _, o in claims for name in (s, o)}
    names |= {name: "Company" for name in ("深言公司", "方圆科技", "智源公司") if name in text and name not in names}
    topic = Entity("company/别家", EntityType.COMPANY, "别家")
    found = set()
    for finding in apply_frames(make_scene(text, names), topic):
        if finding.rule == frame.id:
            pair = (finding.subject.name, finding.object.name)
            found.add((finding.predicate, *(sorted(pair) if finding.predicate in SYMMETRIC else pair)))
    assert found == {(p, *(sorted((s, o)) if p in SYMMETRIC else (s, o))) for s, p, o in claims}
