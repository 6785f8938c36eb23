"""Whatever SPARQL says, no file is read and no server is asked."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import KgError, QueryError
from kg.graph.queries import list_questions, run_question
from kg.graph.store import GraphStore

QUERIES = [
    "SELECT * FROM <{}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <{}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?g {{ <{}> }} GRAPH ?g {{ ?s ?p ?o }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} FROM <{}> WHERE {{ ?s ?p ?o }}",
    "CONSTRUCT FROM <{}> WHERE {{ ?s ?p ?o }}",
    "DESCRIBE <{}>",
    "BASE <{}> SELECT * FROM <> {{ ?s ?p ?o }}",
    "SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{}> {{ ?s ?p ?o }} }}",
    "SELECT (<{}>() AS ?s) {{ }}",
    "LOAD <{}>",
]
UPDATES = [
    "LOAD <{}>",
    "LOAD SILENT <{}> INTO GRAPH <a:a>",
    "PREFIX load: <{}>\nLOAD load:",
    "INSERT DATA {{ GRAPH <a:a> {{ <a:a> <a:b> 1 }} }} ; LOAD <{}>",
    "INSERT {{ GRAPH <a:a> {{ ?s ?p ?o }} }} WHERE {{ SERVICE <{}> {{ ?s ?p ?o }} }}",
    "INSERT {{ GRAPH <a:a> {{ ?s ?p ?o }} }} USING <{}> WHERE {{ ?s ?p ?o }}",
    "INSERT {{ GRAPH <a:a> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{}> {{ ?s ?p ?o }} }}",
    "WITH <{}> INSERT {{ ?s <a:b> ?o }} WHERE {{ ?s ?p ?o }}",
    "COPY SILENT <{}> TO <a:a>",
    "ADD SILENT <{}> TO <a:a>",
]


class Elsewhere:
    """A file and a server that hold a secret; the server only notes who connects."""

    def __init__(self, folder: Path, server: socket.socket) -> None:
        self.file = folder / "secret.nt"
        self.file.write_text("<x:secret> <x:secret> 'secret' .\n", encoding="utf-8")
        self.address = f"http://127.0.0.1:{server.getsockname()[1]}/secret.nt"
        self._server = server

    def was_asked(self) -> bool:
        # The kernel takes connections by itself, so one that was ever tried is waiting here.
        try:
            self._server.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield Elsewhere(tmp_path, server)


@pytest.fixture(params=["file", "path", "server"])
def iri(request: pytest.FixtureRequest, elsewhere: Elsewhere) -> str:
    return {"file": elsewhere.file.as_uri(), "path": str(elsewhere.file), "server": elsewhere.address}[request.param]


def test_a_connection_would_be_noticed(elsewhere: Elsewhere) -> None:
    assert not elsewhere.was_asked()
    host, port = elsewhere.address.split("/")[2].split(":")
    socket.create_connection((host, int(port))).close()
    assert elsewhere.was_asked()


@pytest.mark.parametrize("template", QUERIES)
def test_queries(store: GraphStore, elsewhere: Elsewhere, iri: str, template: str) -> None:
    try:
        result = store.query(template.format(iri))
    except KgError as error:
        assert "x:secret" not in str(error)
    else:
        assert "x:secret" not in result.to_csv()
    assert not elsewhere.was_asked()


@pytest.mark.parametrize("template", UPDATES)
def test_updates(elsewhere: Elsewhere, iri: str, template: str) -> None:
    with GraphStore.open(None) as store:
        try:
            store.update(template.format(iri))
        except KgError as error:
            assert "x:secret" not in str(error)
        assert store.query("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }").rows == []
    assert not elsewhere.was_asked()


@pytest.mark.parametrize("shape", ["{}", "<{}> }} SERVICE <{}> {{ ?s ?p ?o }} #", '" }} SERVICE <{}> {{ }} #'])
def test_parameters_of_questions(store: GraphStore, elsewhere: Elsewhere, iri: str, shape: str) -> None:
    hostile = shape.format(iri, iri)
    for question in list_questions():
        usual = dict.fromkeys((p.name for p in question.parameters if p.required), "云启科技")
        for parameter in question.parameters:
            try:
                result = run_question(store, question.name, {**usual, parameter.name: hostile})
            except QueryError as error:
                assert "secret" not in str(error).replace(hostile, "").replace(repr(hostile), "")
            else:
                assert "x:secret" not in result.to_csv()
    assert not elsewhere.was_asked()
