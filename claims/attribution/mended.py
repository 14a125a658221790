"""Who speaks where the parse has lost them: a phrase in front of them, or a clause about them, misled it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .found import Found
from .grammar import Range, child, clean, core_of, mention, nearest_name, span, subject, without
from .kinds import is_noun_of_source
from .lexicon import words
from .pieces import speech
from .tree import Doc, Span, Token

_FRAMES = {"that", "clause"}
# Reading on from a sentence's start for the speaker: names aren't longer.
_LONGEST = 12
_SPEAKER, _SHORTEST = 8, 6
_WEIGHT = 0.5
_NEAR_COLON, _LEAST_SAID = 5, 3
# What was weighed without its speaker is surer with one than its weight says.
_LEAST = 0.2


def mended(doc: Doc, found: Found) -> Found:
    """The cue with its speaker, if it has none and the words before it show one."""
    base, _, frame = found.key.partition("|")
    if base not in speech():
        return found
    if found.source:
        return _lent(doc, found) if found.pattern in ("verb", "quote") else found
    verb = doc[found.head]
    if found.pattern == "verb" and frame in _FRAMES:
        place = _before(doc, verb)
    elif found.key.endswith("|be-clause") and verb.dep_ == "acl" and verb.head.dep_ == "ROOT":
        place = _headed(doc, verb)
    else:
        return found
    if place is None or any(low < place[1] and place[0] < high for low, high in found.content):
        return found
    sure = max(found.confidence, _LEAST)
    return replace(found, pattern="verb", key=f"{base}|that", source=[place], confidence=sure)


def _lent(doc: Doc, found: Found) -> Found:
    """ "She told him the tone was calm, and predicted that C": parsed as if the tone predicted it."""
    verb, core = doc[found.head], core_of(doc, *found.source[0]) if found.source else None
    above = verb.head
    if core is None or core.pos_ != "NOUN" or core.ent_type_ or is_noun_of_source(core):
        return found
    if verb.tag_ == "VBG" and verb.dep_ == "advcl" and verb.i > 0 and doc[verb.i - 1].text == ",":
        # "He said that rates would stay, telling them that C": parsed as if the rates told them.
        owner = (
            next((a for a in above.ancestors if a.lemma_ in speech()), None)
            if above.dep_ == "ccomp"
            else None
        )
        who = subject(owner) if owner is not None else None
        source = clean(doc, [mention(who)]) if who is not None and who.i < verb.i else []
        return replace(found, source=source[:1]) if source else found
    if verb.dep_ != "conj" or above.dep_ != "ccomp" or child(verb, "nsubj") is not None or core.head != above:
        return found
    speaker = child(above.head, "nsubj") if above.head.lemma_ in speech() else None
    source = clean(doc, [mention(speaker)]) if speaker is not None and speaker.i < above.head.i else []
    return replace(found, source=source[:1]) if source else found


def _before(doc: Doc, verb: Token) -> Range | None:
    """ "In a video on YouTube, the captain said": the words between the comma and the verb."""
    start = verb.sent.start
    first = verb.i
    while (
        first > start and doc[first - 1].dep_ in ("aux", "auxpass", "neg") and doc[first - 1].head.i == verb.i
    ):
        first -= 1
    if first > start and doc[first - 1].text == ",":
        # "A letter from the bishop, read out in churches, says": over what stands between the commas.
        return _opening(doc, start, first)
    back = range(verb.i - 1, max(start, verb.i - _LONGEST) - 1, -1)
    comma = next((i for i in back if doc[i].text == ","), None)
    if comma is None:
        return None
    near = nearest_name(verb, comma + 1, verb.i)
    return near if near is not None and near[0] > comma and not _is_time(doc, near) else None


def _opening(doc: Doc, start: int, end: int) -> Range | None:
    for _ in range(2):
        comma = next((i for i in range(start, min(end, start + _LONGEST)) if doc[i].text == ","), None)
        if comma is None or doc[start].pos_ in ("ADP", "SCONJ", "ADV", "VERB", "PRON"):
            return None
        held = clean(doc, [(start, comma)])
        nouns = any(t.pos_ in ("NOUN", "PROPN") for t in doc[start:comma])
        if not held or not _is_when(doc, held[0]):
            return held[0] if held and nouns else None
        # "Three days earlier, the Echo, quoting a clerk, had written that": over the time.
        start = comma + 1
    return None


def _is_when(doc: Doc, place: Range) -> bool:
    return _is_time(doc, place) or doc[place[1] - 1].lower_ in ("earlier", "later", "before", "ago", "then")


def _headed(doc: Doc, verb: Token) -> Range | None:
    """ "The Tribune, which saw the audit, reported that": parsed as a tribune that was reported."""
    noun = verb.head
    if child(verb, "aux", "auxpass") is not None or not (noun.pos_ == "PROPN" or is_noun_of_source(noun)):
        return None
    held = clean(doc, [(noun.left_edge.i, noun.i + 1)])
    return held[0] if held else None


def _is_time(doc: Doc, place: Range) -> bool:
    return all(t.ent_type_ in ("DATE", "TIME") or t.is_punct for t in doc[place[0] : place[1]])


def lost(doc: Doc, taken: set[int], inside: list[int]) -> Iterator[Found]:
    """Attributions that the parse hides. ``taken`` are the starts of sentences where somebody speaks.

    "X alleged in court papers that C", parsed as papers that C; "C, prosecutors allege." without a clause.
    """
    for sentence in doc.sents:
        if sentence.start in taken or inside[sentence.start]:
            continue
        colon = next((t.i for t in sentence if t.text == ":"), 0)
        if colon > sentence.start + 1:
            yield from _after_colon(doc, colon, inside)
        yield from _in_papers(sentence, inside)
        yield from _behind(doc, sentence)
        yield from _by_account(doc, sentence)
        yield from _late_clause(doc, sentence, inside)
        yield from _as_noun(doc, sentence)


def inverted(doc: Doc, inside: list[int]) -> Iterator[Found]:
    """ "C, claimed the Harbour Mirror.": at a sentence's end the speaker stands behind the verb."""
    for sentence in doc.sents:
        tail = [t for t in sentence if not t.is_space]
        if len(tail) < _SHORTEST or tail[-1].text != "." or inside[tail[-1].i]:
            continue
        comma = next((n for n in range(len(tail) - 2, 2, -1) if tail[n].text == ","), None)
        if comma is None or len(tail) - comma > _LONGEST or comma + 3 > len(tail) - 1:
            continue
        verb, rest = tail[comma + 1], tail[comma + 2 : -1]
        if any(t.text == "," for t in tail[:comma]) or not any(
            t.pos_ in ("VERB", "AUX") for t in tail[:comma]
        ):
            continue
        told = verb.lemma_ in speech() and verb.tag_ in ("VBD", "VBZ", "VBP", "VBN")
        if (
            not told
            or child(verb, "ccomp") is not None
            or any(t.pos_ in ("VERB", "AUX", "SCONJ") and t.dep_ not in ("amod", "acl") for t in rest)
        ):
            continue
        core = core_of(doc, rest[0].i, rest[-1].i + 1)
        source = clean(doc, [(rest[0].i, rest[-1].i + 1)])
        content = clean(doc, [(sentence.start, tail[comma].i)])
        if source and content and (core.pos_ == "PROPN" or is_noun_of_source(core)):
            cue = [(verb.i, verb.i + 1)]
            yield Found("verb", f"{verb.lemma_}|before", verb.i, cue, content, source, _WEIGHT, _WEIGHT)


