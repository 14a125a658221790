"""Which words of an old text are which words of a new one. Pure.

Paragraphs that stand in both texts are paired first, wherever they went, then sentences, then what is left
by likeness (rapidfuzz), and in what was paired by likeness the words. A pair is made only where nothing else
would do as well: what is repeated needs the words before it as a witness, and of two near-equal candidates
neither is taken. So a word without a partner is certain to be nothing more than that.

Time grows with the length of the texts: every step is a look-up, but for the likeness of sentences that share
rare words, of which each is compared with a few.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel, LCSseq

WORD = re.compile(r"\w+|[^\w\s]")
PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
# Where a sentence ends; a wrong cut does no harm, since it is made alike in both texts.
SENTENCE_END = re.compile(r"[.!?…؟。！？]+[\"'”’»)\]]*\s+")
FOLDED = str.maketrans("“”„«»‟‘’‚‛–—−‐‑", '""""""' + "''''" + "-----")

TELLING = 7  # words from which a sentence of its own is told from chance, wherever it went
MARGIN = 0.1  # by which the best candidate has to be better than the next
# Share of words in common, in order, from which two sentences may be one reworded: beside the same neighbour,
# between the same two, anywhere.
LIKE_BESIDE, LIKE_BETWEEN, LIKE = 0.5, 0.55, 0.65
PART = 0.75  # share of the shorter one's words that are in the longer one, where one was cut or joined
PART_WORDS = 4
TOGETHER = 0.85  # share of what its parts have in common with a sentence that they have to have together
NEARBY = 0.12  # what standing beside the same neighbour, or between the same two, adds to likeness
CANDIDATES = 6
COMMON = 24  # sentences a word may stand in and still help to find one
MOST_WORDS = 4000  # of either side of one comparison of words; its table grows with the product


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph or sentence: ``start`` to ``end`` counts words; ``paragraph`` is which one it is of."""

    start: int
    end: int
    paragraph: int
    key: tuple[str, ...]
    folded: tuple[str, ...]  # its words in one case, without punctuation

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.folded)


class Words:
    """A text cut into words, sentences and paragraphs. Offsets are code points."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = [m for m in WORD.finditer(text) if not invisible(m.group())]
        self.at = [(m.start(), m.end()) for m in found]
        self.said = [m.group().translate(FOLDED) for m in found]
        self.folded = [word.casefold() for word in self.said]

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins."""
        return [start for start, _ in self.at]

    @cached_property
    def paragraphs(self) -> list[Unit]:
        """The lines that hold words."""
        return self._units((m.end() for m in PARAGRAPH.finditer(self.text)), [])

    @cached_property
    def sentences(self) -> list[Unit]:
        """The sentences of all paragraphs, in order."""
        ends = (m.end() for m in SENTENCE_END.finditer(self.text))
        return self._units((m.end() for m in PARAGRAPH.finditer(self.text)), ends)

    def _units(self, lines: Iterable[int], ends: Iterable[int]) -> list[Unit]:
        breaks = sorted({(end, 1) for end in lines} | {(end, 0) for end in ends})
        units: list[Unit] = []
        start = at = paragraph = 0
        for place, new_line in [*breaks, (len(self.text), 1)]:
            while at < len(self.at) and self.at[at][0] < place:
                at += 1
            if at > start:
                key = tuple(self.said[start:at])
                units.append(Unit(start, at, paragraph, key, tuple(filter(says, self.folded[start:at]))))
                start = at
            paragraph += new_line
        return units


def invisible(word: str) -> bool:
    """Whether it is only a mark that nobody sees: of direction, of a variant of an emoji, of joining."""
    return len(word) == 1 and unicodedata.category(word) in ("Cf", "Mn")


def says(word: str) -> bool:
    """Whether it is a word or a figure, not punctuation."""
    return word[0].isalnum() or word[0] == "_"


