"""Running the rules over an article under a policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.flags.case import Article, Case
from claims.flags.codes import CODES
from claims.flags.policy import Policy, load
from claims.flags.registry import RULES
from claims.flags.words import Span


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag that a rule raises: severity is ``block``, ``warn`` or ``info``.

    ``places`` are the words that it rests on, in code points; ``question``: the rule only proposes.
    """

    code: str
    severity: str
    why: str
    places: tuple[Span, ...] = ()
    question: bool = False


def raise_all(article: Article, policy: Policy | None = None) -> list[list[Raised]]:
    """The flags of each statement, in the order of ``article.statements``.

    Pure, and cheap to run again over the same article under another policy: what the rules read of the
    text as a whole is kept on the article.
    """
    policy = policy or load()
    return [list(raise_flags(Case(article, statement), policy)) for statement in article.statements]


def raise_flags(case: Case, policy: Policy) -> Iterator[Raised]:
    """The flags of one statement, in the order of the codes."""
    for code in (c for c in CODES if c in RULES):
        entry = policy.entries[code]
        if entry.severity == "off":
            continue
        found = RULES[code].check(case, entry.limits)
        if found is not None:
            places = tuple(sorted({p for p in found.places if p[0] < p[1]}))
            yield Raised(code, entry.severity, found.why, places, entry.question)
