"""What kind of source a mention is, and how far it is identified. The lexicon is lexicons/sources.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .lexicon import words
from .mentions import PERSONAL, PLURAL, Mention, singular
from .tree import Token

_ARTICLE = re.compile(r"^(?:the|a|an|his|her|its|their|whose)\s+", re.I)
_TAIL = re.compile(r"\s*(?:,|\(|–|—|\bwho\b|\bwhich\b|\bthat\b(?=\s+\w+(?:s|ed)\b)).*$", re.S)
_MAKER = re.compile(r"\b(?:by|from|of|obtained|seen|published|released|leaked|about|on|in|that|which|who)\b")
# "Hikers", "bloggers", "tourists": who isn't in the lists is known by the ending.
_DOERS = ("er", "or", "ist", "ian", "ee", "ess")
_EDGES = " ,.;:'‘’\"“”()–—-"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a mention is taken to be."""

    name: str
    kind: str
    naming: str
    members: tuple[str, ...] = ()
    """The people that a pair is made of: each is a source of its own."""


def identify(mention: Mention) -> Identity:
    """Kind, naming and the name to show of one mention, on its own words alone."""
    if mention.members:
        return Identity(" and ".join(mention.members), "group", "named", mention.members)
    if mention.pronoun:
        kind = (
            "person" if mention.pronoun in PERSONAL else "group" if mention.pronoun in PLURAL else "unknown"
        )
        return Identity(mention.text, kind, "described")
    held = set(mention.words)
    sited = bool(mention.name) and mention.head in ("website", "site", "portal", "newsletter", "podcast")
    if mention.head in words("sources", "documents", "nouns") and not _is_role(mention) and not sited:
        return _document(mention, held)
    if mention.name and (mention.label == "PERSON" or not _is_office(mention.name.lower())):
        return Identity(clean_name(mention.name, mention), *_named(mention))
    return _described(mention, held)


def _roles() -> frozenset[str]:
    return words("sources", "persons", "roles")


def _is_office(name: str) -> bool:
    """A role is a description even where a headline writes it like a name: "Former Fed Official"."""
    last = name.rpartition(" ")[2]
    return name in _roles() or (last != name and last in words("sources", "persons", "offices"))


def _has_title(mention: Mention) -> bool:
    """ "The Bordurian government", "a Radio Skye poll": there is only one, and this is what it is called."""
    if mention.plural or not mention.placed:
        return False
    before = mention.text.lower().split(mention.head)[0]
    held = mention.text[: len(before)].split()
    if held and held[0].lower() in (
        "a",
        "an",
        "the",
        "this",
        "that",
        "his",
        "her",
        "its",
        "their",
        "another",
    ):
        held = held[1:]
    return any(w[:1].isupper() for w in held) and not any(w.endswith(("'s", "’s")) for w in held)


def _voices() -> frozenset[str]:
    """What an outlet publishes in its own voice: "a CNN report" is CNN, "a CNN poll" is a poll."""
    return words("sources", "documents", "voices")


def _is_role(mention: Mention) -> bool:
    return bool(mention.name) and mention.label == "PERSON"


def _document(mention: Mention, held: set[str]) -> Identity:
    name = described_name(mention)
    outlet = outlet_in(_MAKER.split(mention.text)[0]) if mention.head in _voices() else ""
    if outlet:
        return Identity(
            outlet, "agency" if outlet.lower() in words("sources", "agencies", "names") else "outlet", "named"
        )
    before = set(_MAKER.split(mention.text.lower())[0].split())
    if before & {"media", "press", "newspaper", "tabloid"}:
        return Identity(
            re.sub(r"\s+(?:reports?|accounts?|stories|coverage)$", "", name), "outlet", "described"
        )
    if mention.text.lower() == "report":
        # A headline's "– report".
        return Identity(name, "unknown", "anonymous")
    loose = mention.head in words("sources", "documents", "loose")
    if loose and not mention.definite and mention.plural and not mention.name and len(held) < 5:
        return Identity(name, "unknown", "anonymous")
    if mention.head in words("sources", "social", "nouns"):
        return Identity(name, "social", "pseudonymous")
    if mention.head in ("website", "site", "column", "podcast"):
        return Identity(name, "outlet", "described")
    return Identity(name, "document", "named" if mention.name or _has_title(mention) else "described")