class Alignment:
    """The words of ``old`` that were found in ``new``: ``to[i]`` is the word of the new text, or -1."""

    def __init__(self, old_text: str, new_text: str) -> None:
        self.old, self.new = Words(old_text), Words(new_text)
        self.to = [-1] * len(self.old)
        self.of = [-1] * len(self.new)
        # Sentences of the old text that something else in one of the texts would do for as well.
        self.rivalled: set[int] = set()
        self._same(self.old.paragraphs, self.new.paragraphs, whole_paragraphs=True)
        self._same(self.old.sentences, self.new.sentences, whole_paragraphs=False)
        for _ in range(2):
            # What is paired by likeness bears out what stands beside it.
            self._alike()
            self._same(self.old.sentences, self.new.sentences, whole_paragraphs=False)

    def pair(self, start: int, other: int, length: int) -> None:
        """Say that these words are those."""
        self.to[start : start + length] = range(other, other + length)
        self.of[other : other + length] = range(start, start + length)

    @staticmethod
    def free(unit: Unit, partners: Sequence[int]) -> bool:
        """Whether no word of it has a partner."""
        return all(partners[word] < 0 for word in range(unit.start, unit.end))

    # The same words

    def _same(self, olds: list[Unit], news: list[Unit], *, whole_paragraphs: bool) -> None:
        """Pair units of the same words: those that there is one of, then their neighbours."""
        here, there = places(olds), places(news)
        for key, mine in here.items():
            theirs = there.get(key, [])
            if len(mine) == len(theirs) == 1 and olds[mine[0]].words >= TELLING:
                self._pair_units(olds[mine[0]], news[theirs[0]])
        starting = {unit.start: number for number, unit in enumerate(news)}
        ending = {unit.end: number for number, unit in enumerate(news)}
        single = {key for key, mine in here.items() if len(mine) == len(there.get(key, [])) == 1}

        def after(number: int) -> int | None:
            """The new unit that follows the partner of what is before this one."""
            first = olds[number].start
            if first == 0:
                return starting.get(0)
            partner = self.to[first - 1]
            return starting.get(partner + 1) if partner >= 0 else None

        def before(number: int) -> int | None:
            """The new unit that leads up to the partner of what is behind this one."""
            last = olds[number].end
            if last == len(self.old):
                return ending.get(len(self.new))
            partner = self.to[last]
            return ending.get(partner) if partner >= 0 else None

        def fits(number: int, other: int | None) -> bool:
            return (
                other is not None
                and olds[number].key == news[other].key
                and self.free(olds[number], self.to)
                and self.free(news[other], self.of)
            )

        for number in range(len(olds)):
            # The words before are the better witness: what is said refers to them.
            other = after(number)
            if other is not None and fits(number, other):
                self._pair_units(olds[number], news[other])
        for number in reversed(range(len(olds))):
            other = before(number)
            if other is None or not fits(number, other):
                continue
            unit, new = olds[number], news[other]
            inside = not whole_paragraphs and (
                unit.end < len(self.old)
                and (same_paragraph(olds, number, 1) or same_paragraph(news, other, 1))
            )
            if unit.key in single or inside:
                self._pair_units(unit, new)
        self._between(olds, news)

    def _pair_units(self, old: Unit, new: Unit) -> None:
        if self.free(old, self.to) and self.free(new, self.of):
            self.pair(old.start, new.start, old.end - old.start)

    def _between(self, olds: list[Unit], news: list[Unit]) -> None:
        """Pair what stands once between the same two neighbours, where nothing before it was lost."""
        mine = self._in_gaps(olds, self.to, lambda word: self.to[word])
        theirs = self._in_gaps(news, self.of, lambda word: word)
        for (bounds, key), units in mine.items():
            others = theirs.get((bounds, key), [])
            if len(units) == len(others) == 1:
                (unit, first), (other, other_first) = units[0], others[0]
                if first or other_first:
                    self._pair_units(unit, other)

    def _in_gaps(
        self, units: list[Unit], partners: list[int], name: Callable[[int], int]
    ) -> dict[tuple[tuple[int, int], tuple[str, ...]], list[tuple[Unit, bool]]]:
        """The free units by the gap that they stand in and their words; with whether each is its first."""
        bounds = gaps(partners, name, len(self.new))
        found = defaultdict(list)
        for unit in units:
            if unit.words and self.free(unit, partners):
                first = unit.start == 0 or partners[unit.start - 1] >= 0
                found[bounds[unit.start], unit.key].append((unit, first))
        return found

    # Alike

    def _alike(self) -> None:
        """Pair the sentences that are left with what they became, and in those pairs the words."""
        olds, news = self.old.sentences, self.new.sentences
        loose_olds = {n for n, unit in enumerate(olds) if unit.words and self.free(unit, self.to)}
        loose_news = {n for n, unit in enumerate(news) if unit.words and self.free(unit, self.of)}
        likeness = self._likenesses(loose_olds, loose_news)
        by_old: dict[int, list[tuple[float, int]]] = defaultdict(list)
        by_new: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for (mine, theirs), score in likeness.items():
            if mine in loose_olds:
                by_old[mine].append((score, theirs))
            if theirs in loose_news:
                by_new[theirs].append((score, mine))
        wanted = {mine: clear(olds[mine], news, loose_news, ranked) for mine, ranked in by_old.items()}
        wanting = {theirs: clear(news[theirs], olds, loose_olds, ranked) for theirs, ranked in by_new.items()}
        self.rivalled |= {olds[mine].start for mine, chosen in wanted.items() if not chosen}
        links = [(m, t) for m, t in likeness if t in wanted.get(m, ()) and m in wanting.get(t, ())]
        for group, became in components(links):
            self._word_by_word([olds[m] for m in sorted(group)], [news[t] for t in sorted(became)])

    def _likenesses(self, loose_olds: set[int], loose_news: set[int]) -> dict[tuple[int, int], float]:
        """How like the likely pairs are, where one of the two is loose: the other may be its rival only."""
        olds, news = self.old.sentences, self.new.sentences
        old_gaps = gaps(self.to, lambda word: self.to[word], len(self.new))
        new_gaps = gaps(self.of, lambda word: word, len(self.new))
        together: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number in sorted(loose_news):
            together[new_gaps[news[number].start]].append(number)
        pairs: set[tuple[int, int]] = set()
        in_news, in_olds = index(news), index(olds)
        for mine in loose_olds:
            near = together.get(old_gaps[olds[mine].start], [])
            pairs.update((mine, theirs) for theirs in likely(olds[mine], in_news))
            pairs.update((mine, theirs) for theirs in (near if len(near) <= 2 * CANDIDATES else ()))
        for theirs in loose_news:
            pairs.update((mine, theirs) for mine in likely(news[theirs], in_olds))
        repeated = self._repeated
        found = {}
        for mine, theirs in sorted(pairs):
            old, new = olds[mine], news[theirs]
            score = likeness_of(old, new)
            if not score:
                continue
            if mine not in loose_olds or theirs not in loose_news:
                found[mine, theirs] = score
                continue
            beside = self._beside(old, new)
            same_gap = old_gaps[old.start] == new_gaps[new.start]
            if old.key in repeated or new.key in repeated:
                vouched = beside > 0
            else:
                vouched = beside > 0 or same_gap or min(old.words, new.words) >= TELLING
            enough = LIKE_BESIDE if beside else LIKE_BETWEEN if same_gap else LIKE
            part = score < LIKE_BESIDE and (beside > 0 or same_gap)
            if vouched and (score >= enough or part):
                found[mine, theirs] = score + NEARBY * (beside + same_gap)
        return found

    @cached_property
    def _repeated(self) -> set[tuple[str, ...]]:
        """The sentences that stand more than once in one of the texts."""
        return {
            key
            for units in (self.old.sentences, self.new.sentences)
            for key, there in places(units).items()
            if len(there) > 1
        }

    def _beside(self, old: Unit, new: Unit) -> int:
        """How many neighbours of the one are neighbours of the other; the texts' own ends are such."""
        if old.start and new.start:
            before = self.to[old.start - 1] == new.start - 1
        else:
            before = old.start == new.start
        if old.end < len(self.to) and new.end < len(self.of):
            after = self.to[old.end] == new.end
        else:
            after = len(self.to) - old.end == len(self.of) - new.end
        return before + after

    def _word_by_word(self, olds: list[Unit], news: list[Unit]) -> None:
        """Pair the words of sentences that belong together."""
        mine = [word for unit in olds for word in range(unit.start, unit.end)]
        theirs = [word for unit in news for word in range(unit.start, unit.end)]
        if max(len(mine), len(theirs)) > MOST_WORDS:
            return
        said, says_now = [self.old.folded[w] for w in mine], [self.new.folded[w] for w in theirs]
        for code in Indel.opcodes(said, says_now):
            if code.tag != "equal":
                continue
            run = said[code.src_start : code.src_end]
            edge = (code.src_start == 0 and code.dest_start == 0) or (
                code.src_end == len(said) and code.dest_end == len(says_now)
            )
            # A lone “the” or comma in common is chance.
            if edge or sum(len(word) for word in run if says(word)) >= 4 or any(map(str.isdigit, run)):
                for k in range(code.src_end - code.src_start):
                    self.pair(mine[code.src_start + k], theirs[code.dest_start + k], 1)


