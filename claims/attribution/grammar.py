"""Questions to a dependency tree. Ranges are half-open pairs of token indexes within one parsed piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from .tree import Doc, Token

Range = tuple[int, int]

# A verb without a subject of its own borrows from these: "vowed and said", "went on to say", "by saying".
_BORROW = {"conj", "xcomp", "advcl", "pcomp", "dep", "parataxis", "ccomp"}
_CLIMB = 6
# "They were quick to claim": said all the same.
EAGER = frozenset({"quick", "keen", "careful", "eager", "swift", "slow"})
# "They forced him to admit": he is the one who admits.
_MADE_TO = {"force", "compel", "oblige", "lead", "prompt", "push", "press"}
_STOPS = {".", "?", "!", ";", "”", "“", '"', "''", "``", ":"}
_LONGEST_NAME = 16
_EDGE = set("\"'“”‘’«»„`´,;:.!?–—―-…()[] ")
_SPOKEN_EDGE = {"''", "``", "...", "--", ". . .", "…"}


def span(token: Token) -> Range:
    """The stretch that a word's subtree covers."""
    return token.left_edge.i, token.right_edge.i + 1


def child(token: Token, *labels: str) -> Token | None:
    """The first child with one of these dependency labels."""
    for c in token.children:
        if c.dep_ in labels:
            return c
    return None


def is_passive(verb: Token) -> bool:
    if any(c.dep_ == "auxpass" and c.text in ("'s", "’s") for c in verb.children):
        # "He's said that ..." is a perfect: only an agent makes it a passive.
        return child(verb, "agent") is not None
    return any(c.dep_ in ("auxpass", "nsubjpass", "csubjpass", "agent") for c in verb.children)


def ancestors(token: Token) -> list[Token]:
    """The words above a word, the nearest first; a handful of them."""
    out = []
    here = token
    for _ in range(8):
        if here.head is here:
            break
        here = here.head
        out.append(here)
    return out


def subject(verb: Token) -> Token | None:
    """Who a verb is said of: its own subject, or the one that it shares. None if nobody is found."""
    made = child(verb.head, "dobj") if verb.dep_ == "xcomp" and verb.head.lemma_ in _MADE_TO else None
    if made is not None:
        return made
    for step, here in enumerate(_lenders(verb)):
        own = _own_subject(here)
        if own is not None:
            # "The Echo, citing X, reported" is parsed as if the citing were the subject.
            return _beside_clause(here, own) if own.dep_ == "csubj" else own
        if child(here, "expl") is not None:
            return None
        # "Mira offered help, then says": the first verb is parsed as what the second one brings.
        first = next((c for c in here.children if c.dep_ == "ccomp" and c.i < here.i), None)
        if step == 0 and first is not None and here.i - first.right_edge.i <= 3 and _then(here, first):
            return _own_subject(first)
        # "The Echo citing X, reported": the subject is parsed as that of the participle alone.
        early = next(
            (c for c in here.children if c.dep_ == "advcl" and c.tag_ == "VBG" and c.i < here.i), None
        )
        if early is not None and (its := child(early, "nsubj")) is not None:
            return its
        # "A reported him as saying": he is the one who says.
        if here.dep_ == "pcomp" and here.head.lower_ == "as" and here.head.head.pos_ == "VERB":
            told = child(here.head.head, "dobj", "nsubjpass")
            if told is not None:
                return told
        if here.dep_ in ("acl", "relcl") and (step == 0 or here.tag_ == "VBG"):
            return here.head
        if (
            here.tag_ == "VB"
            and here.dep_ in ("ROOT", "ccomp")
            and not any(c.dep_ == "aux" for c in here.children)
        ):
            return None
    return None


def _then(verb: Token, first: Token) -> bool:
    between = verb.doc[first.right_edge.i + 1 : verb.i]
    return any(t.lower_ in ("then", "and", "also") for t in between) and all(
        t.is_punct or t.pos_ in ("ADV", "CCONJ") for t in between
    )


def _beside_clause(verb: Token, clause: Token) -> Token | None:
    if clause.tag_ != "VBG":
        return None
    before = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < clause.i]
    return before[-1] if before else subject(clause)


