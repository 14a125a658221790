"""Mentions of sources as plain records: what the document-wide steps need, nothing of the parse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from .grammar import Range, child, core_of
from .lexicon import table, words
from .tree import Doc, Span, Token

PERSONAL = {"he", "she", "him", "her", "his", "hers"}
PLURAL = {"they", "them", "their"}
NEUTER = {"it", "its", "this", "that", "which"}
SPEAKER = {"i", "we", "you", "us", "me", "my", "our"}
_ALL = {
    ("all", "two"),
    ("all", "three"),
    ("all", "four"),
    ("all", "five"),
    ("both",),
    ("both", "of", "them"),
    ("all", "of", "them"),
}
_ALL |= {(n, "of", "them") for n in ("two", "three", "four", "several")}
_ALL |= {("the", "two"), ("the", "three"), ("all",), ("all", "but", "one")}
_NAMED = {"PERSON", "ORG", "GPE", "NORP", "FAC", "PRODUCT", "WORK_OF_ART", "LOC", "EVENT", "LAW"}


@dataclass(slots=True)
class Mention:
    """A noun phrase that may be a source. Offsets are absolute.

    ``head`` is its head word's lemma, ``words`` all its lower-case words, ``name`` the proper name in it that
    says who it is (or ""), ``label`` spaCy's label of that name, ``describes`` the nouns that tell what
    that name is.
    """

    start: int
    end: int
    text: str
    head: str
    words: tuple[str, ...]
    name: str = ""
    label: str = ""
    describes: frozenset[str] = frozenset()
    placed: bool = False
    definite: bool = False
    plural: bool = False
    pronoun: str = ""
    subject: bool = False
    sentence: int = 0
    short: str = ""
    members: tuple[str, ...] = ()


def mention_at(doc: Doc, piece: Range, base: int, sentence: int = 0) -> Mention:
    """The mention that a range of tokens makes."""
    low, high = piece
    span = doc.span(low, high)
    core = core_of(doc, low, high)
    if core.dep_ == "appos" and low <= core.head.i < high:
        core = core.head
    head = singular(core)
    texts = tuple(t.lower_ for t in span)
    pronoun = (
        core.lower_
        if core.pos_ in ("PRON", "DET") and core.lower_ in PERSONAL | PLURAL | NEUTER | SPEAKER
        else ""
    )
    if len(span) > 1 and pronoun and core.lower_ in ("those", "these"):
        pronoun = ""
    if core.pos_ in ("NUM", "DET", "PRON") and texts in _ALL:
        pronoun = "they"
    name, label, short, covered = ("", "", "", (core.i, core.i + 1)) if pronoun else _name(doc, span, core)
    told = {
        t.i
        for owner in (core, *(c for c in core.children if c.dep_ == "appos"))
        for c in owner.children
        if c.dep_ in ("relcl", "acl") and c.i > owner.i
        for t in doc[max(low, c.left_edge.i) : min(high, c.right_edge.i + 1)]
    }
    describes = frozenset(
        t.lemma_.lower()
        for t in span
        if t.i not in told and t.pos_ in ("NOUN", "ADJ", "PROPN") and not (covered[0] <= t.i < covered[1])
    ) | (frozenset() if name and covered[0] <= core.i < covered[1] else frozenset({head}))
    return Mention(
        start=doc[low].idx + base,
        end=doc[high - 1].idx + len(doc[high - 1]) + base,
        text=span.text,
        head=head,
        words=texts,
        name=name,
        label=label,
        describes=describes,
        placed=any(
            t.ent_type_ in ("NORP", "GPE", "ORG", "LOC")
            or (t.tag_ == "NNP" and t.i > t.sent.start and t.ent_type_ not in ("DATE", "TIME"))
            for t in span
        ),
        definite=texts[0] in ("the", "that", "this", "those", "these", "his", "her", "its", "their"),
        plural=core.tag_ in ("NNS", "NNPS"),
        pronoun=pronoun,
        subject=core.dep_ in ("nsubj", "nsubjpass"),
        sentence=sentence,
        short=short,
    )


def _beside(name: Token, core: Token) -> bool:
    """Whether an apposition is the head's own: in "a book by the historian X" it isn't."""
    here = name.head
    while here.i != core.i and here.dep_ in ("appos", "conj", "compound", "nmod"):
        here = here.head
    return here.i == core.i


def _titled(doc: Doc, low: int, held: list[tuple[int, int, str]]) -> tuple[int, int, str] | None:
    """ "Scotland head coach Moira Kerr": the person behind a role, however the words before are parsed."""
    roles = words("sources", "persons", "roles")
    for a, b, label in held:
        if label == "PERSON" and low < a and doc[a - 1].lower_ in roles:
            return (
                (a, b, label)
                if all(t.pos_ not in ("ADP", "SCONJ", "PRON") and t.text != "," for t in doc[low:a])
                else None
            )
    return None


def _says_who(name: Token, core: Token) -> bool:
    """ "One of them, Derek Maule, 58": a name behind a comma, parsed as the second of a list."""
    return (
        name.dep_ in ("conj", "appos", "npadvmod")
        and name.head.i == core.i
        and core.pos_ != "PROPN"
        and name.left_edge.i > 0
        and name.doc[name.left_edge.i - 1].text == ","
        and not any(c.dep_ == "cc" for c in core.children)
    )


def singular(word: Token) -> str:
    """A word as the lexicons have it: what opens a sentence is sometimes taken for a name."""
    base = word.lemma_.lower()
    if word.pos_ != "PROPN" or base in _known():
        return base
    return base[:-1] if base.endswith("s") and base[:-1] in _known() else base


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return (
        words("sources", "documents", "nouns")
        | words("sources", "groups", "nouns")
        | words("sources", "persons", "roles")
    )


def _short(doc: Doc, low: int, high: int) -> str:
    """The acronym that a name gives in brackets, or ""."""
    for i in range(low, high - 2):
        short = doc[i + 1].text
        if doc[i].text == "(" and doc[i + 2].text == ")" and short.isupper() and len(short) > 1:
            return short
    return ""


def _name(doc: Doc, span: Span, core: Token) -> tuple[str, str, str, Range]:
    """The proper name that is the mention or stands in apposition to its head; its label, its short form."""
    low, high = span.start, span.end
    short = _short(doc, low, high)
    held = [
        (max(ent.start, low), min(ent.end, high), ent.label_)
        for ent in doc.ents
        if ent.start < high and ent.end > low and ent.label_ in _NAMED
    ]
    best: tuple[int, int, str] | None = _titled(doc, low, held)
    for a, b, label in held if best is None else ():
        root = doc.span(a, b).root
        if label == "NORP" and core.pos_ != "PROPN":
            continue
        if a <= core.i < b:
            best = (a, b, label)
            break
        if best is None and (
            (root.dep_ == "appos" and _beside(root, core)) or (label == "PERSON" and _says_who(root, core))
        ):
            best = (a, b, label)
    if best is None:
        run = _proper_run(doc, span, core) if core.ent_type_ not in ("DATE", "TIME") else None
        if run is None:
            return "", "", short, (core.i, core.i + 1)
        best = (*run, _overlapping_label(held, run))
    a, b, label = best
    run = _widen(doc, span, a, b, label)
    if run != (a, b):
        a, b = run
    while a < b and doc[a].lower_ in ("a", "an"):
        a += 1
    text = doc.span(a, b).text
    for mark in ("'s", "’s"):
        text = text.removesuffix(mark)
    text = text.split("(")[0]
    if not any(c.isupper() for c in text) or (b - a == 1 and _is_common(doc[a])):
        return "", "", short, (core.i, core.i + 1)
    label = _label(doc.span(a, b), label)
    return text.strip(" ,'‘’\"“”"), label, short, (a, b)


def _is_common(word: Token) -> bool:
    """ "Photographs", "Officials" at the start of a sentence: no name."""
    if word.is_sent_start is not True:
        return False
    return word.lower_ in words("cues", "has_it") or (
        singular(word) in _known() and word.lower_.endswith("s")
    )


def _overlapping_label(held: list[tuple[int, int, str]], run: Range) -> str:
    return next((label for a, b, label in held if a < run[1] and run[0] < b), "")


def _widen(doc: Doc, span: Span, a: int, b: int, label: str) -> Range:
    """An entity that the model cut short takes in the proper nouns that it touches, and its article."""
    while (
        b < span.end
        and doc[b].pos_ == "PROPN"
        and doc[b].dep_ != "appos"
        and doc[b - 1].dep_ in ("compound", "nmod", "nsubj", "pobj", "dobj", "conj", "appos")
    ):
        if doc[b].head.i not in range(a, b + 1) and doc[b - 1].head.i != doc[b].i:
            break
        b += 1
    while (
        a > span.start
        and doc[a - 1].pos_ == "PROPN"
        and doc[a - 1].head.i in range(a, b)
        and (label != "PERSON" or doc[a - 1].lower_ not in words("sources", "persons", "titles"))
    ):
        a -= 1
    if a > span.start and doc[a - 1].text == "The":
        a -= 1
    return a, b


def _proper_run(doc: Doc, span: Span, core: Token) -> Range | None:
    calls = words("sources", "social", "nouns") | words("sources", "outlets", "nouns") | {"agency"}
    bodies = calls | words("sources", "organisations", "nouns")
    if (
        core.i + 1 < span.end
        and core.pos_ == "NOUN"
        and core.lemma_.lower() in bodies
        and doc[core.i + 1].pos_ == "PROPN"
        and doc[core.i + 1].ent_type_ not in ("DATE", "TIME")
    ):
        # "the channel Harbour Watch", parsed as two phrases.
        at = core.i + 1
        while at + 1 < span.end and doc[at + 1].pos_ == "PROPN":
            at += 1
        return core.i + 1, at + 1
    if core.i + 2 < span.end and doc[core.i + 1].text == "The" and doc[core.i + 2].pos_ == "PROPN":
        # "tabloid The Echo": an outlet's own article after its noun.
        at = core.i + 2
        while at + 1 < span.end and doc[at + 1].pos_ == "PROPN":
            at += 1
        return core.i + 1, at + 1
    if core.lemma_.lower() in calls:
        # "the Colonel Q channel", "the Guardian newspaper": the noun only says what the name is.
        at = core.i
        while at - 1 >= span.start and doc[at - 1].pos_ == "PROPN":
            at -= 1
        if at < core.i and doc[at].lower_ not in words("sources", "social", "platforms"):
            return at, core.i
    candidates = (
        [core]
        if core.pos_ == "PROPN"
        else [t for t in span if t.dep_ == "appos" and t.pos_ == "PROPN" and _beside(t, core)]
    )
    if not candidates:
        return _behind_comma(doc, span, core)
    at = candidates[0].i
    low = high = at
    while low - 1 >= span.start and doc[low - 1].pos_ == "PROPN":
        low -= 1
    while high + 1 < span.end and doc[high + 1].pos_ == "PROPN":
        high += 1
    return low, high + 1


def _behind_comma(doc: Doc, span: Span, core: Token) -> Range | None:
    """ "The head of the cooperative, Manolis Drakos": the mention ends with the name."""
    if core.lemma_.lower() not in words("sources", "persons", "roles"):
        return None
    at = span.end
    while at > span.start and doc[at - 1].pos_ == "PROPN":
        at -= 1
    two = 2 <= span.end - at <= 3
    return (at, span.end) if two and at > core.i and doc[at - 1].text == "," else None


def named_in(doc: Doc, base: int, first_sentence: int) -> Iterator[Mention]:
    """Every person and organisation that a piece names, with the nouns that describe it."""
    number = first_sentence - 1
    starts = {sent.start for sent in doc.sents}
    at = 0
    for low, high, label in sorted(_names_in(doc)):
        while at <= low:
            number += at in starts
            at += 1
        name = doc.span(low, high)
        root = name.root
        text = name.text.removesuffix("'s").removesuffix("’s").strip(" ,'‘’\"“”")
        yield Mention(
            start=name.start_char + base,
            end=name.end_char + base,
            text=name.text,
            head=root.lemma_.lower(),
            words=tuple(t.lower_ for t in name),
            name=text,
            label=label,
            describes=_said_of(root) | frozenset(t.lemma_.lower() for t in name if t.pos_ in ("NOUN", "ADJ")),
            subject=root.dep_ in ("nsubj", "nsubjpass") and root.head.dep_ not in ("advcl", "relcl"),
            sentence=number,
            short=_short(doc, low, high),
        )


def groups_in(doc: Doc, base: int, first_sentence: int) -> Iterator[Mention]:
    """The people that a piece's sentences are about, without a name: whom "they" may mean next."""
    number = first_sentence - 1
    starts = {sent.start for sent in doc.sents}
    people = words("sources", "groups", "nouns") | words("sources", "groups", "bodies")
    for token in doc:
        number += token.i in starts
        if token.tag_ == "NNS" and token.dep_ in ("nsubj", "nsubjpass") and token.lemma_.lower() in people:
            yield mention_at(doc, (token.left_edge.i, token.i + 1), base, number)
        elif token.ent_type_ == "PERSON" and (two := _pair(token)):
            yield replace(
                mention_at(doc, (token.i, token.i + 1), base, number), name="", plural=True, members=two
            )


