"""From the cues of one piece to drafts of statements, with the places of their words."""

from __future__ import annotations

from .answers import answered
from .carrying import carried, speaks_for_itself
from .doubters import doubters
from .draft import Draft, DraftStep, going_on
from .flat import Onward
from .found import Found
from .grammar import Range, child, clean, without
from .grounds import grounds
from .headlines import headline_credits
from .hearsay import hearsay
from .inner import inner_quotes
from .leading_on import led_on
from .lexicon import words
from .mended import inverted, lost, mended, some_claim
from .nesting import cited_without_content, credit_lines, nest
from .pieces import Piece
from .pointing_back import credited_behind, sourced
from .quotes import is_sentence
from .relays import report as report_of
from .steps import Report, Steps
from .tree import Doc

# "It isn't": an answer that only points back is no claim of its own.
_ECHO = 16
# Under this confidence a reading is hardly ever right.
_HARDLY = 0.05


def drafts(piece: Piece, base: int, sentence: int, paragraph: int) -> list[Draft]:
    """All statements of one piece, outer cues first where they share their words."""
    doc = piece.doc
    steps = Steps(doc, base, sentence)
    inside = _quoted(piece)
    found = [w for f in piece.found if (w := carried(doc, mended(doc, f), inside)) is not None]
    found = [f for f in found if f.confidence >= _HARDLY]
    brought = {f.head for f in found}
    inner = {f.head: f for f in inner_quotes(doc, inside)}
    inner |= {f.head: f for f in some_claim(doc, inside, brought)}
    inner |= {f.head: f for f in inverted(doc, inside) if _loses_speaker(f, piece) or f.head not in brought}
    found = [f for f in found if f.head not in inner]
    reports = [report_of(steps, f) for f in sorted([*found, *inner.values()], key=lambda f: f.head)]
    reports = [r for r in reports if r.lines and not speaks_for_itself(r)]
    reports += [report_of(steps, f) for f in doubters(steps, reports)]
    reports += [report_of(steps, f) for f in grounds(doc, reports, inside)]
    reports += [report_of(steps, f) for f in headline_credits(doc, reports)]
    taken = {doc[r.found.head].sent.start for r in reports}
    reports += [report_of(steps, f) for f in lost(doc, taken, inside)]
    reports += [report_of(steps, f) for f in credited_behind(doc, taken, inside)]
    quoting = {doc[r.found.head].head.head.i for r in reports if doc[r.found.head].dep_ == "pcomp"}
    reports = [r for r in reports if r.found.head not in quoting or doc[r.found.head].dep_ == "pcomp"]
    dropped = credit_lines(doc, reports, steps)
    dropped |= nest(doc, reports, dropped)
    cited_without_content(doc, reports, steps)
    out = []
    for number, report in enumerate(reports):
        if number not in dropped:
            out += _draft(report, paragraph, steps)
    for answer in answered(doc):
        if not inside[answer.head]:
            here = steps.sentence(answer.head)
            out = [d for d in out if d.sentence != here or d.end - d.start > _ECHO]
            out += _draft(report_of(steps, answer), paragraph, steps)
    sourced(doc, steps, out)
    for place, weight in hearsay(piece, reports, inside):
        low, high = lead(doc, *place)
        start, end = steps.chars((low, high))
        draft = Draft(start, end, [], True, paragraph, steps.sentence(low), confidence=weight)
        _reported_before(doc, draft, out, steps)
        out.append(draft)
    out += led_on(doc, steps, sorted(out, key=lambda d: d.end), paragraph)
    return sorted(out, key=lambda d: (d.start, -d.end))


def _loses_speaker(found: Found, piece: Piece) -> bool:
    """Whether the parse took what is claimed for the one who claims it."""
    held = next((f for f in piece.found if f.head == found.head), None)
    return held is None or not held.source or held.source[0][1] <= held.head


