""" "Reportedly, C", "it is believed that C", "X is said to": somebody says so, and nobody is named."""

from __future__ import annotations

from collections.abc import Iterator

from .found import Found
from .grammar import Range, ancestors, child, clean, overlap, span, without
from .lexicon import words
from .pieces import Piece
from .reality import is_real
from .steps import Report
from .tree import Doc, Token

_FRAMES = {"be-inf", "be-inf-only", "be-clause", "be-clause-before", "be-clause-subject"}
# An adverb such as "reportedly" is hardly ever anything else.
_ADVERB = 0.8
_LEAST = 3


def hearsay(piece: Piece, reports: list[Report], inside: list[int]) -> list[tuple[Range, float]]:
    """The hearsay of a piece that no report brings, each with how sure its cue is."""
    covered = [False] * len(piece.doc)
    for r in reports:
        for low, high in [*r.found.content, *r.found.cue, *r.found.adds]:
            covered[low:high] = [True] * (high - low)
    out: list[tuple[Range, float]] = []
    last = -1
    found = [
        *_passives(piece, covered, inside),
        *_adverbs(piece.doc, covered, inside),
        *_emerged(piece, covered, inside),
        *_nobodys(piece, covered, inside),
    ]
    for pieces, weight in found:
        held = clean(piece.doc, pieces)
        if not held or held[-1][1] - held[0][0] < _LEAST:
            continue
        whole = (held[0][0], held[-1][1])
        if whole[0] < last and any(overlap(whole, other) for other, _ in out):
            continue
        last = max(last, whole[1])
        out.append((whole, weight))
    return out


def _passives(piece: Piece, covered: list[bool], inside: list[int]) -> Iterator[tuple[list[Range], float]]:
    for f in piece.found:
        head = piece.doc[f.head]
        if f.pattern != "passive" or f.source or covered[f.head] or inside[f.head]:
            continue
        frame = f.key.partition("|")[2]
        told = head.lower_ in words("cues", "told") and frame.startswith("be-clause")
        if not told and head.lower_ not in words("cues", "hearsay_participles"):
            continue
        if head.dep_ == "relcl" and frame == "be-inf-subject":
            frame = "be-inf-only"
        if head.dep_ == "acl" or (head.dep_ == "relcl" and frame not in ("be-inf", "be-inf-only")):
            continue
        if head.dep_ == "relcl":
            # "The gang, which is believed to have fled": what is believed of it.
            if is_real(head, f):
                yield [span(c) for c in head.children if c.dep_ == "xcomp"], f.confidence
            continue
        accused = head.lower_ == "accused" and frame.startswith("be-of")
        if (frame in _FRAMES or accused) and is_real(head, f):
            yield (f.content if told else _with_subject(f, head)), f.confidence
            for low, high in f.content:
                covered[low:high] = [True] * (high - low)


def _with_subject(found: Found, head: Token) -> list[Range]:
    about = child(head, "nsubjpass")
    return [span(about), *found.content] if about is not None and about.lower_ != "it" else found.content


def _nobodys(piece: Piece, covered: list[bool], inside: list[int]) -> Iterator[tuple[list[Range], float]]:
    """ "Dogged by charges that C": a charge that nobody is said to make."""
    for f in piece.found:
        noun = piece.doc[f.head]
        base, _, frame = f.key.partition("|")
        if f.pattern != "noun" or f.source or covered[f.head] or inside[f.head]:
            continue
        if base not in words("cues", "alleging") or frame.split("|")[0] not in ("that", "clause"):
            continue
        if noun.tag_ == "NNS" and child(noun, "det") is None:
            yield f.content, f.confidence


def _emerged(piece: Piece, covered: list[bool], inside: list[int]) -> Iterator[tuple[list[Range], float]]:
    """ "It emerged that C", "it has transpired that C"."""
    for f in piece.found:
        verb = piece.doc[f.head]
        if verb.lemma_ not in ("emerge", "transpire") or covered[f.head] or inside[f.head]:
            continue
        who = child(verb, "nsubj", "expl")
        if (
            f.key.endswith(("|that", "|clause"))
            and who is not None
            and who.lower_ == "it"
            and is_real(verb, f)
        ):
            yield f.content, f.confidence


def _adverbs(doc: Doc, covered: list[bool], inside: list[int]) -> Iterator[tuple[list[Range], float]]:
    for token in doc:
        if token.lower_ not in words("cues", "hearsay") or token.dep_ != "advmod":
            continue
        if covered[token.i] or inside[token.i] or token.lower_ in ("apparently", "ostensibly"):
            continue
        verb = token.head
        if verb.pos_ in ("ADJ", "ADV", "NOUN"):
            verb = next((a for a in ancestors(token) if a.pos_ in ("VERB", "AUX")), verb)
        if verb.pos_ not in ("VERB", "AUX") or verb.sent[-1].text == "?":
            continue
        low, high = span(verb)
        edge = [(token.i, token.i + 1)] if token.i in (low, high - 1) else []
        yield without((low, high), edge), _ADVERB
