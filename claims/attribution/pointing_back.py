"""A sentence that says where the one before it comes from: "So says X", "Its source is Y"."""

from __future__ import annotations

from collections.abc import Iterator

from .citing import cite_on
from .draft import Draft, DraftStep
from .found import Found
from .grammar import child, clean, mention
from .kinds import identify, is_source
from .lexicon import words
from .pieces import speech
from .steps import MOST, Report, Steps
from .tree import Doc, Span, Token

_PUBLIC = ("outlet", "agency", "social", "document")
_WEIGHT = 0.5
_LONGEST = 8
_IT = ("it", "this", "that", "they")


def credited_behind(doc: Doc, taken: set[int], inside: list[int]) -> Iterator[Found]:
    """The credits of sentences that stand alone; ``taken`` are the starts of those with a source in them."""
    before: Span | None = None
    for sentence in doc.sents:
        first, root = sentence[0], sentence.root
        told = before is not None and before.start not in taken and before.text.rstrip()[-1:] != "?"
        who = _credit(first, root) if told and not inside[first.i] else None
        if who is not None and before is not None and first.text[:1].isupper():
            source = clean(doc, [mention(who)])
            content = clean(doc, [(before.start, before.end)])
            if source and content:
                verb = who.head if who.head.pos_ == "VERB" else root
                cue = [(verb.i, verb.i + 1)]
                yield Found("verb", "say|before", root.i, cue, content, source[:1], _WEIGHT, _WEIGHT)
        before = sentence


def _credit(first: Token, root: Token) -> Token | None:
    """ "So says X", "That is the word in X", "That, at least, is how X tells it"."""
    if first.lower_ == "so" and root.lemma_ in speech():
        who = child(root, "nsubj") or child(root, "dobj")
        return who if who is not None and who.i > root.i else None
    if first.lower_ not in ("that", "this", "such") or root.lemma_ != "be" or child(root, "neg") is not None:
        return None
    how = child(root, "ccomp", "advcl")
    if how is not None and how.left_edge.lower_ == "how" and how.lemma_ in words("cues", "telling"):
        return child(how, "nsubj")
    what = child(root, "attr")
    if what is None or what.lemma_.lower() not in words("cues", "tales"):
        return None
    prep = next((c for c in what.children if c.lower_ in ("in", "from", "of", "by", "at")), None)
    return child(prep, "pobj") if prep is not None else None


def sourced(doc: Doc, steps: Steps, made: list[Draft]) -> None:
    """Lengthen the chains of a sentence whose outlet or document the next sentence gives a source for."""
    told: dict[int, list[Draft]] = {}
    for draft in made:
        told.setdefault(draft.sentence, []).append(draft)
    for number, sentence in enumerate(doc.sents):
        here = steps.sentence(sentence.start)
        before = [d for d in told.get(here - 1, ()) if d.lines and d.stance == "says" and not d.hearsay]
        if number == 0 or not before or here in told:
            continue
        pointed = _source(sentence.root)
        if pointed is None:
            continue
        about, noun = pointed
        root = sentence.root
        found = [s for s in steps.trimmed(noun, (root.i, root.i + 1), "citing") if is_source(s.mention)]
        if not found:
            continue
        report = Report(Found("verb", "cite|obj", root.i, [], [], None), [[s] for s in found[:MOST]])
        cite_on(steps, report)
        further = [[DraftStep(s.mention, steps.chars(s.cue), s.pattern) for s in ln] for ln in report.lines]
        for draft in before:
            if all(_means(steps, about, line) for line in draft.lines):
                draft.lines = [[*line, *more] for line in draft.lines for more in further][:MOST]
        told[here] = before


def _source(root: Token) -> tuple[Token, Token] | None:
    """Who or what has a source, and the source: "the paper cites Y", "its information comes from Y"."""
    who = child(root, "nsubj", "nsubjpass")
    unreal = any(c.dep_ == "neg" or c.tag_ == "MD" for c in root.children)
    if who is None or unreal or who.i > root.i or child(root, "ccomp") is not None:
        return None
    what = child(root, "dobj")
    own = who.lemma_.lower() in words("cues", "tales")
    noun: Token | None = None
    if own and root.lemma_ == "be":
        noun = child(root, "attr") if who.lemma_.lower() == "source" else None
    elif own and root.lemma_ == "come":
        noun = _behind(root, "from")
    elif own and root.lemma_ in words("cues", "had", "on"):
        noun = _behind(root, "on")
    elif what is not None and root.lemma_ in ("attribute", "ascribe", "credit") and _is_told(what):
        noun = _behind(root, "to")
    elif what is not None and root.lemma_ == "base" and _is_told(what):
        noun = _behind(root, "on") or _behind(what, "on")
    elif what is not None and root.lemma_ in words("cues", "had", "from") and _is_told(what):
        noun = _behind(root, "from") or _behind(what, "from")
    elif root.lemma_ in words("cues", "citing"):
        noun = what
    return (who, noun) if noun is not None else None


def _is_told(what: Token) -> bool:
    return what.lower_ in _IT or what.lemma_.lower() in words("cues", "tales")


def _behind(word: Token, name: str) -> Token | None:
    prep = next((c for c in word.children if c.dep_ == "prep" and c.lower_ == name), None)
    return child(prep, "pobj") if prep is not None else None


def _means(steps: Steps, about: Token, line: list[DraftStep]) -> bool:
    """Whether the one that has a source is the last of a chain, by its name or by what it is called."""
    last = line[-1].mention
    if about.lemma_.lower() in words("cues", "tales"):
        # "Its information", "the report": of whoever reported.
        return _kind(line) in _PUBLIC
    if about.lower_ in _IT:
        return _kind(line) in _PUBLIC
    if about.pos_ == "PROPN":
        return bool(last.name) and about.text in last.name.split()
    det = child(about, "det")
    held = steps.of_token(about, (about.i, about.i + 1), "said")
    public = bool(held) and held[0].who.kind in _PUBLIC
    return (
        det is not None
        and det.lower_ in ("the", "this", "that")
        and public
        and (_kind(line) in _PUBLIC and about.right_edge.i - about.left_edge.i < _LONGEST)
    )


def _kind(line: list[DraftStep]) -> str:
    last = line[-1]
    return "outlet" if last.outlet else identify(last.mention).kind
