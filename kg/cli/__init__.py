"""The command `kg`: every body parses, calls the library, prints.

Exit codes: 0 everything went well; 1 done, but some inputs could not be read or a validation found violations (they are
listed); 2 the command line is wrong; 3 nothing could be done, the message says why.
"""

from kg.cli import asking, checking, describing, inferring, reading, writing
from kg.cli.group import main

__all__ = ["asking", "checking", "describing", "inferring", "main", "reading", "writing"]