def some_claim(doc: Doc, inside: list[int], heads: set[int]) -> Iterator[Found]:
    """ "Some claim that C", parsed as some claim; ``heads`` are the cues that are read already."""
    for token in doc[1:-2]:
        few = doc[token.i - 1]
        if token.i in heads or inside[token.i] or few.lower_ not in ("some", "many", "others", "most"):
            continue
        if few.head.i != token.i or doc[token.i + 1].lower_ != "that" or token.lemma_.lower() not in speech():
            continue
        clause = next((c for c in token.children if c.i > token.i and c.left_edge.i == token.i + 1), None)
        if clause is None or clause.pos_ not in ("VERB", "AUX"):
            continue
        end = next(
            (t.i for t in clause.subtree if t.dep_ == "mark" and t.lower_ == "while"), clause.right_edge.i + 1
        )
        content = clean(doc, [(token.i + 1, end)])
        if content:
            key, cue = f"{token.lemma_.lower()}|that", [(token.i, token.i + 1)]
            yield Found("verb", key, token.i, cue, content, [(few.i, few.i + 1)], _WEIGHT, _WEIGHT)


def _in_papers(sentence: Span, inside: list[int]) -> Iterator[Found]:
    for verb in sentence:
        if verb.pos_ != "VERB" or inside[verb.i] or verb.lemma_ not in speech() or child(verb, "ccomp"):
            continue
        prep = next((c for c in verb.children if c.dep_ == "prep" and c.i > verb.i), None)
        noun = child(prep, "pobj") if prep is not None else None
        clause = child(noun, "acl", "relcl", "ccomp") if noun is not None else None
        who = subject(verb)
        if clause is None or who is None:
            continue
        if clause.left_edge.lower_ != "that" or child(clause, "mark") is None:
            continue
        content, source = clean(sentence.doc, [span(clause)]), clean(sentence.doc, [mention(who)])
        if content and source:
            cue = [(verb.i, verb.i + 1)]
            yield Found("verb", f"{verb.lemma_}|that", verb.i, cue, content, source, _WEIGHT, _WEIGHT)


