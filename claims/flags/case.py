"""What a rule reads: one statement of an article, its chains, and the text around it. Knows no Django."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from claims.chains import identity, origins
from claims.flags.words import Span, content, paragraphs, sentences

PRONOUNS = frozenset("he she they it we i you him her them us who which that this these those one".split())


# Of a statement: what is longer was misread, and must not make a text take quadratic time.
_MOST_SENTENCES = 8
_MOST_CHARACTERS = 4_000
_MOST_MENTIONS = 8


class HopLike(Protocol):
    """What a rule reads of a hop: the engine's and the database's both have it."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def naming(self) -> str: ...
    @property
    def cue(self) -> str: ...
    @property
    def start(self) -> int | None: ...
    @property
    def end(self) -> int | None: ...
    @property
    def cue_start(self) -> int | None: ...
    @property
    def cue_end(self) -> int | None: ...
    @property
    def link(self) -> str | None: ...


def written_down(hop: HopLike, what: str) -> str:
    """What a person wrote down of a hop: its ``basis`` (how it knows) or ``reason`` (why it isn't named).

    The engine's hops have neither.
    """
    return getattr(hop, what, "") or ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A statement as the rules read it: ``text[start:end]`` and its chains, nearest the reader first."""

    start: int
    end: int
    chains: Sequence[Sequence[HopLike]] = ()
    hearsay: bool = False
    stance: str = "says"


@dataclass(frozen=True)
class Article:
    """A text with its statements. ``links`` is None when the text came without its links.

    ``title`` is the headline where it is known apart from the text. Offsets are code points.
    """

    text: str
    statements: Sequence[Claimed] = ()
    title: str = ""
    links: Sequence[Span] | None = None
    elsewhere: Mapping[Hashable, Sequence[int]] | None = None
    """Where sources are mentioned, by `claims.chains.identity`, when ``statements`` are only some of the
    text's; None when they are all."""
    memory: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What a rule worked out for the whole article, kept for its other statements."""

    def with_statements(self, statements: Sequence[Claimed]) -> Article:
        """The same text with other statements; where its sentences lie isn't worked out anew."""
        made = Article(self.text, statements, self.title, self.links)
        known = ("paragraphs", "sentences", "_starts", "_paragraph_starts", "headline", "headline_span")
        made.__dict__.update({name: self.__dict__[name] for name in known if name in self.__dict__})
        return made

    @cached_property
    def paragraphs(self) -> list[Span]:
        """In order."""
        return paragraphs(self.text)

    @cached_property
    def sentences(self) -> list[Span]:
        """In order."""
        return sentences(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [start for start, _ in self.paragraphs]

    @cached_property
    def by_sentence(self) -> dict[int, list[Claimed]]:
        """The statements that begin in each sentence, by its number."""
        found: dict[int, list[Claimed]] = {}
        for statement in self.statements:
            found.setdefault(self.sentence_number(statement.start), []).append(statement)
        return found

    @cached_property
    def mentions(self) -> dict[Hashable, list[int]]:
        """The numbers of the sentences in which each source is mentioned, the first eight."""
        places = self.elsewhere
        if places is None:
            found: dict[Hashable, list[int]] = {}
            for statement in self.statements:
                for chain in statement.chains:
                    for hop in chain:
                        if hop.start is not None:
                            found.setdefault(identity(hop), []).append(hop.start)
            places = found
        return {
            source: sorted({self.sentence_number(start) for start in starts})[:_MOST_MENTIONS]
            for source, starts in places.items()
        }

    @cached_property
    def headline(self) -> str:
        """The title; else the text's first line, where it stands alone and has no full stop."""
        if self.title:
            return " ".join(self.title.split())
        if len(self.paragraphs) < 2:
            return ""
        first = self.text[slice(*self.paragraphs[0])]
        alone = len(first) <= 140 and "\n" not in first and first[-1:] not in '.!?…”":;,'
        return " ".join(first.split()) if alone else ""

    @cached_property
    def headline_span(self) -> Span | None:
        """Where the headline stands in the text, if it does."""
        if not self.headline or not self.paragraphs:
            return None
        first = self.paragraphs[0]
        return first if " ".join(self.text[slice(*first)].split()) == self.headline else None

    def sentence_number(self, at: int) -> int:
        """Which sentence a place is in, or the one before it."""
        return max(0, bisect_right(self._starts, at) - 1)

    def paragraph_number(self, at: int) -> int:
        """Which paragraph a place is in, or the one before it."""
        return max(0, bisect_right(self._paragraph_starts, at) - 1)

    def sentence_span(self, first: int, last: int) -> Span:
        """From the start of one sentence to the end of another, as far as there are any."""
        if not self.sentences:
            return 0, len(self.text)
        top = len(self.sentences) - 1
        return self.sentences[min(max(first, 0), top)][0], self.sentences[min(max(last, 0), top)][1]

    def words(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span[0] : span[1]]


@dataclass(frozen=True)
class Case:
    """One statement, with what a rule asks of its surroundings."""

    article: Article
    statement: Claimed

    @cached_property
    def quote(self) -> str:
        """The statement's words."""
        end = min(self.statement.end, self.statement.start + _MOST_CHARACTERS)
        return self.article.text[self.statement.start : end]

    @cached_property
    def content(self) -> frozenset[str]:
        """The stems of its content words."""
        return content(self.quote)

    @cached_property
    def chains(self) -> list[Sequence[HopLike]]:
        """The chains that have hops; a hop without name and words says nothing and is passed over."""
        kept = ([hop for hop in chain if hop.name.strip()] for chain in self.statement.chains)
        return [chain for chain in kept if chain]

    @cached_property
    def origins(self) -> list[HopLike]:
        """The last hop of each chain, each source once."""
        return origins(self.chains)

    @cached_property
    def hops(self) -> list[HopLike]:
        """Every source of it once, nearest the reader first."""
        found = {identity(hop): hop for chain in reversed(self.chains) for hop in reversed(chain)}
        return list(reversed(found.values()))

    @cached_property
    def numbers(self) -> tuple[int, int]:
        """The numbers of its first and last sentence."""
        article = self.article
        last = max(self.statement.start, self.statement.end - 1)
        first = article.sentence_number(self.statement.start)
        return first, min(article.sentence_number(last), first + _MOST_SENTENCES)

    @cached_property
    def sentence(self) -> Span:
        """The sentence or sentences that it stands in."""
        return self.article.sentence_span(*self.numbers)

    @cached_property
    def near(self) -> Span:
        """Its sentence with those of its hops, where they are within two sentences."""
        first, last = self.numbers
        for hop in self.hops:
            if hop.start is not None:
                at = self.article.sentence_number(hop.start)
                if first - 2 <= at <= last + 2:
                    first, last = min(first, at), max(last, at)
        return self.article.sentence_span(first, last)

    def after(self, count: int) -> Span:
        """The next sentences after its own and its hops'; empty at the end of the text."""
        article, end = self.article, self.near[1]
        at = article.sentence_number(max(0, end - 1)) + 1
        if at >= len(article.sentences):
            return end, end
        return article.sentence_span(at, at + count - 1)

    def mention(self, hop: HopLike) -> str:
        """A hop's words in the text, else its name."""
        if hop.start is None or hop.end is None or not 0 <= hop.start < hop.end <= len(self.article.text):
            return hop.name
        return " ".join(self.article.text[hop.start : hop.end].split())

    def called(self, hop: HopLike) -> str:
        """A hop's words, or its name where they are a pronoun."""
        words = self.mention(hop)
        return hop.name if words.casefold() in PRONOUNS else words

    def places(self, *hops: HopLike) -> tuple[Span, ...]:
        """Where hops' mentions and cues stand."""
        length = len(self.article.text)
        spans = [
            (low, high)
            for hop in hops
            for low, high in ((hop.start, hop.end), (hop.cue_start, hop.cue_end))
            if low is not None and high is not None and 0 <= low < high <= length
        ]
        return tuple(sorted(set(spans)))

    @property
    def place(self) -> Span:
        """Where the statement stands."""
        return self.statement.start, self.statement.end
