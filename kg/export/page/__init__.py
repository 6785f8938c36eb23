"""The network as one HTML file that works offline.

`layout`, `forces` and `communities` place the nodes, `data` lays out what the page holds, `words` are its words in two
languages, `html` puts the file together. What runs in the browser is in `assets`.
"""
