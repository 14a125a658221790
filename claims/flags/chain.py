"""Rules on the way a claim came: whose report is passed on, how far from the knowledge, where the chain
stops.
"""

from __future__ import annotations

import itertools
import re

from claims.chains import identity
from claims.flags.case import PRONOUNS, Case, HopLike
from claims.flags.registry import Finding, Limits, Threshold, rule
from claims.flags.relays import known_behind, one_way, relays, steps, unnamed_behind
from claims.flags.unnamed import OURS, is_unnamed
from claims.flags.words import content

CARRIERS = {"outlet": "an outlet", "agency": "a news agency", "social": "a channel or account"}
_SOCIAL = frozenset(["channel", "account", "blog", "user", "page", "handle", "feed", "vlog"])
_PLATFORM = (
    r"(?:Telegram|X|Twitter|TikTok|YouTube|Facebook|Instagram|WhatsApp|Reddit|VK|Weibo|Bluesky|"
    r"Mastodon|Substack|Discord|Signal|Truth Social)"
)
_ACCOUNT = re.compile(rf"@\w|\b{_PLATFORM}\s+(?:\w+\s+)?(?:channel|account|user|page|group|feed)\b")
_CALLED = re.compile(
    r"\b(channel|account|blog|user|page|handle|podcast|news site|site|magazine|daily|weekly|"
    r"newspaper|tabloid|paper|broadcaster|agency|portal|website|station|outlet)"
    r",?(?:\s+(?:called|named|by the name of|known as))?\s+[“\"‘']?$",
    re.I,
)
_HEARD_ON = re.compile(
    rf"\b(?:On|on|in|across|over)\s+(?:social media|social networks?|the internet|{_PLATFORM})\b|\bonline\b"
)
_WENT_ON = re.compile(
    r"\b(?:had (?:spoken|talked)|spoke|talked) (?:to|with)\b|\binterviewed\b|"
    r"\b(?:on the (?:basis|strength)|based) (?:of|on)\b",
    re.I,
)
_OPERATED = re.compile(r"\b(?:verified|official|run by|operated by|belonging to|own)\b", re.I)
_SAW = re.compile(
    r"\b(?:correspondents?|reporters?|photographers?|journalists?|photographs?|pictures?|"
    r"footage|camera|crew|cameraman|team)\b",
    re.I,
)
_TOLD_TO = re.compile(
    r"\b(?:told|tells|dished to|blabbed to|spilled to|confided (?:in|to)|is quoted (?:as saying )?(?:in|by)|"
    r"was quoted (?:as saying )?(?:in|by))\s+(?!us\b|this\b|our\b)(?:the\s+)?(?:[\w’'-]+\s+){0,3}?"
    r"(?:(?i:magazine|newspaper|daily|weekly|tabloid|broadcaster|television|radio|agency)\b|"
    r"(?-i:[\w’'-]*(?:Times|Post|News|Gazette|Herald|Tribune|Radio|TV|Mail|Echo|Courier|Journal|Telegraph|"
    r"Mirror|Chronicle|Observer|Lantern|Argus|Reuters|BBC|CNN|AFP|AP|Bloomberg|Zeitung))\b)",
    re.I,
)
_BROADCAST = re.compile(r"\b(?:TV|television) channel\b|^(?:.*\s)?Channel \d\b|\bChannel \w+ News\b")
_NAMED_AS = re.compile(
    r"\b(?:users?|bloggers?|hackers?|posters?|activists?|accounts?|channels?|somebody|someone|man|woman)\b"
    r"[^.,;]{0,30}\b(?:known (?:only |online )?as|calling (?:him|her|it|them)sel(?:f|ves)|"
    r"who goes by|going by|"
    r"under the (?:name|handle|pseudonym|nickname))\b|\bwhoever (?:is behind|runs)\b",
    re.I,
)
_LABELS = re.compile(
    r"(?:call|dub|describ|label|nam|rat|endors|prais|critici[sz]|review)(?:s|ed|es)?\b", re.I
)
"""An outlet's own judgement: nobody told it that."""
_SPOKEN = re.compile(
    r"\b(?:told|press conference|news conference|interview|speech|briefing|tweet|e-?mail|"
    r"statement|rally|asked|hearing|testimony|phone|press release|podcast)\b",
    re.I,
)
_TITLED = re.compile(r"(?-i:[A-Z][\w’'-]+)|[“\"«]|\b\d{4}\b")


