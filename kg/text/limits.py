"""How much of a source is read at most, so that no single file can fill the memory."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "ReadLimits"]


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Upper bounds; whatever is beyond one is reported and left out.

    `max_file_bytes` holds for files that must be read whole (HTML, JSON, UTF-16), not for JSON Lines and CSV, which are
    read line by line; `max_record_chars` for one line, one record and one plain text, in characters; `max_elements` for
    one web page. Of each file, `max_issues` faults are told one by one, and the others are counted.
    """

    max_file_bytes: int = 64 * 2**20
    max_record_chars: int = 2_000_000
    max_elements: int = 100_000
    max_issues: int = 1_000

    @property
    def max_record_bytes(self) -> int:
        """The most bytes that `max_record_chars` characters take in any of the encodings."""
        return 4 * self.max_record_chars


DEFAULT_LIMITS = ReadLimits()