def _pair(first: Token) -> tuple[str, ...]:
    """ "Lise Moreau and Petr Hanak": two people whom "they" may mean next."""
    second = child(first, "conj")
    if second is None or second.ent_type_ != "PERSON" or child(second, "conj") is not None:
        return ()
    if child(first, "cc") is None or first.dep_ not in ("nsubj", "nsubjpass", "appos", "pobj"):
        return ()
    ents = {t.i: e for e in first.doc.ents if e.label_ == "PERSON" for t in e}
    names = [ents[t.i].text.removesuffix("'s").removesuffix("’s") for t in (first, second) if t.i in ents]
    return tuple(names) if len(names) == 2 and names[0] != names[1] else ()


def _label(name: Span, label: str) -> str:
    """A name's label, mended where its title or its first name shows that it is a person's."""
    first, last = name[0].lower_, name[-1].lower_
    if len(name) < 2 or label == "PERSON":
        return label
    if first in words("sources", "persons", "surely"):
        return "PERSON"
    bodies = words("sources", "organisations", "words") | words("sources", "organisations", "nouns")
    bodies |= words("sources", "outlets", "words")
    names = words("first_names", "she") | words("first_names", "he")
    own = first in names and last not in bodies and len(name) <= 3 and all(t.is_alpha for t in name)
    return "PERSON" if own and label in ("ORG", "", "GPE") else label