def carrier_kind(case: Case, hop: HopLike) -> str:
    """A hop's kind where it passes things on, else "". What it is called in the text counts too: "the
    blog Old Mole"; a channel on television is an outlet.
    """
    before = case.article.text[max(0, hop.start - 12) : hop.start] if hop.start is not None else ""
    if _BROADCAST.search(before + case.mention(hop)):
        return "outlet"
    if _ACCOUNT.search(case.mention(hop)):
        return "" if hop.kind == "person" and hop.naming == "named" else "social"
    if hop.start is not None and hop.kind in ("document", "unknown", "organisation", "outlet", "person"):
        called = _CALLED.search(case.article.text[max(0, hop.start - 40) : hop.start])
        if called and (hop.kind != "person" or called[1].lower() in _SOCIAL):
            return "social" if called[1].lower() in _SOCIAL else "outlet"
    return hop.kind if hop.kind in CARRIERS else ""


@rule("ANON_PICKUP")
def anon_pickup(case: Case, limits: Limits) -> Finding | None:
    """Another outlet's report that itself rests on an unnamed source is passed on.

    AP's News Values and Principles: reports of other news organisations that rest on anonymous sources
    need the most careful scrutiny before they are used.
    """
    for chain in case.chains:
        for carrier, source in itertools.pairwise(chain):
            if (
                carrier_kind(case, carrier)
                and not OURS.match(case.mention(carrier))
                and is_unnamed(case, source)
            ):
                return Finding(
                    f"“{case.mention(source)}” is {carrier.name}’s source, passed on here, and isn’t named.",
                    case.places(carrier, source),
                )
    return _told_to_another(case) or _relies_on_unnamed(case)


def _relies_on_unnamed(case: Case) -> Finding | None:
    """ "The paper relies on an aide", where the chain has the paper alone."""
    carrier = next((hop for hop in case.origins if carrier_kind(case, hop)), None)
    if carrier is None or OURS.match(case.mention(carrier)):
        return None
    place = unnamed_behind(case)
    if place is None:
        return None
    words = " ".join(case.article.words(place).split())
    return Finding(
        f"{carrier.name} has it from somebody unnamed (“{words}”).", (*case.places(carrier), place)
    )


def _told_to_another(case: Case) -> Finding | None:
    """ "An insider dished to Glow magazine", where the chain has the insider alone."""
    source = next((hop for hop in case.origins if is_unnamed(case, hop)), None)
    if source is None or any(carrier_kind(case, hop) for hop in case.hops):
        return None
    found = _TOLD_TO.search(case.article.text, *case.sentence)
    if found is None or case.statement.start <= found.start() < case.statement.end:
        return None
    words = " ".join(found.group().split())
    return Finding(
        f"“{case.mention(source)}” spoke to another outlet (“{words}”), and isn’t named.",
        (*case.places(source), found.span()),
    )


@rule("HEARSAY_DEPTH", Threshold("hops", 3, "how many hops are too many", low=2, high=12))
def hearsay_depth(case: Case, limits: Limits) -> Finding | None:
    """Three or more removes lie between the reader and anybody who could know first-hand.

    BBC Editorial Guidelines 3.3.3: witness events or talk to first-hand sources. The Society of Professional
    Journalists' Code of Ethics: use original sources whenever possible.
    """
    for chain in case.chains:
        counted = list({identity(hop): hop for hop in chain}.values())
        # An author directly behind his own document is one with it.
        if len(counted) > 1 and counted[-2].kind == "document":
            counted.pop()
        if len(counted) >= limits["hops"]:
            way = " → ".join(hop.name for hop in counted)
            return Finding(f"It came by {len(counted)} hops: {way}.", case.places(*chain))
    links = relays(case) if one_way(case) else []
    count = 1 + sum(steps(case, span) for span in links)
    if count >= limits["hops"]:
        words = "”, “".join(" ".join(case.article.words(span).split()) for span in links)
        return Finding(f"It came by {count} hops, as the text tells it: “{words}”.", tuple(links))
    return None


