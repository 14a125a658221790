"""Which cues carry a claim: somebody says, writes, finds or holds something as a fact."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from .found import Found
from .grammar import child, core_of
from .lexicon import words
from .steps import Report

_CLAUSES = {
    "clause",
    "that",
    "before",
    "paren",
    "as",
    "quote",
    "be-clause",
    "be-clause-before",
    "be-clause-subject",
}
_GO = {"go", "continue", "begin", "proceed", "come", "turn"}
_UNREAL = {"if", "whether", "unless", "should", "lest", "until"}


def carries(doc: Doc, found: Found, inside: list[bool]) -> bool:
    """Whether a cue says that somebody says, writes, finds or holds what follows, as a fact."""
    head = doc[found.head]
    if inside[found.head] or not found.content or (not found.source and found.pattern != "noun"):
        return False
    if found.pattern in ("phrase", "headline"):
        return True
    base, _, frame = found.key.partition("|")
    if found.pattern == "noun":
        return (
            base in words("cues", "nouns")
            and frame.split("|")[0] in ("that", "clause")
            and found.weight > 0.05
        )
    if found.pattern == "adjective":
        return False
    said, claimed = words("cues", "said") | words("cues", "confirmed"), words("cues", "claimed")
    denied = words("cues", "denied") | words("cues", "doubted")
    if base not in said | claimed | denied and base not in ("cite", "ask"):
        if not (base in words("cues", "voicing") and _voices(doc, found)):
            return False
    if not is_real(head, found, base in denied):
        return False
    return _frame_carries(doc, found, base, frame)


def _frame_carries(doc: Doc, found: Found, base: str, frame: str) -> bool:
    size = sum(b - a for a, b in found.content)
    if found.pattern == "quote":
        return size >= 2
    if frame in _CLAUSES:
        return size >= 3 and (
            frame != "before"
            or base in words("cues", "said") | words("cues", "claimed") | words("cues", "confirmed")
        )
    if frame in ("ing", "small"):
        return (
            base in words("cues", "denied") | words("cues", "confirmed") | {"report", "show", "say"}
            and size >= 3
        )
    if base in ("cite", "quote"):
        return "as" in frame and size >= 3
    if frame in ("inf", "obj-inf"):
        return base in words("cues", "promising") and size >= 4
    if frame in ("be-inf", "be-as"):
        return base in words("cues", "said") and size >= 4
    if frame in ("obj", "obj-long") or frame.startswith("obj-"):
        if base in words("cues", "voicing"):
            return _voices(doc, found)
        return base in ("claim", "allege", "predict", "confirm", "deny", "announce", "forecast") and size >= 3
    if frame.endswith(("+ing", "+")):
        return base in ("warn", "complain") and size >= 2
    return False


def _voices(doc: Doc, found: Found) -> bool:
    for low, high in found.content:
        root = core_of(doc, low, high)
        if root.lemma_.lower() in words("cues", "nouns") and high - low >= 4:
            return True
    return False


def is_real(head: Token, found: Found, denial: bool) -> bool:
    """Not negated, not wished for, not supposed, not asked."""
    if any(c.dep_ == "neg" for c in head.children) and not denial:
        return False
    for c in head.children:
        if c.dep_ == "aux" and c.lower_ in (
            "would",
            "could",
            "may",
            "might",
            "should",
            "will",
            "must",
            "'ll",
            "’ll",
            "can",
        ):
            return False
        if c.dep_ == "mark" and c.lower_ in _UNREAL:
            return False
        if c.dep_ == "aux" and c.lower_ == "to" and head.head.lemma_ not in _GO:
            return False
        if (
            c.dep_ == "aux"
            and c.lower_ in ("do", "does", "did")
            and c.i < head.i
            and child(head, "nsubj") is not None
        ):
            own = child(head, "nsubj")
            if own is not None and c.i < own.i:
                return False
    sentence = head.sent
    last = next((t for t in reversed(sentence) if not t.is_space and t.text not in "\"'”’)"), None)
    if last is not None and last.text == "?" and found.pattern != "quote" and last.i > head.i:
        return last.i < max(b for _, b in found.content) and any(t.text in '"“' for t in sentence)
    return True


def speaks_for_itself(report: Report) -> bool:
    """ "I think", "we believe" outside a quotation: the writer, who is no source."""
    first = report.lines[0][0].mention
    return (
        len(report.lines[0]) == 1
        and first.words[0] in ("i", "we", "you", "there", "what", "nobody", "nothing")
        and len(first.words) == 1
    )