def _named(mention: Mention) -> tuple[str, str]:
    name = mention.name.lower()
    bare = name.removeprefix("the ")
    last = bare.split()[-1] if bare.split() else bare
    about = mention.describes
    if bare in words("sources", "organisations", "capitals") and mention.label in ("PERSON", "", "ORG"):
        return "organisation", "named"
    if name in words("sources", "agencies", "names") or bare in words("sources", "agencies", "names"):
        return "agency", "named"
    if bare.startswith("channel ") and len(bare.split()) == 2:
        return "outlet", "named"
    if about & {"channel", "account", "handle", "blogger"} or name.startswith("@") or last == "channel":
        return "social", "pseudonymous"
    if name in words("sources", "outlets", "names") or bare in words("sources", "outlets", "names"):
        return "outlet", "named"
    if mention.label == "PERSON" and _sounds_like_outlet(mention, bare):
        return "outlet", "named"
    if (
        mention.label == "PERSON"
        and len(bare.split()) > 1
        and last in words("sources", "organisations", "words")
    ):
        return "organisation", "named"
    if mention.label == "PERSON":
        if about & words("sources", "outlets", "nouns") - {"press", "media"} and not about & words(
            "sources", "persons", "roles"
        ):
            return "outlet", "named"
        return ("organisation" if _called_a_body(mention, bare) else "person"), "named"
    called = about | set(mention.words)
    if {"agency", "news"} <= called or {"news", "service"} <= called:
        return "agency", "named"
    if (
        "agency" in about
        and "agency" not in bare.split()
        and not called & words("sources", "agencies", "other")
    ):
        return "agency", "named"
    if about & words("sources", "outlets", "nouns") and not about & words("sources", "persons", "roles"):
        return "outlet", "named"
    if mention.label == "ORG" and last in words("sources", "organisations", "words"):
        return "organisation", "named"
    if mention.label == "ORG" and set(bare.split()) & {"radio", "tv", "television", "news"}:
        return "outlet", "named"
    if bare in words("sources", "social", "platforms"):
        return "organisation", "named"
    if about & (words("sources", "persons", "roles") - words("sources", "persons", "shared")):
        return "person", "named"
    if mention.label == "NORP":
        return "group", "described"
    if last in words("sources", "organisations", "words") or set(bare.split()) & {
        "ministry",
        "department",
        "office",
    }:
        return "organisation", "named"
    if (
        (
            mention.label != "PERSON"
            and last in words("sources", "outlets", "words")
            and (len(bare.split()) > 1 or name != bare or mention.words[0] == "the")
        )
        or last == "times"
        or set(bare.split()) & {"radio", "tv", "television", "news", "newspaper", "gazette"}
    ):
        return "outlet", "named"
    if mention.label == "WORK_OF_ART":
        # A title stands in marks or alone; what has an article and speaks is a paper.
        return ("outlet" if mention.words[0] == "the" or name != bare else "document"), "named"
    if mention.label in ("ORG", "GPE", "FAC", "LAW", "LOC", "PRODUCT"):
        return "organisation", "named"
    return ("person", "named") if len(bare.split()) in (2, 3) else ("unknown", "named")


def _called_a_body(mention: Mention, bare: str) -> bool:
    """ "The consultancy Braddon Lowe": the noun that touches the name says what it is."""
    before = mention.text.lower().partition(bare)[0].split()
    bodies = words("sources", "organisations", "nouns") - words("sources", "persons", "roles")
    return bool(before) and before[-1] in bodies


def _sounds_like_outlet(mention: Mention, bare: str) -> bool:
    """ "Skerry Herald", "the Harbour Star": a paper's word at the end, which ends no person's name."""
    parts = bare.split()
    if len(parts) == 1 and mention.words[0] == "the" and bare in words("sources", "outlets", "words"):
        # "The Gazette".
        return True
    if len(parts) < 2 or mention.describes & words("sources", "persons", "roles"):
        return False
    article = mention.words[0] == "the" or mention.name.lower().startswith("the ")
    return parts[-1] in words("sources", "outlets", "surely") or (
        article and parts[-1] in words("sources", "outlets", "words")
    )


def _described(mention: Mention, held: set[str]) -> Identity:
    who = _described_kind(mention, held)
    hidden = held & {"anonymity", "unnamed", "anonymous", "unidentified"} or "not to be named" in mention.text
    return Identity(who.name, who.kind, "anonymous") if hidden else who