def index(units: list[Unit]) -> dict[str, list[int]]:
    """In which units each word stands."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, unit in enumerate(units):
        for word in set(unit.folded):
            found[word].append(number)
    return found


def likely(unit: Unit, standing: dict[str, list[int]]) -> list[int]:
    """The units that share most words with this one, words that stand everywhere left out."""
    shared: Counter[int] = Counter()
    for word in set(unit.folded):
        there = standing.get(word, ())
        if len(there) <= COMMON:
            shared.update(there)
    return [number for number, _ in shared.most_common(CANDIDATES)]


def likeness_of(old: Unit, new: Unit) -> float:
    """The share of words in common and in order, 0 to 1; nought when they are hardly the same."""
    common = LCSseq.similarity(old.folded, new.folded)
    ratio = 2 * common / (old.words + new.words)
    shorter = min(old.words, new.words)
    part = common >= PART * shorter and shorter >= PART_WORDS
    return ratio if ratio >= LIKE_BESIDE or part else 0.0


def clear(unit: Unit, others: list[Unit], loose: set[int], found: list[tuple[float, int]]) -> set[int]:
    """The candidates of a sentence that are clearly it: one, or the parts that it was cut into or made of.

    None when another is nearly as good. One that is not ``loose`` has its partner and is only a rival.
    """
    ranked = sorted((each for each in found if each[1] in loose), reverse=True)
    if not ranked:
        return set()
    best_score, best = ranked[0]
    chosen = [best]
    rivals = [(score, other) for score, other in found if other not in loose]
    for score, other in ranked[1:]:
        if complete(unit, [others[each] for each in [*chosen, other]]):
            chosen.append(other)
        else:
            rivals.append((score, other))
    return set() if any(best_score - score < MARGIN for score, _ in rivals) else set(chosen)


def complete(unit: Unit, parts: list[Unit]) -> bool:
    """Whether these are different parts of one sentence, and not the same part twice."""
    parts = sorted(parts, key=lambda part: part.start)
    apart = sum(LCSseq.similarity(part.folded, unit.folded) for part in parts)
    joined = LCSseq.similarity([word for part in parts for word in part.folded], unit.folded)
    return bool(joined >= TOGETHER * apart)


def places(units: list[Unit]) -> dict[tuple[str, ...], list[int]]:
    """Where the units of each wording are; those of punctuation alone left out."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, unit in enumerate(units):
        if unit.words:
            found[unit.key].append(number)
    return found


