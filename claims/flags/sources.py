"""Rules on whom a statement rests on: nobody, nobody who could be asked, or only one."""

from __future__ import annotations

import re

from claims.flags.case import Case, HopLike
from claims.flags.disputable import disputable, own_account, topics
from claims.flags.lexicon import any_of, pattern
from claims.flags.registry import Finding, Limits, Threshold, rule
from claims.flags.unnamed import is_bare, is_unnamed
from claims.flags.words import alike, content, shortened

KINDS = ("accusation", "casualties", "event", "figure", "military", "words")


@rule(
    "NO_SOURCE",
    Threshold("kinds", KINDS, "what counts as disputable", choices=KINDS),
)
def no_source(case: Case, limits: Limits) -> Finding | None:
    """A disputable fact stands in the article's own voice, and nobody is given as its source.

    The Essentials of Reuters Sourcing: every statement is sourced unless it is an established fact, in
    the public domain or was witnessed. BBC Editorial Guidelines 3.2.3: claims, allegations and material
    facts that can't be corroborated are normally attributed. AP: attribute any disputable fact that we
    didn't witness or confirm.
    """
    if case.chains or case.statement.hearsay:
        return None
    found = disputable(case)
    if found is not None and found.kind not in limits["kinds"]:
        return None
    if found is None:
        # Somebody marked it as a claim, or took its last source away.
        return Finding(
            f"“{shortened(case.quote)}” stands here with nobody named as its source.", (case.place,)
        )
    return Finding(
        f"“{shortened(case.quote)}” rests on nobody’s word here, and “{found.words}” makes it {found.plain}.",
        (case.place,),
    )


@rule("BARE_SOURCE")
def bare_source(case: Case, limits: Limits) -> Finding | None:
    """An origin is "a source" or "an insider", and neither institution nor role is told.

    AP's News Values and Principles: attribution establishes the source's credibility, and simply quoting
    "a source" is not allowed; describe it as fully as its safety permits.
    """
    for hop in case.origins:
        if is_unnamed(case, hop) and is_bare(case, hop):
            return Finding(
                f"“{case.mention(hop)}” is all that is told of the origin: no institution and no role.",
                case.places(hop),
            )
    return None


@rule("WEASEL")
def weasel(case: Case, limits: Limits) -> Finding | None:
    """Words attribute the claim to nobody who could be asked: "reportedly", "experts say", "it is believed".

    AP on attribution: what is second-hand is attributed to sources that can be named, in the same
    sentence. The SPJ's Code of Ethics: identify sources clearly.
    """
    low, high = _clause(case)
    text = case.article.text
    for path in ("hearsay", "passive"):
        for found in pattern("weasel", path).finditer(text, low, high):
            if _quoted(case, found.start()) or (path == "hearsay" and _attributed_to_named(case)):
                continue
            if path == "passive" and re.match(
                r"\s+(?:by|in)\s+(?-i:[A-Z])", text[found.end() : found.end() + 40]
            ):
                continue
            if _charged(case) and found.group().lower().startswith("alleg"):
                continue
            words = " ".join(found.group().split())
            return Finding(f"“{words}” says that somebody says so, and not who.", (found.span(),))
    for hop in case.origins:
        mention = case.mention(hop)
        if hop.naming == "named" or _quoted(case, hop.start):
            continue
        if _names_nobody(case, hop, mention):
            said = f"“{mention} {hop.cue}”" if hop.cue else f"“{mention}”"
            return Finding(f"{said} names nobody among them who could be asked.", case.places(hop))
    return None


def _names_nobody(case: Case, hop: HopLike, mention: str) -> bool:
    if not re.fullmatch(
        r"(?:(?:some|many|most|several|other|few|independent|leading|political|legal|military|"
        r"industry|market|medical|local|"
        r"financial|security|a few|a number of|a lot of|plenty of|growing number of|western|foreign)\s+)*"
        + any_of("weasel", "people"),
        mention,
        re.I,
    ):
        return False
    if hop.end is None:
        return True
    after = case.article.text[hop.end : hop.end + 50]
    if re.match(rf",?\s*(?:{any_of('weasel', 'placed_after')}|\()", after, re.I):
        return False
    # A poll or a study beside it counts them, and a name in the next sentence is one of them.
    around = case.article.words(case.near)
    return not re.search(
        r"\b(?:poll|survey)(?:ed)?\b|\bpolled\b|\bamong them\b|\b(?:a dozen|\d+) of them\b", around, re.I
    )


