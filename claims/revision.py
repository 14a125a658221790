"""Where the words of an old text are in a new one, to carry claims and notes over to a new draft. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from claims.alignment import Alignment, says

KEPT = 0.5  # likeness of old and new words from which a claim is reworded and not another one
SHARE = 0.4  # share of the old words that have to be among the new ones
GROWN = 2.5  # how much longer the new words may be
APART = 12  # words that may stand between two pieces of one claim
EXACT = 5  # words from which a phrase is found by itself, outside what was paired


class Fate(StrEnum):
    """What became of some words."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    REWORDED = "reworded"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Place:
    """Where words are now: code points of the new text, none for what was deleted.

    ``likeness`` of old and new words is 0 to 1. ``rivals``: the words, or words like them, stand in the new
    text, but nothing tells which of them these were.
    """

    fate: Fate
    start: int | None = None
    end: int | None = None
    likeness: float = 0.0
    rivals: bool = False

    @property
    def same_words(self) -> bool:
        """Whether the words stand, wherever they are now."""
        return self.fate in (Fate.UNCHANGED, Fate.MOVED)


class Revision:
    """An old text and a new one. Making it compares them; ``place`` then is a look-up."""

    def __init__(self, old: str, new: str) -> None:
        self.alignment = Alignment(old, new)
        self.old, self.new = self.alignment.old, self.alignment.new
        self.in_order = longest_rising(self.alignment.to)
        self.old_text = " " + " ".join(self.old.said) + " "
        self.new_text = " " + " ".join(self.new.said) + " "

    def place(self, start: int, end: int) -> Place:
        """Where ``old[start:end]`` is in the new text. Raises ``ValueError`` where no words are."""
        if not 0 <= start < end <= len(self.old.text):
            raise ValueError("Those words are not in this text.")
        first, last = self._words(start, end)
        if first == last:
            raise ValueError("There are no words there.")
        found = self._by_partners(first, last) or self._by_itself(first, last)
        if found is None:
            return Place(Fate.DELETED, rivals=self._rivals(first, last))
        new_first, new_last = found
        before, now = self.old.said[first:last], self.new.said[new_first:new_last]
        new_start, new_end = self.new.at[new_first][0], self.new.at[new_last - 1][1]
        # A cut inside a word stays a cut inside that word.
        if before == now:
            lead, trail = start - self.old.at[first][0], self.old.at[last - 1][1] - end
            new_start, new_end = new_start + max(0, lead), new_end - max(0, trail)
            moved = self._moved(first, last)
            return Place(Fate.MOVED if moved else Fate.UNCHANGED, new_start, new_end, 1.0)
        likeness = self.likeness(" ".join(before), " ".join(now))
        if likeness < KEPT or not self._much_kept(first, last, new_first, new_last):
            return Place(Fate.DELETED, rivals=self._rivals(first, last))
        return Place(Fate.REWORDED, new_start, new_end, likeness)

    @staticmethod
    def likeness(before: str, now: str) -> float:
        """How like two wordings are, 0 to 1."""
        return float(fuzz.ratio(before, now) / 100)

    def _words(self, start: int, end: int) -> tuple[int, int]:
        """The words that these code points touch, as a slice."""
        first = bisect_right(self.old.starts, start) - 1
        if first < 0 or self.old.at[first][1] <= start:
            first += 1
        return first, max(first, bisect_left(self.old.starts, end))

    def _by_partners(self, first: int, last: int) -> tuple[int, int] | None:
        """Where the words' partners are, with what replaced the others at the edges."""
        to = self.alignment.to
        paired = [word for word in range(first, last) if to[word] >= 0]
        if not paired:
            return None
        piece = largest(pieces(paired, to), to)
        low, high = min(to[w] for w in piece), max(to[w] for w in piece) + 1
        if len(piece) == last - first == high - low:
            return low, high
        start = self._edge(piece[0], first, low, -1) if to[piece[0]] == low else low
        end = self._edge(piece[-1], last - 1, high - 1, 1) + 1 if to[piece[-1]] == high - 1 else high
        return start, end

    def _edge(self, inner: int, edge: int, partner: int, step: int) -> int:
        """How far the new words reach beyond the last one that has a partner, to ``edge`` in the old text.

        What stood there was replaced by what stands there now, up to the next word that has a partner. Where
        the replaced words go on beyond the edge, the new ones are divided in the same proportion.
        """
        if inner == edge:
            return partner
        to, of, new = self.alignment.to, self.alignment.of, self.new
        sentence = self._sentence_of(partner)
        old_end = inner + step
        old_sentence = self._old_sentence_of(inner)
        while old_sentence[0] <= old_end < old_sentence[1] and to[old_end] < 0:
            old_end += step
        new_end = partner + step
        while sentence[0] <= new_end < sentence[1] and of[new_end] < 0:
            new_end += step
        lost, came = abs(old_end - inner) - 1, abs(new_end - partner) - 1
        mine = min(abs(edge - inner), lost)
        reach = round(came * mine / lost) if lost else 0
        at = partner + step * reach
        while at != partner and not says(new.said[at]) and self.old.said[edge] != new.said[at]:
            at -= step
        return at

    def _sentence_of(self, word: int) -> tuple[int, int]:
        units = self.new.sentences
        unit = units[bisect_right(units, word, key=lambda u: u.start) - 1]
        return unit.start, unit.end

    def _old_sentence_of(self, word: int) -> tuple[int, int]:
        units = self.old.sentences
        unit = units[bisect_right(units, word, key=lambda u: u.start) - 1]
        return unit.start, unit.end

    def _by_itself(self, first: int, last: int) -> tuple[int, int] | None:
        """A phrase of some length that stands once in either text, where nothing else was found."""
        phrase = self.old.said[first:last]
        if sum(map(says, phrase)) < EXACT:
            return None
        needle = " " + " ".join(phrase) + " "
        at = self.new_text.find(needle)
        if at < 0 or self.new_text.find(needle, at + 1) >= 0:
            return None
        if self.old_text.find(needle, self.old_text.find(needle) + 1) >= 0:
            return None
        new_first = self.new_text.count(" ", 0, at + 1) - 1
        new_last = new_first + len(phrase)
        if any(self.alignment.of[word] >= 0 for word in range(new_first, new_last)):
            return None
        return new_first, new_last

    def _much_kept(self, first: int, last: int, new_first: int, new_last: int) -> bool:
        """Whether enough of the old words are among the new, and not too much came between them."""
        before = [w for w in range(first, last) if says(self.old.said[w])]
        kept = [w for w in before if new_first <= self.alignment.to[w] < new_last]
        now = sum(says(w) for w in self.new.said[new_first:new_last])
        return bool(before) and len(kept) >= SHARE * len(before) and now <= GROWN * len(before) + 2

    def _moved(self, first: int, last: int) -> bool:
        """Whether other words that stand in both texts were before these and are behind them now, or so."""
        to = self.alignment.to
        if any(to[word] < 0 for word in range(first, last)):
            return True
        return 2 * sum(word in self.in_order for word in range(first, last)) < last - first

    def _rivals(self, first: int, last: int) -> bool:
        """Whether these words stand in the new text all the same."""
        if any(word in self.alignment.rivalled for word in range(first, last)):
            return True
        return " " + " ".join(self.old.said[first:last]) + " " in self.new_text