@rule("DEAD_END", proposes=True)
def dead_end(case: Case, limits: Limits) -> Finding | None:
    """The chain stops at somebody who passes things on, before anybody who could know first-hand.

    BBC Editorial Guidelines 3.3.3: where we can't witness events, talk to first-hand sources. The SPJ's Code
    of Ethics: use original sources whenever possible.
    """
    for hop in case.origins:
        kind = carrier_kind(case, hop)
        loose = hop.kind == "unknown" and bool(
            re.search(r"\b(?:reports?|media|rumou?rs?|posts?)\b", case.mention(hop), re.I)
        )
        if (not kind and not loose) or OURS.match(case.mention(hop)) or _LABELS.match(hop.cue):
            continue
        if _WENT_ON.search(case.article.words(case.near).replace(case.quote, " ")) or known_behind(case, hop):
            continue
        if _own_eyes(case, hop) or _about_itself(case, hop) or _operator_told(case, hop):
            continue
        what = CARRIERS.get(kind, "nobody in particular")
        cue = f" (“{hop.cue}”)" if hop.cue else ""
        return Finding(
            f"The chain stops at {case.called(hop)}{cue}, {what}; who told it isn’t said.", case.places(hop)
        )
    loose = case.statement.hearsay and not case.chains
    heard = _HEARD_ON.search(case.article.text, *case.sentence) if loose else None
    if heard:
        return Finding(f"It was said “{heard.group()}”; who said it there isn’t told.", (heard.span(),))
    return None


def _own_eyes(case: Case, hop: HopLike) -> bool:
    """Whether the outlet's own people saw it: its correspondent, its picture."""
    if carrier_kind(case, hop) == "social":
        return False
    around = case.article.words(case.sentence).replace(case.quote, " ")
    return bool(
        _SAW.search(case.mention(hop))
        or (
            _SAW.search(around)
            and re.search(
                r"\b(?:saw|seen|watched|shows?|showed|visited|walked|witnessed|on the scene|"
                r"at the scene|reported from)\b",
                around,
            )
        )
    )


def _about_itself(case: Case, hop: HopLike) -> bool:
    if re.search(r"\bown\b", case.mention(hop)) or re.match(
        r"\W*(?:it|its|we|our|(?:one of )?their)\b", case.quote, re.I
    ):
        return True
    name = content(hop.name) | content(case.mention(hop))
    subject = content(" ".join(case.quote.split()[:6]))
    if re.match(
        r"the (?:paper|newspaper|station|channel|broadcaster|magazine|agency|site|network)$",
        case.mention(hop),
        re.I,
    ):
        return bool(
            re.search(
                r"\b(?:readers|its (?:own )?(?:staff|newsroom|website|readers|shareholders))\b",
                case.article.words(case.sentence),
                re.I,
            )
        )
    return bool(name) and name <= subject


def _operator_told(case: Case, hop: HopLike) -> bool:
    """Whether the text says who is behind a channel or account."""
    if carrier_kind(case, hop) != "social":
        return False
    mention = case.mention(hop)
    if (
        hop.kind == "person"
        and hop.naming == "named"
        and re.search(r"\bwho (?:runs|writes|operates|hosts|owns)\b", mention)
    ):
        return True
    if re.search(
        r"[’']s?\s+(?:[\w-]+\s+){0,2}(?:channel|account|page|feed|profile|blog|post|tweet)s?\b", mention, re.I
    ):
        return True
    if hop.start is None or hop.end is None:
        return bool(_OPERATED.search(mention))
    return _operated(case, hop.start, hop.end)


def _operated(case: Case, start: int, end: int) -> bool:
    """Whether the words around a channel's or account's name say whose it is."""
    text, mention = case.article.text, case.article.text[start:end]
    low, high = case.article.sentence_span(*(case.article.sentence_number(start),) * 2)
    behind, ahead = text[max(low, start - 60) : start], text[end : min(high, end + 70)]
    if _OPERATED.search(mention) or re.search(
        r"(?:[’']s?|\b(?:its|her|his|their|our))\s+(?:own\s+|official\s+|verified\s+|"
        r"personal\s+)*(?:[\w]+\s+)?$",
        behind,
        re.I,
    ):
        return True
    if re.search(r"\bwho (?:runs|writes|operates|hosts|owns)\b", mention, re.I):
        return True
    if re.search(
        r"\b(?:verified|official)\s+(?:\w+\s+)?$|\bwho (?:runs|writes|operates)\s+(?:the\s+)?(?:\w+\s+)?$",
        behind,
        re.I,
    ):
        return True
    return bool(
        re.match(
            r"\s*,?\s*(?:(?:channel|account|page|feed)\s+)?(?:of (?:the )?(?-i:[A-Z])|"
            r"(?:which (?:is|was) )?(?:run|operated|written|owned|kept|set up) by\b|"
            r"belonging to)",
            ahead,
            re.I,
        )
    ) or bool(re.search(r"\b(?:account|channel|page|feed)\s+of\s+(?:the\s+)?(?-i:[A-Z])", mention, re.I))


