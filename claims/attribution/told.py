"""To whom, and in what, something is said: "told X", "in an interview with X", "in a letter"."""

from __future__ import annotations

from collections.abc import Iterator

from .grammar import child
from .kinds import could_be_outlet
from .lexicon import words
from .papers import makers
from .steps import Report, Step, Steps, meet
from .tree import Token

_NEARER = ("outlet", "agency", "social")
_WITH = ("with", "to", "on", "for")
_OF = ("of", "in", "by", "from")
_OWN = ("his", "her", "their", "its", "my", "our")
_POSS = ("'s", "’s")
_DEEP = 3


def told(steps: Steps, made: Report, verb: Token) -> None:
    """ "X told OUTLET that", "in an interview with OUTLET": the outlet is nearer the reader."""
    doc = steps.doc
    behind = made.found.content[-1][1] if made.found.content else len(doc)
    setting = doc[behind] if behind < len(doc) and made.found.pattern == "verb" else None
    venues = _venue(setting) if setting is not None and setting.lower_ == "in" else []
    cue = (verb.i, verb.i + 1)
    for token, code in [*_recipients(verb), *venues]:
        here = [s for s in steps.of_token(token, cue, code) if _passes_on(s, verb, code)]
        if not here or any(meet(h.mention, s.mention) for h in here for line in made.lines for s in line):
            continue
        made.before(here)
        made.taken.append((token.left_edge.i, token.right_edge.i + 1))
        return
    on_air = _on_air(steps, made, verb)
    made.before(on_air)


def _on_air(steps: Steps, made: Report, verb: Token) -> list[Step]:
    """ "Asked on CNN's “New Day,” she said": an outlet whose name the parse has hung elsewhere."""
    doc, found = steps.doc, made.found
    held = [*found.content, *found.adds, *(found.source or [])]
    for token in verb.sent:
        if (
            token.lower_ != "on"
            or token.i + 1 == len(doc)
            or doc[token.i + 1].ent_type_ not in ("ORG", "FAC")
        ):
            continue
        if token.head.pos_ != "VERB" and token.head.lemma_.lower() not in words("cues", "meetings"):
            continue
        if any(low <= token.i < high for low, high in held):
            continue
        end = token.i + 1
        while (
            end < len(doc) and doc[end].ent_type_ == doc[token.i + 1].ent_type_ and doc[end].text not in _POSS
        ):
            end += 1
        step = steps.step((token.i + 1, end), (verb.i, verb.i + 1), "interview")
        known = step.who.kind in ("outlet", "agency")
        if known and not any(meet(step.mention, s.mention) for line in made.lines for s in line):
            made.taken.append((token.i, end))
            return [step]
    return []


def _passes_on(step: Step, verb: Token, code: str) -> bool:
    """Whether who was told is one that tells the public."""
    if step.mention.words[0] == "this" and step.who.kind in _NEARER:
        # "Told this newspaper": the publisher is no hop.
        return False
    if step.mention.words[0] in _OWN or "social" in step.mention.words:
        # "On his channel", "on social media": a speaker's own place is no hop.
        return False
    if step.who.kind in _NEARER:
        return True
    step.outlet = (code == "interview" or verb.lemma_ == "tell") and could_be_outlet(step.mention, step.who)
    return step.outlet


def _recipients(verb: Token) -> list[tuple[Token, str]]:
    out: list[tuple[Token, str]] = []
    for c in verb.children:
        if c.dep_ == "nsubjpass" and verb.lemma_ in ("tell", "inform"):
            # "The Guardian has been told by two clerks that C".
            out.append((c, "told"))
        if c.dep_ == "dobj" and verb.lemma_ in words("cues", "describing"):
            # "Likened the BBC to a circus": nobody is told.
            continue
        if c.dep_ in ("dobj", "dative", "iobj"):
            who = (child(c, "pobj") or c) if c.dep_ == "dative" else c
            programme = who.lemma_.lower() in words("cues", "hosted")
            # "Told the BBC's evening programme".
            out += [(t, "told") for t in _hosts(who)] if programme else [(who, "told")]
        elif c.dep_ == "prep" and (c.lower_ == "in" or verb.lemma_ not in words("cues", "describing")):
            out += _venue(c)
        elif c.dep_ == "advcl" and c.lemma_ in ("speak", "talk", "write", "appear"):
            out += [t for p in c.children if p.dep_ == "prep" for t in _venue(p)]
        elif c.dep_ == "advcl" and c.lower_ in ("asked", "interviewed", "questioned"):
            by = child(c, "agent")
            out += [(child(by, "pobj") or by, "interview")] if by is not None else []
            out += [t for p in c.children if p.lower_ == "on" for t in _venue(p)]
    if verb.dep_ in ("advcl", "conj", "xcomp", "ccomp") and verb.head.lemma_ in ("speak", "talk", "appear"):
        # "Speaking to X, he said", where the saying is parsed below the speaking.
        out += [t for p in verb.head.children if p.dep_ == "prep" for t in _venue(p)]
    return out


