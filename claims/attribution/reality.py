"""Whether somebody really says it: not negated, supposed, wished for or asked."""

from __future__ import annotations

from .found import Found
from .grammar import EAGER, child
from .lexicon import words
from .tree import Token

# "went on to say", "was forced to admit": said all the same.
_GO = {"go", "continue", "begin", "proceed", "come", "turn", "force", "compel", "oblige", "appear", "seem"}
_GO |= EAGER
_UNREAL = {"if", "whether", "unless", "should", "lest", "until"}
_MODALS = {"would", "could", "may", "might", "should", "will", "must", "'ll", "’ll", "can"}
_ANYBODY = {"anybody", "anyone", "nobody", "everyone", "everybody", "whoever", "none", "nothing"}
_MARKS = {"“", '"', "''", "``", "‘"}


def is_real(head: Token, found: Found) -> bool:
    """Whether a cue tells of something that was said, and not of what might be, wasn't or isn't known to be.

    What is within quotation marks is real, whatever it is: the marks say that it was said.
    """
    if head.dep_ == "pcomp" and head.head.lower_ == "as" and head.head.head.lemma_ in words("cues", "taken"):
        return False
    for c in head.children:
        if c.dep_ == "neg":
            return False
        if c.dep_ == "aux" and c.lower_ in _MODALS and not _says_only(head) and not _can_tell(c, head):
            return False
        if c.dep_ == "mark" and c.lower_ in _UNREAL and c.i < head.i and not _quotes(found, head):
            return False
        if c.dep_ == "aux" and c.lower_ == "to" and head.head.lemma_ not in _GO:
            return False
        if c.dep_ == "aux" and c.lower_ in ("do", "does", "did", "had") and _inverted(c, head):
            return False
    if head.tag_ in ("VB", "VBP") and head.dep_ == "ccomp" and head.head.lemma_ in words("cues", "demanding"):
        return False
    above = head.head
    if head.dep_ == "conj" and above.pos_ == "VERB" and child(head, "nsubj") is None:
        # "Would neither confirm nor deny".
        if any(c.tag_ == "MD" or c.lower_ == "neither" for c in above.children if c.i < head.i):
            return False
    return not _by_anybody(head) and not _is_asked(head, found)


def _says_only(head: Token) -> bool:
    """ "Would say only that C": he has."""
    return any(c.lower_ in ("only", "just") and c.i > head.i for c in head.children) or (
        head.i + 1 < len(head.doc) and head.doc[head.i + 1].lower_ == "only"
    )


def _can_tell(modal: Token, head: Token) -> bool:
    """ "The Times can reveal that C": it does so."""
    return modal.lower_ == "can" and head.lemma_ in ("reveal", "disclose", "report", "confirm", "announce")


def _inverted(auxiliary: Token, head: Token) -> bool:
    """ "Did X say", "Had X said": asked or supposed."""
    own = child(head, "nsubj")
    return own is not None and auxiliary.i < own.i < head.i


def _by_anybody(head: Token) -> bool:
    """ "Anybody who complains that": nobody in particular."""
    who = child(head, "nsubj")
    owner = head.head if who is not None and who.tag_ in ("WP", "WDT") and head.dep_ == "relcl" else who
    return owner is not None and owner.lower_ in _ANYBODY


def _is_asked(head: Token, found: Found) -> bool:
    sentence = head.sent
    last = next((t for t in reversed(sentence) if not t.is_space and t.text not in "\"'”’''"), None)
    if last is None or last.text != "?" or last.i < head.i or found.pattern == "quote":
        return False
    return not _quotes(found, head)


def _quotes(found: Found, head: Token) -> bool:
    """Whether the content begins within marks of its own."""
    low = found.content[0][0]
    return any(head.doc[i].text in _MARKS for i in range(max(0, low - 2), low))


def is_question(found: Found, head: Token) -> bool:
    """Whether nothing but a question is said: "“Is it safe?” she asked"."""
    if found.key.partition("|")[0] not in words("cues", "asking"):
        return False
    end = found.content[-1][1]
    return any(t.text == "?" for t in head.doc[end - 1 : end + 2])
