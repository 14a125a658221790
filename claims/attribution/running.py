"""Speech that is reported without marks and runs on: "X reported her as saying that A, they B. We C."."""

from __future__ import annotations

from .found import Found
from .grammar import Range, child
from .lexicon import stating, words
from .tree import Doc, Token

_FIRST = {"i", "we", "me", "us", "my", "our", "ours", "mine", "ourselves"}
_SUBJECTS = {"i", "we", "they", "it", "he", "she", "you", "there"}
_BRINGS = {"verb", "quote"}


def run_on(doc: Doc, best: dict[int, Found], inside: list[bool]) -> list[Range]:
    """Lengthen each content that its speaker goes on with. Gives what was added, as ranges of speech.

    It goes on over a comma where the next clause has its own pronoun and no conjunction, and over a full stop
    where the speaker says "we" or "I" on both sides. ``inside`` tells which tokens are within marks.
    """
    added: list[Range] = []
    for found in sorted(best.values(), key=lambda f: f.head):
        if found.head not in best or not _may_run_on(doc, found, inside):
            continue
        start = found.content[-1][0]
        high = end = found.content[-1][1]
        if _is_spliced(doc, found, high):
            high = doc[high - 1].sent.end
        if _has_first(doc, start, high):
            while high < len(doc) and _goes_on(doc, high, inside):
                high = doc[high].sent.end
        if high == end or any(inside[end:high]):
            continue
        while high > end and doc[high - 1].is_punct:
            high -= 1
        found.content[-1] = (start, high)
        added.append((start, high))
        for head in [h for h in best if end <= h < high]:
            del best[head]
    return added


def _may_run_on(doc: Doc, found: Found, inside: list[bool]) -> bool:
    base, _, frame = found.key.partition("|")
    head = doc[found.head]
    return (
        found.pattern in _BRINGS
        and frame in ("that", "clause")
        and found.weight >= 0.3
        and not inside[found.head]
        and base in words("cues", "said")
        and found.content[-1][0] > head.i
        and not inside[found.content[-1][1] - 1]
    )


def _is_spliced(doc: Doc, found: Found, at: int) -> bool:
    """Whether a new main clause begins behind a comma at ``at``, and isn't a second attribution."""
    if at + 2 >= len(doc) or doc[at].text != "," or doc[at + 1].lower_ not in _SUBJECTS:
        return False
    who = doc[at + 1]
    if who.dep_ not in ("nsubj", "nsubjpass", "expl") or who.sent.start > found.head:
        return False
    verb = who.head
    return verb.i > who.i and (verb.lemma_ not in stating() or _speaks_itself(doc, verb))


def _speaks_itself(doc: Doc, verb: Token) -> bool:
    """ "... , they always say that we lack boats": the speaker is still the one who says "we"."""
    clause = child(verb, "ccomp")
    return clause is not None and _has_first(doc, clause.left_edge.i, clause.right_edge.i + 1)


def _has_first(doc: Doc, low: int, high: int) -> bool:
    return any(t.lower_ in _FIRST for t in doc[low:high])


def _goes_on(doc: Doc, at: int, inside: list[bool]) -> bool:
    sentence = doc[at].sent
    return (
        sentence.end > at
        and not any(inside[at : sentence.end])
        and _has_first(doc, at, sentence.end)
        and not any("\n" in t.text for t in doc[at : sentence.end])
    )