def _venue(prep: Token) -> list[tuple[Token, str]]:
    noun = child(prep, "pobj")
    if noun is None:
        return []
    base = noun.lemma_.lower()
    if base in words("cues", "meetings"):
        hosts = [(t, "interview") for t in _hosts(noun)]
        behind = noun.doc[noun.i + 1] if noun.i + 1 < len(noun.doc) else noun
        if hosts or base != "podcast" or behind.pos_ != "PROPN":
            return hosts
    not_told = words("sources", "documents", "nouns") | words("sources", "documents", "own")
    if base in not_told and not noun.ent_type_:
        return []
    return [(noun, "told")] if prep.lower_ in ("to", "on", "in", "for", "with") else []


def _hosts(meeting: Token) -> list[Token]:
    """Who a meeting is with: "an interview with X", "X's programme", "an X interview", "published by X"."""
    out: list[Token] = []
    for c in meeting.children:
        noun = None
        hosted = meeting.lemma_.lower() in words("cues", "hosted")
        if c.dep_ == "prep" and (c.lower_ in _WITH or (hosted and c.lower_ in _OF)):
            noun = child(c, "pobj")
        elif c.dep_ in ("poss", "compound", "nmod") and hosted:
            # "The BBC's Today programme": the owner may hang on the programme's name.
            noun = child(c, "poss") or c
        elif c.dep_ in ("acl", "relcl") and c.tag_ == "VBN":
            by = child(c, "agent") or child(c, "prep")
            noun = child(by, "pobj") if by is not None else None
        for _ in range(_DEEP):
            if noun is None or noun.ent_type_ or (of := child(noun, "prep")) is None or of.lower_ != "of":
                break
            # "The editorial board of X".
            noun = child(of, "pobj")
        if noun is not None and noun.ent_type_ not in ("DATE", "TIME"):
            out.append(noun)
    return out


def _carriers(verb: Token) -> Iterator[Token]:
    """What a saying may be in: "said in a letter", "filed a complaint, claiming that"."""
    for prep in verb.children:
        noun = child(prep, "pobj") if prep.dep_ == "prep" and prep.lower_ == "in" else None
        if noun is not None:
            yield noun
    above = verb.head
    if verb.tag_ == "VBG" and verb.dep_ == "advcl" and above.lemma_ in words("sources", "documents", "sent"):
        noun = child(above, "dobj")
        if noun is not None and noun.i < verb.i:
            yield noun


def in_document(steps: Steps, made: Report, verb: Token) -> None:
    """ "X said in a letter that C": the letter is nearer the reader. A statement is X’s own voice."""
    if any(s.who.kind == "document" for line in made.lines for s in line):
        return
    for noun in _carriers(verb):
        if noun.lemma_.lower() not in words("sources", "documents", "carriers"):
            continue
        held = steps.trimmed(noun, (verb.i, verb.i + 1), "document")[:1]
        if not held or any(meet(held[0].mention, s.mention) for ln in made.lines for s in ln):
            continue
        before, _, own = makers(steps, held[0])
        before = [s for s in before if not any(meet(s.mention, t.mention) for ln in made.lines for t in ln)]
        held, whole = [*before, own], held[0].place
        for number, line in enumerate(made.lines):
            # Behind an outlet that was told, before who wrote it.
            at = max(
                (n + 1 for n, s in enumerate(line[:-1]) if s.pattern in ("told", "interview")), default=0
            )
            made.lines[number] = [*line[:at], *held, *line[at:]]
        made.taken.append(whole)
        return
