"""Annotations by offset: apart from their texts and together again, nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "training" / "annotations.py"
ARTICLE = {
    "id": "a-1",
    "date": "2026-03-05",
    "text": "无关的话。林舟是云启科技首席科学家，云启科技以2亿元收购北辰智能。",
}
START = 5
GOLD = {
    "id": "a-1:5-32",
    "entities": [
        {"id": "e1", "type": "Company", "names": ["云启科技"]},
        {"id": "e2", "type": "Person", "names": ["林舟"]},
        {"id": "e3", "type": "Company", "alt_type": "Product", "names": ["北辰智能"]},
    ],
    "claims": [
        {
            "s": "e2", "p": "worksFor", "o": "e1", "modality": "asserted", "evidence": "林舟是云启科技首席科学家",
            "q": {"role": "首席科学家", "status": "current"},
        },
    ],
    "investments": [
        {
            "investee": "e3", "investors": [{"e": "e1", "lead": False}], "kind": "acquisition", "modality": "asserted",
            "evidence": "云启科技以2亿元收购北辰智能",
            "amount": {"value": 200000000, "currency": "CNY", "approx": False, "text": "2亿元"},
        },
    ],
}  # fmt: skip


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def passages(tmp_path: Path) -> Path:
    text = str(ARTICLE["text"])[START:]
    docs = write(
        tmp_path / "d.jsonl", {"id": GOLD["id"], "doc": "a-1", "start": START, "end": START + len(text), "text": text}
    )
    result = run("write", docs, write(tmp_path / "g.jsonl", GOLD), tmp_path / "passages.jsonl")
    assert result.returncode == 0, result.stderr
    return tmp_path / "passages.jsonl"


def test_annotations_carry_no_text(passages: Path) -> None:
    written = passages.read_text("utf-8")
    assert not any("\u4e00" <= character <= "\u9fff" for character in written)


def test_with_its_text_an_annotation_is_what_it_was(passages: Path, tmp_path: Path) -> None:
    result = run("read", write(tmp_path / "news.jsonl", ARTICLE), tmp_path / "out", "--passages", passages)
    assert result.returncode == 0, result.stderr
    [gold] = map(json.loads, (tmp_path / "out" / "gold.jsonl").read_text("utf-8").splitlines())
    [document] = map(json.loads, (tmp_path / "out" / "docs.jsonl").read_text("utf-8").splitlines())
    assert {**gold, "id": GOLD["id"]} == GOLD
    assert document["text"] == str(ARTICLE["text"])[START:]
    assert document["id"] == gold["id"]


def test_a_document_that_is_missing_is_named(passages: Path, tmp_path: Path) -> None:
    result = run(
        "read", write(tmp_path / "news.jsonl", ARTICLE | {"id": "b"}), tmp_path / "out", "--passages", passages
    )
    assert result.returncode == 1
    assert "a-1" in result.stderr
