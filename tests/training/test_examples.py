"""Examples to learn from: names and claims stay where they are stated, whatever is cut or renamed."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.claims.pairs import QUALITIES
from kg.model import Document, Entity, EntityType, Evidence, Extraction, Mention, Predicate
from kg.nlp import encoder
from kg.nlp.pieces import Vocabulary

COMPANY, MODEL, PERSON = EntityType.COMPANY, EntityType.MODEL, EntityType.PERSON
TEXT = "云栖智能发布澜语。创始人周屿白说,云栖智能已与墨坊科技合作。"
KINDS = {"云栖智能": (COMPANY, 0), "澜语": (MODEL, 1), "周屿白": (PERSON, 2), "墨坊科技": (COMPANY, 3)}
FRESH = {
    COMPANY: ["霁川半导体", "晴川", "Aurora Labs"],
    MODEL: ["砚-7B", "Q"],
    PERSON: ["林舟", "欧阳青岚"],
}
STATED = [
    (0, 1, ("develops",), (), "云栖智能发布澜语"),
    (0, 2, ("foundedBy", "worksFor"), (), "创始人周屿白"),
    (0, 3, ("partnersWith",), ("reported",), "云栖智能已与墨坊科技合作"),
]
PIECES = ["云栖", "智能", "发布", "澜", "语", "。", "创始人", "周", "屿", "白", "说", ",", "已与", "墨坊科技", "合作"]
VOCABULARY = Vocabulary(["<s>", "<pad>", "</s>", "<unk>", *PIECES], [0.0] * 4 + [-1.0] * len(PIECES))


@pytest.fixture(scope="session")
def examples(load):
    return load("examples")


@pytest.fixture(scope="session")
def example(examples):
    mentions = []
    for name, (kind, number) in KINDS.items():
        start = TEXT.find(name)
        while start >= 0:
            mentions.append((start, start + len(name), kind, number))
            start = TEXT.find(name, start + 1)
    statements = tuple(
        examples.Statement(s, o, predicates, qualities, TEXT.index(quote), TEXT.index(quote) + len(quote))
        for s, o, predicates, qualities, quote in STATED
    )
    return examples.Example("a", TEXT, tuple(sorted(mentions)), statements)


def rename(examples, example, names, seed: int, share: float):
    return examples.rename(example, names, random.Random(seed), share)  # noqa: S311  nothing secret


def wordings(example) -> list[str]:
    return [example.text[start:end] for start, end, _, _ in example.mentions]


# -- what the network learns is what the package reads -----------------------------------------------------------------


def test_training_and_package_agree_on_tags_labels_and_windows(examples) -> None:
    assert examples.TAGS == encoder.TAGS
    assert (*map(str, Predicate), *QUALITIES) == examples.LABELS
    assert examples.LONGEST - 2 == encoder._WINDOW


# -- renaming ----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.5, 1.0]))
def test_renamed_names_and_statements_stay_aligned(examples, example, seed: int, share: float) -> None:
    renamed = rename(examples, example, FRESH, seed, share)
    assert [m[2:] for m in renamed.mentions] == [m[2:] for m in example.mentions]
    for old, new, (_, _, kind, _) in zip(wordings(example), wordings(renamed), renamed.mentions, strict=True):
        assert new == old or new in FRESH[kind]
    for old, new in zip(example.statements, renamed.statements, strict=True):
        assert replace(new, start=old.start, end=old.end) == old
        inside = [old.start <= start and end <= old.end for start, end, _, _ in example.mentions]
        assert inside == [new.start <= start and end <= new.end for start, end, _, _ in renamed.mentions]
    assert blanked(renamed) == blanked(example)


def blanked(example) -> tuple[str, list[str]]:
    """The text without its names, and the same of each statement."""

    def without(first: int, last: int) -> str:
        inside = [m for m in example.mentions if first <= m[0] and m[1] <= last]
        ends = [first, *(m[1] for m in inside)]
        starts = [*(m[0] for m in inside), last]
        return "*".join(example.text[a:b] for a, b in zip(ends, starts, strict=True))

    return without(0, len(example.text)), [without(s.start, s.end) for s in example.statements]


def test_an_entity_has_its_new_name_everywhere(examples, example) -> None:
    renamed = rename(examples, example, FRESH, 3, 1.0)
    names = {(number, name) for (_, _, _, number), name in zip(renamed.mentions, wordings(renamed), strict=True)}
    assert len(names) == len(KINDS)
    assert not {name for _, name in names} & set(KINDS)


def test_nothing_is_renamed_without_a_share(examples, example) -> None:
    assert rename(examples, example, FRESH, 1, 0.0) == example


def test_the_same_seed_gives_the_same_names_in_every_process(examples, example) -> None:
    for seed in range(5):
        chance = random.Random(seed)  # noqa: S311  nothing secret
        drawn = [chance.choice(FRESH[kind]) for kind, _ in KINDS.values() if chance.random() < 2]
        renamed = rename(examples, example, FRESH, seed, 1.0)
        assert list(dict.fromkeys(wordings(renamed))) == list(dict.fromkeys(drawn))


def test_nested_and_shared_names_stay(examples) -> None:
    text = "云栖智能云由云栖智能推出,云栖是简称。墨坊科技也在。"
    found = [("云栖智能云", EntityType.PRODUCT, 0), ("云栖智能", COMPANY, 1), ("墨坊科技", COMPANY, 2)]
    spans = [(text.index(n), text.index(n) + len(n), kind, number) for n, kind, number in found]
    example = examples.Example("a", text, tuple(sorted(spans, key=lambda m: (m[0], -m[1]))), ())
    for seed in range(20):
        renamed = rename(examples, example, {**FRESH, EntityType.PRODUCT: ["砚镜"]}, seed, 1.0)
        assert wordings(renamed)[:2] == ["云栖智能云", "云栖智能"]
        assert wordings(renamed)[2] in FRESH[COMPANY]


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_tags_stand_on_the_pieces_of_names(examples, example) -> None:
    record = examples.encode(example, VOCABULARY)
    tags = [examples.TAGS[tag] for tag in record["tags"]]
    assert len(tags) == len(record["ids"])
    words = [VOCABULARY.pieces[i] for i in record["ids"]]
    named = [(word, tag) for word, tag in zip(words, tags, strict=True) if tag != "O"]
    assert named == [
        ("云栖", "B-Company"), ("智能", "E-Company"), ("澜", "B-Model"), ("语", "E-Model"),
        ("周", "B-Person"), ("屿", "I-Person"), ("白", "E-Person"),
        ("云栖", "B-Company"), ("智能", "E-Company"), ("墨坊科技", "S-Company"),
    ]  # fmt: skip


def test_mentions_are_pieces_and_pairs_are_the_mentions_of_the_statement(examples, example) -> None:
    record = examples.encode(example, VOCABULARY)
    words = ["".join(VOCABULARY.pieces[i] for i in record["ids"][a : b + 1]) for a, b in record["mentions"]]
    assert words == wordings(example)
    assert record["numbers"] == [0, 1, 2, 0, 3]
    assert record["sentences"] == [1, 1, 2, 2, 2]
    pairs = {(s, o): {examples.LABELS[i] for i in labels} for s, o, labels in record["pairs"]}
    assert pairs == {
        (0, 1): {"develops"},
        (3, 2): {"foundedBy", "worksFor"},
        (3, 4): {"partnersWith", "reported"},
        (4, 3): {"partnersWith", "reported"},
    }
    assert record["unsure"] == [(0, 2), (0, 4), (3, 1), (4, 0)]
    assert [(s, o, [examples.LABELS[i] for i in p]) for s, o, p in record["stated"]] == [
        (s, o, list(p)) for s, o, p, _, _ in STATED
    ]


def test_a_text_that_is_too_long_is_cut_off(examples) -> None:
    text = "说" * 500 + "澜语"
    record = examples.encode(examples.Example("a", text, ((500, 502, MODEL, 0),), ()), VOCABULARY)
    assert len(record["ids"]) == len(record["tags"]) == examples.LONGEST - 2


# -- windows -----------------------------------------------------------------------------------------------------------


def test_a_text_that_fits_is_one_window(examples, example) -> None:
    [window] = examples.windows(example, VOCABULARY)
    assert replace(window, id="a") == example
    assert window.id == "a@0"


def test_windows_are_whole_sentences_with_what_they_state(examples, example) -> None:
    first = TEXT.index("创")
    filler = ("说" * 399 + "。") * 2
    shift = len(filler)
    moved = examples.Example(
        "a",
        TEXT[:first] + filler + TEXT[first:],
        tuple((a, b, k, n) if a < first else (a + shift, b + shift, k, n) for a, b, k, n in example.mentions),
        tuple(
            s if s.start < first else replace(s, start=s.start + shift, end=s.end + shift) for s in example.statements
        ),
    )
    windows = list(examples.windows(moved, VOCABULARY))
    assert "".join(w.text for w in windows) == moved.text
    assert all(len(VOCABULARY.cut(w.text).ids) <= examples.LONGEST - 2 for w in windows)
    assert all(w.text.endswith("。") for w in windows)
    assert [wordings(w) for w in windows] == [["云栖智能", "澜语"], ["周屿白", "云栖智能", "墨坊科技"]]
    assert [[w.text[s.start : s.end] for s in w.statements] for w in windows] == [
        ["云栖智能发布澜语"],
        ["创始人周屿白", "云栖智能已与墨坊科技合作"],
    ]


# -- where names stand -------------------------------------------------------------------------------------------------


def find(examples, text: str, *names: list[str]) -> list[tuple[str, int]]:
    entities = [{"names": wordings, "type": "Product"} for wordings in names]
    return [(text[a:b], number) for a, b, _, number in examples._find_mentions(text, entities)]


def test_longer_names_are_found_first(examples) -> None:
    assert find(examples, "澜语2发布,澜语不变", ["澜语"], ["澜语2"]) == [("澜语2", 1), ("澜语", 0)]


def test_a_name_inside_a_longer_one_is_found_where_it_stands_nowhere_else(examples) -> None:
    assert find(examples, "澜语2发布,澜语2很快", ["澜语"], ["澜语2"]) == [("澜语2", 1), ("澜语", 0), ("澜语2", 1)]


def test_names_are_whole_latin_words(examples) -> None:
    assert find(examples, "Auroras与Aurora和xAurora", ["Aurora"]) == [("Aurora", 0)]
    assert find(examples, "Aurora2与Aurora-X", ["Aurora"]) == [("Aurora", 0)] * 2
    assert find(examples, "说Aurora好", ["Aurora"]) == [("Aurora", 0)]


def test_other_names_of_an_entity_are_its_mentions(examples) -> None:
    assert find(examples, "云栖智能(云栖)发布", ["云栖智能", "云栖"]) == [("云栖智能", 0), ("云栖", 0)]


def test_what_people_annotated(examples, tmp_path: Path) -> None:
    entities = [{"id": f"e{n}", "type": str(kind), "names": [name]} for name, (kind, n) in KINDS.items()]
    claims = [
        {"s": "e0", "p": "foundedBy", "alt": ["worksFor"], "o": "e2", "modality": "reported",
         "evidence": "创始人周屿白", "q": {"status": "former"}},
    ]  # fmt: skip
    (tmp_path / "docs.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}) + "\n", encoding="utf-8")
    gold = {"id": "a", "entities": entities, "claims": claims}
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n", encoding="utf-8")
    [read] = examples.read_annotated(tmp_path / "docs.jsonl", tmp_path / "gold.jsonl")
    assert wordings(read) == ["云栖智能", "澜语", "周屿白", "云栖智能", "墨坊科技"]
    start = TEXT.index("创始人周屿白")
    assert read.statements == (
        examples.Statement(0, 2, ("foundedBy", "worksFor"), ("former", "reported"), start, start + 6),
    )


def test_what_was_found_in_a_document(examples) -> None:
    document = Document(text="昨天,澜語發佈。")
    entity = Entity("model/lanyu", MODEL, "澜语")
    mention = Mention(Evidence(document.id, 3, 5, "澜語"), MODEL, "澜語", entity.id)
    read = examples.to_example(Extraction(document, (entity,), (mention,)))
    assert wordings(read) == ["澜语"]
    assert read.mentions == ((3, 5, MODEL, 0),)
