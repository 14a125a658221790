"""From drafts to statements: every mention resolved over the whole text, every chain once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from sources.parsed import Link

from .coreference import Cast
from .draft import Draft, DraftStep
from .introduced import Introduced
from .kinds import Identity
from .mentions import Mention
from .types import Hop, Span, Statement

_REPORTS = re.compile(
    r"(?:first )?report(?:s|ed)?\b|broadcast|published|wrote|writes|cit(?:ed|ing|es)\b|quot(?:ed|ing|es)\b"
)
_SHORT = 3


@dataclass(slots=True)
class Gathered:
    """What the pieces of a text give, before anybody is resolved."""

    drafts: list[Draft] = field(default_factory=list)
    named: list[Mention] = field(default_factory=list)
    brought: list[Introduced] = field(default_factory=list)


def statements(text: str, gathered: Gathered, links: Sequence[Link], publisher: str) -> Iterator[Statement]:
    """The statements of a whole text in its order, with resolved chains. ``publisher`` is no hop."""
    identities, behind = _resolve(text, gathered)
    find_link = _Links(links)
    own = _plain_name(publisher)

    def hop(step: DraftStep, who: Identity) -> Hop:
        m, (low, high) = step.mention, step.cue
        href = find_link((m.start, m.end), step.cue)
        return Hop(
            who.name, who.kind, who.naming, m.start, m.end, text[low:high], low, high, href, step.pattern
        )

    written: dict[Identity, tuple[DraftStep, Identity]] = {}

    def hops(line: list[DraftStep], turn: int) -> Iterator[Hop]:
        for number, step in enumerate(line):
            place = step.mention.start, step.mention.end
            who = identities[place]
            if who.members:
                who = Identity(who.members[turn % len(who.members)], "person", "named")
            if step.outlet and who.kind == "person" and step.pattern in ("told", "interview"):
                continue
            brought = behind.get(place)
            if brought is None:
                yield hop(step, who)
                last = number == len(line) - 1
                wrote = not last and (
                    line[number + 1].pattern == "author"
                    or (step.pattern == "document" and number + 2 == len(line) and _is_body(line[number + 1]))
                )
                if who.kind == "document" and wrote:
                    maker = line[number + 1]
                    written[who] = maker, identities[maker.mention.start, maker.mention.end]
                elif last and who in written and _points_back(step.mention):
                    # "A report by X found that A. It adds that B."
                    yield hop(*written[who])
                continue
            new, by = brought
            also = hop(DraftStep(new.by, new.cue, new.pattern), by)
            if new.pattern == "author":
                yield from (hop(step, who), also)
            else:
                yield from ((also,) if number == 0 else ())
                yield hop(step, who)

    def _is_body(step: DraftStep) -> bool:
        return identities[step.mention.start, step.mention.end].kind == "organisation"

    def place(draft: Draft) -> tuple[int, int, str]:
        return draft.start, draft.end, draft.stance

    for (start, end, stance), same in groupby(sorted(gathered.drafts, key=place), key=place):
        chains: list[tuple[Hop, ...]] = []
        hearsay = True
        sure = 1.0
        for draft in same:
            hearsay = hearsay and draft.hearsay
            sure = min(sure, draft.confidence)
            for line in draft.lines:
                turns = max(
                    (len(identities[s.mention.start, s.mention.end].members) for s in line), default=0
                )
                for turn in range(max(turns, 1)):
                    chain = _chain(hops(line, turn), own)
                    if chain and not any(_same(chain, other) for other in chains):
                        chains.append(chain)
        if start < end:
            yield Statement(start, end, tuple(chains), hearsay and not chains, stance, sure)


def _same(a: tuple[Hop, ...], b: tuple[Hop, ...]) -> bool:
    """Whether two chains go through the same words: "denied reports that" is one denial."""
    return [(h.start, h.end, h.name) for h in a] == [(h.start, h.end, h.name) for h in b]


def _points_back(m: Mention) -> bool:
    return bool(m.pronoun) or (m.words[0] in ("the", "this", "that", "its") and len(m.words) <= _SHORT)


def _chain(hops: Iterable[Hop], own: str) -> tuple[Hop, ...]:
    """Without the publisher, and without a source that only passes itself on."""
    kept: list[Hop] = []
    for hop in hops:
        name = _plain_name(hop.name)
        if (own and name == own) or (kept and _plain_name(kept[-1].name) == name):
            continue
        kept.append(hop)
    return tuple(kept)


def _resolve(
    text: str, gathered: Gathered
) -> tuple[dict[Span, Identity], dict[Span, tuple[Introduced, Identity]]]:
    """Who each mention means, in the order in which a reader learns it, and who brought some of them in."""
    lines = [line for draft in gathered.drafts for line in draft.lines]
    mentions = {(s.mention.start, s.mention.end): s.mention for line in lines for s in line}
    outlets = {step.mention.name for line in lines for step in _relaying(text, line)}
    outlets |= {b.by.name for b in gathered.brought if b.by.name and b.pattern != "author"}
    cast = Cast([*gathered.named, *(m for m in mentions.values() if m.name)], outlets, gathered.brought)
    contents: dict[Span, list[Span]] = {}
    for draft in gathered.drafts:
        for line in draft.lines:
            for step in line:
                if step.mention.pronoun:
                    contents.setdefault((step.mention.start, step.mention.end), []).append(
                        (draft.start, draft.end)
                    )
    who = {place: cast.resolve(mentions[place], contents.get(place, ())) for place in sorted(mentions)}
    return who, cast.behind


def _relaying(text: str, line: list[DraftStep]) -> Iterator[DraftStep]:
    """Who reports what another one says is an outlet, even if no list knows its name."""
    for number, step in enumerate(line):
        m = step.mention
        if not m.name or m.label == "GPE":
            continue
        reports = _REPORTS.match(text[slice(*step.cue)].lower())
        if step.outlet or (
            reports and (number < len(line) - 1 or m.name.startswith("The ") or "first" in reports[0])
        ):
            yield step


def _plain_name(name: str) -> str:
    return " ".join(name.lower().replace("’", "'").removeprefix("the ").split())


class _Links:
    """Finds the link that a hop's words carry."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._links = sorted(links, key=lambda link: (link.start, link.end))
        self._ends: list[int] = []
        furthest = 0
        for link in self._links:
            furthest = max(furthest, link.end)
            self._ends.append(furthest)

    def __call__(self, *places: Span) -> str | None:
        for start, end in places:
            at = bisect_left(self._ends, start + 1)
            while at < len(self._links) and self._links[at].start < end:
                if self._links[at].end > start:
                    return self._links[at].href
                at += 1
        return None
