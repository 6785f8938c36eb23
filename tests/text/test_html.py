import pytest

from kg.errors import InputError
from kg.text.html import find_charset, looks_like_markup, read_page, strip_markup

PARAGRAPHS = [
    "文｜本报记者",
    "星河智能在周一宣布，它的语言模型已经向所有开发者开放，价格比去年低了一半。",
    "公司创始人在会上表示，团队用了两年时间打磨这一产品，接下来会把它装进汽车和家电。",
    "投资方没有透露金额，只说会长期持有。",
    "市场上的对手也在加快脚步，云岭科技上个月刚刚推出了自己的编程助手，用户已经超过十万。",
    "（完）",
]
HEAD = """<meta property="og:title" content="星河智能开放语言模型"><meta property="og:site_name" content="示例新闻网">
<meta name="author" content="李明"><link rel="canonical" href="https://news.example.com/a/1.html">
<meta property="article:published_time" content="2025-08-21T17:19:00+08:00"><title>星河智能开放语言模型_示例</title>"""
NAVIGATION = '<div class="menu"><ul><li><a href="/">首页</a></li><li><a href="/t">科技频道</a></li></ul></div>'
FOOTER = '<div class="footer"><p>版权所有 示例新闻网</p></div>'
BODIES = {
    "paragraphs": '<div class="article">{}</div>'.format("".join(f"<p>{p}</p>" for p in PARAGRAPHS)),
    "breaks": '<div id="content">{}</div>'.format("<br/><br>".join(PARAGRAPHS)),
    "sections": '<div id="js_content">{}</div>'.format(
        "".join(f"<section><span>{p}</span></section>" for p in PARAGRAPHS)
    ),
    "table": "<table><tr><td>{}</td></tr></table>".format("".join(f"<div>{p}</div>" for p in PARAGRAPHS)),
    "nested": "<article>{}</article>".format("".join(f"<p><strong>{p[:3]}</strong>{p[3:]}</p>\n" for p in PARAGRAPHS)),
}


def make_page(body: str, head: str = HEAD) -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{NAVIGATION}{body}{FOOTER}</body></html>"


@pytest.mark.parametrize("kind", BODIES)
def test_all_paragraphs_are_kept_and_menus_are_not(kind: str) -> None:
    page = read_page(make_page(BODIES[kind]), max_elements=1000)
    assert page.text.splitlines() == PARAGRAPHS


def test_links_between_paragraphs_are_left_out_and_links_within_stay() -> None:
    first, second = PARAGRAPHS[1], PARAGRAPHS[2]
    links = '<ul class="related"><li><a href="/2">十大消费电子产品盘点</a></li></ul>'
    body = (
        f'<div class="article"><p>{first[:4]}<a href="/x">{first[4:9]}</a>{first[9:]}</p>{links}<p>{second}</p></div>'
    )
    assert read_page(make_page(body), max_elements=1000).text.splitlines() == [first, second]


def test_metadata_is_read() -> None:
    page = read_page(make_page(BODIES["paragraphs"]), max_elements=1000)
    assert (page.title, page.publisher, page.author) == ("星河智能开放语言模型", "示例新闻网", "李明")
    assert (page.url, page.date) == ("https://news.example.com/a/1.html", "2025-08-21")


def test_a_page_of_the_future_keeps_its_date() -> None:
    page = read_page(make_page(BODIES["paragraphs"], HEAD.replace("2025-08", "2099-08")), max_elements=1000)
    assert page.date == "2099-08-21"


def test_the_whole_body_is_taken_where_no_article_is_found() -> None:
    page = read_page(
        "<title>快讯</title><body><div>星河智能<b>上市</b></div><script>var a=1</script>", max_elements=100
    )
    assert page.text == "星河智能上市"
    assert page.title == "快讯"


@pytest.mark.parametrize("markup", ["", " ", "<html><body></body></html>", "<script>let a</script>", "<!-- 无 -->"])
def test_a_page_without_text_is_refused(markup: str) -> None:
    with pytest.raises(InputError, match="no text"):
        read_page(markup, max_elements=100)


@pytest.mark.parametrize("markup", ["<p>字" * 101, "<b>字</b>" * 101, "<i>" * 500])
def test_a_page_of_too_many_elements_is_refused(markup: str) -> None:
    with pytest.raises(InputError, match="more than 100 elements"):
        read_page(markup, max_elements=100)


def test_a_page_nested_too_deeply_is_refused_and_not_cut() -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        read_page("<p>开头</p>" + "<div>" * 5000 + "深处", max_elements=100_000)
    assert "深处" in read_page("<p>开头</p>" + "<div>" * 500 + "深处", max_elements=100_000).text


def test_an_encoding_declaration_in_the_text_does_no_harm() -> None:
    assert (
        read_page('<?xml version="1.0" encoding="gbk"?><html><body><p>公司</p></body></html>', max_elements=9).text
        == "公司"
    )


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("星河<br>智能", "星河\n智能"),
        ("<p>星河\n  智能 AI\n助手</p>", "星河智能 AI 助手"),
        ("<td>甲</td><td>乙</td>", "甲 乙"),
        ("<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>", "甲 乙\n丙"),
        ("<ruby>關<rt>guān</rt></ruby>注", "關注"),
        ("甲&nbsp;乙&amp;丙&lt;丁", "甲\u00a0乙&丙<丁"),
        ("甲<script>1</script>乙<style>p{}</style>丙", "甲\n乙\n丙"),
        ("", ""),
    ],
)
def test_a_fragment_becomes_lines(markup: str, text: str) -> None:
    assert strip_markup(markup, max_elements=100) == text


def test_markup_is_told_from_text() -> None:
    assert looks_like_markup("<p>公司</p>")
    assert looks_like_markup("公司<br>模型")
    assert not looks_like_markup("若 a<b 且 c>d，则选 <模型> 与 <p>")


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        (b'<meta charset="gbk">', "gbk"),
        (b"<META http-equiv=Content-Type content='text/html; charset=Big5'>", "Big5"),
        (b'<?xml version="1.0" encoding="GB2312"?>', "GB2312"),
        (b"<p>charset=gbk</p>", None),
        (b" " * 5000 + b'<meta charset="gbk">', None),
    ],
)
def test_the_declared_charset_is_found(data: bytes, charset: str | None) -> None:
    assert find_charset(data) == charset
