"""Reading text: sources, normalisation with offsets, quantities."""
