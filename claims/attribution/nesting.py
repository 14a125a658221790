"""How cues stand within each other: relays, credits at the end, and citations that carry the clause."""

from __future__ import annotations

from dataclasses import replace

from .grammar import Range, ancestors, child, clean, subject, without
from .kinds import could_be_outlet
from .lexicon import words
from .steps import MOST, Report, Steps, meet
from .tree import Doc, Token
from .verbs import lemma

# A cue whose content is, to this share, somebody else's saying only passes it on.
_COVERED = 0.6
_SCRAP = 3


def credit_lines(doc: Doc, reports: list[Report], steps: Steps) -> set[int]:
    """ "C, X claimed, reports OUTLET": the verb at the end stands over everything in its sentence."""
    by_sentence: dict[int, list[int]] = {}
    for n, r in enumerate(reports):
        by_sentence.setdefault(steps.sentence(r.found.head), []).append(n)
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
            if n == last or not _reaches(credit, r):
                continue
            if r.stance == "says":
                for step in (
                    s for line in credit.lines for s in line if s.pattern in ("said", "according-to")
                ):
                    step.pattern = "credit"
            r.over(credit)
            r.found.content = clean(doc, [p for c in r.found.content for p in without(c, [phrase])])
        if any(n != last and _reaches(credit, reports[n]) for n in members):
            dropped.add(last)
    return dropped


def _reaches(credit: Report, other: Report) -> bool:
    """Whether a credit's content has another's words in it, or nothing of its own in marks."""
    parts = [*other.found.cue, *other.found.content]
    return any(a < d and c < b for a, b in credit.found.content for c, d in parts)


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
    kinds = {line[0].who.kind for line in report.lines}
    return (
        not rest
        and low > sentence.start
        and doc[low - 1].text in (",", "”", '"', "—", "-")
        and (head_is_report or kinds <= {"outlet", "agency", "document", "social"})
    )


def nest(doc: Doc, reports: list[Report], done: set[int]) -> set[int]:
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
        while above is not None and _speaks_again(reports[above], reports[n]):
            _cut_participle(doc, reports[above], reports[n])
            if reports[above].found.pattern == "phrase":
                # "The ministry, in a memo, said": the memo is among the ministry's steps already.
                dropped.add(above)
            above = parent.get(above)
        if above is None:
            continue
        inner, outer = reports[n], reports[above]
        if _is_credit(doc, inner, outer):
            # "X said that C, according to CNN": the credit at the end stands over the whole.
            outer.over(inner)
            outer.found.content = clean(
                doc, [p for c in outer.found.content for p in without(c, _phrase(inner))]
            )
            dropped.add(n)
            continue
        if _tells(outer, inner):
            # "The Lantern reports that C, according to the union": the union told The Lantern.
            inner.lines = [[*a, *b] for a in inner.lines for b in outer.lines][:MOST]
            inner.found.content = clean(
                doc, [p for c in inner.found.content for p in without(c, _phrase(outer))]
            )
            dropped.add(above)
            continue
        if outer.stance != "says" and inner.found.pattern == "noun":
            dropped |= _denied_claim(outer, above, inner)
            continue
        if inner.found.pattern == "noun" and _is_called_false(doc[inner.found.head]):
            # "Reports that C are false, X said": X denies C.
            inner.lines, inner.stance = outer.lines, "denies"
            for step in (s for line in inner.lines for s in line[-1:]):
                step.pattern = "denied"
            dropped.add(above)
            continue
        covered = _share(
            outer.found.content,
            [*inner.found.content, *inner.found.cue, *(inner.found.source or []), *inner.taken],
        )
        if (
            covered >= _COVERED
            and (size[n] <= _SCRAP or inner.found.key.endswith("+"))
            and inner.found.confidence < outer.found.confidence / 2
        ):
            # "Emails show that engineers had warned of the defect": what they warned of is no claim alone.
            dropped.add(n)
            continue
        if covered >= _COVERED and (len(outer.found.content) == 1 or covered > 0.85):
            dropped.add(above)
        if len(outer.lines[0]) + len(inner.lines[0]) <= 8:
            inner.over(outer)
    return dropped


