"""From bytes to what Hearsay makes of them: parse, read, flag. Pure: no database, no Django.

The document that `document` gives is the contract of `manage.py trace --json`, written down in docs/trace.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from claims.attribution import is_english, read
from claims.attribution.types import Attribution, Statement
from claims.flags import Article, Claimed, Policy, Raised, own_claims, raise_all
from sources.fetch import fetch
from sources.parse import parse
from sources.parsed import Parsed, Unreadable

NOT_ENGLISH = "The text isn't in English; only English is read."


# By judgement: no gold says which of an article's own sentences are worth a claim.
_OWN_CONFIDENCE = 0.6
_LINKLESS = (".txt", ".text", ".md")


def from_bytes(data: bytes, name: str, *, model: str = "", policy: Policy | None = None) -> dict[str, Any]:
    """What a file's bytes say. ``name`` is the file's name, "-" for standard input. Raises `Unreadable`."""
    parsed = parse(data, filename=PurePath(name).name)
    return document(parsed, name, model=model, policy=policy, linked=_came_with_links(parsed, name))


def _came_with_links(parsed: Parsed, name: str) -> bool:
    """Whether the text could have had links: a page or a .docx, but no plain text."""
    return bool(parsed.links) or not (name == "-" or name.lower().endswith(_LINKLESS))


def from_url(url: str, *, model: str = "", policy: Policy | None = None) -> dict[str, Any]:
    """What the page at an address says. Raises `sources.fetch.Unreachable` or `Unreadable`."""
    page = fetch(url)
    return document(
        parse(page.data, media_type=page.media_type, url=page.final_url), url, model=model, policy=policy
    )


def document(
    parsed: Parsed, name: str, *, model: str = "", policy: Policy | None = None, linked: bool = True
) -> dict[str, Any]:
    """A parsed article with its attributions, statements and flags, as JSON data. Raises `Unreadable`.

    ``linked`` is False when the text came without its links; ``policy`` is the default one when None.
    """
    if not is_english(parsed.text):
        raise Unreadable(NOT_ENGLISH)
    reading = read(parsed.text, links=parsed.links, publisher=parsed.publisher, model=model)
    links = [(link.start, link.end) for link in parsed.links] if linked else None
    article = Article(parsed.text, [_claimed(s) for s in reading.statements], parsed.title, links)
    statements = _with_own(article, reading.statements)
    flags = raise_all(article.with_statements([_claimed(s) for s in statements]), policy)
    return {
        "file": name,
        "document": {
            "title": parsed.title,
            "publisher": parsed.publisher,
            "byline": parsed.byline,
            "published_at": parsed.published_at,
            "url": parsed.url,
        },
        "text": parsed.text,
        "attributions": [_attribution(a) for a in reading.attributions],
        "statements": [_statement(s, f, parsed.text) for s, f in zip(statements, flags, strict=True)],
    }


def with_own_claims(text: str, title: str, found: Sequence[Statement]) -> tuple[Statement, ...]:
    """The engine's statements and, in their places, those that the article makes itself with nobody as
    their source.
    """
    return _with_own(Article(text, [_claimed(s) for s in found], title), found)


def _with_own(article: Article, found: Sequence[Statement]) -> tuple[Statement, ...]:
    own = own_claims(article)
    bare = [Statement(s.start, s.end, (), confidence=_OWN_CONFIDENCE) for s in own]
    return tuple(sorted([*found, *bare], key=lambda s: (s.start, s.end)))


def _claimed(found: Statement) -> Claimed:
    return Claimed(found.start, found.end, found.chains, found.hearsay, found.stance)


def _flag(raised: Raised, start: int, end: int) -> dict[str, Any]:
    first = raised.places[0] if raised.places else (start, end)
    made: dict[str, Any] = {
        "code": raised.code,
        "severity": raised.severity,
        "why": raised.why,
        "start": first[0],
        "end": first[1],
        "places": [list(place) for place in raised.places],
    }
    if raised.question:
        made["question"] = True
    return made


def _attribution(found: Attribution) -> dict[str, Any]:
    return {
        "source": [list(span) for span in found.source] if found.source else None,
        "cue": [list(span) for span in found.cue],
        "content": [list(span) for span in found.content],
        "confidence": round(found.confidence, 3),
    }


def _statement(found: Statement, flags: Sequence[Raised], text: str) -> dict[str, Any]:
    quote = text[found.start : found.end]
    made: dict[str, Any] = {
        "start": found.start,
        "end": found.end,
        "quote": quote,
        "chains": [[asdict(hop) for hop in chain] for chain in found.chains],
        "stance": found.stance,
        "confidence": round(found.confidence, 3),
        "flags": [_flag(flag, found.start, found.end) for flag in flags],
    }
    if found.hearsay:
        made["hearsay"] = True
    return made
