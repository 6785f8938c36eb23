"""What reasoners make of the ontology: consistent with the graph, inconsistent with mistakes, and what follows.

Two of them: owlrl (OWL 2 RL rules, always) and HermiT (OWL 2 DL, through owlready2, where it and Java are there).
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import owlrl
import pytest
import rdflib
from rdflib import RDF, XSD, Literal, URIRef

from kg.claims.extractors import extract
from kg.graph.quads import to_quads
from kg.graph.vocab import AIO, ORG, Ids
from kg.model import Document, Extraction
from kg.text.sources import read_documents

_PREFIXES = f"PREFIX aio: <{AIO.iri}>\nPREFIX xsd: <{XSD}>\n"
_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")

hermit = pytest.mark.skipif(
    importlib.util.find_spec("owlready2") is None or shutil.which("java") is None,
    reason="HermiT needs the package owlready2 and a Java runtime",
)

MISTAKES = {
    "a person that is a company": ":x a aio:Person, aio:Company .",
    "a model that is a product": ":x a aio:Model, aio:Product .",
    "a claim that is an entity": ":x a aio:Claim, aio:Company .",
    "evidence that is a claim": ":x a aio:Evidence, aio:Claim .",
    "a funding round that is an acquisition": ":x a aio:FundingRound, aio:Acquisition .",
    "a university that is a company": ":x a aio:University, aio:Company .",
    "a company that develops a product": ":x aio:develops :y . :y a aio:Product .",
    "an investment in a model": ":x aio:investedIn :y . :y a aio:Model .",
    "a person who works for a person": ":x aio:worksFor :y . :y a aio:Person .",
    "a listing on a ministry": ":x aio:listedOn :y . :y a aio:GovernmentBody .",
    "a claim that invests": ":x aio:investor :y . :y a aio:Claim .",
    "a company of its own": ":x aio:subsidiaryOf :x .",
    "a claim of two ranks": ":x aio:rank aio:preferred, aio:deprecated .",
    "two claims that each supersede the other": ":x aio:supersedes :y . :y aio:supersedes :x .",
}

FOLLOWS = {
    "a chain of owners": (
        ":c aio:subsidiaryOf :b . :a aio:acquired :b .",
        ":c aio:ownedBy :a . :a aio:owns :c . :a aio:owns :b .",
    ),
    "a chain of versions": (
        ":v aio:versionOf :w . :w aio:versionOf :f .",
        ":v aio:descendsFrom :f . :f aio:hasDescendant :v .",
    ),
    "the investor": (
        ":a aio:investedIn :b . :e aio:investor :n .",
        ":n a aio:Agent . :a a aio:Investor, aio:Agent . :b aio:hasInvestor :a .",
    ),
    "the present employer": (":p aio:currentlyWorksFor :c .", ":p aio:worksFor :c . :c aio:employs :p ."),
    "the other side of a contradiction": (":x aio:contradicts :y .", ":y aio:contradicts :x . :y a aio:Claim ."),
    "the kind's own class": (":u a aio:University .", ":u a aio:Organization, aio:Agent, aio:Entity ."),
    "the exchange": (":c aio:listedOn :x .", ":x a aio:Exchange, aio:Organization . :x aio:lists :c ."),
}


def turtle(facts: str, *, where: str = "") -> rdflib.Graph:
    """Read Turtle; `where` keeps the example's names apart from those of others."""
    return rdflib.Graph().parse(data=f"{_PREFIXES}PREFIX : <https://example.org/{where}>\n{facts}", format="turtle")


def facts_of(*extractions: Extraction) -> rdflib.Graph:
    quads = [quad for extraction in extractions for quad in to_quads(extraction)]
    return rdflib.Graph().parse(data="".join(f"{quad.triple} .\n" for quad in quads), format="nt")


def expand(ontology: rdflib.Graph, *facts: rdflib.Graph) -> rdflib.Graph:
    """Return everything that OWL 2 RL entails, its complaints included; without the texts, which entail nothing."""
    closed = rdflib.Graph()
    closed += (triple for triple in ontology if not isinstance(triple[2], Literal))
    for graph in facts:
        closed += graph
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    return closed


def errors(closed: rdflib.Graph) -> list[str]:
    return [str(text) for text in closed.objects(None, _ERROR)]


