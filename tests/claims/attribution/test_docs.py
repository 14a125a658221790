"""The table of docs/attribution.md, read as it stands: each example gives its chains and raises its code."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from claims.attribution import read

PROJECT = Path(__file__).parents[3]
PAGE = (PROJECT / "docs/attribution.md").read_text(encoding="utf-8")
PATTERNS = tomllib.loads((PROJECT / "claims/attribution/lexicons/patterns.toml").read_text(encoding="utf-8"))
CASES = json.loads((PROJECT / "tests/fixtures/chains/paragraphs.json").read_text(encoding="utf-8"))


def rows() -> list[tuple[str, str, str]]:
    """Code, example and chains of each row under "The patterns"."""
    part = PAGE.split("## The patterns", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    cells = [[c.strip() for c in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]
    return [(code.strip("`"), example, chains) for _, code, example, chains in cells]


def chains_of(text: str) -> str:
    out = []
    for s in read(text).statements:
        stance = "" if s.stance == "says" else f" ({s.stance})"
        out += [" ← ".join(hop.name for hop in chain) + stance for chain in s.chains]
        out += ["hearsay"] if s.hearsay else []
    return "; ".join(out) or "none"


@pytest.mark.parametrize(("code", "example", "chains"), rows())
def test_an_example_of_the_page_gives_its_chains_and_raises_its_code(
    code: str, example: str, chains: str
) -> None:
    assert chains_of(example) == chains
    raised = {hop.pattern for s in read(example).statements for chain in s.chains for hop in chain}
    assert not code or code in raised


def test_every_code_has_an_example_on_the_page() -> None:
    assert {code for code, _, _ in rows() if code} == set(PATTERNS)


@pytest.mark.parametrize("case", CASES, ids=[c["case"].replace(" ", "-") for c in CASES])
def test_every_hop_names_a_known_rule(case: dict[str, str]) -> None:
    for statement in read(case["text"]).statements:
        for hop in (hop for chain in statement.chains for hop in chain):
            assert hop.pattern in PATTERNS
            assert 0 < statement.confidence <= 1
