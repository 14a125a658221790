"""What a page says of itself: title, publisher, address, by JSON-LD and OpenGraph. Pure, on plain values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from courlan import extract_domain

_ARTICLE_TYPES = re.compile(r"(?:Article|Posting|Report|Review|Blog)$")
_SITE_TYPES = frozenset({"WebSite", "Periodical", "Newspaper", "NewsMediaOrganization"})
_SEPARATOR = re.compile(r"\s+[-\u2013\u2014|\u00b7\u2022:\u00ab\u00bb]+\s+|\s*[|\u2022]\s*")
_TAG = re.compile(r"<[^<>]{0,200}>")
_MAX_NODES = 5_000


@dataclass(frozen=True, slots=True)
class Head:
    """What was found in a page's markup. ``meta`` has the first content of each property or name."""

    json_ld: Sequence[str] = ()
    meta: dict[str, str] = field(default_factory=dict)
    title: str = ""
    canonical: str = ""
    base: str = ""


def read_title_and_publisher(head: Head, site_name: str = "") -> tuple[str, str]:
    """The article's title and its publisher, each "" when unknown.

    JSON-LD first, since it tells the two apart; then OpenGraph; then the `<title>` and ``site_name``, another
    reader's guess. The site's name is taken off the title's end.
    """
    nodes = _nodes(head.json_ld)
    ids = {n["@id"]: n for n in nodes if isinstance(n.get("@id"), str) and len(n) > 1}
    articles = [n for n in nodes if _is_article(n)]
    publisher = (
        next(filter(None, (_publisher(n, ids) for n in articles)), "")
        or next(filter(None, (_publisher(n, ids) for n in nodes if _types(n) & {"WebPage", "WebSite"})), "")
        or _clean(head.meta.get("og:site_name"))
        or next(filter(None, (_clean(n.get("name")) for n in nodes if _types(n) & _SITE_TYPES)), "")
        or _clean(site_name)
    )
    title = (
        next(filter(None, (_clean(n.get("headline")) or _clean(n.get("name")) for n in articles)), "")
        or _clean(head.meta.get("og:title"))
        or _clean(head.meta.get("twitter:title"))
        or _clean(head.title)
    )
    site_names = {publisher, _clean(head.meta.get("og:site_name")), _clean(site_name)}
    return _without_site(title, site_names), publisher


def read_url(head: Head, url: str = "") -> str:
    """The page's own address for itself (canonical link, then og:url), or ``url`` where it can't be believed.

    Only an absolute http(s) address counts. When we know where the page came from, the address must be of the
    same registered domain, so that no page passes for another site's, and not the front page in place of the
    article.
    """
    for said in (head.canonical.strip(), head.meta.get("og:url", "").strip()):
        try:
            parts = urlsplit(said)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
                continue
            if url and not _same_site(said, url):
                continue
            if url and parts.path in ("", "/") and not parts.query and urlsplit(url).path not in ("", "/"):
                continue
        except ValueError:
            continue
        return said
    return url


def absolute(href: str, base: str) -> str:
    """``href`` as an absolute http(s) address, seen from ``base``; "" when it is none (as javascript:)."""
    # Browsers drop these inside an address, which is how "java\\nscript:" gets past a look at its beginning.
    href = "".join(c for c in href.strip() if c not in "\t\n\r" and c.isprintable())
    if not href or href.startswith("#"):
        return ""
    try:
        if urlsplit("".join(href.split())).scheme not in ("", "http", "https"):
            return ""
        whole = urljoin(base, href)
        parts = urlsplit(whole)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return ""
    return whole.replace(" ", "%20") if parts.scheme in ("http", "https") and host else ""


def _same_site(one: str, other: str) -> bool:
    hosts = [(urlsplit(address).hostname or "").removeprefix("www.") for address in (one, other)]
    if hosts[0] == hosts[1] or hosts[0].endswith(f".{hosts[1]}") or hosts[1].endswith(f".{hosts[0]}"):
        return True
    domains = [extract_domain(address) for address in (one, other)]
    return domains[0] is not None and domains[0] == domains[1]


def _nodes(scripts: Sequence[str]) -> list[dict[str, Any]]:
    """Every object of every script that can be read, outer ones first; broken scripts are passed over."""
    found: list[dict[str, Any]] = []
    for script in scripts:
        bare = re.sub(
            r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|;)\s*$", "", script
        )
        try:
            value = json.loads(bare, strict=False)
        except (ValueError, RecursionError):
            continue
        level = [value]
        while level and len(found) < _MAX_NODES:
            found += [v for v in level if isinstance(v, dict)]
            level = [inner for v in level for inner in _inside(v)]
    return found[:_MAX_NODES]


def _inside(value: Any) -> Iterator[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (v for v in inner if isinstance(v, (dict, list)))


def _types(node: dict[str, Any]) -> set[str]:
    said = node.get("@type")
    return {str(t).rpartition("/")[2] for t in (said if isinstance(said, list) else [said])}


def _is_article(node: dict[str, Any]) -> bool:
    return any(_ARTICLE_TYPES.search(t) for t in _types(node))


def _publisher(node: dict[str, Any], ids: dict[str, dict[str, Any]]) -> str:
    for _ in range(4):
        if name := _name(node.get("publisher"), ids):
            return name
        part_of = _first(node.get("isPartOf"), ids)
        # A page's name is its title; a site's or a newspaper's is what we are after.
        if (
            isinstance(part_of, dict)
            and not _types(part_of) & {"WebPage"}
            and (name := _clean(part_of.get("name")))
        ):
            return name
        if not isinstance(part_of, dict):
            break
        node = part_of
    return _name(node.get("sourceOrganization"), ids)


def _name(value: Any, ids: dict[str, dict[str, Any]]) -> str:
    value = _first(value, ids)
    return _clean(value.get("name")) if isinstance(value, dict) else _clean(value)


def _first(value: Any, ids: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return ids.get(value["@id"], value)
    return value


def _clean(value: Any) -> str:
    """One line of plain text; "" for what is no text. Some sites escape twice, or leave tags in."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    if not isinstance(value, str):
        return ""
    plain = unescape(_TAG.sub("", unescape(value[:2_000])))
    return " ".join("".join(c for c in plain if c.isprintable() or c.isspace()).split())


def _without_site(title: str, site_names: set[str]) -> str:
    names = {_bare(name) for name in site_names if name}
    pieces = list(_SEPARATOR.finditer(title))
    if pieces and _bare(title[pieces[-1].end() :]) in names:
        return title[: pieces[-1].start()].strip()
    # A site's name with a separator in it ("The Post - Courier") is longer than the last piece.
    for piece in pieces:
        if _bare(title[piece.end() :]) in names:
            return title[: piece.start()].strip()
    return title


def _bare(name: str) -> str:
    return " ".join(name.casefold().split()).removeprefix("the ")
