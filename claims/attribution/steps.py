"""The steps of a chain before anybody is resolved: who stands where, by which cue, by which rule."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from .found import Found
from .grammar import Range, child, clean, split
from .kinds import Identity, identify
from .lexicon import words
from .mentions import Mention, mention_at
from .tree import Doc, Token
from .types import Span

# Parallel lines of one cue, and steps of one line: more than any reader follows, and a bound on hostile text.
MOST = 8


@dataclass(slots=True)
class Step:
    """One hop: its mention, its place and its cue's as token ranges, and the rule that made it."""

    mention: Mention
    place: Range
    cue: Range
    pattern: str
    weight: float = 1.0
    outlet: bool = False
    """Whether what it does here makes it an outlet, even if no list knows its name."""
    _known: tuple[Mention, Identity] | None = None

    @property
    def who(self) -> Identity:
        """Who the mention is on its own words; worked out once, as each rule of a chain asks for it."""
        if self._known is None or self._known[0] is not self.mention:
            self._known = self.mention, identify(self.mention)
        return self._known[1]


@dataclass(slots=True)
class Report:
    """A cue that brings a claim, with its parallel lines of steps. Ranges are tokens of the piece."""

    found: Found
    lines: list[list[Step]]
    taken: list[Range] = field(default_factory=list)
    stance: str = "says"

    def before(self, steps: list[Step]) -> None:
        """Put these (parallel) steps nearer the reader."""
        if steps:
            self.lines = [[s, *line] for s in steps for line in self.lines or [[]]][:MOST]

    def behind(self, steps: list[Step]) -> None:
        """Put these (parallel) steps further from the reader."""
        if steps:
            self.lines = [[*line, s] for line in self.lines or [[]] for s in steps][:MOST]

    def over(self, other: Report) -> None:
        """Put another cue's lines nearer the reader: it stands over this one."""
        self.lines = [[*a, *b] for a in other.lines for b in self.lines][:MOST]


class Steps:
    """Makes the steps of one piece; ``base`` is the piece's place in the text."""

    def __init__(self, doc: Doc, base: int, sentence: int) -> None:
        self.doc, self.base = doc, base
        self._first = sentence
        self._starts = [sent.start for sent in doc.sents]

    def sentence(self, token: int) -> int:
        """The number of a token's sentence, in the whole text."""
        return self._first + max(0, bisect_left(self._starts, token + 1) - 1)

    def step(self, place: Range, cue: Range, pattern: str) -> Step:
        """The step that a range of tokens makes."""
        if place[1] - place[0] > 1 and self.doc[place[0]].lower_ in ("both", "either", "neither"):
            place = (place[0] + 1, place[1])
        if place[1] - place[0] > 1 and self.doc[place[1] - 1].lower_ in ("both", "also", "each", "all"):
            place = (place[0], place[1] - 1)
        mention = mention_at(self.doc, place, self.base, self.sentence(place[0]))
        return Step(mention, place, cue, pattern)

    def chars(self, piece: Range) -> Span:
        """A range of tokens as a place in the text."""
        low, high = piece
        doc = self.doc
        return doc[low].idx + self.base, doc[high - 1].idx + len(doc[high - 1]) + self.base

    def of_token(self, noun: Token, cue: Range, pattern: str) -> list[Step]:
        """The steps of a noun: several, if it is a list of separate sources."""
        places = [p for part in split(noun) for p in clean(self.doc, [part])]
        return [self.step(self._with_name(p), cue, pattern) for p in places]

    def trimmed(self, noun: Token, cue: Range, pattern: str) -> list[Step]:
        """A cited source, without a clause that hangs on it and says what it said."""
        high = noun.right_edge.i + 1
        for c in noun.children:
            if (
                c.dep_ in ("relcl", "acl")
                and c.i > noun.i
                and (
                    c.lemma_ in words("cues", "said")
                    or child(c, "ccomp") is not None
                    or (child(c, "mark") is not None and c.left_edge.lower_ == "that")
                )
            ):
                high = min(high, c.left_edge.i)
        places = [(low, min(end, high)) for low, end in split(noun)]
        held = clean(self.doc, [p for p in places if p[0] < p[1]])
        return [self.step(self._with_name(p), cue, pattern) for p in held]

    def _with_name(self, place: Range) -> Range:
        """ "told the channel Harbour Watch that": the parse may leave the name outside."""
        low, high = place
        last = self.doc[high - 1]
        if last.pos_ not in ("NOUN", "ADJ") or last.lemma_.lower() not in called():
            return place
        while high < len(self.doc) and self.doc[high].pos_ == "PROPN" and self.doc[high].sent == last.sent:
            if self.doc[high].ent_type_ in ("DATE", "TIME"):
                break
            high += 1
        return low, high


def called() -> frozenset[str]:
    """The nouns that a proper name may follow to say which one: "the channel Harbour Watch"."""
    held = words("sources", "social", "nouns") | words("sources", "outlets", "nouns")
    return held | words("sources", "organisations", "nouns")


def meet(a: Mention, b: Mention) -> bool:
    """Whether two mentions share words."""
    return a.start < b.end and b.start < a.end
