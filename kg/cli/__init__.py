"""The command `kg`: every body parses, calls the library, prints.

Exit codes: 0 everything went well; 1 done, but some inputs could not be read, a validation found violations (they are
listed) or a limit cut an answer; 2 the command line is wrong; 3 nothing could be done, the message says why; 130
stopped by Ctrl-C.
"""

from kg.cli import asking, building, checking, describing, inferring, querying, reading, writing
from kg.cli.group import main

__all__ = ["asking", "building", "checking", "describing", "inferring", "main", "querying", "reading", "writing"]