def _described_kind(mention: Mention, held: set[str]) -> Identity:
    name = described_name(mention)
    head = mention.head
    if head in words("sources", "outlets", "nouns") or "media" in held:
        return Identity(name, "outlet", "described")
    if head == "agency" and held & {"news", "press"}:
        known = outlet_in(mention.text)
        return Identity(known, "agency", "named") if known else Identity(name, "agency", "described")
    if head == "guard" and not held & words("sources", "organisations", "guards"):
        return Identity(name, "group" if mention.plural else "person", "described")
    if head == "staff" and "general" not in held:
        return Identity(name, "group", "described")
    if head == "account" and (mention.plural or held & {"one", "another", "his", "her", "own"}):
        return Identity(name, "unknown", "anonymous")
    if head in words("sources", "social", "nouns"):
        return Identity(name, "social", "pseudonymous")
    placed = mention.placed
    if head in words("sources", "documents", "loose") and mention.plural and not mention.definite:
        return Identity(name, "unknown", "anonymous")
    if head in words("sources", "groups", "anonymous"):
        kind = (
            "group"
            if mention.plural
            or head in ("people", "those", "some", "others", "many", "most", "few", "several")
            else "person"
        )
        if head in ("some", "others", "other", "report", "rumor", "rumour", "many", "most"):
            kind = "unknown"
        return Identity(name, kind, "anonymous")
    if head in ("police", "authority", "prosecutor", "military", "army", "navy") and (
        mention.plural or head != "prosecutor"
    ):
        return Identity(name, "organisation", "described")
    if mention.plural and head in words("sources", "groups", "bodies"):
        if placed and len(held) < 7:
            return Identity(name, "organisation", "described")
        bare = len(held) < 2 and head in words("sources", "groups", "bare")
        return Identity(name, "group", "anonymous" if bare else "described")
    if mention.plural and head in words("sources", "groups", "nouns"):
        return Identity(name, "group", "described")
    if head in words("sources", "persons", "roles"):
        return Identity(name, "group" if mention.plural else "person", "described")
    if mention.plural and head in words("sources", "organisations", "nouns") and not mention.definite:
        return Identity(name, "group", "described")
    if head in words("sources", "organisations", "nouns") | words("sources", "organisations", "words"):
        return Identity(name, "organisation", "named" if _has_title(mention) else "described")
    if head in words("sources", "groups", "nouns"):
        return Identity(name, "group" if mention.plural else "person", "described")
    return Identity(name, "group" if mention.plural else "unknown", "described")


def is_source(m: Mention) -> bool:
    """Whether a mention can say something: "citing two officials", not "citing the heat"."""
    return bool(m.name or m.pronoun) or m.head in source_nouns() or (m.plural and m.head.endswith(_DOERS))


def is_noun_of_source(noun: Token) -> bool:
    """Whether a common noun is of something that can say something."""
    return singular(noun) in source_nouns()


@lru_cache(maxsize=1)
def source_nouns() -> frozenset[str]:
    """All the nouns of sources."""
    held = words("sources", "documents", "nouns") | words("sources", "documents", "numbers")
    held |= words("sources", "groups", "nouns") | words("sources", "groups", "anonymous")
    held |= words("sources", "persons", "roles") | words("sources", "organisations", "nouns")
    held |= words("sources", "outlets", "nouns") | words("sources", "social", "nouns")
    return held | words("sources", "documents", "loose") | words("sources", "organisations", "words")


def could_be_outlet(m: Mention, who: Identity) -> bool:
    """Whether a name that no list knows can be an outlet's: none of a person, a place or a public body."""
    if not m.name or who.kind not in ("organisation", "unknown", "person") or m.label in ("GPE", "NORP"):
        return False
    if m.label == "PERSON" and (m.words[0] != "the" or len(m.words) < 3):
        return False
    parts = set(who.name.lower().split())
    bodies = words("sources", "organisations", "words") | words("sources", "social", "platforms")
    return not parts & bodies and not parts & words("sources", "persons", "roles")


def outlet_in(text: str) -> str:
    """A known outlet's or agency's name within a mention ("a CNN report"), as it is written there; or ""."""
    parts = [w.removesuffix("'s").removesuffix("’s") for w in text.split()]
    for size in (4, 3, 2, 1):
        for i in range(len(parts) - size + 1):
            piece = " ".join(parts[i : i + size])
            low = piece.strip(_EDGES).lower()
            if not piece[:1].isupper() or low in ("people", "time", "insider", "people", "x", "vice", "the"):
                continue
            if low in words("sources", "outlets", "names") or low in words("sources", "agencies", "names"):
                return piece.strip(_EDGES)
            if (
                size > 1
                and low.split()[-1]
                in ("times", "post", "news", "herald", "tribune", "guardian", "telegraph", "gazette")
                and parts[i][:1].isupper()
                and parts[i + size - 1][:1].isupper()
                and parts[i].lower() not in ("the", "a", "an")
            ):
                return piece.strip(_EDGES)
    return ""


def described_name(mention: Mention) -> str:
    """A description as a name: without its article, quotation marks and what follows a comma."""
    text = " ".join(mention.text.split())
    short = _TAIL.sub("", text)
    short = _ARTICLE.sub("", short).strip(_EDGES)
    for mark in ("'s", "’s"):
        short = short.removesuffix(mark)
    return short or text.strip(_EDGES) or text


def clean_name(name: str, mention: Mention | None = None) -> str:
    """A proper name without titles in front of it: "Admiral Sir Tony Radakin" is "Tony Radakin"."""
    text = " ".join(name.split()).strip(_EDGES)
    for tail in ("'s", "’s"):
        text = text.removesuffix(tail)
    text = text.removeprefix("the ")
    parts = text.split()
    if (
        mention is not None
        and mention.label == "PERSON"
        and not _sounds_like_outlet(mention, text.lower().removeprefix("the "))
    ):
        while len(parts) > 1 and parts[0].lower() in words("sources", "persons", "titles"):
            parts = parts[1:]
    return " ".join(parts) or text
