"""Which sources are unnamed, and how far a text places them."""

from __future__ import annotations

import re
from functools import cache

from claims.flags.case import PRONOUNS, Case, HopLike
from claims.flags.lexicon import any_of, pattern, words

_INDEFINITE = re.compile(r"^(?:an?|one|some|another|two|three|four|five|several|any|many)\b", re.I)
_AFTER_HEAD = re.compile(
    r"[,(–—]|\s(?:in|at|of|from|within|inside|with|who|that|close|familiar|briefed|on|for|near|to)\s", re.I
)
_IN_PUBLIC = re.compile(
    r"\b(?:judges?|juror|jury|nominees?|candidates?|senators?|congress(?:man|woman)|narrator|"
    r"host|moderator|president|professor|speechwriters?|officials? in a statement|columnists?|"
    r"authors?|critics?|leaders?|heckler|caller)$",
    re.I,
)
"""Those who speak in public, as what they are."""
_THINGS = re.compile(
    r"\b(?:statements?|records?|files?|data|documents?|reports?|figures|images?|pictures?|"
    r"papers|letters?|memos?|e-?mails?|accounts?|"
    r"invoices?|contracts?|tapes?|recordings?|posts?|minutes|books|receipts|results|tests?|"
    r"polls?|surveys?|messages?)$",
    re.I,
)
# They speak as a camp and are known as one.
_PARTISANS = re.compile(
    r"\b(?:republicans|democrats|conservatives|liberals|progressives|americans|voters|opponents|"
    r"supporters|defenders|surrogates|contenders|contributors|donors|questioners?|hecklers?|candidates|"
    r"(?:young|old|older|younger|working|poor|ordinary|most) people)$",
    re.I,
)
_COUNTED = re.compile(r"\b(?:percent|per cent|of whom|of which|of them)\b|%", re.I)
# Whose it is says who it is: "his attorney". "His aide" could be any of many.
_KNOWN_BY_ITS_OWNER = re.compile(
    r"(?:his|her|their|my|[\w’' ]+[’']s?)\s+(?:\w+\s+)?(?:attorneys?|lawyers?|solicitors?|agents?|doctors?|"
    r"publicists?|biographers?|coach)$",
    re.I,
)
# "Trump argues": a name with its verb, which the reading took for somebody.
_NAME_AND_VERB = re.compile(r"[A-Z]\w+ [a-z]+(?:s|ed)$")
_THINKS = re.compile(
    r"(?:have |has |had )?(?:assum|underst|imagin|hop(?:e|es|ed|ing)\b|want|wish|agre)", re.I
)
"""What somebody had in mind; nobody speaks to the paper there."""
# "He and skipper Joao Mendes": one of them has a name.
_BESIDE_A_NAME = re.compile(r"\band\s+(?:[a-z]+\s+){0,3}[A-Z]\w+\s+[A-Z]")
# "The official" takes up one that was introduced as such; "the businessman" has been named.
_KNOWN_ROLE = re.compile(
    r"\b(?:sources?|officials?|aides?|insiders?|diplomats?|advis[eo]rs?|employees?|"
    r"executives?|person|informant|whistle-?blower)\b",
    re.I,
)
_AGENT = re.compile(
    r"(?:er|or|ist|ian|man|woman|ee|ant|nurse|friend|pal|guard|aide|chief|agent|clerk|spy|"
    r"cook|medic|monk|nun|colonel|general|major|private|sailor)s?$|men$|women$",
    re.I,
)


def is_unnamed(case: Case, hop: HopLike) -> bool:
    """Whether a hop is a person or group that nobody could ring up: anonymous, or described only.

    A body, a document, a spokesperson and the holder of an office are none, named or not.
    """
    if hop.naming not in ("anonymous", "described") or hop.kind in ("outlet", "agency", "social", "document"):
        return False
    mention = case.mention(hop)
    if mention.casefold() == "one" or _PARTISANS.search(mention) or _THINKS.match(hop.cue):
        return False
    if _KNOWN_BY_ITS_OWNER.match(mention) or (
        _NAME_AND_VERB.match(mention) and not _heads("placed").search(mention)
    ):
        return False
    if hop.name.casefold() in PRONOUNS or mention.casefold() in PRONOUNS - {"those"}:
        return hop.naming == "anonymous"
    if (
        pattern("unnamed", "spokespeople").search(mention)
        or _is_body(mention)
        or re.search(r"[’']s?$", mention)
    ):
        return False
    if not _is_somebody(hop, mention):
        return False
    if hop.kind == "unknown" and _THINGS.search(_AFTER_HEAD.split(mention)[0].strip()):
        return False
    if hop.kind == "organisation" and not _ends_in_people(mention):
        return False
    return not _holds_office(mention)