def _own_subject(verb: Token) -> Token | None:
    found = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass", "csubj")]
    if len(left := [c for c in found if c.i < verb.i]) == 2 and _is_makers(*left):
        return left[0]
    # "British tabloid The Echo reported" is parsed with two subjects: the name stands next to the verb.
    left = [c for c in found if c.i < verb.i]
    if verb.dep_ == "parataxis" and left and left[-1] is not found[-1] and verb.doc[verb.i - 1].text == ",":
        # "The dam, said Mira Sand, is safe": the dam is what she speaks of.
        return found[-1]
    return left[-1] if left else (found[0] if found else None)


def _is_makers(first: Token, second: Token) -> bool:
    """ "A book by the historian Jan Moss claims": the book does, though the name stands next to the verb."""
    inner = [c for c in first.children if c.i > first.i and c.dep_ in ("prep", "agent", "acl")]
    return bool(inner) and first.right_edge.i + 1 == second.left_edge.i and second.pos_ == "PROPN"


def _lenders(verb: Token) -> Iterator[Token]:
    here = verb
    for _ in range(_CLIMB):
        yield here
        if here.dep_ == "pcomp":
            # "responded by saying": over the preposition to the verb.
            here = here.head
        elif here.dep_ == "ccomp" and child(here, "mark") is not None:
            return
        if here.dep_ not in _BORROW and here.dep_ != "prep":
            return
        if here.head is here:
            return
        here = here.head
        if here.dep_ == "acomp" and here.lemma_ in EAGER:
            # "They were quick to claim that C".
            here = here.head
        if here.pos_ not in ("VERB", "AUX"):
            return


def mention(token: Token) -> Range:
    """A noun phrase as a source is marked: with its appositions and relative clauses."""
    low, high = token.left_edge.i, token.right_edge.i + 1
    doc = token.doc
    for c in token.children:
        if c.dep_ == "conj" and c.i > token.i and c.pos_ in ("VERB", "AUX"):
            edge = c.left_edge.i
            while edge - 1 > token.i and doc[edge - 1].dep_ in ("cc", "punct"):
                edge -= 1
            high = min(high, edge)
        elif (c.lower_ in ("citing", "quoting") or _afterthought(c)) and c.i > token.i:
            high = min(high, c.i)
        elif c.dep_ == "appos":
            # Of the words that say who somebody is, what is said of *those* is too far away.
            for d in c.children:
                edge = d.left_edge.i
                if d.dep_ == "relcl" and edge > c.i and doc[edge - 1].text == ",":
                    high = min(high, edge - 1)
    return trim(doc, (low, high))


def _afterthought(word: Token) -> bool:
    """ "X, explaining that ..., said": a participle after a comma."""
    return word.dep_ == "acl" and word.tag_ == "VBG" and word.i > 0 and word.doc[word.i - 1].text == ","


def nearest_name(verb: Token, low: int, high: int) -> Range | None:
    """The noun phrase that touches a verb within ``low:high``, where the parse gives it no subject."""
    doc = verb.doc
    start = at = verb.i
    while start > low and doc[start - 1].text not in _STOPS and verb.i - start < _LONGEST_NAME:
        start -= 1
    while (
        start < at
        and doc[start].pos_ in ("ADV", "CCONJ", "PUNCT", "SPACE", "PART")
        and not _named(doc[start])
    ):
        start += 1
    while at > start and doc[at - 1].pos_ in ("ADV", "AUX", "PUNCT") and not _named(doc[at - 1]):
        at -= 1
    words = doc[start:at]
    if any(t.pos_ in ("NOUN", "PROPN", "PRON") or _named(t) for t in words) and not any(
        t.pos_ == "VERB" for t in words
    ):
        return trim(doc, (start, at))
    at = verb.i + 1
    if at < high and (doc[at].pos_ in ("NOUN", "PROPN", "PRON", "DET", "ADJ")) and doc[at].dep_ != "npadvmod":
        end = at
        while end < high and doc[end].pos_ in ("NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM", "PART"):
            end += 1
        return trim(doc, (at, end))
    return None


def _named(word: Token) -> bool:
    """A name, even where the tagger takes it for an adverb: "Tully conceded that"."""
    return word.ent_type_ in ("PERSON", "ORG", "GPE")


def core_of(doc: Doc, low: int, high: int) -> Token:
    """The word that a range hangs on: up from its first word as long as the range holds the head."""
    here = doc[low]
    for _ in range(200):
        if here.head is here or not low <= here.head.i < high:
            break
        here = here.head
    return here


