"""From the cues of one piece to drafts of statements, with the places of their words."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc

from .answers import answered
from .carrying import carries, is_real, speaks_for_itself
from .grammar import Range, child, clean, overlap, span, without
from .kinds import identify
from .lexicon import words
from .mentions import Mention
from .nesting import ancestors, cited_without_content, credit_lines, nest
from .pieces import Piece
from .quotes import is_sentence
from .relays import Relays, Report
from .types import Span

# "It isn't": an answer that only points back is no claim of its own.
_ECHO = 16


@dataclass(slots=True)
class DraftStep:
    """A hop before resolution: its mention, and the cue's place in the text."""

    mention: Mention
    cue: Span


@dataclass(slots=True)
class Draft:
    """A statement before its sources are resolved."""

    start: int
    end: int
    lines: list[list[DraftStep]]
    hearsay: bool = False
    paragraph: int = 0
    sentence: int = 0
    extra: list[Span] = field(default_factory=list)


def drafts(piece: Piece, base: int, sentence: int, paragraph: int) -> list[Draft]:
    """All statements of one piece, outer cues first where they share their words."""
    doc = piece.doc
    relays = Relays(doc, base, sentence)
    inside = _quoted(piece)
    reports = [relays.report(f) for f in piece.found if carries(doc, f, inside)]
    reports = [r for r in reports if r.lines and not speaks_for_itself(r)]
    quoting = {doc[r.found.head].head.head.i for r in reports if doc[r.found.head].dep_ == "pcomp"}
    reports = [r for r in reports if r.found.head not in quoting or doc[r.found.head].dep_ == "pcomp"]
    dropped = credit_lines(doc, reports, relays)
    dropped |= nest(doc, reports, dropped)
    cited_without_content(doc, reports, relays)
    out = []
    for number, report in enumerate(reports):
        if number in dropped:
            continue
        out += _draft(doc, report, base, paragraph, relays)
    for found in answered(doc):
        if not inside[found.head]:
            here = relays.sentence.get(found.head, 0)
            out = [d for d in out if d.sentence != here or d.end - d.start > _ECHO]
            out += _draft(doc, relays.report(found), base, paragraph, relays)
    for draft in _hearsay(doc, piece, reports, base, paragraph, relays, inside):
        _reported_before(doc, draft, base, out, relays)
        out.append(draft)
    return sorted(out, key=lambda d: (d.start, -d.end))


def _reported_before(doc: Doc, draft: Draft, base: int, earlier: list[Draft], relays: Relays) -> None:
    """ "As per the press, A. They are reported to B": the reports are those of the sentence before."""
    cue = next(
        (
            t
            for t in doc
            if t.lower_ == "reported"
            and draft.start <= t.idx + base < draft.end
            and child(t, "auxpass") is not None
        ),
        None,
    )
    before = [d for d in earlier if d.sentence == draft.sentence - 1 and not d.hearsay]
    if cue is None or not before:
        return
    lines = [line for line in before[-1].lines if identify(line[0].mention).kind in ("outlet", "agency")]
    if lines:
        place = (cue.idx + base, cue.idx + base + len(cue))
        draft.lines = [[DraftStep(s.mention, place) for s in line[:1]] for line in lines]
        draft.hearsay = False


def _quoted(piece: Piece) -> list[bool]:
    inside = [False] * len(piece.doc)
    for (low, high), q in piece.quoted:
        if is_sentence(piece.doc.text, q) or high - low > 6:
            for i in range(low, high):
                inside[i] = True
    for low, high in piece.spoken:
        inside[low:high] = [True] * (high - low)
    return inside