def _cut_participle(doc: Doc, outer: Report, inner: Report) -> None:
    """ "X said that A, telling them that B": A ends before the telling."""
    at = inner.found.head
    if doc[at].tag_ == "VBG" and at and doc[at - 1].text == "," and outer.found.pattern == "verb":
        outer.found.content = clean(doc, [(a, min(b, at)) for a, b in outer.found.content if a < at])


def _is_called_false(noun: Token) -> bool:
    under = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ in ("in", "to", "for") else None
    if under is not None and under.pos_ in ("AUX", "VERB"):
        under = child(under, "attr", "dobj")
    if under is not None and under.lemma_.lower() in ("truth", "basis", "foundation", "substance", "merit"):
        # "There is no truth in reports that C".
        none = child(under, "det")
        return none is not None and none.lower_ in ("no", "little", "any")
    verdict = child(noun.head, "acomp", "attr") if noun.dep_ == "nsubj" and noun.head.lemma_ == "be" else None
    return verdict is not None and verdict.lemma_.lower() in words("cues", "false")


def _tells(outer: Report, inner: Report) -> bool:
    if outer.found.pattern != "phrase" or outer.found.head < inner.found.head:
        return False
    nearer, further = inner.lines[0][-1], outer.lines[0][0].who.kind
    reports = nearer.mention.name and inner.found.key.startswith("report|")
    public = nearer.who.kind in ("outlet", "agency") or (
        reports and could_be_outlet(nearer.mention, nearer.who)
    )
    return bool(public) and further not in ("outlet", "agency", "social")


def _denied_claim(outer: Report, number: int, inner: Report) -> set[int]:
    """ "X denied Y's claim that C" is said by Y and denied by X; "X denied reports that C" is one denial."""
    if inner.stance != "says":
        return {number}
    outer.found = replace(outer.found, content=list(inner.found.content))
    return set()


def _speaks_again(outer: Report, inner: Report) -> bool:
    """ "X said that A and denied that B", parsed as if X told of a denial."""
    return any(meet(a.mention, b.mention) for a in outer.lines[0] for b in inner.lines[0])


def _is_credit(doc: Doc, inner: Report, outer: Report) -> bool:
    if inner.found.pattern != "phrase" or outer.found.pattern == "phrase":
        return False
    sentence = doc[inner.found.head].sent
    source = inner.found.source or [(0, 0)]
    kind = inner.lines[0][0].who.kind
    return (
        source[-1][1] >= sentence.end - 2
        and kind in ("outlet", "agency", "document", "social")
        and outer.found.head < inner.found.head
    )


def _phrase(report: Report) -> list[Range]:
    source = report.found.source or []
    return [(report.found.cue[0][0], source[-1][1])] if source else list(report.found.cue)


def _share(whole: list[Range], parts: list[Range]) -> float:
    total = sum(b - a for a, b in whole)
    left = 0
    for piece in whole:
        left += sum(b - a for a, b in without(piece, parts))
    return 1 - left / total if total else 0.0


def cited_without_content(doc: Doc, reports: list[Report], steps: Steps) -> None:
    """ "A reported, citing B that C has said": the claim hangs on the cited source, A has none."""
    heads = {r.found.head for r in reports}
    for token in doc:
        if token.lower_ not in ("citing", "quoting"):
            continue
        verb = next(
            (a for a in ancestors(token) if a.pos_ == "VERB" and lemma(a) in words("cues", "said")), None
        )
        noun = child(token, "dobj")
        if verb is None or noun is None or verb.i in heads:
            continue
        who = subject(verb)
        if who is None:
            continue
        for report in reports:
            if any(a.i == noun.i for a in ancestors(doc[report.found.head])):
                before = steps.of_token(who, (verb.i, verb.i + 1), "said")[:1]
                before += steps.trimmed(noun, (token.i, token.i + 1), "citing")[:1]
                report.lines = [[*before, *line] for line in report.lines]
