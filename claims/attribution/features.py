"""What the weighing looks at: a handful of readable facts about a cue, its source and its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from .found import Found
from .grammar import Range, core_of
from .lexicon import words
from .tree import Doc, Token

_FIRST = {"i", "we", "me", "us"}
_OTHERS = {"he", "she", "they", "him", "her", "them"}
_MARKS = {"if", "when", "how", "why", "as", "while", "after", "because"}
_CLASSES = ("said", "claimed", "confirmed", "denied", "voicing", "promising", "citing")
_CALLINGS = {
    "role": ("persons", "roles"),
    "outlet": ("outlets", "nouns"),
    "document": ("documents", "nouns"),
    "organisation": ("organisations", "nouns"),
    "social": ("social", "nouns"),
    "group": ("groups", "nouns"),
}
_THINGS = {"it", "this", "that", "these", "those", "which", "what", "there"}


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around a cue: its other readings, and how many tokens before each one are quoted."""

    quoted: Sequence[int]
    readings: Sequence[Found]
    head: Standing
    who: dict[int, tuple[str, Token | None, str]] = field(default_factory=dict)

    def source(self, doc: Doc, found: Found) -> tuple[str, Token | None, str]:
        """The kind, the head word and the class of a source, which most readings of a cue share."""
        key = id(found.source)
        if key not in self.who:
            core = core_of(doc, *found.source[-1]) if found.source else None
            group = noun_class(core.lemma_.lower()) if core is not None else ""
            self.who[key] = _kind_of(core), core, group
        return self.who[key]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a cue's word stands in its sentence, whatever it is read as."""

    place: str
    above: str
    under: str
    shape: str
    negated: int
    modals: tuple[str, ...]
    mark: str


def standing(head: Token) -> Standing:
    """Look once at a cue's word."""
    negated, modals, mark = 0, [], None
    for c in head.children:
        if c.dep_ == "neg":
            negated += 1
        elif c.tag_ == "MD":
            modals.append(c.lemma_.lower())
        if mark is None and c.dep_ in ("mark", "advmod"):
            mark = c
    marked = mark.lower_ if mark is not None and mark.i < head.i and mark.lower_ in _MARKS else ""
    place, above = head.dep_, head.head
    return Standing(place, above.pos_, above.lemma_.lower(), form(head), negated, tuple(modals), marked)


def features(doc: Doc, found: Found, around: Around) -> list[str]:
    """Names of the facts that hold of a cue. Each has a weight in lexicons/weights.toml, or none."""
    head = around.head
    word, _, frame = found.key.partition("|")
    pattern = found.pattern
    rough = f"{pattern}|{frame}".split(":")[0]
    first = doc[found.content[0][0]]
    size = sum(b - a for a, b in found.content)
    core = max((core_of(doc, a, b) for a, b in found.content), key=lambda t: t.right_edge.i - t.left_edge.i)
    out = [
        f"shape {rough}",
        f"word {pattern} {word}",
        f"pair {word} {pattern}|{frame}",
        f"place {head.place} {pattern}",
        f"size {min(size.bit_length(), 6)} {rough}",
        f"content {content_kind(core)} {rough}",
        f"begins {first.tag_} {rough}",
        f"class {word_class(word)} {rough}",
        f"also {head.place} {head.above} {rough}",
        f"under {head.place} {head.under}",
    ]
    out += _who(doc, found, around, word, rough)
    out += _form(head, word, pattern, rough)
    out += _quoted(found, around.quoted, pattern, word, rough)
    if core.pos_ in ("NOUN", "PROPN"):
        what = core.lemma_.lower() if core.pos_ == "NOUN" else core.ent_type_
        out += [f"about {what}", f"about {what} {pattern} {word}"]
    for other in {r.key.partition("|")[2] for r in around.readings}:
        if other != frame:
            out.append(f"rival {other} {rough}")
    return out


def _who(doc: Doc, found: Found, around: Around, word: str, rough: str) -> list[str]:
    who, core, group = around.source(doc, found)
    out = [f"who {who}", f"who {who} {rough}"]
    if found.source and core is not None:
        low, high = found.source[-1]
        if core.pos_ == "NOUN":
            out.append(f"noun {core.lemma_.lower()}")
        out.append(f"side {'before' if high <= found.head else 'after'} {rough}")
        out += [f"calling {group} {rough}", f"calling {group} {word}"]
        out.append(f"long {min((high - low).bit_length(), 4)} {found.pattern}")
    return out


def _form(head: Standing, word: str, pattern: str, rough: str) -> list[str]:
    out = [f"form {head.shape} {pattern}", f"form {head.shape} {rough}"]
    out += [f"not {pattern}", f"not {word}"] * head.negated
    for modal in head.modals:
        out += [f"modal {modal}", f"modal {rough}"]
    if head.mark:
        out.append(f"mark {head.mark}")
    return out


def _quoted(found: Found, quoted: Sequence[int], pattern: str, word: str, rough: str) -> list[str]:
    marks = sum(quoted[b] - quoted[a] for a, b in found.content)
    size = sum(b - a for a, b in found.content)
    first, head = found.content[0][0], found.head
    starts = quoted[first + 1] > quoted[first]
    how = "all" if marks == size else "start" if starts else "some" if marks else "no"
    within = "within" if quoted[head + 1] > quoted[head] else "out"
    return [f"quoted {how} {rough}", f"quoted {how} {pattern} {word}", f"marks {within} {rough}"]


@lru_cache(maxsize=4096)
def word_class(word: str) -> str:
    """The list of lexicons/cues.toml that a cue stands in, or "none"."""
    return next((name for name in _CLASSES if word in words("cues", name)), "none")


@lru_cache(maxsize=4096)
def noun_class(noun: str) -> str:
    """The list of lexicons/sources.toml that a source's head stands in, or "none"."""
    return next((name for name, path in _CALLINGS.items() if noun in words("sources", *path)), "none")


def source_kind(doc: Doc, source: list[Range] | None) -> str:
    """Roughly who a source is: a person, an organisation, a pronoun of some kind, a thing, nobody."""
    return _kind_of(core_of(doc, *source[-1]) if source else None)


def _kind_of(core: Token | None) -> str:
    if core is None:
        return "none"
    lower = core.lower_
    if lower in _FIRST:
        return "first"
    if lower == "you":
        return "you"
    if lower in _OTHERS:
        return "they"
    if lower in _THINGS:
        return "thing"
    if lower == "who":
        return "who"
    if core.ent_type_:
        return core.ent_type_.lower()
    if core.pos_ == "PROPN":
        return "proper"
    return core.pos_.lower()


def form(head: Token) -> str:
    """The form of the cue: past, present, "to", gerund, after a modal or "have"."""
    if head.tag_ in ("VB", "VBN"):
        for c in head.children:
            if c.dep_ == "aux":
                return "to" if c.lower_ == "to" else f"{head.tag_}-{c.tag_[:2]}"
    return head.tag_


def content_kind(core: Token) -> str:
    """The kind of word that the content hangs on."""
    if core.ent_type_:
        return core.ent_type_
    return core.tag_