def _after_colon(doc: Doc, at: int, inside: list[int]) -> Iterator[Found]:
    """ "One of them put it bluntly: C", "His mother added: C", "The verdict was short: C", without marks."""
    start = doc[at].sent.start if at > doc[at].sent.start else doc[at - 1].sent.start
    end = doc[min(at + 1, len(doc) - 1)].sent.end
    verb = next((t for t in reversed(doc[start:at]) if t.pos_ in ("VERB", "AUX")), None)
    if verb is None or end - at <= _LEAST_SAID or any(inside[start:end]):
        return
    it = child(verb, "dobj")
    puts = verb.lemma_ == "put" and it is not None and it.lower_ in ("it", "this", "things", "matter")
    who = subject(verb)
    ends = at - verb.i <= _NEAR_COLON and not any(t.pos_ in ("NOUN", "PROPN") for t in doc[verb.i + 1 : at])
    named = who is not None and who.lemma_.lower() in words("cues", "nouns") | words("cues", "verdicts")
    if who is None or who.i >= at or not (puts or (ends and (verb.lemma_ in speech() or named))):
        return
    if named and (who := child(who, "poss")) is None:
        return
    if not any(t.pos_ in ("VERB", "AUX") for t in doc[at + 1 : end]) or doc[at + 1].is_digit:
        return
    source, content = clean(doc, without(mention(who), [(verb.i, end)])), clean(doc, [(at + 1, end)])
    if source and content and who.lower_ not in ("it", "this", "that", "which"):
        cue = [(verb.i, verb.i + 1)]
        yield Found("verb", f"{verb.lemma_}|clause", verb.i, cue, content, source[:1], _WEIGHT, _WEIGHT)


