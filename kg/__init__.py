"""Read Chinese AI-industry news and build a knowledge graph in which every fact shows the sentence that states it."""

__version__ = "0.1.0"
