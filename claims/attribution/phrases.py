"""Cues that are no verb: "according to X", "as per X", "in X's words", a headline's colon or dash."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .found import Found
from .grammar import Range, child, clean, mention, span, without
from .lexicon import stating, words
from .tree import Doc, Token

_HEADLINE_COLON = re.compile(r"^[^:\"“]{2,60}:\s+\S")


def phrase_cues(doc: Doc) -> Iterator[Found]:
    """All phrases that attribute the clause they stand in."""
    for token in doc:
        cue = _phrase(token)
        if cue is None:
            continue
        name, first, last, holder = cue
        who = child(holder, "pobj")
        if who is None:
            continue
        if who.lower_ == "which":
            yield from _relative(doc, name, first, who)
            continue
        low, high = mention(who)
        phrase = (first.i, max(high, last.i + 1))
        source = clean(doc, [(low, high)])
        content = clean(doc, without(_clause(doc, token, phrase), [phrase]))
        if source and content:
            yield Found("phrase", f"{name}|phrase", last.i, [(first.i, last.i + 1)], content, source)


def _relative(doc: Doc, name: str, first: Token, which: Token) -> Iterator[Found]:
    """ "A memo according to which C"."""
    verb = next((a for a in which.ancestors if a.dep_ == "relcl"), None)
    if verb is None or verb.head.i >= first.i:
        return
    source = clean(doc, [(verb.head.left_edge.i, first.i)])
    content = clean(doc, without(span(verb), [(first.left_edge.i, which.i + 1)]))
    if source and content:
        cue = [(first.i, which.i)]
        yield Found("phrase", f"{name}|phrase", which.i - 1, cue, content, source)


def hearsay_cues(doc: Doc) -> Iterator[Found]:
    """ "C, reportedly": somebody says so, and nobody is named. The content is the adverb's clause."""
    for token in doc:
        if token.lower_ not in words("cues", "hearsay") or token.dep_ not in ("advmod", "amod"):
            continue
        verb = token.head
        for _ in range(4):
            if verb.pos_ in ("VERB", "AUX") or verb.head is verb:
                break
            verb = verb.head
        low, high = span(verb)
        if verb.dep_ == "relcl":
            low = verb.head.left_edge.i
        content = clean(doc, without((low, high), [(token.i, token.i + 1)]))
        if content:
            yield Found(
                "adverb", f"{token.lower_}|{verb.dep_}", token.i, [(token.i, token.i + 1)], content, None
            )


def _phrase(token: Token) -> tuple[str, Token, Token, Token] | None:
    """The name, the first and last word of a cue, and the word that its source hangs on."""
    lower = token.lower_
    doc = token.doc
    following = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if lower == "according" and following is not None and following.lower_ == "to":
        return "according_to", token, following, following
    if lower == "as" and following is not None and following.lower_ == "per":
        return "as_per", token, following, following
    if lower == "per" and token.dep_ == "prep" and child(token, "pobj") is not None:
        previous = doc[token.i - 1] if token.i else None
        who = child(token, "pobj")
        if previous is not None and previous.lower_ == "as":
            return None
        if who is not None and (
            token.is_sent_start
            or (previous is not None and previous.text == ",")
            or who.ent_type_ in ("ORG", "PERSON")
        ):
            return "per", token, token, token
        return None
    if lower == "in" and token.dep_ == "prep":
        who = child(token, "pobj")
        if (
            who is not None
            and who.lemma_.lower() in words("sources", "documents", "surveys")
            and (token.is_sent_start or (token.i and doc[token.i - 1].text in (",", "-", "—")))
            and who.lemma_.lower() not in words("sources", "documents", "own")
        ):
            return "in_survey", token, token, token
    if lower in ("going", "judging") and following is not None and following.lower_ == "by":
        return "going_by", token, following, following
    return None


def _clause(doc: Doc, token: Token, phrase: Range) -> Range:
    """The clause that a phrase stands in: up from it to a verb, without what is joined on after it."""
    head = token
    for _ in range(12):
        if head.head is head:
            break
        head = head.head
        if head.pos_ in ("VERB", "AUX") and head.dep_ in (
            "ROOT",
            "ccomp",
            "conj",
            "advcl",
            "relcl",
            "parataxis",
        ):
            if not (phrase[0] <= head.i < phrase[1]):
                break
    low, high = span(head)
    if phrase[0] <= head.i < phrase[1]:
        sentence = head.sent
        low, high = sentence.start, sentence.end
    if head.dep_ in {"relcl", "conj"}:
        low = min(low, head.i)
    for c in head.children:
        if c.dep_ == "conj" and child(c, "nsubj", "nsubjpass") is not None:
            if c.i > phrase[0] > head.i:
                joint = c.left_edge.i
                while joint - 1 > phrase[1] and (doc[joint - 1].dep_ in ("cc", "punct")):
                    joint -= 1
                high = min(high, joint)
    return low, high