def _by_account(doc: Doc, sentence: Span) -> Iterator[Found]:
    """ "According to radio host Rob Lind, C", "C, according to show insiders": by the commas alone."""
    at = next((t.i for t in sentence if t.lower_ == "according" and t.i + 2 < sentence.end), None)
    if at is None or doc[at + 1].lower_ != "to":
        return
    comma = next((t.i for t in doc[at + 2 : sentence.end] if t.text == ","), sentence.end)
    if at == sentence.start:
        place, rest = (at + 2, comma), (comma, sentence.end)
    elif doc[at - 1].text == ",":
        place, rest = (at + 2, comma), (sentence.start, at - 1)
    else:
        return
    source, content = clean(doc, [place]), clean(doc, [rest])
    named = any(t.pos_ in ("NOUN", "PROPN") for t in doc[place[0] : place[1]])
    if source and content and named and rest[1] - rest[0] > _LEAST_SAID and place[1] - place[0] <= _LONGEST:
        yield Found(
            "phrase", "according_to|phrase", at + 1, [(at, at + 2)], content, source, _WEIGHT, _WEIGHT
        )


def _as_noun(doc: Doc, sentence: Span) -> Iterator[Found]:
    """ "Prosecutors allege he did it", tagged as a noun that stands beside the clause."""
    for verb in doc[sentence.start + 1 : min(sentence.end, sentence.start + _LONGEST)]:
        if verb.pos_ == "VERB" or verb.text == ",":
            return
        if verb.dep_ != "npadvmod" or verb.lemma_.lower() not in speech() or verb.head.pos_ != "VERB":
            continue
        own = child(verb.head, "nsubj", "nsubjpass")
        source, content = clean(doc, [(sentence.start, verb.i)]), clean(doc, [(verb.i + 1, sentence.end)])
        if own is not None and own.left_edge.i == verb.i + 1 and source and content:
            cue = [(verb.i, verb.i + 1)]
            yield Found("verb", f"{verb.lemma_}|clause", verb.i, cue, content, source, _WEIGHT, _WEIGHT)
            return


def _late_clause(doc: Doc, sentence: Span, inside: list[int]) -> Iterator[Found]:
    """ "X said after the vote he would go": the clause is parsed as if it told when X spoke."""
    for verb in sentence:
        who = child(verb, "nsubj") if verb.lemma_ in speech() and verb.pos_ == "VERB" else None
        if who is None or who.i > verb.i or inside[verb.i] or child(verb, "ccomp", "xcomp", "neg", "mark"):
            continue
        for c in verb.children:
            own = (
                child(c, "nsubj", "nsubjpass", "expl") if c.i > verb.i and c.pos_ in ("VERB", "AUX") else None
            )
            mark = child(c, "mark")
            free = mark is None or mark.lower_ == "that"
            if own is None or own.i < verb.i or not free or c.dep_ not in ("advcl", "dep", "acl", "relcl"):
                continue
            source, content = clean(doc, [mention(who)]), clean(doc, [(own.left_edge.i, c.right_edge.i + 1)])
            between = doc[verb.i + 1 : own.left_edge.i]
            parted = any(t.text in ";:" or (t.text == "," and mark is None) for t in between)
            if source and content and not parted:
                cue = [(verb.i, verb.i + 1)]
                yield Found("verb", f"{verb.lemma_}|clause", verb.i, cue, content, source, _WEIGHT, _WEIGHT)
                return


def _behind(doc: Doc, sentence: Span) -> Iterator[Found]:
    tail = [t for t in sentence if not t.is_space]
    if len(tail) < _SHORTEST or tail[-1].text != ".":
        return
    verb = tail[-2]
    comma = next((t.i for t in reversed(tail[:-2]) if t.text == ","), None)
    if (
        comma is None
        or verb.lemma_.lower() not in speech()
        or verb.tag_ not in ("VBP", "VBZ", "VBD", "NN", "NNS")
    ):
        return
    source, content = clean(doc, [(comma + 1, verb.i)]), clean(doc, [(sentence.start, comma)])
    kinds = {t.pos_ for t in doc[comma + 1 : verb.i]}
    named = kinds & {"NOUN", "PROPN", "PRON"} and "VERB" not in kinds and verb.i - comma <= _SPEAKER
    if source and content and named:
        cue = [(verb.i, verb.i + 1)]
        yield Found("verb", f"{verb.lemma_}|before", verb.i, cue, content, source, _WEIGHT, _WEIGHT)
