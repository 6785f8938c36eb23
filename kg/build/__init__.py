"""Build a graph: documents in, a store on disk, a journal of what was done, and a report out.

::

    DIR/
      store/           the graph (Oxigraph)
      journal.sqlite   what was read where, by which version of the extractor, and how it ended
      report.json      what the last build read, what it found, what was wrong with it
"""

from kg.build.graph import build_graph, outdated_sources, remove_documents
from kg.build.report import REPORT, BuildReport, write_report

__all__ = ["REPORT", "BuildReport", "build_graph", "outdated_sources", "remove_documents", "write_report"]
