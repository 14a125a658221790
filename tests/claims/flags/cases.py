"""What the tests of the rules begin with: hops and articles without an engine. All of it invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.flags import Article, Claimed, Policy, load, raise_all


@dataclass(frozen=True)
class Hop:
    name: str
    kind: str = "person"
    naming: str = "named"
    cue: str = "said"
    start: int | None = None
    end: int | None = None
    cue_start: int | None = None
    cue_end: int | None = None
    link: str | None = None


def hop(text: str, name: str, kind: str = "person", naming: str = "named", cue: str = "said") -> Hop:
    """A hop over the first place of its name and cue in the text."""
    at, cue_at = text.find(name), text.find(cue)
    place = (at, at + len(name)) if at >= 0 else (None, None)
    cue_place = (cue_at, cue_at + len(cue)) if cue_at >= 0 else (None, None)
    return Hop(name, kind, naming, cue, *place, *cue_place)


def article(
    text: str,
    words: str,
    *chains: Sequence[Hop],
    title: str = "",
    links: Sequence[tuple[int, int]] | None = None,
) -> Article:
    """An article with one statement, over these words."""
    start = text.index(words)
    return Article(text, [Claimed(start, start + len(words), chains)], title, links)


def codes(made: Article, policy: Policy | None = None) -> set[str]:
    """The codes raised on the first statement."""
    return {flag.code for flag in raise_all(made, policy or load())[0]}
