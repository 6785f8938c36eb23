"""From a spaCy Doc to claims and investments."""
