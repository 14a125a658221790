"""From the cues of one piece to drafts of statements: which cues carry a claim, and how they nest."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from .found import Found
from .grammar import Range, child, clean, core_of, overlap, span, subject, without
from .kinds import identify
from .lexicon import words
from .mentions import Mention
from .pieces import Piece
from .quotes import is_sentence
from .relays import Relays, Report, Step
from .types import Span
from .verbs import lemma

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
_COVERED = 0.6


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
    reports = [relays.report(f) for f in piece.found if _carries(doc, f, inside)]
    reports = [r for r in reports if r.lines and not _speaks_for_itself(r)]
    quoting = {doc[r.found.head].head.head.i for r in reports if doc[r.found.head].dep_ == "pcomp"}
    reports = [r for r in reports if r.found.head not in quoting or doc[r.found.head].dep_ == "pcomp"]
    dropped = _credits(doc, reports, relays)
    dropped |= _nest(doc, reports, dropped)
    _cited_without_content(doc, reports, relays)
    out = []
    for number, report in enumerate(reports):
        if number in dropped:
            continue
        out += _draft(doc, report, base, paragraph, relays)
    out += _hearsay(doc, piece, reports, base, paragraph, relays, inside)
    return sorted(out, key=lambda d: (d.start, -d.end))


def _quoted(piece: Piece) -> list[bool]:
    inside = [False] * len(piece.doc)
    for (low, high), q in piece.quoted:
        if is_sentence(piece.doc.text, q) or high - low > 6:
            for i in range(low, high):
                inside[i] = True
    return inside


def _carries(doc: Doc, found: Found, inside: list[bool]) -> bool:
    """Whether a cue says that somebody says, writes, finds or holds what follows, as a fact."""
    head = doc[found.head]
    if inside[found.head] or not found.content or (not found.source and found.pattern != "noun"):
        return False
    if found.pattern in ("phrase", "headline"):
        # "In an interview with X, she said": how she said it, and no source.
        return not (found.key.startswith("in_survey") and _own_words(doc, found))
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
    denied = words("cues", "denied")
    if base not in said | claimed | denied and base not in ("cite", "ask"):
        if not (base in words("cues", "voicing") and _voices(doc, found)):
            return False
    if not _is_real(head, found, base in denied):
        return False
    return _frame_carries(doc, found, base, frame)


def _own_words(doc: Doc, found: Found) -> bool:
    low, high = (found.source or [(0, 1)])[0]
    return core_of(doc, low, high).lemma_.lower() in words("sources", "documents", "own")


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
    if frame.endswith("+ing") or frame.endswith("+"):
        return base in ("warn", "complain") and size >= 2
    return False


def _voices(doc: Doc, found: Found) -> bool:
    for low, high in found.content:
        root = core_of(doc, low, high)
        if root.lemma_.lower() in words("cues", "nouns") and high - low >= 4:
            return True
    return False


def _is_real(head: Token, found: Found, denial: bool) -> bool:
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


def _speaks_for_itself(report: Report) -> bool:
    """ "I think", "we believe" outside a quotation: the writer, who is no source; "you", "that" are nobody."""
    first = report.lines[0][0].mention
    return (
        len(report.lines[0]) == 1
        and first.words[0] in ("i", "we", "you", "there", "what", "nobody", "nothing")
        and len(first.words) == 1
    )


# ------------------------------------------------------------------------------ nesting


def _credits(doc: Doc, reports: list[Report], relays: Relays) -> set[int]:
    """ "C, X claimed, reports OUTLET": the verb at the end stands over everything in its sentence."""
    by_sentence: dict[int, list[int]] = {}
    for n, r in enumerate(reports):
        by_sentence.setdefault(relays.sentence.get(r.found.head, 0), []).append(n)
    dropped: set[int] = set()
    for members in by_sentence.values():
        last = max(members, key=lambda n: reports[n].found.head)
        credit = reports[last]
        head = doc[credit.found.head]
        if (
            len(members) < 2
            or (head.pos_ != "VERB" and credit.found.pattern != "phrase")
            or not credit.found.source
            or not _ends_sentence(doc, credit)
        ):
            continue
        phrase = _reach(credit)
        for n in members:
            r = reports[n]
            if n == last:
                continue
            r.lines = [[*a, *b] for a in credit.lines for b in r.lines][:8]
            r.found.content = clean(doc, [p for c in r.found.content for p in without(c, [phrase])])
        dropped.add(last)
    return dropped


def _reach(report: Report) -> Range:
    ranges = [*report.found.cue, *(report.found.source or []), *report.taken]
    return min(a for a, _ in ranges), max(b for _, b in ranges)


def _ends_sentence(doc: Doc, report: Report) -> bool:
    low, high = _reach(report)
    sentence = doc[report.found.head].sent
    rest = [
        t
        for t in doc[high : sentence.end]
        if not (t.is_punct or t.is_space or t.ent_type_ in ("DATE", "TIME"))
    ]
    head_is_report = doc[report.found.head].lemma_ == "report"
    kinds = {identify(line[0].mention).kind for line in report.lines}
    return (
        not rest
        and low > sentence.start
        and doc[low - 1].text in (",", "”", '"', "—", "-")
        and (head_is_report or kinds <= {"outlet", "agency", "document", "social"})
    )


def _nest(doc: Doc, reports: list[Report], done: set[int]) -> set[int]:
    """Put each cue behind the one whose content it stands in. Gives the numbers of mere relays."""
    size = [sum(b - a for a, b in r.found.content) for r in reports]
    order = sorted((n for n in range(len(reports)) if n not in done), key=lambda n: (-size[n], n))
    dropped: set[int] = set()
    parent: dict[int, int] = {}
    open_at: dict[int, list[int]] = {}
    for n in order:
        for low, high in reports[n].found.content:
            for i in range(low, min(high, low + 400)):
                held = open_at.setdefault(i, [])
                if len(held) < 4:
                    held.append(n)
    for n in order:
        holders = [
            m for m in open_at.get(reports[n].found.head, ()) if m != n and (size[m], -m) > (size[n], -n)
        ]
        if holders:
            parent[n] = holders[-1]
    for n in order:
        above = parent.get(n)
        if above is None:
            continue
        inner, outer = reports[n], reports[above]
        if _is_credit(doc, inner, outer):
            # "X said that C, according to CNN": the credit at the end stands over the whole.
            outer.lines = [[*a, *b] for a in inner.lines for b in outer.lines][:8]
            outer.found.content = clean(
                doc, [p for c in outer.found.content for p in without(c, _phrase(doc, inner))]
            )
            dropped.add(n)
            continue
        covered = _share(
            outer.found.content,
            [*inner.found.content, *inner.found.cue, *(inner.found.source or []), *inner.taken],
        )
        if covered >= _COVERED and (len(outer.found.content) == 1 or covered > 0.85):
            dropped.add(above)
        if len(outer.lines[0]) + len(inner.lines[0]) <= 8:
            inner.lines = [[*a, *b] for a in outer.lines for b in inner.lines][:8]
    return dropped


def _is_credit(doc: Doc, inner: Report, outer: Report) -> bool:
    if inner.found.pattern != "phrase" or outer.found.pattern == "phrase":
        return False
    sentence = doc[inner.found.head].sent
    source = inner.found.source or [(0, 0)]
    kind = identify(inner.lines[0][0].mention).kind
    return (
        source[-1][1] >= sentence.end - 2
        and kind in ("outlet", "agency", "document", "social")
        and outer.found.head < inner.found.head
    )


def _phrase(doc: Doc, report: Report) -> list[Range]:
    source = report.found.source or []
    return [(report.found.cue[0][0], source[-1][1])] if source else list(report.found.cue)


def _share(whole: list[Range], parts: list[Range]) -> float:
    total = sum(b - a for a, b in whole)
    left = 0
    for piece in whole:
        left += sum(b - a for a, b in without(piece, parts))
    return 1 - left / total if total else 0.0


def _cited_without_content(doc: Doc, reports: list[Report], relays: Relays) -> None:
    """ "A reported, citing B that C has said": the claim hangs on the cited source, and A has none of its own."""
    heads = {r.found.head for r in reports}
    for token in doc:
        if token.lower_ not in ("citing", "quoting"):
            continue
        verb = next((a for a in _up(token) if a.pos_ == "VERB" and lemma(a) in words("cues", "said")), None)
        noun = child(token, "dobj")
        if verb is None or noun is None or verb.i in heads:
            continue
        who = subject(verb)
        if who is None:
            continue
        for report in reports:
            if any(a.i == noun.i for a in _up(doc[report.found.head])):
                before = [Step(m, (verb.i, verb.i + 1)) for m in relays.of_token(who)[:1]]
                before += [Step(m, (token.i, token.i + 1)) for m in relays._trimmed(noun)[:1]]
                report.lines = [[*before, *line] for line in report.lines]


def _up(token: Token) -> list[Token]:
    out = []
    here = token
    for _ in range(8):
        if here.head is here:
            break
        here = here.head
        out.append(here)
    return out


# ------------------------------------------------------------------------------ placing


def _draft(doc: Doc, report: Report, base: int, paragraph: int, relays: Relays) -> list[Draft]:
    found = report.found
    holes = [*report.taken]
    content = clean(doc, [p for c in found.content for p in without(c, holes)]) or found.content
    groups: list[list[Range]] = []
    for piece in sorted([*content, *clean(doc, found.adds)]):
        sentence = relays.sentence.get(piece[0], 0)
        if groups and relays.sentence.get(groups[-1][-1][0], 0) == sentence:
            groups[-1].append(piece)
        elif groups and piece[0] - groups[-1][-1][1] <= 3:
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
        and doc[low].lower_ in ("that",)
        and doc[low].dep_ in ("mark", "det", "nsubj", "punct", "advmod", "dobj")
        and doc[low].tag_ == "IN"
    ):
        low += 1
    pieces = clean(doc, [(low, high)])
    return pieces[0] if pieces else (low, low)


def _chars(doc: Doc, piece: Range, base: int) -> Span:
    low, high = piece
    return doc[low].idx + base, doc[high - 1].idx + len(doc[high - 1]) + base


# ------------------------------------------------------------------------------ hearsay


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
        base_word, _, frame = f.key.partition("|")
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
        ) and _is_real(doc[f.head], f, False):
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
                verb = next((a for a in _up(token) if a.pos_ in ("VERB", "AUX")), verb)
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