def _names_in(doc: Doc) -> Iterator[tuple[int, int, str]]:
    """The entities, and the names that the entity recogniser passes over: "Mayor Ana Ruiz denied it"."""
    for ent in doc.ents:
        if ent.label_ in ("PERSON", "ORG", "GPE", "PRODUCT", "WORK_OF_ART"):
            yield ent.start, ent.end, _label(ent, ent.label_)
    for token in doc:
        if (
            token.pos_ != "PROPN"
            or token.ent_type_
            or token.dep_ not in ("nsubj", "nsubjpass", "dobj", "pobj")
        ):
            continue
        low = token.i
        while low > 0 and doc[low - 1].pos_ == "PROPN" and not doc[low - 1].ent_type_:
            low -= 1
        if low < token.i:
            yield low, token.i + 1, _label(doc.span(low, token.i + 1), "")


def _said_of(token: Token) -> frozenset[str]:
    """The nouns that say what a named one is: "envoy X", "X, the envoy", "X is the envoy"."""
    near = [c for c in token.children if c.dep_ in ("compound", "nmod", "amod", "appos")]
    near += [
        d for c in near if c.dep_ == "appos" for d in c.children if d.dep_ in ("compound", "nmod", "amod")
    ]
    if token.dep_ == "appos":
        near.append(token.head)
        near += [c for c in token.head.children if c.dep_ in ("compound", "nmod", "amod")]
    elif token.dep_ in ("compound", "nmod") and token.head.pos_ == "NOUN":
        near.append(token.head)
    if token.dep_ == "nsubj" and token.head.lemma_ == "be":
        near += [c for c in token.head.children if c.dep_ == "attr"]
    before = token.left_edge.i - 1
    if before >= 0 and token.doc[before].pos_ == "NOUN" and token.doc[before].dep_ == token.dep_:
        near.append(token.doc[before])
    short = table("sources")["persons"]["abbreviated"]
    return frozenset(short.get(c.lower_, c.lemma_.lower()) for c in near)
