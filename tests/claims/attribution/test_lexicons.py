"""The word lists: each is used, and has each word once."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CLAIMS = Path(__file__).resolve().parents[3] / "claims"
FILES = sorted(
    path
    for path in (*CLAIMS.glob("attribution/lexicons/*.toml"), *CLAIMS.glob("flags/lexicons/*.toml"))
    # Those hold records and weights, no lists of words.
    if path.stem not in ("figures", "weights", "confidence")
)


def lists(held: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Each list of a lexicon, with the names that lead to it."""
    if isinstance(held, dict):
        for name, inner in held.items():
            yield from lists(inner, (*path, name))
    elif isinstance(held, list):
        yield path, held


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_no_list_has_a_word_twice(path: Path):
    for name, words in lists(tomllib.loads(path.read_text())):
        assert [w for w, n in Counter(map(str, words)).items() if n > 1] == [], name


@pytest.mark.parametrize("name", ["cues", "sources"])
def test_every_list_is_asked_for(name: str):
    code = "".join(path.read_text() for path in CLAIMS.glob("attribution/*.py"))
    held = tomllib.loads((CLAIMS / f"attribution/lexicons/{name}.toml").read_text())
    assert [path for path, _ in lists(held) if not re.search(f'"{path[-1]}"', code)] == []
