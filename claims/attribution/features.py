"""What the weighing looks at: a handful of readable facts about a cue, its source and its content."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from .found import Found
from .grammar import Range, child, core_of

_FIRST = {"i", "we", "me", "us"}
_OTHERS = {"he", "she", "they", "him", "her", "them"}
_THINGS = {"it", "this", "that", "these", "those", "which", "what", "there"}


def features(doc: Doc, found: Found) -> list[str]:
    """Names of the facts that hold of a cue. Each has a weight in lexicons/weights.toml, or none."""
    head = doc[found.head]
    pieces = found.key.split("|")
    shape = "|".join([found.pattern, *pieces[1:]])
    word, rough = pieces[0], shape.split(":")[0]
    who = source_kind(doc, found.source)
    first = doc[found.content[0][0]]
    size = sum(b - a for a, b in found.content)
    core = max((core_of(doc, a, b) for a, b in found.content), key=lambda t: t.right_edge.i - t.left_edge.i)
    out = [
        f"shape {rough}",
        f"word {found.pattern} {word}",
        f"pair {word} {shape}",
        f"who {who}",
        f"who {who} {rough}",
        f"form {form(head)} {found.pattern}",
        f"form {form(head)} {rough}",
        f"place {head.dep_} {found.pattern}",
        f"size {min(size.bit_length(), 6)} {rough}",
        f"content {content_kind(core)} {rough}",
        f"begins {first.tag_} {rough}",
    ]
    if found.source:
        low, high = found.source[-1]
        core = core_of(doc, low, high)
        if core.pos_ == "NOUN":
            out.append(f"noun {core.lemma_.lower()}")
        out.append(f"side {'before' if high <= head.i else 'after'} {rough}")
    if any(c.dep_ == "neg" for c in head.children):
        out.append(f"not {found.pattern}")
        out.append(f"not {word}")
    modal = next((c for c in head.children if c.tag_ == "MD"), None)
    if modal is not None:
        out.append(f"modal {modal.lemma_.lower()}")
        out.append(f"modal {rough}")
    if (
        (mark := child(head, "mark", "advmod")) is not None
        and mark.i < head.i
        and mark.lower_ in ("if", "when", "how", "why", "as", "while", "after", "because")
    ):
        out.append(f"mark {mark.lower_}")
    return out


def source_kind(doc: Doc, source: list[Range] | None) -> str:
    """Roughly who a source is: a person, an organisation, a pronoun of some kind, a thing, nobody."""
    if not source:
        return "none"
    low, high = source[-1]
    core: Token = core_of(doc, low, high)
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
