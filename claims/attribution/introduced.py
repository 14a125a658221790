"""What one sentence introduces and the next lets speak: "The Post has seen the letter. It says that C"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .grammar import child, clean, mention, subject
from .kinds import identify
from .lexicon import words
from .mentions import Mention, mention_at
from .tree import Doc, Token
from .types import Span


@dataclass(frozen=True, slots=True)
class Introduced:
    """A document or some people, and who brings them in. ``pattern`` tells on which side ``by`` stands."""

    who: Mention
    by: Mention
    cue: Span
    pattern: str


def introduced(doc: Doc, base: int, first_sentence: int) -> Iterator[Introduced]:
    """The documents that are seen, sent or published in a piece, and the people that are interviewed."""
    number = first_sentence - 1
    starts = {sent.start for sent in doc.sents}
    for token in doc:
        number += token.i in starts
        if (speaking := _spoke_to(token)) is not None:
            outlet, verb = speaking
            who, by = (mention_at(doc, clean(doc, [mention(t)])[0], base, number) for t in (token, outlet))
            if identify(by).kind in ("outlet", "agency"):
                yield Introduced(who, by, (verb.idx + base, verb.idx + len(verb) + base), "relayed")
            continue
        if token.pos_ not in ("NOUN", "PROPN") or token.dep_ not in ("dobj", "pobj"):
            continue
        brought = who_brings(token)
        if brought is None:
            continue
        giver, verb, pattern = brought
        places = clean(doc, [(token.left_edge.i, token.i + 1)]), clean(doc, [mention(giver)])
        if places[0] and places[1]:
            who, by = (mention_at(doc, place[0], base, number) for place in places)
            yield Introduced(who, by, (verb.idx + base, verb.idx + len(verb) + base), pattern)


def _spoke_to(token: Token) -> tuple[Token, Token] | None:
    """ "Three clerks spoke to the Gazette": the Gazette, and the verb."""
    verb = token.head
    if (
        token.dep_ != "nsubj"
        or verb.lemma_ not in ("speak", "talk")
        or child(verb, "neg", "ccomp") is not None
    ):
        return None
    prep = next((c for c in verb.children if c.dep_ == "prep" and c.lower_ in ("to", "with")), None)
    outlet = child(prep, "pobj") if prep is not None else None
    named = (
        token.pos_ == "PROPN"
        or token.tag_ == "NNS"
        or token.lemma_.lower() in words("sources", "persons", "roles")
    )
    return (outlet, verb) if outlet is not None and outlet.pos_ == "PROPN" and named else None


def who_brings(noun: Token) -> tuple[Token, Token, str] | None:
    """Who brings a document or some people in, by which verb, and on which side of them they stand."""
    verb = noun.head.head if noun.dep_ == "pobj" else noun.head
    if verb.pos_ != "VERB" or verb.tag_ == "VBG" or child(verb, "neg") is not None:
        return None
    pattern = _pattern(noun, verb)
    giver = subject(verb) if pattern else None
    if pattern is None or giver is None or giver.tag_ in ("WP", "WDT"):
        return None
    return giver, verb, pattern


def _pattern(noun: Token, verb: Token) -> str | None:
    base = noun.lemma_.lower()
    if noun.dep_ == "dobj" and base in words("sources", "documents", "nouns"):
        if verb.lemma_ in words("sources", "documents", "sent"):
            return "author"
        return "passed-on" if verb.lemma_ in words("sources", "documents", "passed_on") else None
    people = words("sources", "groups", "nouns") | words("sources", "persons", "roles")
    if verb.lemma_ == "interview" and noun.dep_ == "dobj" and (noun.ent_type_ == "PERSON" or base in people):
        return "relayed"
    if noun.tag_ == "NNS" and (base in people or child(noun, "nummod") is not None):
        met = verb.lemma_ in ("interview", "survey", "poll") and noun.dep_ == "dobj"
        spoke = (
            verb.lemma_ in ("speak", "talk") and noun.dep_ == "pobj" and noun.head.lower_ in ("to", "with")
        )
        return "relayed" if met or spoke else None
    return None