def same_paragraph(units: list[Unit], number: int, step: int) -> bool:
    """Whether the unit that many further on is of the same paragraph."""
    other = number + step
    return 0 <= other < len(units) and units[other].paragraph == units[number].paragraph


def gaps(partners: list[int], name: Callable[[int], int], end: int) -> list[tuple[int, int]]:
    """For each word the nearest words with a partner before and behind it, as the new text counts them."""
    left, right, last = [0] * len(partners), [0] * len(partners), -1
    for word, partner in enumerate(partners):
        last = name(word) if partner >= 0 else last
        left[word] = last
    last = end
    for word in reversed(range(len(partners))):
        last = name(word) if partners[word] >= 0 else last
        right[word] = last
    return list(zip(left, right, strict=True))


def components(links: Iterable[tuple[int, int]]) -> list[tuple[set[int], set[int]]]:
    """What hangs together by these links between old and new."""
    group_of: dict[tuple[str, int], tuple[set[int], set[int]]] = {}
    for mine, theirs in links:
        one = group_of.get(("old", mine), ({mine}, set()))
        other = group_of.get(("new", theirs), (set(), {theirs}))
        joined = (one[0] | other[0], one[1] | other[1])
        for each in joined[0]:
            group_of["old", each] = joined
        for each in joined[1]:
            group_of["new", each] = joined
    return list({id(group): group for group in group_of.values()}.values())