def _draft(doc: Doc, report: Report, base: int, paragraph: int, relays: Relays) -> list[Draft]:
    found = report.found
    holes = [*report.taken]
    content = clean(doc, [p for c in found.content for p in without(c, holes)]) or found.content
    content = [p for p in content if doc[p[0] : p[1]].text.lower() != "that"] or content
    groups: list[list[Range]] = []
    for piece in sorted([*content, *clean(doc, found.adds)]):
        sentence = relays.sentence.get(piece[0], 0)
        if (groups and relays.sentence.get(groups[-1][-1][0], 0) == sentence) or (
            groups and piece[0] - groups[-1][-1][1] <= 3
        ):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    lines = [[DraftStep(s.mention, _chars(doc, s.cue, base)) for s in line] for line in report.lines]
    out = []
    for group in groups:
        low, high = _lead(doc, group[0][0], group[-1][1])
        if low < high:
            start, end = _chars(doc, (low, high), base)
            out.append(Draft(start, end, lines, False, paragraph, relays.sentence.get(low, 0)))
    return out


def _lead(doc: Doc, low: int, high: int) -> Range:
    """Without the conjunction that opens a reported clause."""
    while (
        low < high - 1
        and doc[low].lower_ == "that"
        and (
            doc[low].dep_ == "mark"
            or (doc[low].tag_ == "IN" and doc[low].dep_ in ("det", "nsubj", "punct", "advmod", "dobj"))
        )
    ):
        low += 1
    pieces = clean(doc, [(low, high)])
    return pieces[0] if pieces else (low, low)


def _chars(doc: Doc, piece: Range, base: int) -> Span:
    low, high = piece
    return doc[low].idx + base, doc[high - 1].idx + len(doc[high - 1]) + base


def _hearsay(
    doc: Doc,
    piece: Piece,
    reports: list[Report],
    base: int,
    paragraph: int,
    relays: Relays,
    inside: list[bool],
) -> list[Draft]:
    """ "Reportedly, C", "it is believed that C", "X is said to": somebody says so, and nobody is named."""
    covered = [False] * len(doc)
    for r in reports:
        for low, high in [*r.found.content, *r.found.cue, *r.found.adds]:
            for i in range(low, high):
                covered[i] = True
    out: list[Draft] = []

    def add(pieces: list[Range]) -> None:
        pieces = clean(doc, pieces)
        if pieces and pieces[-1][1] - pieces[0][0] >= 3:
            low, high = _lead(doc, pieces[0][0], pieces[-1][1])
            start, end = _chars(doc, (low, high), base)
            out.append(Draft(start, end, [], True, paragraph, relays.sentence.get(low, 0)))

    for f in piece.found:
        _base_word, _, frame = f.key.partition("|")
        if f.pattern != "passive" or f.source or covered[f.head] or inside[f.head]:
            continue
        if doc[f.head].lower_ not in words("cues", "hearsay_participles") or doc[f.head].dep_ in (
            "acl",
            "relcl",
        ):
            continue
        if frame in (
            "be-inf",
            "be-inf-only",
            "be-clause",
            "be-clause-before",
            "be-clause-subject",
        ) and is_real(doc[f.head], f, False):
            about = child(doc[f.head], "nsubjpass")
            add([span(about), *f.content] if about is not None and about.lower_ != "it" else f.content)
            for low, high in f.content:
                for i in range(low, high):
                    covered[i] = True
    for token in doc:
        if (
            token.lower_ in words("cues", "hearsay")
            and token.dep_ == "advmod"
            and not covered[token.i]
            and not inside[token.i]
        ):
            verb = token.head
            if verb.pos_ in ("ADJ", "ADV", "NOUN"):
                verb = next((a for a in ancestors(token) if a.pos_ in ("VERB", "AUX")), verb)
            if verb.pos_ not in ("VERB", "AUX") or token.lower_ in ("apparently", "ostensibly"):
                continue
            low, high = span(verb)
            sentence = verb.sent
            if sentence[-1].text == "?":
                continue
            edge = [(token.i, token.i + 1)] if token.i in (low, high - 1) else []
            add(without((low, high), edge))
    return [
        d
        for n, d in enumerate(out)
        if not any(m < n and overlap((d.start, d.end), (e.start, e.end)) for m, e in enumerate(out))
    ]
