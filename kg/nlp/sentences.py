"""Where sentences end in normalized Chinese text."""

from __future__ import annotations

import re

_END = re.compile(r"\n+|(?:[。!?;…]|\.(?=\s|$|[\u3400-\u9fff]))+[”\"」』’)]*")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a normalized text as (start, end) offsets; together they cover all but blank stretches.

    A sentence ends at 。!?;… and at a line break, with the closing quotation marks and brackets that follow. A decimal
    point or the point inside a Latin name (01.AI) ends nothing, nor does a colon.

    >>> [("甲公司完成融资。乙公司估值2.5亿!"[a:b]) for a, b in split_sentences("甲公司完成融资。乙公司估值2.5亿!")]
    ['甲公司完成融资。', '乙公司估值2.5亿!']
    """
    spans = []
    start = 0
    for match in _END.finditer(text):
        if text[start : match.end()].strip():
            spans.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans
