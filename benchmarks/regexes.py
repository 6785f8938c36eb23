"""Measure how the time of every regular expression, and of a whole extraction, grows with the length of hostile texts.

    python benchmarks/regexes.py                  # expressions, then extractions; exit code 1 where one runs away
    python benchmarks/regexes.py expressions      # one of the two
    python benchmarks/regexes.py extractions

The expressions are all that the package hands to `re` while it is imported and reads its sample. Each runs over long
runs of single characters and pairs, over matches of its own and over such matches cut short. One runs away where its
time more than doubles with the length (2.6 times, for noise, in the last step and on average), is above 50 ms for the
longest text, and does so again when it is measured once more. What sees no more than a sentence is measured on the
longest sentence there is, times as many as fill the text, and may take 2.5 seconds for all of them. What the source
only matches at given places is matched at a few places rather than searched for.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import re._constants as sre
import re._parser as sre_parser
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import resources
from pathlib import Path
from types import FrameType
from typing import Any

import click

LENGTHS = (10_000, 20_000, 40_000)
MOST_GROWTH = 2.6
LEAST_SECONDS = 0.05
MOST_SECONDS = 2.5
LONGEST_RUN = 20.0
MATCHES = 20
SYMBOLS = [chr(code) for code in range(0xE000, 0xE00E)]
CHARACTERS = [*"aA1甲的张十亿一年月、和()[]<>“”\"'《》 \n,。:;!-./·@#&*_`+=$%|", *SYMBOLS]
PIECES = [
    "甲、", "张三、", "A、", "A ", "Aa ", "a-", "A.", "1,", "1.", "1,111", "()", "(a", "(a)", "甲(a)", "[a](", "![",
    "<a ", "</", "<!--", "&a", "&#1", "http://", "www.a", "a@", "a@a.", "**", "__a", "约翰·", "3月", "2025年",
    "十月", "亿元", "1亿", "数千万", "30-", "A轮、", "Pre-", "百分之", "30%", "“甲", "“甲”", "《甲", "公司",
    "有限公司", "大学", "首席", "首席官", "创始人", "董事长兼", "该公司", "本轮", "其", "他", "双方", "前者", "文:",
    "作者:", "记者 ", "张三:", "张三表示", "由", "投资", "收购", "由甲领投", "# ", " \n", "\n\n", "据报道",
    "甲公司", "腾讯", "腾讯、", "腾讯(", "腾讯收购", "腾讯CEO", "腾讯投资阿里巴巴", "OpenAI和", "马化腾、",
    "马化腾,", "Kimi、", "Kimi和腾讯", "涨停", "甲涨停、", "---", "來", "関(guān)", "\r\n", "\u200b",
    *(f"{a}{joint}" for a in SYMBOLS for joint in ("、", "和", ",", "的", "甲", "收购")),
    *(f"{a}{b}" for a in SYMBOLS[:6] + SYMBOLS[9:11] for b in SYMBOLS[:6] + SYMBOLS[9:11]),
]  # fmt: skip


class TooLongError(Exception):
    """A run took longer than is waited for."""


def collect_expressions() -> dict[tuple[str, int], tuple[str, bool]]:
    """Return what the package hands to `re`: (expression, flags) -> (where in the source, whether only to match)."""
    found: dict[tuple[str, int], tuple[str, bool]] = {}

    def watch(name: str) -> None:
        original: Callable[..., Any] = getattr(re, name)

        def watched(pattern: Any, *arguments: Any, **options: Any) -> Any:
            frame = sys._getframe(1)
            module = frame.f_globals.get("__name__", "")
            if module.startswith("kg.") and isinstance(getattr(pattern, "pattern", pattern), str):
                compiled = re_compile(pattern, arguments[0] if name == "compile" and arguments else 0)
                key = compiled.pattern, compiled.flags & ~re.UNICODE
                here = f"{module}:{frame.f_lineno}"
                only_matched = is_anchored(here) if name == "compile" else name in ("match", "fullmatch")
                place, before = found.get(key, (here, True))
                found[key] = place, before and only_matched
            return original(pattern, *arguments, **options)

        setattr(re, name, watched)

    re_compile = re.compile
    names = ("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
    originals = {name: getattr(re, name) for name in names}
    for name in names:
        watch(name)
    try:
        import kg

        for module in pkgutil.walk_packages(kg.__path__, "kg."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        _read_sample()
    finally:
        for name, original in originals.items():
            setattr(re, name, original)
    return found


def _read_sample() -> None:
    from kg.claims.extractors import extract
    from kg.model import Document, Extractor
    from kg.text.sources import read_documents

    with resources.as_file(resources.files("kg") / "sample") as folder:
        for item in read_documents([folder]):
            if isinstance(item, Document):
                extract(item, extractor=Extractor.RULES)


def make_samples(expression: str, flags: int, *, count: int = 8) -> list[str]:
    """Return strings that an expression matches, or nearly does: look-around is not heeded."""
    tree = sre_parser.parse(expression, flags)
    rng = random.Random(expression.encode("utf-8", "surrogatepass"))  # noqa: S311
    return sorted({_write(tree, rng) for _ in range(count)} - {""})


def _write(tree: Any, rng: random.Random) -> str:
    return "".join(_write_item(kind, value, rng) for kind, value in tree)


def _write_item(kind: Any, value: Any, rng: random.Random) -> str:
    if kind is sre.LITERAL:
        return chr(value)
    if kind in (sre.NOT_LITERAL, sre.ANY):
        return "甲"
    if kind is sre.IN:
        return _write_one(value, rng)
    if kind is sre.BRANCH:
        return _write(rng.choice(value[1]), rng)
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        low, high, body = value
        return "".join(_write(body, rng) for _ in range(min(high, max(low, rng.choice((low, low + 1, 5))))))
    if kind is sre.SUBPATTERN:
        return _write(value[-1], rng)
    return _write(value, rng) if kind is sre.ATOMIC_GROUP else ""


def _write_one(members: Any, rng: random.Random) -> str:
    """Return a character of a class; of a negated one, a Chinese character that is probably in it."""
    kind, value = rng.choice(members) if members[0][0] is not sre.NEGATE else (sre.LITERAL, ord(rng.choice("甲a1 ")))
    if kind is sre.LITERAL:
        return chr(value)
    if kind is sre.RANGE:
        return chr(rng.randint(*value))
    words = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "甲"}
    return words.get(value, ",")


def make_texts(expression: str, flags: int) -> Iterator[str]:
    """Yield the units of which the texts for an expression are repetitions."""
    samples = make_samples(expression, flags)
    yield from dict.fromkeys(
        [*CHARACTERS, *PIECES, *samples, *(s[:-1] for s in samples if len(s) > 1), *sorted(set("".join(samples)))[:20]]
    )


def fill(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def _wait_no_longer(signum: int, frame: FrameType | None) -> None:
    raise TooLongError


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of `work`, `LONGEST_RUN` where it does not end by then."""
    signal.setitimer(signal.ITIMER_REAL, LONGEST_RUN)
    start = time.process_time()
    try:
        work()
    except TooLongError:
        return LONGEST_RUN
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.process_time() - start


