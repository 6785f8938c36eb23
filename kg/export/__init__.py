"""What leaves the store: pages, networks, tables."""
