"""Verbs as cues: each way for a verb to bring content and its source, as alternatives to be weighed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from .found import Found
from .grammar import Range, child, clean, is_passive, mention, overlap, span, subject, verb_group, without
from .lexicon import stating, words
from .tree import Doc, Token

_WH = {"WP", "WRB", "WDT", "WP$"}
_SEEMS = {"seem", "appear"}
_LONGEST_NAME = 7


def lemma(verb: Token) -> str:
    """The verb with its particle: "point_out"."""
    particle = child(verb, "prt")
    base = verb.lemma_.lower()
    return f"{base}_{particle.lower_}" if particle is not None else base


def verb_cues(doc: Doc) -> Iterator[Found]:
    """All alternatives of all verbs, in the order of the text."""
    for token in doc:
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass"):
            yield from _alternatives(token)


def _alternatives(verb: Token) -> Iterator[Found]:
    who = subject(verb)
    base = lemma(verb)
    group = verb_group(verb)
    base_cue = [(group[0], group[-1] + 1)]
    if is_passive(verb) or _is_bare_participle(verb):
        yield from _passive(verb, base, base_cue)
        return
    source = _source(verb, who)
    members = list(verb.children)
    objects = [c for c in members if c.dep_ in ("dobj", "dative", "iobj", "oprd")]
    direct = next((c for c in objects if c.dep_ == "dobj"), None)

    def make(frame: str, content: list[Range], cue: list[Range] | None = None) -> Found:
        return Found("verb", f"{base}|{frame}", verb.i, cue or base_cue, _not_source(content, source), source)

    behind = [c for c in members if c.dep_ == "ccomp" and c.i > verb.i and c.pos_ in ("VERB", "AUX")]
    for c in members:
        if c.dep_ == "ccomp" and c in behind[1:]:
            continue
        if c.dep_ == "ccomp":
            # Two clauses behind one verb are one that the parser broke.
            last = _further_that(verb) or (behind[-1] if behind else c)
            whole = (c.left_edge.i, max(c.right_edge.i, last.right_edge.i) + 1)
            yield make(
                _clause_frame(verb, c),
                [whole if c in behind else span(c)] if c.i > verb.i else [_before(verb, c, who)],
            )
        elif c.dep_ == "xcomp" and base in _SEEMS and who is not None:
            yield Found(
                "verb", f"{base}|seems", verb.i, base_cue, clean(verb.doc, [span(who), span(c)]), None
            )
        elif c.dep_ == "xcomp":
            frame = {"VB": "inf", "VBG": "ing"}.get(c.tag_, "pred") if c.pos_ in ("VERB", "AUX") else "pred"
            yield make(frame, [span(c)])
            if direct is not None and direct.i < c.i:
                yield make("obj-" + frame, [(direct.left_edge.i, c.right_edge.i + 1)])
        elif c.dep_ == "dobj":
            yield make(_object_frame(c), [span(c)])
            for p in members:
                if p.dep_ == "prep" and p.i > c.i:
                    yield make(f"obj-{p.lower_}", [(c.left_edge.i, p.right_edge.i + 1)])
        elif c.dep_ == "oprd" and c.i > verb.i:
            first = next((o for o in objects if verb.i < o.i < c.i), None)
            if first is not None:
                yield make("obj-called", [(first.left_edge.i, c.right_edge.i + 1)])
            yield make("called", [span(c)])
        elif c.dep_ == "conj" and (mark := child(c, "mark")) is not None and mark.lower_ == "that":
            yield make("that", [span(c)])
        elif c.dep_ == "prep":
            yield from _preposition(c, make, base_cue)
        elif c.dep_ in {"prt", "acomp"}:
            for inner in c.children:
                if inner.dep_ in ("ccomp", "xcomp"):
                    yield make("clause", [span(inner)])
        elif c.tag_ == "VBG" and c.dep_ in ("advcl", "prep") and (clause := _after_citing(c)) is not None:
            yield make("that", [span(clause)])
        elif (
            c.dep_ == "advcl"
            and c.i > verb.i
            and c.left_edge.lower_ in ("how", "why", "what", "whether", "that")
        ):
            yield make("wh", [span(c)])
        elif c.dep_ == "advcl" and c.i > verb.i and c.left_edge.lower_ == "for":
            yield make("for+clause", [span(c)])
    for clause in _strayed(verb, base):
        yield make("that", [span(clause)])
    yield from _parenthetical(verb, make)


@lru_cache(maxsize=1)
def _speaking() -> frozenset[str]:
    return stating() | words("cues", "denied") | words("cues", "doubted")


def _further_that(verb: Token) -> Token | None:
    """ "X said A, but that B", where B is parsed as joined to the verb of saying."""
    return next(
        (
            c
            for c in verb.children
            if c.dep_ == "conj" and (mark := child(c, "mark")) is not None and mark.lower_ == "that"
        ),
        None,
    )


def _is_bare_participle(verb: Token) -> bool:
    """ "a man known as", "Asked if he would go, she said": nobody is said to do it."""
    if verb.tag_ not in ("VBN", "VBD") or child(verb, "nsubj") is not None:
        return False
    if verb.dep_ in ("acl", "relcl"):
        return verb.tag_ == "VBN"
    return verb.dep_ == "advcl" and verb.i < verb.head.i and child(verb, "aux", "mark") is None


def _strayed(verb: Token, base: str) -> Iterator[Token]:
    """ "told a crowd in Oakford that C": the clause is parsed as if it told which crowd or place."""
    if base not in _speaking():
        return
    waiting = [c for c in verb.children if c.i > verb.i and c.dep_ in ("dobj", "prep", "dative")]
    for _ in range(6):
        waiting = [
            c
            for w in waiting
            for c in w.children
            if c.i > verb.i and c.dep_ in ("pobj", "prep", "relcl", "acl", "ccomp")
        ]
        for c in waiting:
            mark = child(c, "mark") if c.dep_ in ("relcl", "acl", "ccomp") else None
            if mark is not None and mark.lower_ == "that" and child(c, "nsubj", "nsubjpass") is not None:
                yield c
        waiting = [c for c in waiting if c.dep_ in ("pobj", "prep")]
        if not waiting:
            return


def _after_citing(citing: Token) -> Token | None:
    """ "X claimed, citing Y, that C": the clause is parsed as hanging on Y."""
    holder = citing if citing.lower_ in ("citing", "quoting") else child(citing, "prep")
    if holder is not citing and citing.lower_ not in ("referring", "pointing", "drawing", "relying"):
        return None
    noun = child(holder, "dobj", "pobj") if holder is not None else None
    if noun is None:
        return None
    whole = child(citing, "ccomp") if holder is not citing else None
    for c in [*noun.children, *([whole] if whole is not None else [])]:
        if (
            c.dep_ in ("relcl", "acl", "ccomp")
            and c.i > noun.i
            and (mark := child(c, "mark")) is not None
            and mark.lower_ == "that"
        ):
            return c
    return None


def _source(verb: Token, who: Token | None) -> list[Range] | None:
    if who is None:
        return None
    low, high = mention(who)
    if low <= verb.i < high:
        # The verb hangs below its own source ("a man who said"): stop before it.
        high = verb.i
        if who.i < verb.i:
            edge = verb.left_edge.i
            high = max(who.i + 1, min(verb.i, edge))
    return clean(verb.doc, [(low, _to_name(verb, who, low, high))]) or None


def _to_name(verb: Token, who: Token, low: int, high: int) -> int:
    """ "Foreman Greg Tully testified", "admitted coach Moira Kerr": up to a name that the parse cut off."""
    doc = verb.doc
    if high < verb.i <= high + _LONGEST_NAME and doc[high - 1].pos_ == "NOUN":
        if all(t.pos_ == "PROPN" and t.ent_type_ not in ("DATE", "TIME") for t in doc[high : verb.i]):
            return verb.i
    if doc[high - 1].i != who.i or who.pos_ not in ("NOUN", "PROPN") or who.ent_type_ == "PERSON":
        return high
    end = at = high
    limit = min(verb.i if high <= verb.i else len(doc), high + _LONGEST_NAME)
    roles = words("sources", "persons", "roles")
    while at < limit and (doc[at].pos_ in ("PROPN", "NOUN", "ADJ") or doc[at].lower_ in roles):
        if doc[at].ent_type_ in ("DATE", "TIME") or doc[at].sent.start != who.sent.start:
            break
        at += 1
        if doc[at - 1].ent_type_ == "PERSON":
            end = at
    return end if verb.i >= end or low > verb.i else high


def _not_source(content: list[Range], source: list[Range] | None) -> list[Range]:
    if not source or not any(overlap(piece, hole) for piece in content for hole in source):
        return content
    return [rest for piece in content for rest in without(piece, source)]


def _clause_frame(verb: Token, clause: Token) -> str:
    first = clause.left_edge
    if first.lower_ == "that" and first.dep_ == "mark" and clause.i > verb.i:
        return "that"
    if first.tag_ in _WH or first.lower_ in ("whether", "if"):
        return "wh"
    if clause.i < verb.i:
        return "before"
    mark = child(clause, "mark")
    if mark is not None and mark.lower_ == "that":
        return "that"
    if clause.tag_ == "VB" and child(clause, "aux") is not None and _has_to(clause):
        return "obj-inf"
    if clause.pos_ in ("VERB", "AUX"):
        return "clause"
    return "small"


def _has_to(clause: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in clause.children)


def _object_frame(noun: Token) -> str:
    if noun.pos_ == "PRON":
        return "pron"
    if any(c.dep_ in ("relcl", "acl", "ccomp") for c in noun.children):
        return "obj-long"
    return "obj"


def _before(verb: Token, clause: Token, who: Token | None) -> Range:
    """A clause in front of its verb, up to the verb or the source, whichever comes first."""
    low, high = span(clause)
    limit = verb.i
    if who is not None and clause.i < who.left_edge.i < verb.i:
        limit = who.left_edge.i
    return low, min(high, limit) if limit > low else high


def _preposition(prep: Token, make, cue: list[Range]) -> Iterator[Found]:  # type: ignore[no-untyped-def]
    name = prep.lower_
    for c in prep.children:
        if c.dep_ == "pobj":
            yield make(f"{name}+", [span(c)], [*cue, (prep.i, prep.i + 1)])
        elif c.dep_ == "pcomp":
            yield make(f"{name}+ing", [span(c)], [*cue, (prep.i, prep.i + 1)])
        elif c.dep_ == "prep":
            for d in c.children:
                if d.dep_ == "pobj":
                    yield make(f"{name}+", [span(d)], [*cue, (prep.i, c.i + 1)])


def _parenthetical(verb: Token, make) -> Iterator[Found]:  # type: ignore[no-untyped-def]
    """ "It was, he said, a mistake"; "as he said, it was"."""
    if any(c.dep_ in ("ccomp", "xcomp") for c in verb.children):
        return
    head = verb.head
    if verb.dep_ == "parataxis" or (
        verb.dep_ in ("ccomp", "dep", "conj") and (_between_commas(verb) or _closes(verb))
    ):
        yield make("paren", without(_sentence_part(head, verb), [span(verb)]))
    elif verb.dep_ == "advcl" and verb.left_edge.lower_ == "as":
        yield make("as", without(_sentence_part(head, verb), [span(verb)]))


def _between_commas(verb: Token) -> bool:
    low, high = span(verb)
    doc = verb.doc
    return (
        low > 0
        and high < len(doc)
        and (doc[low - 1].text == "," or doc[low].text == ",")
        and (doc[high - 1].text == "," or doc[high].text == ",")
    )


def _closes(verb: Token) -> bool:
    """ "C, he told reporters.": behind a comma, to the end of the sentence, with its own subject."""
    low, high = span(verb)
    doc = verb.doc
    return (
        low > 0
        and doc[low - 1].text in (",", "”", '"')
        and doc[low].dep_ != "cc"
        and child(verb, "nsubj") is not None
        and high >= verb.sent.end - 2
        and high - low <= 12
    )


def _sentence_part(head: Token, verb: Token) -> Range:
    """The clause that a parenthesis stands in: without what is joined to it after the parenthesis."""
    low, high = span(head)
    for c in head.children:
        if c.dep_ == "conj" and c.i > max(verb.i, head.i) and child(c, "nsubj", "nsubjpass") is not None:
            high = min(high, c.left_edge.i)
    return low, high


def _passive(verb: Token, base: str, cue: list[Range]) -> Iterator[Found]:
    doc = verb.doc
    agent = child(verb, "agent")
    by = child(agent, "pobj") if agent is not None else None
    source = clean(doc, [mention(by)]) if by is not None else None
    about = child(verb, "nsubjpass") or (verb.head if verb.dep_ in ("acl", "relcl") else None)
    what: list[Range] = []
    if about is not None:
        low, high = span(about)
        if verb.dep_ in ("acl", "relcl") and low <= verb.i < high:
            high = verb.left_edge.i
        what = [(low, high)]

    def make(frame: str, content: list[Range], who: list[Range] | None = source) -> Found:
        return Found("passive", f"{base}|{frame}", verb.i, cue, content, who)

    for c in verb.children:
        if c.dep_ == "oprd" and c.i > verb.i:
            yield make("be-called", [*what, span(c)])
        elif c.dep_ == "xcomp":
            yield make("be-inf", [*what, span(c)])
            # "officials are said to": the content has its subject; "was asked to": the subject is no part.
            yield make("be-inf-only", [span(c)])
            if about is not None:
                yield make("be-inf-subject", [span(c)], what)
        elif c.dep_ == "ccomp":
            frame = "be-clause-before" if c.i < verb.i else "be-clause"
            yield make(frame, [span(c)])
            if what and child(verb, "expl") is None:
                yield make(frame + "-subject", [span(c)], what)
        elif c.dep_ == "prep":
            for d in c.children:
                if d.dep_ in ("pobj", "pcomp"):
                    yield make(f"be-{c.lower_}", [*what, (c.i, c.right_edge.i + 1)])
                    yield make(f"be-{c.lower_}-subject", [span(d)], what)
    if verb.dep_ == "advcl" and by is not None and verb.left_edge.lower_ == "as":
        yield make("as", without(_sentence_part(verb.head, verb), [span(verb)]))
    if what:
        yield make("be" if by is None else "be-by", what)
