"""The spaCy pipeline: tokenizer, recognizers, their order."""