def test_owlrl_finds_the_graph_consistent_and_the_inverses(
    ontology: rdflib.Graph, corpus: list[Extraction], example: Extraction
) -> None:
    closed = expand(ontology, facts_of(*corpus, example))
    assert errors(closed) == []
    base = Ids().base
    lin, yunqi = URIRef(base + "person/lin"), URIRef(base + "company/yunqi")
    assert (lin, URIRef(AIO.founderOf.value), yunqi) in closed
    assert (yunqi, URIRef("https://schema.org/founder"), lin) in closed
    assert (yunqi, RDF.type, URIRef(ORG.Organization.value)) in closed


@pytest.fixture(scope="module")
def complaints(ontology: rdflib.Graph) -> list[str]:
    graphs = [turtle(facts, where=f"{name.replace(' ', '-')}/") for name, facts in MISTAKES.items()]
    return errors(expand(ontology, *graphs))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_owlrl_finds_mistakes(mistake: str, complaints: list[str]) -> None:
    # Two ranks make the ranks one, so the complaint names them and not the claim.
    about = AIO.preferred.value if "two ranks" in mistake else mistake.replace(" ", "-") + "/"
    assert any(about in complaint for complaint in complaints), complaints


@pytest.fixture(scope="module")
def consequences(ontology: rdflib.Graph) -> rdflib.Graph:
    graphs = [turtle(facts, where=f"{name.replace(' ', '-')}/") for name, (facts, _) in FOLLOWS.items()]
    return expand(ontology, *graphs)


@pytest.mark.parametrize("name", FOLLOWS)
def test_what_follows(name: str, consequences: rdflib.Graph) -> None:
    assert errors(consequences) == []
    assert set(turtle(FOLLOWS[name][1], where=f"{name.replace(' ', '-')}/")) <= set(consequences)


def test_the_party_of_an_event_is_no_investor_yet(consequences: rdflib.Graph) -> None:
    # The event may be planned or denied.
    party = URIRef("https://example.org/the-investor/n")
    assert (party, RDF.type, URIRef(AIO.Agent.value)) in consequences
    assert (party, RDF.type, URIRef(AIO.Investor.value)) not in consequences


Reason = Callable[[rdflib.Graph], list[str] | None]


@pytest.fixture
def reason(tmp_path: Path) -> Reason:
    """Run HermiT; return the classes that can have no member, None where the whole graph is inconsistent."""
    import owlready2

    def run(graph: rdflib.Graph) -> list[str] | None:
        # HermiT knows the datatypes of OWL 2 only, and these three of XML Schema are not among them.
        unknown = (XSD.date, XSD.gYearMonth, XSD.gYear)
        known = rdflib.Graph()
        for subject, predicate, value in graph:
            is_date = isinstance(value, Literal) and value.datatype in unknown
            known.add((subject, predicate, Literal(str(value)) if is_date else value))
        path = tmp_path / "graph.nt"
        known.serialize(path, format="nt", encoding="utf-8")
        world = owlready2.World()
        world.get_ontology(path.as_uri()).load()
        try:
            owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return None
        return [found.iri for found in world.inconsistent_classes() if found is not owlready2.Nothing]

    return run


@hermit
def test_hermit_finds_the_graph_consistent_and_every_class_satisfiable(
    ontology: rdflib.Graph, corpus: list[Extraction], example: Extraction, reason: Reason
) -> None:
    assert reason(ontology + facts_of(*corpus, example)) == []


@hermit
@pytest.mark.slow
def test_hermit_finds_the_graph_of_the_sample_articles_consistent(ontology: rdflib.Graph, reason: Reason) -> None:
    folder = Path(str(resources.files("kg") / "sample"))
    articles = read_documents(sorted(path for path in folder.iterdir() if path.name != "README.md"))
    extractions = [extract(article) for article in articles if isinstance(article, Document)]
    facts = facts_of(*extractions)
    assert len(facts) > 5000
    assert (None, RDF.type, URIRef(AIO.University.value)) in facts
    assert reason(ontology + facts) == []


@hermit
@pytest.mark.parametrize("mistake", list(MISTAKES)[:3])
def test_hermit_finds_mistakes(ontology: rdflib.Graph, mistake: str, reason: Reason) -> None:
    assert reason(ontology + turtle(MISTAKES[mistake])) is None


@hermit
def test_hermit_finds_a_class_that_can_have_no_member(ontology: rdflib.Graph, reason: Reason) -> None:
    impossible = turtle(
        "<https://example.org/Kimi> a <http://www.w3.org/2002/07/owl#Class> ; "
        "<http://www.w3.org/2000/01/rdf-schema#subClassOf> aio:Model, aio:Product ."
    )
    assert reason(ontology + impossible) == ["https://example.org/Kimi"]
