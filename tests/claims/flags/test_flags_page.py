"""Every example of docs/flags.md is read and flagged, or not, as the page says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from claims.flags import CODES, RULES
from claims.pipeline import document
from sources.parsed import Link, Parsed

PAGE = Path(__file__).resolve().parents[3] / "docs/flags.md"
LINK = re.compile(r"\[([^\]]+)\]\((https://[^)]+)\)")


@dataclass(frozen=True)
class Example:
    code: str
    raises: bool
    line: str
    number: int


def examples() -> list[Example]:
    found: list[Example] = []
    code, raises = "", False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            code = line.removeprefix("## ")
        elif line in ("Raises it:", "Doesn’t:"):
            raises = line == "Raises it:"
        elif line.startswith("- ") and code:
            found.append(Example(code, raises, line.removeprefix("- "), len(found)))
    return found


def parsed(line: str) -> tuple[Parsed, tuple[int, int]]:
    """The article of an example and the place of its statement, which stands between asterisks."""
    title = ""
    if bold := re.match(r"\*\*(.+?)\*\* / ", line):
        title, line = bold[1], line[bold.end() :]
    links: list[Link] = []
    while found := LINK.search(line):
        stars = line[: found.start()].count("*")
        start = found.start() - stars
        links.append(Link(start, start + len(found[1]), found[2]))
        line = line[: found.start()] + found[1] + line[found.end() :]
    before, about, after = line.split("*")
    return Parsed(before + about + after, title=title, links=tuple(links)), (
        len(before),
        len(before) + len(about),
    )


@pytest.mark.parametrize("example", examples(), ids=lambda e: f"{e.number}-{e.code}")
def test_an_example_of_the_page_is_flagged_as_it_says(example: Example) -> None:
    article, (start, end) = parsed(example.line)
    made = document(article, "example", linked=bool(article.links))
    there = [s for s in made["statements"] if s["start"] < end and s["end"] > start]
    codes = {flag["code"] for statement in there for flag in statement["flags"]}
    assert (example.code in codes) == example.raises, [(s["quote"], s["chains"]) for s in there]


def test_each_rule_has_two_examples_that_raise_it_and_two_that_do_not() -> None:
    counted = [(e.code, e.raises) for e in examples()]
    for code in RULES:
        assert counted.count((code, True)) == 2, code
        assert counted.count((code, False)) == 2, code


def test_the_page_says_of_each_code_what_editors_call_it_and_which_rules_only_propose() -> None:
    text = PAGE.read_text(encoding="utf-8")
    parts = {part.split("\n", 1)[0]: part for part in text.split("\n## ")}
    for code, title in CODES.items():
        assert title in parts[code]
    for code, rule in RULES.items():
        assert ("It only proposes." in parts[code]) == rule.proposes, code
