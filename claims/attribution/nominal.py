"""Nouns and adjectives as cues: "his claim that", "warnings about", "is confident that", "critical of"."""

from __future__ import annotations

from collections.abc import Iterator

from .found import Found
from .grammar import Range, child, clean, mention, span, subject, without
from .tree import Doc, Token

_BE = {"be", "seem", "appear", "become", "remain", "feel", "sound", "look", "get", "grow"}


def nominal_cues(doc: Doc) -> Iterator[Found]:
    """All alternatives of all nouns and adjectives, in the order of the text."""
    for token in doc:
        if token.pos_ == "NOUN":
            yield from _noun(token)
        elif token.pos_ in ("ADJ", "VERB") and token.dep_ in (
            "acomp",
            "amod",
            "advcl",
            "acl",
            "conj",
            "ROOT",
        ):
            if token.pos_ == "ADJ" or token.dep_ == "acomp":
                yield from _adjective(token)


def _noun(noun: Token) -> Iterator[Found]:
    doc = noun.doc
    base = noun.lemma_.lower()
    for shape, content, extra in _contents(noun):
        for route, who, more in _owners(noun, content):
            source = clean(doc, [mention(who)]) if who is not None else None
            if who is not None and source:
                source = [p for r in source for p in without(r, [(noun.i, noun.i + 1), *content])] or None
                source = clean(doc, source or []) or None
            cue = sorted({noun.i, *extra, *more})
            yield Found("noun", f"{base}|{shape}|{route}", noun.i, _ranges(cue), content, source)


def _contents(noun: Token) -> Iterator[tuple[str, list[Range], list[int]]]:
    for c in noun.children:
        if c.i < noun.i:
            continue
        if c.dep_ in ("acl", "ccomp", "relcl") and c.pos_ in ("VERB", "AUX"):
            mark = child(c, "mark")
            if mark is not None and mark.lower_ in ("that", "whether", "if"):
                yield "that", [span(c)], []
            elif c.tag_ == "VB" and any(d.dep_ == "aux" and d.lower_ == "to" for d in c.children):
                yield "inf", [span(c)], []
            elif c.dep_ == "ccomp":
                yield "clause", [span(c)], []
        elif c.dep_ == "prep" and c.lower_ != "by":
            for d in c.children:
                if d.dep_ in ("pobj", "pcomp"):
                    yield c.lower_, [span(d)], [c.i]
    head = noun.head
    if noun.dep_ == "nsubj" and head.lemma_ == "be":
        for c in head.children:
            if c.dep_ in ("ccomp", "xcomp") and c.i > head.i:
                yield "is", [span(c)], [head.i]


def _owners(noun: Token, content: list[Range]) -> Iterator[tuple[str, Token | None, list[int]]]:
    found = False
    poss = child(noun, "poss")
    if poss is not None:
        found = True
        yield "poss", poss, []
    for c in noun.children:
        if (
            c.dep_ in ("prep", "agent")
            and c.lower_ in ("by", "from", "among")
            and not any(a <= c.i < b for a, b in content)
        ):
            who = child(c, "pobj")
            if who is not None:
                found = True
                yield "by", who, []
        elif c.dep_ == "acl" and c.tag_ == "VBN" and child(c, "agent") is not None:
            who = child(child(c, "agent") or c, "pobj")
            if who is not None:
                found = True
                yield "by", who, []
    if found:
        return
    head = noun.head
    if noun.dep_ in ("dobj", "attr") and head.pos_ in ("VERB", "AUX"):
        who = subject(head)
        if who is not None:
            yield f"v:{head.lemma_.lower()}", who, [head.i]
            yield "v", who, [head.i]
    elif noun.dep_ == "pobj" and noun.head.dep_ == "prep" and noun.head.head.pos_ in ("VERB", "AUX"):
        prep = noun.head
        who = subject(prep.head)
        if who is not None:
            yield f"p:{prep.head.lemma_.lower()}:{prep.lower_}", who, [prep.head.i, prep.i]
            yield f"p:{prep.lower_}", who, [prep.head.i, prep.i]
    for c in noun.children:
        if c.dep_ in ("compound", "amod", "nmod") and (c.ent_type_ in ("ORG", "PERSON", "NORP", "GPE")):
            yield "name", c, []
    yield "none", None, []


def _adjective(word: Token) -> Iterator[Found]:
    base = word.lemma_.lower()
    who: Token | None = None
    extra: list[int] = []
    head = word.head
    if word.dep_ == "acomp" and head.lemma_ in _BE:
        who = subject(head)
        extra = [head.i]
        neg = child(head, "neg")
        if neg is not None:
            extra.append(neg.i)
    elif word.dep_ in ("amod", "acl"):
        who = head
    elif word.dep_ in ("advcl", "conj") and head.pos_ in ("VERB", "AUX"):
        who = subject(head)
    if who is None:
        return
    source = clean(word.doc, [mention(who)])
    source = clean(word.doc, [p for r in source for p in without(r, [span(word)])]) or None  # type: ignore[assignment]
    for c in word.children:
        if c.i < word.i:
            continue
        if c.dep_ == "ccomp" or (c.dep_ == "advcl" and c.left_edge.lower_ == "that"):
            yield Found("adjective", f"{base}|that", word.i, _ranges([word.i, *extra]), [span(c)], source)
        elif c.dep_ == "xcomp":
            yield Found("adjective", f"{base}|inf", word.i, _ranges([word.i, *extra]), [span(c)], source)
        elif c.dep_ == "prep":
            for d in c.children:
                if d.dep_ in ("pobj", "pcomp"):
                    yield Found(
                        "adjective",
                        f"{base}|{c.lower_}",
                        word.i,
                        _ranges([word.i, c.i, *extra]),
                        [span(d)],
                        source,
                    )


def _ranges(words: list[int]) -> list[Range]:
    out: list[Range] = []
    for i in sorted(set(words)):
        if out and out[-1][1] == i:
            out[-1] = (out[-1][0], i + 1)
        else:
            out.append((i, i + 1))
    return out