def trim(doc: Doc, piece: Range) -> Range:
    """Without quotation marks and punctuation at the edges. May come out empty."""
    low, high = piece
    while low < high and _is_edge(doc[low].text):
        low += 1
    while high > low and _is_edge(doc[high - 1].text):
        high -= 1
    return low, high


@lru_cache(maxsize=4096)
def _is_edge(text: str) -> bool:
    return text in _SPOKEN_EDGE or set(text) <= _EDGE


def without(piece: Range, holes: Iterable[Range]) -> list[Range]:
    """The parts of a range that no hole covers."""
    left = [piece]
    for low, high in holes:
        cut: list[Range] = []
        for start, end in left:
            if high <= start or low >= end:
                cut.append((start, end))
                continue
            if start < low:
                cut.append((start, low))
            if high < end:
                cut.append((high, end))
        left = cut
    return left


def overlap(a: Range, b: Range) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def clean(doc: Doc, pieces: Iterable[Range]) -> list[Range]:
    """Trimmed, empty ones dropped, in order."""
    cuts = [trim(doc, piece) for piece in sorted(pieces)]
    return [cut for cut in cuts if cut[0] < cut[1]]


def verb_group(verb: Token) -> list[int]:
    """The words of a verbal cue: auxiliaries, negation, particles and adverbs that stand next to it."""
    chosen = {verb.i}
    for c in verb.children:
        if c.dep_ in ("aux", "auxpass", "neg", "prt") or (c.dep_ == "advmod" and abs(c.i - verb.i) == 1):
            chosen.add(c.i)
    low = verb.i
    while low - 1 in chosen or (low - 1 >= 0 and low - 2 in chosen and verb.doc[low - 1].pos_ == "ADV"):
        low -= 1
    high = verb.i + 1
    while high in chosen:
        high += 1
    return list(range(low, high))


def _is_one_name(noun: Token) -> bool:
    """ "“Fox and Friends”": one name, though it has an "and" in it."""
    doc, last = noun.doc, child(noun, "conj")
    if last is None or last.i < noun.i:
        return False
    if noun.ent_type_ and all(t.ent_iob_ == "I" for t in doc[noun.i + 1 : last.i + 1]):
        return noun.ent_type_ not in ("PERSON", "GPE", "NORP")
    low, high = noun.left_edge.i, last.right_edge.i
    before, behind = doc[max(0, low - 1)].text, doc[min(len(doc) - 1, high + 1)].text
    return before in ("“", '"', "``") and behind in ("”", '"', "''", ",", ".")


def _second(noun: Token) -> Token | None:
    """ "The mayor, the union and the fire service": a list, parsed as if the union were what the mayor is."""
    if noun.ent_type_ == "PERSON":
        return None
    for c in noun.children:
        if c.dep_ != "appos" or (c.pos_ == "PROPN" and noun.pos_ != "PROPN"):
            continue
        third = child(c, "conj")
        if third is None or child(c, "cc") is None:
            continue
        if all(m.pos_ == "PROPN" or child(m, "det", "poss") is not None for m in (noun, c, third)):
            return c
    return None


def split(noun: Token) -> list[Range]:
    """A list of sources as separate mentions, if each can stand alone: names, or nouns with articles."""
    members = [noun]
    at = noun
    if _is_one_name(noun):
        return [mention(noun)]
    if (second := _second(noun)) is not None:
        members.append(second)
        at = second
    for _ in range(12):
        nxt = next((c for c in at.children if c.dep_ == "conj" and c.pos_ in ("NOUN", "PROPN", "PRON")), None)
        if nxt is None:
            break
        members.append(nxt)
        at = nxt
    low, high = mention(noun)
    if len(members) == 1:
        return [(low, high)]
    alone = [
        m.pos_ == "PROPN" or m.ent_type_ in ("PERSON", "ORG") or child(m, "det", "poss") is not None
        for m in members
    ]
    loose = [m.tag_ == "NNS" or child(m, "nummod") is not None for m in members]
    if not any(alone) or not all(a or b for a, b in zip(alone, loose, strict=True)):
        return [(low, high)]
    out = []
    edges = [m.left_edge.i for m in members[1:]] + [high]
    start = low
    for m, edge in zip(members, edges, strict=True):
        end = edge
        while end - 1 > m.i and m.doc[end - 1].dep_ in ("cc", "punct"):
            end -= 1
        out.append((start, end))
        start = edge
    return [(a, b) for a, b in out if a < b]
