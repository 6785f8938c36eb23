"""Our pages beside plain pyvis ones of the same networks, in headless Chromium.

    pip install playwright                # and a Chromium: /usr/bin/chromium or the like
    python benchmarks/pages.py 200 1000 5000 20000
    python benchmarks/pages.py --pictures GRAPH DIR

Prints a table in Markdown: seconds from opening the file to the first frame in which nothing moves any more, size of
the file, frames a second while the whole is dragged for three seconds, size of the JavaScript heap, and the seconds
that writing the page took. The networks are made up: communities around hubs, two facts for an entity. With --pictures,
takes the pictures of the README from a graph built by `kg build --sample -o GRAPH`.
"""

from __future__ import annotations

import math
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click
import networkx as nx
from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright
from pyvis.network import Network as VisNetwork

from kg.export.investments import read_investments
from kg.export.network import read_network
from kg.export.page.html import write_page
from kg.graph.store import open_graph
from kg.model import EntityType

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--enable-precise-memory-info"]
SIZE = {"width": 1280, "height": 800}


@click.command()
@click.argument("sizes", type=int, nargs=-1)
@click.option("--only", type=click.Choice(["ours", "pyvis"]), help="Leave the other out.")
@click.option("--limit", default=120, show_default=True, help="Seconds to wait for a page to settle.")
@click.option(
    "--pictures", type=click.Path(path_type=Path), nargs=2, help="A graph, and where to write pictures of it."
)
def main(sizes: Sequence[int], only: str | None, limit: int, pictures: tuple[Path, Path] | None) -> None:
    """Measure pages of so many entities, or take pictures."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        if pictures:
            take_pictures(browser, *pictures, Path(folder))
            return
        click.echo("| entities | page | written, s | MB | settled, s | frames a second, dragging | heap, MB |")
        click.echo("|---|---|---|---|---|---|---|")
        for size in sizes:
            network = make_network(size)
            for name, write in (("ours", write_ours), ("pyvis", write_pyvis)):
                if only not in (None, name):
                    continue
                begun = time.perf_counter()
                path = write(network, Path(folder) / f"{name}.html")
                written = time.perf_counter() - begun
                figures = measure(browser, path, "ready" if name == "ours" else "settled", limit)
                click.echo(f"| {size:,} | {name} | {written:.1f} | {path.stat().st_size / 1e6:.1f} | {figures} |")


def make_network(size: int) -> nx.MultiDiGraph[str]:
    """Return a network as `read_network` gives it: communities of some 60 around hubs, one fact in six between them."""
    rng = random.Random(1)  # noqa: S311
    types = [kind.value for kind in EntityType]
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number in range(size):
        label = f"第{number}科技"
        network.add_node(
            f"https://example.org/id/{number:06}", label=label, type=types[number % 5], aliases=[label], degree=0
        )
    nodes = list(network)
    groups = max(1, size // 60)
    for number in range(size):
        hub = number % groups
        for other in (hub, rng.randrange(size) if rng.random() < 0.3 else hub + groups * rng.randrange(60)):
            if other != number and other < size:
                add_fact(network, nodes[other], nodes[number], number)
    network.graph.update(focus=[], articles=size, investments=[], left_out={"entities": 0, "facts": 0, "articles": 0})
    return network


def add_fact(network: nx.MultiDiGraph[str], subject: str, object_: str, number: int) -> None:
    text = f"据报道，{network.nodes[subject]['label']}已与{network.nodes[object_]['label']}签署合作协议。"
    evidence = {
        "quote": text, "prefix": "", "suffix": "双方未披露金额。", "start": 0, "end": len(text), "role": "",
        "status": "", "article": f"https://example.org/a/{number}", "title": f"合作消息{number}",
        "publisher": "示例", "url": "",
        "date": f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}", "modality": "asserted", "confidence": 0.9,
        "when": "",
    }  # fmt: skip
    network.add_edge(
        subject, object_, key="partnersWith", predicate="partnersWith", modality="asserted", confidence=0.9, sources=1,
        evidence=[evidence],
    )  # fmt: skip


def write_ours(network: nx.MultiDiGraph[str], path: Path) -> Path:
    return write_page(network, path)


def write_pyvis(network: nx.MultiDiGraph[str], path: Path) -> Path:
    """Write the page as pyvis does, with the sentences as titles; only what it would fetch is left out."""
    page = VisNetwork(directed=True, cdn_resources="in_line")
    for node, data in network.nodes(data=True):
        page.add_node(node, label=data["label"], title="、".join(data["aliases"]), group=data["type"])
    for subject, object_, data in network.edges(data=True):
        page.add_edge(subject, object_, label=data["predicate"], title=data["evidence"][0]["quote"])
    text = page.generate_html()
    for tag in ("link", "script"):
        pieces = text.split(f"<{tag}")
        text = pieces[0] + "".join(
            piece if "https://" not in piece.split(">", 1)[0] else piece.split(">", 1)[1]
            for piece in _after(tag, pieces)
        )
    text = text.replace(
        "network = new vis.Network(container, data, options);",
        "network = new vis.Network(container, data, options);"
        "network.once('stabilized', () => { document.body.dataset.settled = 'true'; });",
    )
    path.write_text(text, encoding="utf-8")
    return path


def _after(tag: str, pieces: Sequence[str]) -> list[str]:
    return [piece if "https://" in piece.split(">", 1)[0] else f"<{tag}{piece}" for piece in pieces[1:]]


def measure(browser: Browser, path: Path, mark: str, limit: int) -> str:
    """Return the columns of one page: settled, frames a second, heap."""
    page = browser.new_page(viewport=SIZE)
    try:
        page.goto(path.as_uri(), timeout=limit * 1000)
        page.wait_for_selector(f"body[data-{mark}]", timeout=limit * 1000)
        settled = page.evaluate(
            "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"
        )
        heap = page.evaluate("performance.memory.usedJSHeapSize")
        return f"{settled / 1000:.1f} | {drag(page):.0f} | {heap / 1e6:.0f}"
    except TimeoutError:
        return f"more than {limit} | | "
    finally:
        page.close()


def drag(page: Page, seconds: float = 3) -> float:
    """Drag the network around by its empty upper edge; return the frames a second that the page drew meanwhile."""
    page.mouse.move(640, 90)
    page.mouse.down()
    page.evaluate("""() => {
      window.frames_ = [];
      const step = (now) => { frames_.push(now); requestAnimationFrame(step); };
      requestAnimationFrame(step);
    }""")
    begun = time.perf_counter()
    while (gone := time.perf_counter() - begun) < seconds:
        page.mouse.move(640 + 250 * math.sin(3 * gone), 240 - 150 * math.cos(3 * gone))
    frames = page.evaluate("frames_")
    page.mouse.up()
    return (len(frames) - 1) / (frames[-1] - frames[0]) * 1000


def take_pictures(browser: Browser, graph: Path, target: Path, folder: Path) -> None:
    """Write network.png, an entity picked out with its card, and investments.png."""
    with open_graph(graph) as store:
        network, investments = read_network(store), read_investments(store)
    target.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport=SIZE)
    for name, shown in (("network", network), ("investments", investments)):
        page.goto(write_page(shown, folder / f"{name}.html").as_uri())
        page.wait_for_selector("body[data-ready]")
        if name == "network":
            page.fill("#search", "月之暗面")
            page.keyboard.press("Enter")
        page.mouse.move(2, 2)
        page.wait_for_timeout(500)
        page.screenshot(path=target / f"{name}.png")


if __name__ == "__main__":
    main()