def _is_somebody(hop: HopLike, mention: str) -> bool:
    """Whether the words describe a person or people, and not a name or a thing that the reading took for
    one.
    """
    if _COUNTED.search(_AFTER_HEAD.split(mention)[0]) or _BESIDE_A_NAME.search(mention):
        return False
    if re.match(r"the\b", mention, re.I) and not is_plural(mention) and not _KNOWN_ROLE.search(mention):
        return False
    if any(_head_is(kind, mention) for kind in ("bare", "placed", "crowd")):
        return True
    if not re.search(r"(?<![\w’'-])[a-z]", _INDEFINITE.sub("", mention)):
        return False
    if hop.kind == "unknown":
        return bool(_INDEFINITE.match(mention) and _AGENT.search(_AFTER_HEAD.split(mention)[0].strip()))
    # "The congressman" has been named, or is about to be.
    return not re.match(r"the\b", mention, re.I) or hop.naming == "anonymous" or hop.kind == "group"


def is_person_source(case: Case, hop: HopLike) -> bool:
    """Whether somebody chose not to name it: a source or a role, rather than a crowd or experts."""
    mention = case.mention(hop)
    return (
        is_unnamed(case, hop)
        and not is_crowd(mention)
        and not _IN_PUBLIC.search(_AFTER_HEAD.split(mention)[0].strip())
    )


def is_crowd(mention: str) -> bool:
    """Residents, witnesses, experts: people who are asked as one of many."""
    return _head_is("crowd", mention) and not re.search(
        r"\bsources?\b|\binsiders?\b|\bofficials?\b", mention, re.I
    )


def is_bare(case: Case, hop: HopLike) -> bool:
    """Whether an unnamed source has neither institution nor role: "a source", "people"."""
    mention = case.mention(hop)
    head = _head_match("bare", mention)
    if head is None:
        return False
    beside = re.findall(r"[\w’'-]+", mention[: head.start()].lower() + " " + mention[head.end() :].lower())
    if any(word not in words("unnamed", "heads", "empty") for word in beside):
        return False
    if hop.end is None:
        return True
    after = case.article.text[hop.end : hop.end + 60]
    return not re.match(rf",?\s+{any_of('unnamed', 'heads', 'place_after')}", after, re.I)


OURS = re.compile(
    r"^(?:this|our|we)\b(?:\s+(?:news)?(?:paper|magazine|site|station|website|programme|"
    r"reporter|correspondent|colleagues?))?",
    re.I,
)
"""The outlet's own name for itself: no hop of anybody else's."""


def is_plural(mention: str) -> bool:
    """Whether its head is in the plural."""
    head = _head_match("bare", mention) or _head_match("placed", mention) or _head_match("crowd", mention)
    return head is not None and (
        head.group().lower().endswith("s") or head.group().lower() in ("people", "those")
    )


def _is_body(mention: str) -> bool:
    if _INDEFINITE.match(mention) and any(_head_is(kind, mention) for kind in ("bare", "placed", "crowd")):
        return False
    head = _AFTER_HEAD.split(mention)[0].strip()
    found = list(pattern("unnamed", "bodies").finditer(head))
    return bool(found) and found[-1].end() == len(head)


def _ends_in_people(mention: str) -> bool:
    return any(_head_is(kind, mention) for kind in ("bare", "placed"))


def _head_is(kind: str, mention: str) -> bool:
    return _head_match(kind, mention) is not None


@cache
def _heads(kind: str) -> re.Pattern[str]:
    # The head is the last noun before a preposition, a clause or the end.
    return re.compile(
        any_of("unnamed", "heads", kind)
        + r"(?=\s*$|\s*[,(–—]|\s+(?:in|at|of|from|within|inside|with|who|that|close|familiar|"
        r"briefed|on|for|near|to|involved|speaking|working|aware|privy|there|i|we|whose|by|he|she|they)\b)",
        re.I,
    )


def _head_match(kind: str, mention: str) -> re.Match[str] | None:
    return _heads(kind).search(mention)


def _holds_office(mention: str) -> bool:
    if _INDEFINITE.match(mention) or re.match(r"former\b", mention, re.I):
        return False
    found = pattern("unnamed", "offices").search(mention)
    if found is None:
        return False
    return not re.search(
        r"\b(?:aide|source|official|friend|colleague|adviser|advisor|insider|ally|allies|"
        r"associate|lawyer)s?\b",
        mention,
        re.I,
    )
