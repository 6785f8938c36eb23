"""The page of the ontology: complete, well-formed, self-contained, and nothing of the ontology's text is markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from kg.cli import main
from kg.errors import ExportError
from kg.export.diagrams import STATEMENT_MODEL, draw_class_tree, draw_predicates
from kg.export.ontology import Ontology, render_ontology, write_ontology
from kg.graph import vocab
from kg.graph.vocab import AIO, ontology_files
from kg.model import Predicate

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def turtle() -> str:
    return (ontology_files() / "ai-industry.ttl").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(turtle: str) -> str:
    return render_ontology(turtle)


@pytest.fixture(scope="module")
def tree(page: str) -> etree._Element:
    # The strict parser: an element that is not closed raises.
    return etree.fromstring(page.strip().encode(), etree.XMLParser(resolve_entities=False))


def test_every_term_has_its_place_with_texts_in_three_languages(tree: etree._Element) -> None:
    places = {article.get("id"): article for article in tree.iter(XHTML + "article")}
    assert set(places) == set(AIO)
    for name, article in places.items():
        paragraphs = [p.get("lang") for p in article.findall(XHTML + "p")]
        headings = [span.get("lang") for span in article.findall(f"{XHTML}h3/{XHTML}span")]
        assert paragraphs == headings == ["en", "zh-Hans", "zh-Hant"], name


def test_the_page_loads_nothing_and_links_only_to_what_is_there(page: str, tree: etree._Element) -> None:
    assert not re.search(r"\bsrc=|@import|url\((?!#)|<script|<link|<iframe", page)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    targets = {a.get("href") for a in tree.iter(XHTML + "a", SVG + "a")}
    assert {target for target in targets if target.startswith("#")} <= {f"#{place}" for place in ids}
    assert all(re.match(r"#|https?://", target) for target in targets)


def test_rows_show_the_axioms_from_both_sides(turtle: str) -> None:
    rows = dict(Ontology(turtle).term("versionOf").rows)
    assert [link.text for link in rows["sub-property of"]] == ["aio:descendsFrom", "dcterms:isVersionOf"]
    assert [link.text for link in rows["inverse of"]] == ["aio:hasVersion"]
    assert [link.text for link in dict(Ontology(turtle).term("hasVersion").rows)["inverse of"]] == ["aio:versionOf"]
    person = dict(Ontology(turtle).term("Person").rows)
    assert {"aio:Artifact", "org:Organization"} == {link.text for link in person["excludes"]}
    assert "aio:worksFor" in {link.text for link in person["in the domain of"]}


def test_three_drawings(tree: etree._Element) -> None:
    drawings = ["".join(drawing.itertext()) for drawing in tree.iter(SVG + "svg")]
    model, predicates, classes = drawings
    assert all(predicate in predicates for predicate in Predicate)
    assert all(name in classes for name in Ontology((ontology_files() / "ai-industry.ttl").read_text("utf-8")).parents)
    assert "oa:TextQuoteSelector" in model


def test_the_statement_model_names_terms_of_the_vocabulary() -> None:
    boxes, edges = STATEMENT_MODEL
    spaces = {"aio": vocab.AIO, "oa": vocab.OA, "prov": vocab.PROV, "rdf": vocab.RDF}
    for term in [box.title for box in boxes.values()] + [edge.label.split()[0] for edge in edges]:
        prefix, _, name = term.partition(":")
        assert getattr(spaces[prefix], name), term


def test_text_of_the_ontology_is_never_markup() -> None:
    evil = "<script>alert(1)</script>\" onload='x' & ]]>"
    literal = evil.replace('"', '\\"')
    page = render_ontology(
        f"""PREFIX aio: <{AIO.iri}>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        <{vocab.ONTOLOGY}> a owl:Ontology ; dcterms:title "{literal}"@en ; skos:changeNote "{literal}"@en .
# --- <b>Bold</b> ---
aio:Company a owl:Class ; rdfs:label "{literal}"@en , "{literal}"@zh-Hans ; skos:example "{literal}"@en .
"""
    )
    assert "<script" not in page
    assert "<b>Bold" not in page
    read = etree.fromstring(page.strip().encode())
    article = next(read.iter(XHTML + "article"))
    assert evil in "".join(article.itertext())
    assert not any(element.get("onload") for element in read.iter())


def test_drawings_escape_names() -> None:
    for drawn in (draw_class_tree({"<A>": ""}, {"<A>": "&"}), draw_predicates([("aio:<A>", "<p>", "b&", False)])):
        assert etree.fromstring(drawn.encode()).tag == SVG + "svg"


def test_the_same_bytes_each_time(turtle: str, page: str, tmp_path: Path) -> None:
    written = write_ontology(tmp_path / "ontology.html")
    assert written.read_bytes() == page.encode() == render_ontology(turtle).encode()


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no Turtle"):
        render_ontology("aio:Company a owl:Class")
    with pytest.raises(ExportError, match="cannot write"):
        write_ontology(tmp_path / "none" / "ontology.html")


def test_the_command(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    result = CliRunner().invoke(main, ["ontology", "-o", str(target)])
    assert result.exit_code == 0
    assert result.output == f"Wrote {target}\n"
    assert target.stat().st_size > 100_000