def _clause(case: Case) -> tuple[int, int]:
    """The statement with what leads into it in its sentence."""
    low, high = case.sentence
    others = [
        s
        for s in case.article.by_sentence.get(case.numbers[0], [])
        if s.end <= case.statement.start and s is not case.statement
    ]
    low = max([low, *(s.end for s in others)])
    later = [
        s.start
        for n in range(case.numbers[0], case.numbers[1] + 1)
        for s in case.article.by_sentence.get(n, [])
        if s.start >= case.statement.end
    ]
    return low, min([high, *later])


def _quoted(case: Case, at: int | None) -> bool:
    """Whether a place lies within quotation marks of its paragraph."""
    if at is None:
        return False
    start = case.article.paragraphs[case.article.paragraph_number(at)][0] if case.article.paragraphs else 0
    before = case.article.text[start:at]
    if before.count("“") > before.count("”"):
        return True
    return before.count('"') % 2 == 1


def _attributed_to_named(case: Case) -> bool:
    return any(hop.naming == "named" for hop in case.hops)


def _charged(case: Case) -> bool:
    return bool(pattern("weasel", "charged").search(case.article.words(case.sentence)))


@rule("SINGLE_ANON")
def single_anon(case: Case, limits: Limits) -> Finding | None:
    """All of it comes from one origin, and that origin isn't named.

    BBC Editorial Guidelines 3.3.4: be reluctant to rely on a single source, and a named one on the record
    is always preferable. Reuters: two or more sources are better than one, and anonymous ones are the
    weakest.
    """
    if len(case.origins) != 1 or not is_unnamed(case, case.origins[0]) or corroborated(case):
        return None
    hop = case.origins[0]
    return Finding(f"“{case.mention(hop)}” is the only origin of this, and isn’t named.", case.places(hop))


TOPICS = ("accusation", "casualties", "military")


@rule(
    "SINGLE_SOURCE",
    Threshold("topics", TOPICS, "what needs two sources", choices=TOPICS),
    proposes=True,
)
def single_source(case: Case, limits: Limits) -> Finding | None:
    """A claim that wants two sources has one named origin.

    BBC Editorial Guidelines 3.3.1 and 3.3.4: corroborate claims and allegations, be reluctant to rely on
    a single source.
    """
    asks = re.match(r"\W*(?:did|does|do|is|are|was|were|has|have|will|would|could|can)\b", case.quote, re.I)
    if len(case.origins) != 1 or case.statement.stance == "denies" or asks:
        return None
    hop = case.origins[0]
    body = hop.naming == "named" or hop.kind == "organisation"
    if (
        not body
        or is_unnamed(case, hop)
        or hop.kind in ("document", "outlet", "agency")
        or (hop.kind == "social" and hop.naming != "named")
        or hop.name.casefold() in ("we", "i")
    ):
        return None
    found = next((topic for topic in topics(case) if topic.kind in limits["topics"]), None)
    if found is None or own_account(case, hop) or corroborated(case):
        return None
    return Finding(
        f"{case.called(hop)} is the only origin of this, and “{found.words}” makes it {found.plain}.",
        (*case.places(hop), found.place),
    )


def corroborated(case: Case) -> bool:
    """Whether somebody else is given for the same thing, in another statement or in the sentences around
    it.
    """
    mine = {hop.name.casefold() for hop in case.hops}
    low, high = case.near
    reach = case.after(2)
    for other in statements_near(case, 12):
        if other is case.statement or not other.chains:
            continue
        theirs = {chain[-1].name.casefold() for chain in other.chains if chain}
        if theirs - mine:
            shared = alike(case.content, content(case.article.text[other.start : other.end]))
            if shared >= 0.5 and len(case.content & content(case.article.text[other.start : other.end])) >= 2:
                return True
    around = case.article.text[low : max(high, reach[1])]
    rest = around.replace(case.quote, " ")
    return bool(pattern("unnamed", "second").search(rest))


def statements_near(case: Case, count: int) -> list:
    """The statements in the sentences around, ``count`` of them each way, so that long texts stay linear."""
    first, last = case.numbers
    return [
        each
        for n in range(first - count, last + count + 1)
        for each in case.article.by_sentence.get(n, [])[:8]
    ]