def pieces(paired: list[int], to: list[int]) -> list[list[int]]:
    """The words with partners, cut where the new text has them far apart or in another order."""
    found = [[paired[0]]]
    for word in paired[1:]:
        step = to[word] - to[found[-1][-1]]
        if 0 < step <= APART + (word - found[-1][-1]):
            found[-1].append(word)
        else:
            found.append([word])
    return found


def largest(found: list[list[int]], to: list[int]) -> list[int]:
    """The piece that holds most; pieces whose new places touch are one, whatever their order."""
    found = sorted(found, key=lambda piece: to[piece[0]])
    joined = [found[0]]
    for piece in found[1:]:
        if 0 < to[piece[0]] - to[joined[-1][-1]] <= APART:
            joined[-1] = [*joined[-1], *piece]
        else:
            joined.append(piece)
    most: list[int] = max(joined, key=len)
    return sorted(most)


def longest_rising(to: list[int]) -> set[int]:
    """The words of the longest row whose partners are in the same order: what was not moved."""
    tails: list[int] = []
    ends: list[int] = []
    previous: dict[int, int] = {}
    for word, partner in enumerate(to):
        if partner < 0:
            continue
        at = bisect_left(tails, partner)
        previous[word] = ends[at - 1] if at else -1
        if at == len(tails):
            tails.append(partner)
            ends.append(word)
        else:
            tails[at], ends[at] = partner, word
    kept, word = set(), ends[-1] if ends else -1
    while word >= 0:
        kept.add(word)
        word = previous[word]
    return kept


def differences(old: str, new: str) -> list[tuple[str, str, str]]:
    """Old and new words in runs that are alike or not: "equal" or "replace", the old words, the new words."""
    before, now = old.split(), new.split()
    runs: list[tuple[str, str, str]] = []
    for code in Indel.opcodes(before, now):
        was, here = before[code.src_start : code.src_end], now[code.dest_start : code.dest_end]
        tag = "equal" if code.tag == "equal" else "replace"
        if runs and runs[-1][0] == tag:
            _, earlier, later = runs.pop()
            was, here = [*earlier.split(), *was], [*later.split(), *here]
        runs.append((tag, " ".join(was), " ".join(here)))
    return runs