def measure(work: Callable[[str], object], unit: str, *, sentence: int | None = None) -> list[float]:
    """Return the seconds for each of `LENGTHS`, those of a second time where the first seem to run away.

    With the length of a `sentence`, return only those for as many as fill the longest text.
    """
    times = _measure_once(work, unit, sentence)
    return _measure_once(work, unit, sentence) if runs_away(times, sentence=sentence) else times


def _measure_once(work: Callable[[str], object], unit: str, sentence: int | None) -> list[float]:
    """Measure one time; stop early where the work is too fast ever to run away."""
    if sentence:
        return [seconds(lambda: work(fill(unit, sentence))) * (LENGTHS[-1] / sentence)]
    times: list[float] = []
    for length in LENGTHS:
        text = fill(unit, length)
        times.append(seconds(lambda text=text: work(text)))  # type: ignore[misc]
        if times[-1] >= LONGEST_RUN or (length == LENGTHS[0] and times[0] < LEAST_SECONDS / 40):
            break
    return times


def runs_away(times: list[float], *, sentence: int | None = None) -> bool:
    if sentence or times[-1] >= LONGEST_RUN:
        return times[-1] > MOST_SECONDS
    if len(times) < len(LENGTHS) or times[-1] <= LEAST_SECONDS:
        return False
    return times[-1] / times[-2] > MOST_GROWTH and times[-1] / times[0] > MOST_GROWTH ** (len(LENGTHS) - 1)