def _reported_before(doc: Doc, draft: Draft, earlier: list[Draft], steps: Steps) -> None:
    """ "As per the press, A. They are reported to B": the reports are those of the sentence before."""
    before = [d for d in earlier if d.sentence == draft.sentence - 1 and not d.hearsay]
    if not before:
        return
    cue = next(
        (
            t
            for t in doc
            if t.lower_ == "reported"
            and draft.start <= t.idx + steps.base < draft.end
            and child(t, "auxpass") is not None
        ),
        None,
    )
    if cue is None:
        return
    lines = [line for line in before[-1].lines if line[0].pattern in ("according-to", "as-reported")]
    if lines:
        place = steps.chars((cue.i, cue.i + 1))
        draft.lines = [[DraftStep(s.mention, place, "reported-before") for s in line[:1]] for line in lines]
        draft.hearsay = False


def _quoted(piece: Piece) -> list[int]:
    """For each token the length of the quotation that it stands in, or 0."""
    inside = [0] * len(piece.doc)
    for (low, high), q in piece.quoted:
        if is_sentence(piece.doc.text, q) or high - low > 6:
            inside[low:high] = [high - low] * (high - low)
    for low, high in piece.spoken:
        inside[low:high] = [high - low] * (high - low)
    return inside


def _draft(report: Report, paragraph: int, steps: Steps) -> list[Draft]:
    found, doc = report.found, steps.doc
    content = clean(doc, [p for c in found.content for p in without(c, report.taken)]) or found.content
    content = [p for p in content if doc.span(*p).text.lower() != "that"] or content
    groups: list[list[Range]] = []
    for piece in sorted([*content, *clean(doc, found.adds)]):
        sentence = steps.sentence(piece[0])
        if groups and (steps.sentence(groups[-1][-1][0]) == sentence or piece[0] - groups[-1][-1][1] <= 3):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    lines = [
        [DraftStep(s.mention, steps.chars(s.cue), s.pattern, s.outlet) for s in line] for line in report.lines
    ]
    weight = min((s.weight for line in report.lines for s in line), default=found.confidence)
    first = content[0][0]
    out = []
    for group in groups:
        low, high = lead(doc, group[0][0], group[-1][1])
        if low >= high or weight < _HARDLY:
            continue
        start, end = steps.chars((low, high))
        further = group[0][0] > max(first, found.head) and (group[0] in found.adds or first < found.head)
        told = going_on(lines) if further else lines
        out.append(Draft(start, end, told, False, paragraph, steps.sentence(low), report.stance, weight))
    return out


def announced(piece: Piece, base: int, sentence: int) -> list[Draft]:
    """Who a paragraph's last sentence announces as the speaker of the next one: "X said this:"."""
    if piece.opening is None:
        return []
    steps = Steps(piece.doc, base, sentence)
    told = report_of(steps, piece.opening).lines
    lines = [[DraftStep(s.mention, steps.chars(s.cue), s.pattern, s.outlet) for s in line] for line in told]
    return [Draft(base, base, lines, sentence=sentence, confidence=piece.opening.confidence)] if lines else []


def onwards(
    onward: list[Onward], before: list[Draft], opening: list[Draft], here: list[Draft], paragraph: int
) -> list[Draft]:
    """Statements for quotations whose speaker is told in the paragraph before or behind."""
    out = []
    for go in onward:
        pool = {"before": [d for d in before[-1:] if not d.hearsay], "announced": opening}.get(
            go.how, [d for d in here if go.at and d.start < go.at[1] and go.at[0] < d.end]
        )
        if go.how == "before" and not pool:
            pool = [d for d in before if not d.hearsay][-1:]
        for told in pool[-1:]:
            lines = told.lines if go.how == "announced" else going_on(told.lines)
            out.append(
                Draft(go.start, go.end, lines, False, paragraph, told.sentence, told.stance, told.confidence)
            )
    return out


def lead(doc: Doc, low: int, high: int) -> Range:
    """Without the conjunction that opens a reported clause, and without a headline's label."""
    if low + 2 < high and doc[low + 1].text == ":" and doc[low].lower_ in words("cues", "labels"):
        low += 2
    if low + 2 < high and doc[low].lower_ in ("only", "just") and doc[low + 1].lower_ == "that":
        low += 1
    if low < high - 1 and doc[low].text in ("whether", "if") and doc[low].dep_ == "mark":
        low += 1
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
