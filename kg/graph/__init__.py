"""Claims as RDF: vocabulary, quads, store."""