@rule("PSEUDONYMOUS_CHANNEL", proposes=True)
def pseudonymous_channel(case: Case, limits: Limits) -> Finding | None:
    """A hop is a channel or an account, and who runs it isn't told.

    BBC Editorial Guidelines 3.3.1: validate the authenticity of digital material. Reuters on social
    media: say how much or how little is known of those who posted.
    """
    for hop in case.hops:
        if (
            carrier_kind(case, hop) == "social"
            and not _operator_told(case, hop)
            and not _is_person(case, hop)
        ):
            return Finding(
                f"Who runs {case.mention(hop)}, a channel or account, isn’t told.", case.places(hop)
            )
    alias = _NAMED_AS.search(case.article.text, *case.sentence)
    if alias and not case.statement.start <= alias.start() < case.statement.end:
        words = " ".join(alias.group().split())
        return Finding(f"Who that is (“{words}”) isn’t told.", (alias.span(),))
    if not any(carrier_kind(case, hop) == "social" for hop in case.hops) and not any(
        h.naming == "named" for h in case.hops
    ):
        # It stands in the sentence, and no hop was made of it.
        for found in _ACCOUNT.finditer(case.article.text, *case.sentence):
            inside = case.statement.start <= found.start() < case.statement.end
            if not inside and not _operated(case, *found.span()):
                return Finding(f"Who runs the “{found.group()}” isn’t told.", (found.span(),))
    return None


def _is_person(case: Case, hop: HopLike) -> bool:
    mention = case.mention(hop)
    return mention.casefold() in PRONOUNS or bool(
        re.fullmatch(
            r"(?:social media|facebook|twitter|x|telegram|instagram|youtube|tiktok|reddit|"
            r"whatsapp)(?: (?:post|posts|users))?",
            mention,
            re.I,
        )
    )


@rule("NO_LINK")
def no_link(case: Case, limits: Limits) -> Finding | None:
    """A report is cited by name and not linked, in a text that came with its links.

    The SPJ's Code of Ethics: the public is entitled to as much information as possible to judge the
    reliability of sources.
    """
    links = case.article.links
    if links is None:
        return None
    for hop in case.hops:
        if hop.link or not _cited_report(case, hop) or hop.start is None or hop.end is None:
            continue
        places = [*case.places(hop)]
        # The link may lie on the words between the source and its cue, or on a title behind it.
        low, high = min(p[0] for p in places), max(p[1] for p in places)
        inside = [(a, b) for a, b in _near(case, low, high + 60) if _of_report(case, (low, high), (a, b))]
        if inside:
            continue
        return Finding(
            f"{case.called(hop)} is cited (“{hop.cue or hop.name}”) without a link.", tuple(places)
        )
    return None


def _near(case: Case, low: int, high: int) -> list[tuple[int, int]]:
    return [(a, b) for a, b in case.article.links or () if a < high and b > low]


def _of_report(case: Case, place: tuple[int, int], link: tuple[int, int]) -> bool:
    if link[0] < place[1] and link[1] > place[0]:
        return True
    between = case.article.text[place[1] : link[0]]
    return bool(
        re.fullmatch(
            r"[\s“\"‘]*(?:(?:in|by|of|called|titled|entitled|published)\b[\s“\"‘]*(?:the\s+)?)?", between
        )
    )


def _cited_report(case: Case, hop: HopLike) -> bool:
    """A document with a name or an author, or another outlet's report; not what somebody said aloud or
    wrote to us.
    """
    mention = case.mention(hop)
    if hop.kind not in ("document", "outlet", "agency") or OURS.match(mention):
        return False
    if (
        re.search(
            r"\b(?:letter|memo|memorandum|e-?mail|tweet|speech|document|notes?|recording|"
            r"video|footage|photo\w*|picture)s?\b",
            mention,
        )
        and hop.kind == "document"
    ):
        return False
    if _SPOKEN.search(hop.cue) or (
        hop.kind != "document" and re.search(r"\btold\b", case.article.words(case.sentence))
    ):
        return False
    authored = any(
        a is hop and b.naming == "named" for chain in case.chains for a, b in itertools.pairwise(chain)
    )
    return (
        hop.kind != "document"
        or hop.naming == "named"
        or authored
        or bool(_TITLED.search(mention[1:]))
        or _by_a_name(case, hop)
    )


def _by_a_name(case: Case, hop: HopLike) -> bool:
    """ "A report by the Coast Guard": what follows the mention names its author."""
    after = case.article.text[hop.end or 0 : (hop.end or 0) + 40]
    return bool(re.match(r"\s+(?:by|from|of)\s+(?:the\s+)?(?:\w+\s+)?(?-i:[A-Z])", after, re.I))
