from __future__ import annotations

import sqlite3

import pytest

from kg.build.journal import Entry, Journal, Outcome, place_of
from kg.errors import StoreError
from kg.model import Document


def test_a_note_replaces_what_was_known_of_a_place(tmp_path) -> None:
    with Journal.open(tmp_path / "j.sqlite") as journal:
        assert journal.find("file /a") is None
        journal.note(Entry("file /a", "/a", "d1", "v1", Outcome.STORED))
        journal.note(Entry("file /a", "/a", "d2", "v2", Outcome.FAILED, "too deep"))
        journal.note(Entry("url u", "/b", "d2", "v1", Outcome.STORED))
    with Journal.open(tmp_path / "j.sqlite") as journal:
        assert journal.find("file /a") == Entry("file /a", "/a", "d2", "v2", Outcome.FAILED, "too deep")
        assert [entry.place for entry in journal.find_document("d2")] == ["file /a", "url u"]
        assert [entry.document for entry in journal.find_file("/b")] == ["d2"]
        assert journal.outdated("v1") == ["/a"]
        assert journal.outdated("v1", "v2") == []
        journal.forget("d2")
        assert journal.find_document("d2") == []


def test_what_a_document_is_known_by(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = str(tmp_path / "feed.jsonl")
    with_url = Document("甲", url="https://a.example/1", source="feed.jsonl#3")
    assert place_of(with_url) == ("url https://a.example/1", path)
    assert place_of(Document("甲", source="feed.jsonl")) == (f"file {path}", path)
    assert place_of(Document("甲", source="feed.jsonl#3", record_id="x")) == (f"record {path} x", path)
    bare = Document("甲", source="feed.jsonl#3")
    assert place_of(bare) == (f"content {bare.id}", path)
    assert place_of(Document("甲", source="-")) == (f"content {Document('甲').id}", None)
    assert place_of(Document("甲", source="a#b.txt"))[0] == f"file {tmp_path / 'a#b.txt'}"


def test_no_journal(tmp_path) -> None:
    (tmp_path / "j.sqlite").write_bytes(b"no database at all, but long enough to be looked at as one" * 40)
    with pytest.raises(StoreError, match="damaged"):
        Journal.open(tmp_path / "j.sqlite")
    with pytest.raises(StoreError, match="cannot write the journal"):
        Journal.open(tmp_path / "missing" / "j.sqlite")


def test_a_note_is_there_as_soon_as_it_is_made(tmp_path) -> None:
    with Journal.open(tmp_path / "j.sqlite") as journal:
        journal.note(Entry("file /a", "/a", "d1", "v1", Outcome.STORED))
        beside = sqlite3.connect(tmp_path / "j.sqlite")
        assert beside.execute("SELECT document FROM document").fetchall() == [("d1",)]
        beside.close()
