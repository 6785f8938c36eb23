"""One recognizer a module: each reads a `Doc` and adds candidate names to `doc._.names`."""
