"""From bytes to what Hearsay makes of them: parse, read, flag. Pure: no database, no Django.

The document that `document` gives is the contract of `manage.py trace --json`, written down in docs/trace.md.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from claims.attribution import is_english, read
from claims.attribution.types import Attribution, Statement
from claims.flags import raise_flags
from sources.fetch import fetch
from sources.parse import parse
from sources.parsed import Parsed, Unreadable

NOT_ENGLISH = "The text isn't in English; only English is read."


def from_bytes(data: bytes, name: str, *, model: str = "") -> dict[str, Any]:
    """What a file's bytes say. ``name`` is the file's name, "-" for standard input. Raises `Unreadable`."""
    return document(parse(data, filename=PurePath(name).name), name, model=model)


def from_url(url: str, *, model: str = "") -> dict[str, Any]:
    """What the page at an address says. Raises `sources.fetch.Unreachable` or `Unreadable`."""
    page = fetch(url)
    return document(parse(page.data, media_type=page.media_type, url=page.final_url), url, model=model)


def document(parsed: Parsed, name: str, *, model: str = "") -> dict[str, Any]:
    """A parsed article with its attributions and statements, as JSON data. Raises `Unreadable`."""
    if not is_english(parsed.text):
        raise Unreadable(NOT_ENGLISH)
    reading = read(parsed.text, links=parsed.links, publisher=parsed.publisher, model=model)
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
        "statements": [_statement(s, parsed.text) for s in reading.statements],
    }


def _attribution(found: Attribution) -> dict[str, Any]:
    return {
        "source": [list(span) for span in found.source] if found.source else None,
        "cue": [list(span) for span in found.cue],
        "content": [list(span) for span in found.content],
        "confidence": round(found.confidence, 3),
    }


def _statement(found: Statement, text: str) -> dict[str, Any]:
    quote = text[found.start : found.end]
    made: dict[str, Any] = {
        "start": found.start,
        "end": found.end,
        "quote": quote,
        "chains": [[asdict(hop) for hop in chain] for chain in found.chains],
        "stance": found.stance,
        "confidence": round(found.confidence, 3),
        "flags": [
            {"code": f.code, "severity": f.severity, "why": f.why} for f in raise_flags(quote, found.chains)
        ],
    }
    if found.hearsay:
        made["hearsay"] = True
    return made
