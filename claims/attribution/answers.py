"""Questions that a source answers in the text: "Is it short of boats? No, says the minister"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

from .found import Found
from .grammar import Range, child, clean, mention, nearest_name, subject
from .lexicon import words

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
        verb = _answering(answer)
        if asked is not None and verb is None:
            yield from _according(doc, asked, answer)
        if asked is None or verb is None:
            continue
        who = subject(verb)
        source = clean(doc, [mention(who)]) if who is not None else []
        if not source and (near := nearest_name(verb, verb.i, answer.end)) is not None:
            source = [near]
        if source:
            yield Found(
                "answer",
                f"{verb.lemma_.lower()}|answer",
                verb.i,
                [(verb.i, verb.i + 1)],
                [asked],
                source,
                0.6,
            )


def _according(doc: Doc, asked: Range, answer: Span) -> Iterator[Found]:
    """ "Is it? It isn't, according to X"."""
    at = next((t for t in answer if t.lower_ == "according" and t.i + 1 < answer.end), None)
    who = child(doc[at.i + 1], "pobj") if at is not None else None
    if at is None or who is None:
        return
    before = [t for t in doc[answer.start : at.i] if t.is_alpha or "’" in t.text or "'" in t.text]
    if not before or len(before) > _SHORT or not (before[0].lower_ in _ANSWERS or _is_echo(before)):
        return
    source = clean(doc, [mention(who)])
    if source:
        yield Found("answer", "according_to|answer", at.i, [(at.i, at.i + 2)], [asked], source, 0.6)


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
    said = words("cues", "said") | words("cues", "claimed") | words("cues", "confirmed")
    verb = next((t for t in answer if t.pos_ == "VERB" and t.lemma_ in said), None)
    if verb is None:
        return None
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