def _credited(doc: Doc, text: str) -> Iterator[Found]:
    """ "Two hurt - police": what follows a headline's last dash says who says it."""
    if len(doc) > 24 or text[-1:] in (".", "?", "!", "”", '"') or any(t.text in '"“”:' for t in doc):
        return
    dash = next((t.i for t in reversed(doc) if t.text in ("-", "–", "—")), None)
    if dash is None or dash < 3 or not 1 <= len(doc) - dash - 1 <= 4:
        return
    who = doc[len(doc) - 1]
    if who.lemma_.lower() not in words("cues", "credited") or doc[dash + 1].pos_ in ("ADP", "VERB"):
        return
    source, content = clean(doc, [(dash + 1, len(doc))]), clean(doc, [(0, dash)])
    if source and content:
        yield Found("headline", "dash|headline", dash, [(dash, dash + 1)], content, source)


def _speaks(token: Token) -> bool:
    if token.lemma_ not in stating():
        return False
    return child(token, "nsubj") is not None and child(token, "ccomp") is not None


def _signed(doc: Doc) -> Iterator[Found]:
    """ "“A.” ― Mira Sand": the name behind a quotation's dash signs it."""
    dash = next((t.i for t in reversed(doc) if t.text in ("―", "—", "–", "-", "--")), None)
    if dash is None or dash < 4 or doc[dash - 1].text not in ("”", '"', "''") or len(doc) - dash > 16:
        return
    end = next((t.i for t in doc[dash + 1 :] if t.text in (",", "(", ".", "|")), len(doc))
    source, content = clean(doc, [(dash + 1, end)]), clean(doc, [(0, dash)])
    if (
        source
        and content
        and doc[dash + 1].text[:1].isupper()
        and doc[content[0][0] - 1].text in ("“", '"', "''")
    ):
        yield Found("headline", "signed|headline", dash, [(dash, dash + 1)], content, source)


def _speaker(doc: Doc) -> Iterator[Found]:
    """ "SAND: We have looked at it.": a transcript names each speaker in front of what he says."""
    colon = next((t.i for t in doc[:6] if t.text == ":"), None)
    if colon is None or colon == 0 or len(doc) - colon < 5:
        return
    label = doc.span(0, colon)
    if not all((t.text.isupper() and t.is_alpha and len(t) > 1) or t.is_punct for t in label):
        return
    if label.text.lower() in words("cues", "labels") or (
        len(doc) <= 24 and doc[len(doc) - 1].text not in ".?!"
    ):
        return
    source, content = clean(doc, [(0, colon)]), clean(doc, [(colon + 1, len(doc))])
    if source and content:
        yield Found("headline", "speaker|headline", colon, [(colon, colon + 1)], content, source)


def headline(doc: Doc) -> Iterator[Found]:
    """ "Police: two hurt", "Two hurt - police": a short line without a full stop, cut by a colon or dash."""
    text = doc.text.strip()
    yield from _credited(doc, text)
    yield from _signed(doc)
    yield from _speaker(doc)
    if len(doc) > 24 or not _HEADLINE_COLON.match(text):
        return
    colon = next((t.i for t in doc if t.text == ":"), None)
    if colon is None or colon == 0 or colon > 8:
        return
    # "Sand to the council: C": whom she tells is no part of her.
    told = next((t.i for t in doc[1:colon] if t.lower_ in ("to", "on")), colon)
    source = clean(doc, [(0, told)])
    content = clean(doc, [(colon + 1, len(doc))])
    label = doc.span(0, colon).text.lower()
    if not label[-1:].isalpha() or label.removeprefix("the ") in words("cues", "labels"):
        return
    # "The Latest: Mayor says ...": the line has its speaker, and what stands before the colon is its label.
    if any(_speaks(t) for t in doc[colon + 1 :]):
        return
    if source and content and not any(t.pos_ in ("VERB", "AUX") for t in doc[:colon]):
        yield Found("headline", "colon|headline", colon, [(colon, colon + 1)], content, source)
