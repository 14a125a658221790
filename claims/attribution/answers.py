"""Questions that a source answers in the text: "Is it short of boats? No, says the minister"."""

from __future__ import annotations

from collections.abc import Iterator

from .found import Found
from .grammar import Range, child, clean, mention, nearest_name, subject
from .lexicon import stating
from .tree import Doc, Span, Token

_ANSWERS = {
    "yes",
    "no",
    "nope",
    "yeah",
    "indeed",
    "absolutely",
    "certainly",
    "hardly",
    "not",
    "maybe",
    "perhaps",
}
_NO = {"no", "nope", "hardly", "not"}
_SHORT = 3


def answered(doc: Doc) -> Iterator[Found]:
    """The questions of a piece that the next sentence answers with a source, each as what that source says.

    Only questions of yes or no: "Is it ...?", "... whether it is ...?". The answer is a word like "no" or a
    clause of three words ("It has"), with a verb of saying and its subject.
    """
    sentences = list(doc.sents)
    for number, sentence in enumerate(sentences[:-1]):
        if not sentence.text.rstrip(" ”\"'’").endswith("?"):
            continue
        asked = _asked(doc, sentence)
        answer = sentences[number + 1]
        if asked is None:
            continue
        verb = _answering(answer)
        if verb is None:
            yield from _according(doc, asked, answer)
            continue
        # "No, says the minister": behind the verb, the speaker is parsed as what is said.
        who = subject(verb) or child(verb, "dobj")
        source = clean(doc, [mention(who)]) if who is not None else []
        if not source and (near := nearest_name(verb, verb.i, answer.end)) is not None:
            source = [near]
        if source:
            yield _found(verb.lemma_.lower(), verb.i, 1, asked, source, _is_no(answer, source))
    yield from _when_asked(doc)


def _found(base: str, head: int, size: int, asked: Range, source: list[Range], no: bool) -> Found:
    key = f"{base}|answer{'-no' if no else ''}"
    return Found("answer", key, head, [(head, head + size)], [asked], source, 0.6, 0.6)


def _is_no(answer: Span, source: list[Range]) -> bool:
    """Whether the answer, without who gives it, is a no."""
    return any(
        t.lower_ in _NO or t.dep_ == "neg"
        for t in answer
        if not any(low <= t.i < high for low, high in source)
    )


def _when_asked(doc: Doc) -> Iterator[Found]:
    """ "Asked whether C, X said it was", "said yes"."""
    for token in doc:
        if token.lower_ != "asked" or token.dep_ not in ("advcl", "acl", "prep", "csubj"):
            continue
        clause = child(token, "ccomp", "advcl")
        mark = child(clause, "mark") if clause is not None else None
        verb = token.head
        if clause is None or mark is None or mark.lower_ not in ("whether", "if") or clause.i > verb.i:
            continue
        who = child(verb, "nsubj")
        if verb.lemma_ not in stating() or who is None or who.i < clause.i:
            continue
        rest = [t for t in verb.subtree if t.i > verb.i and not t.is_punct]
        held = clean(doc, [(mark.i + 1, clause.right_edge.i + 1)])
        source = clean(doc, [mention(who)])
        if not held or not source or not 0 < len(rest) <= _SHORT:
            continue
        if rest[0].lower_ in _ANSWERS or _is_echo(rest):
            no = any(t.lower_ in _NO or t.dep_ == "neg" for t in rest)
            yield _found(verb.lemma_.lower(), verb.i, 1, held[0], source, no)


def _according(doc: Doc, asked: Range, answer: Span) -> Iterator[Found]:
    """ "Is it? It isn't, according to X"."""
    at = next((t for t in answer if t.lower_ == "according" and t.i + 1 < answer.end), None)
    who = child(doc[at.i + 1], "pobj") if at is not None else None
    if at is None or who is None:
        return
    low, high = mention(who)
    comma = next((i for i in range(low, high) if doc[i].text == ","), high)
    source = clean(doc, [(low, comma)])
    outside = [*doc[answer.start : at.i], *doc[source[-1][1] if source else answer.end : answer.end]]
    short = [t for t in outside if t.is_alpha or "’" in t.text or "'" in t.text]
    if not short or len(short) > _SHORT or not (short[0].lower_ in _ANSWERS or _is_echo(short)):
        return
    if source:
        yield _found("according_to", at.i, 2, asked, source, _is_no(answer, source))


def _asked(doc: Doc, sentence: Span) -> Range | None:
    """What a question of yes or no asks about, without the words that only ask."""
    for token in sentence:
        if token.lower_ == "whether" and token.dep_ == "mark":
            held = clean(doc, [(token.i + 1, sentence.end)])
            return held[0] if held else None
    first = next((t for t in sentence if t.is_alpha), None)
    if first is None or first.pos_ not in ("AUX", "VERB") or first.tag_ not in ("VBZ", "VBP", "VBD", "MD"):
        return None
    held = clean(doc, [(first.i, sentence.end)])
    return held[0] if held and held[0][1] - held[0][0] >= 3 else None


def _answering(answer: Span) -> Token | None:
    verb = next((t for t in answer if t.pos_ == "VERB" and t.lemma_ in stating()), None)
    if verb is None:
        return None
    rest = [t for t in answer if t.i > verb.i and not t.is_punct]
    if len(rest) == 1 and rest[0].lower_ in ("so", "not"):
        # "Police believe so."
        return verb
    if (clause := child(verb, "ccomp")) is not None and clause.i > verb.i:
        # "The mayor says it is."
        echo = [t for t in clause.subtree if not t.is_punct and t.lower_ != "that"]
        return verb if len(echo) <= _SHORT and _is_echo(echo) else None
    before = [t for t in answer.doc[answer.start : verb.i] if t.is_alpha]
    who = child(verb, "nsubj")
    if who is not None and who.i < verb.i:
        before = [t for t in before if t.i < who.left_edge.i]
    if not before or (before[0].lower_ not in _ANSWERS and len(before) > _SHORT):
        return None
    short = len(before) <= _SHORT or answer.doc[before[0].i + 1].text in (",", ".", "!", "”")
    return verb if short and (before[0].lower_ in _ANSWERS or _is_echo(before)) else None


def _is_echo(before: list[Token]) -> bool:
    """ "It has", "They will not": a pronoun with an auxiliary."""
    return before[0].pos_ == "PRON" and len(before) > 1 and before[1].pos_ in ("AUX", "VERB")
