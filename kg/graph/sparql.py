"""What a query or an update has to pass before the store sees it, and what to say of one that does not.

Of the local file system and of other servers, SPARQL reads by two words only: SERVICE, and LOAD in an update. FROM,
USING and GRAPH name graphs of the store, even where the name looks like a file's.
"""

from __future__ import annotations

import re
from itertools import product
from string import ascii_lowercase

import pyoxigraph as ox

from kg.errors import QueryError
from kg.graph.vocab import PREFIXES

__all__ = ["explain_syntax", "has_dataset", "is_sparql", "refuse_elsewhere"]

_SERVICE = re.compile("service", re.IGNORECASE)
_SERVICE_OR_LOAD = re.compile("service|load", re.IGNORECASE)
_FROM = re.compile("from", re.IGNORECASE)
_PROLOGUE = r"(?:\s|#[^\n]*\n|BASE\s*<[^<>]*>|PREFIX\s[^:]*:\s*<[^<>]*>)*"
_UPDATE = re.compile(rf"{_PROLOGUE}(?:INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)[\s<{{]", re.IGNORECASE)
_QUERY = re.compile(rf"{_PROLOGUE}(?:SELECT|ASK|CONSTRUCT|DESCRIBE)[\s<{{(?$]", re.IGNORECASE)
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def refuse_elsewhere(sparql: str, *, base: str, update: bool = False) -> None:
    """Refuse what would read from elsewhere: pyoxigraph asks whatever server SERVICE says, and loads what LOAD says.

    Nothing in pyoxigraph switches them off, and a pattern over the text can be led astray (in `?a<'x>'` the `<` may
    open an IRI or compare). So its own parser judges: spelled otherwise, the word still parses in a string, a name or a
    comment, and does not parse as a keyword. To parse an update is to run it, which is done on an empty store.

    Raises:
        QueryError: the text uses SERVICE, or LOAD in an update, or says the word and is malformed.
    """
    words = _SERVICE_OR_LOAD if update else _SERVICE
    if not words.search(sparql):
        return
    store = ox.Store()
    try:
        (store.update if update else store.query)(
            words.sub(lambda word: word[0][:-1] + "f", sparql), base_iri=base, prefixes=PREFIXES
        )
    except SyntaxError as error:
        refused = "SERVICE and LOAD are refused, since an update" if update else "SERVICE is refused, since a query"
        raise QueryError(
            f"{refused} may not read files or ask other servers; {explain_syntax(error, sparql, update=update)}"
        ) from error
    except RuntimeError:
        return  # It parses: what it lacks on an empty store is nothing to go by.


def has_dataset(sparql: str, *, base: str) -> bool:
    """Whether a query says by FROM or FROM NAMED which graphs it reads; it may seem so of a malformed one.

    pyoxigraph tells nobody, so its parser judges as above: a keyword does not parse when it is spelled otherwise. The
    other spelling is found nowhere else in the text and keeps upper case, so that no two names become one.

    >>> has_dataset("ASK FROM <a:a> { }", base="b:"), has_dataset("ASK { ?from ?p 'from' } # FROM <a:a>", base="b:")
    (True, False)
    """
    text = sparql.lower()
    if "from" not in text:
        return False
    word = next(word for word in map("".join, product(ascii_lowercase, repeat=4)) if word not in text)
    spelling = str.maketrans("fromFROM", word + word.upper())
    try:
        ox.Store().query(
            _FROM.sub(lambda found: found[0].translate(spelling), sparql), base_iri=base, prefixes=PREFIXES
        )
    except SyntaxError:
        return True
    except RuntimeError:
        pass  # It parses.
    return False


def is_sparql(text: str) -> bool:
    """Whether a text is meant to be SPARQL; any other is the name of a question or a file.

    >>> is_sparql("DESCRIBE <company/a-tech>"), is_sparql("drop all"), is_sparql("investors")
    (True, True, False)
    """
    return "{" in text or _QUERY.match(text) is not None or _UPDATE.match(text) is not None


def explain_syntax(error: SyntaxError, sparql: str, *, update: bool = False) -> str:
    """Return a message that shows the line of the text and points at the column where pyoxigraph gave up."""
    if update and _QUERY.match(sparql):
        return "this is a query, which changes nothing: run it without --update (in Python, GraphStore.query)"
    if not update and _UPDATE.match(sparql):
        return "this is an update, and queries only read: to change the graph, --update (in Python, GraphStore.update)"
    what = "update" if update else "query"
    match = _POSITION.match(str(error))
    if match is None:
        return f"the {what} is malformed: {error}"
    line, column, expected = int(match[1]), int(match[2]), match[3]
    lines = sparql.split("\n")
    if line > len(lines):  # What is missing at the end of the text is missed in what the store puts after it.
        line, column = len(lines), len(lines[-1]) + 1
    # Of the rest of what the parser expected, a person learns nothing: it is a list of half the grammar.
    hint = ": a prefix is not declared" if "Prefix not found" in expected else ""
    pointer = f"  {lines[line - 1]}\n  {' ' * (column - 1)}^"
    return f"the {what} is malformed at line {line}, column {column}{hint}\n{pointer}"
