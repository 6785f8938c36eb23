from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.claims import scene as symbols
from kg.claims.scene import Element, build_scene, find_subject, is_cited
from kg.model import Entity, EntityType

NAMES = {"星海智能": "Company", "墨坊科技": "Company", "潮报": "Company", "星宝": "Product", "陆知遥": "Person"}


def test_names_become_symbols_and_quotes_go(make_scene) -> None:
    scene = make_scene("“星海智能”发布《星宝》。", NAMES)
    assert scene.text == f"{symbols.COMPANY}发布{symbols.PRODUCT}。"
    assert [e.text for e in scene.names()] == ["星海智能", "星宝"]


def test_a_character_of_the_text_never_passes_for_a_symbol(make_scene) -> None:
    scene = make_scene(f"{symbols.COMPANY}星海智能{symbols.ROUND}发布星宝。", NAMES)
    assert scene.text == f"{symbols.COMPANY}发布{symbols.PRODUCT}。"
    assert [e.text for e in scene.names()] == ["星海智能", "星宝"]


def test_brackets_and_what_they_hold_stand_aside(make_scene) -> None:
    scene = make_scene("星海智能(由墨坊科技控股)裁员。", NAMES)
    assert scene.text == f"{symbols.COMPANY}裁员。"
    assert [e.text for e in scene.aside] == ["墨坊科技"]


def test_a_span_of_a_scene_is_a_span_of_the_text(make_scene) -> None:
    text = "昨天“星海智能”发布《星宝》。"
    scene = make_scene(text, NAMES)
    start, end = scene.span(scene.text.index(symbols.COMPANY), scene.text.index(symbols.PRODUCT) + 1)
    assert text[start:end] == "星海智能”发布《星宝"
    assert scene.span(0, len(scene.text)) == (0, len(text))


def test_what_is_left_out_of_a_scene_leaves_the_rest_in_place(make_scene) -> None:
    text = "墨坊科技旗下的星海智能发布星宝。"
    scene = make_scene(text, NAMES)
    rest = scene.without([(0, scene.text.index("的") + 1)])
    assert rest.text == f"{symbols.COMPANY}发布{symbols.PRODUCT}。"
    assert [e.text for e in rest.names()] == ["星海智能", "星宝"]
    start, end = rest.span(0, len(rest.text))
    assert text[start:end] == "星海智能发布星宝。"
    assert scene.without([]) is scene


def test_between_returns_the_elements_of_a_stretch_in_order(make_scene) -> None:
    scene = make_scene("星海智能、墨坊科技和陆知遥来了。", NAMES)
    assert [e.text for e in scene.between(0, len(scene.text))] == ["星海智能", "墨坊科技", "陆知遥"]
    assert [e.text for e in scene.between(1, 3)] == ["墨坊科技"]
    assert scene.between(0, 0) == []


def test_the_source_of_a_statement_is_cited(make_scene) -> None:
    scene = make_scene("据潮报报道,星海智能收购墨坊科技。", NAMES)
    cited = {element.text: is_cited(scene, index) for index, element in scene.elements.items()}
    assert cited == {"潮报": True, "星海智能": False, "墨坊科技": False}


def test_the_subject_of_a_headless_clause(make_scene) -> None:
    topic = Entity("company/x", EntityType.COMPANY, "别家公司")
    scene = make_scene("据潮报报道,星海智能裁员,并关闭工厂。", NAMES)
    clause = scene.text.index("并关闭")
    assert find_subject(scene, clause, topic).name == "星海智能"
    assert find_subject(scene, 0, topic) is topic
    assert find_subject(make_scene("并关闭工厂。", NAMES), 0, None) is None


def test_a_remark_begins_with_the_name_before_its_bracket() -> None:
    text = "星海智能(已并入墨坊科技)裁员"
    company = Element(symbols.COMPANY, 0, 4, "星海智能")
    other = Element(symbols.COMPANY, 8, 12, "墨坊科技")
    scene = build_scene(text, 5, 12, [company, other], within=True)
    assert scene.text == f"{symbols.COMPANY}已并入{symbols.COMPANY}"
    assert scene.span(0, len(scene.text)) == (0, 12)


@given(st.data())
def test_every_character_of_a_scene_is_one_of_the_text(data) -> None:
    text = data.draw(st.text(alphabet="甲乙发布，,。()“”《》 AB12\n", max_size=60))
    cuts = data.draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8).map(sorted))
    elements = [
        Element(symbols.COMPANY, a, b, text[a:b], nested=data.draw(st.booleans()))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    scene = build_scene(text, 0, len(text), elements)
    assert len(scene.offsets) == len(scene.text)
    assert list(scene.offsets) == sorted(set(scene.offsets))
    for index, character in enumerate(scene.text):
        element = scene.elements.get(index)
        assert (character, scene.offsets[index]) == (
            (element.symbol, element.start) if element else (text[scene.offsets[index]], scene.offsets[index])
        )
    placed = [id(e) for e in [*scene.elements.values(), *scene.aside]]
    assert sorted(placed) == sorted(map(id, elements)), "every element is kept once"
