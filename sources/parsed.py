"""What parsing gives back, whatever came in: one text, and where its parts lie in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or quotation: ``text[start:end]``, in code points."""

    start: int
    end: int
    kind: str  # "p", "h1" to "h6", "li", "quote"


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink: ``text[start:end]`` leads to the absolute http(s) address ``href``."""

    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """An article as read from its bytes. ``published_at`` is an ISO date or date-time, or ""."""

    text: str
    title: str = ""
    publisher: str = ""
    byline: str = ""
    published_at: str = ""
    url: str = ""
    blocks: tuple[Block, ...] = field(default=())
    links: tuple[Link, ...] = field(default=())

    def structure(self) -> dict[str, Any]:
        """The blocks and links as JSON, for a capture: ``{"blocks": [...], "links": [...]}``."""
        return {"blocks": [asdict(b) for b in self.blocks], "links": [asdict(link) for link in self.links]}


class Unreadable(Exception):
    """The bytes hold no text that can be taken in. The message is for the person who sent them."""
