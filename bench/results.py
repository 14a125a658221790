"""The sections of bench/RESULTS.md, each of one script, between markers with its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
_HEAD = "# Results\n\nWritten by the scripts in bench/.\n"


def write(name: str, lines: Sequence[str]) -> None:
    """Put a section in the place where it stood, a new one at the end."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    section = "\n".join([begin, *lines, end])
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _HEAD
    if begin in before:
        head, rest = before.split(begin, 1)
        after = head + section + rest.split(end, 1)[1]
    else:
        after = f"{before.rstrip()}\n\n{section}\n"
    RESULTS.write_text(after, encoding="utf-8")