def report(place: str, what: str, unit: str, times: list[float]) -> None:
    click.echo(f"{place}  {' / '.join(f'{t * 1000:,.0f}' for t in times)} ms on {unit!r}: {what[:90]!r}")


def is_anchored(place: str) -> bool:
    """Return whether the source at `module:line` gives an expression a name and only ever matches with it."""
    module, line = place.split(":")
    source = Path(str(sys.modules[module].__file__)).read_text("utf-8")
    found = re.match(r"(_?[A-Z][A-Z_]*) = re\.compile", source.splitlines()[int(line) - 1])
    uses = re.findall(rf"\b{found[1]}\b(?:\.(\w+))?", source) if found else [""]
    return set(uses[1:]) <= {"match", "fullmatch"} and len(uses) > 1


def _search(pattern: re.Pattern[str], text: str) -> None:
    for _ in pattern.finditer(text):
        pass


def _match(pattern: re.Pattern[str], text: str) -> None:
    for place in range(0, len(text), len(text) // MATCHES):
        pattern.match(text, place)


def measure_expressions() -> int:
    from kg.nlp.sentences import LONGEST_SENTENCE

    expressions = collect_expressions()
    faults = 0
    slowest = (0.0, "", "")
    for (expression, flags), (place, only_matched) in sorted(expressions.items(), key=lambda item: (item[1], item[0])):
        pattern = re.compile(expression, flags)
        sentence = LONGEST_SENTENCE if place.startswith("kg.claims.") else None
        work = partial(_match if only_matched else _search, pattern)
        worst: tuple[list[float], str] | None = None
        for unit in make_texts(expression, flags):
            times = measure(work, unit, sentence=sentence)
            slowest = max(slowest, (times[-1], place, unit))
            if runs_away(times, sentence=sentence):
                faults += 1
                if worst is None or times[-1] > worst[0][-1]:
                    worst = times, unit
        if worst:
            report(place, expression, worst[1], worst[0])
    click.echo(f"{len(expressions):,} expressions; slowest: {slowest[0]:.2f} s, {slowest[1]} on {slowest[2]!r}")
    return faults


def measure_extractions() -> int:
    from kg.claims.extractors import extract
    from kg.model import Document, Extractor

    def work(text: str) -> None:
        extract(Document(text), extractor=Extractor.RULES)

    work("甲公司收购乙公司。")
    faults = 0
    for unit in dict.fromkeys([*CHARACTERS, *PIECES]):
        if unit in SYMBOLS or (len(unit) > 1 and unit[0] in SYMBOLS):
            continue
        times = measure(work, unit)
        if runs_away(times):
            faults += 1
            report("extract", "", unit, times)
    return faults


@click.command(help=__doc__)
@click.argument("what", type=click.Choice(["expressions", "extractions", "all"]), default="all")
def main(what: str) -> None:
    signal.signal(signal.SIGALRM, _wait_no_longer)
    faults = measure_expressions() if what != "extractions" else 0
    faults += measure_extractions() if what != "expressions" else 0
    click.echo(f"{faults} run away")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
