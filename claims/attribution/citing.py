"""Who is cited: "A, citing B", "A, which quoted B", "A quoted B as saying", "B was quoted by A"."""

from __future__ import annotations

from .grammar import child, clean, core_of, subject
from .kinds import is_source
from .lexicon import words
from .steps import Report, Step, Steps, meet
from .tree import Token

_PARTICIPLES = ("citing", "quoting", "referencing", "crediting")
# "Based on X", "referring to X": the source hangs on the preposition.
_WITH_PREPOSITION = {
    "based": "on",
    "drawing": "on",
    "leaning": "on",
    "pointing": "to",
    "referring": "to",
    "relying": "on",
}
# "With reference to X", "on the strength of X".
_OF_A_NOUN = {"reference": ("with", "to"), "strength": ("on", "of"), "basis": ("on", "of")}
# What these point at is more often what the words are about than where they come from.
_ABOUT = {"referring", "pointing", "reference"}
_PUBLIC = ("outlet", "agency", "social")
_FAR = 25
_DEEP = 4


def cited(steps: Steps, made: Report, verb: Token) -> None:
    """ "A, citing B, said": B is one step further away."""
    if not made.lines:
        return
    for token in verb.sent:
        if (
            token.lower_ not in _PARTICIPLES
            and token.lower_ not in _WITH_PREPOSITION
            and token.lower_ not in _OF_A_NOUN
        ):
            continue
        first, last = sorted((verb.i, token.i))
        if any(t.text == ";" for t in steps.doc[first:last]):
            continue
        if any(low <= token.i < high for low, high in made.found.cue) or not _governs(
            steps, made, verb, token
        ):
            continue
        noun = _object(steps, token)
        if noun is None:
            continue
        found = [s for s in steps.trimmed(noun, (token.i, token.i + 1), "citing") if is_source(s.mention)]
        if token.lower_ in _ABOUT:
            found = [s for s in found if _reports(made, s)]
        if found:
            made.behind(found)
            start = token.head.i if token.lower_ in _OF_A_NOUN else token.i
            made.taken.append((start, max(s.place[1] for s in found)))
        elif token.lower_ in _ABOUT and any(low == token.i for low, _ in made.found.content):
            made.taken.append((token.i, noun.i + 1))


def heard_from(verb: Token) -> Token | None:
    """ "A had heard from B that C": B."""
    if verb.lemma_ not in words("cues", "learning"):
        return None
    prep = next((c for c in verb.children if c.dep_ == "prep" and c.lower_ == "from"), None)
    return child(prep, "pobj") if prep is not None else None


def told_by(steps: Steps, made: Report, verb: Token) -> None:
    """ "A had heard from B that C": A, then B."""
    noun = heard_from(verb)
    found = steps.trimmed(noun, (verb.i, verb.i + 1), "said") if noun is not None else []
    made.behind([s for s in found if is_source(s.mention)][:1] if made.lines else [])


def named_as_source(steps: Steps, made: Report, verb: Token) -> None:
    """ "A said C, and named B as its source"."""
    for c in verb.children:
        noun = (
            child(c, "dobj") if c.dep_ in ("conj", "advcl") and c.lemma_ in ("name", "give", "cite") else None
        )
        if noun is None or not made.lines:
            continue
        under = [*c.children, *noun.subtree]
        prep = next((p for p in under if p.lower_ == "as" and p.dep_ == "prep" and p.i > noun.i), None)
        role = child(prep, "pobj") if prep is not None else None
        if prep is None or role is None or role.lemma_ not in ("source", "origin", "informant"):
            continue
        places = clean(steps.doc, [(noun.left_edge.i, prep.i)])
        found = [s for p in places if is_source((s := steps.step(p, (c.i, c.i + 1), "citing")).mention)]
        made.behind(found[:1])
        return


def _reports(made: Report, step: Step) -> bool:
    """ "The Echo wrote, referring to a channel": who reports refers to who told it, a speaker to anything."""
    nearer = made.lines[0][-1].who
    if made.found.pattern == "quote" and nearer.kind not in _PUBLIC:
        return False
    who = step.who
    telling = words("sources", "documents", "voices") | words("sources", "documents", "surveys")
    if who.kind in _PUBLIC or (who.kind == "document" and step.mention.head in telling):
        return True
    reporting = nearer.kind in _PUBLIC or made.found.key.startswith("report|")
    return reporting and (who.kind == "document" or (who.naming != "named" and not step.mention.definite))


def _object(steps: Steps, citing: Token) -> Token | None:
    wanted = _WITH_PREPOSITION.get(citing.lower_)
    if citing.lower_ in _OF_A_NOUN:
        first, wanted = _OF_A_NOUN[citing.lower_]
        if citing.dep_ != "pobj" or citing.head.lower_ != first:
            return None
    if wanted is not None:
        prep = next((c for c in citing.children if c.dep_ == "prep" and c.lower_ == wanted), None)
        return child(prep, "pobj") if prep is not None else None
    noun = child(citing, "dobj") or child(citing, "pobj")
    if noun is None:
        noun = next((t for t in citing.children if t.i > citing.i and t.pos_ in ("NOUN", "PROPN")), None)
    if noun is None and citing.i + 1 < len(steps.doc) and steps.doc[citing.i + 1].pos_ in ("NOUN", "PROPN"):
        noun = steps.doc[citing.i + 1]
    return noun


def _governs(steps: Steps, made: Report, verb: Token, citing: Token) -> bool:
    owner = citing
    for _ in range(_DEEP):
        if owner.head is owner:
            break
        owner = owner.head
        if owner.i == verb.i:
            return True
        if owner.pos_ == "VERB" and owner.lemma_ in words("cues", "said") | words("cues", "claimed"):
            return False
    who = subject(citing)
    if who is not None and made.found.source and any(a <= who.i < b for a, b in made.found.source):
        return True
    low, high = sorted((verb.i, citing.i))
    return high - low < _FAR and not any(
        t.lemma_ in words("cues", "said") and t.pos_ == "VERB" for t in steps.doc[low + 1 : high]
    )


def citing_that(steps: Steps, made: Report, verb: Token) -> None:
    """ "A wrote, quoting B, that C", where the clause is parsed as hanging on the quoting."""
    noun = child(verb, "dobj")
    if verb.tag_ != "VBG" or verb.lemma_ not in words("cues", "citing") or noun is None:
        return
    if made.found.pattern != "verb" or verb.head.pos_ != "VERB":
        return
    for step in (s for line in made.lines for s in line):
        step.cue = (verb.head.i, verb.head.i + 1)
    made.behind(steps.trimmed(noun, (verb.i, verb.i + 1), "citing"))


def cite_on(steps: Steps, made: Report) -> None:
    """ "A, which cited B": B is one step further away, and so on from B."""
    for number, line in enumerate(made.lines):
        whole = list(line)
        for _ in range(_DEEP):
            further = _cited_by(steps, whole[-1])
            if further is None or any(meet(further.mention, s.mention) for s in line):
                break
            whole.append(further)
        made.lines[number] = whole


def _cited_by(steps: Steps, step: Step) -> Step | None:
    core = core_of(steps.doc, *step.place)
    for owner in (core, *(c for c in core.children if c.dep_ == "appos")):
        for c in owner.children:
            if (further := _had_from(steps, c, owner)) is not None:
                _cut_at(steps, step, c)
                return further
            has_seen = c.lemma_ in words("sources", "documents", "passed_on") - words("cues", "citing")
            if (
                c.dep_ != "relcl"
                or c.i < owner.i
                or (c.lemma_ not in words("cues", "citing") and not has_seen)
            ):
                continue
            who, noun = child(c, "nsubj"), child(c, "dobj")
            if who is None or noun is None or who.tag_ not in ("WDT", "WP"):
                continue
            found = steps.trimmed(noun, (c.i, c.i + 1), "document" if has_seen else "citing")
            if has_seen:
                step.outlet, found = True, [s for s in found if _is_copy(s)]
            if not found:
                continue
            _cut_at(steps, step, c)
            return found[0]
    return None


def _cut_at(steps: Steps, step: Step, clause: Token) -> None:
    """End a source where the clause begins that says whom it cites."""
    low = step.place[0]
    for place in clean(steps.doc, [(low, max(clause.left_edge.i, low + 1))])[:1]:
        short = steps.step(place, step.cue, step.pattern)
        step.mention, step.place = short.mention, short.place


def _had_from(steps: Steps, verb: Token, owner: Token) -> Step | None:
    """ "X, which had it from Y", "which relies on Y", "itself based on Y": Y is one step further away."""
    if verb.i < owner.i or verb.dep_ not in ("relcl", "acl") or child(verb, "neg") is not None:
        return None
    wanted = next((p for p in ("from", "on") if verb.lemma_ in words("cues", "had", p)), None)
    what, who = child(verb, "dobj"), child(verb, "nsubj")
    below = [*verb.children, *(what.children if what is not None else ())]
    prep = next((c for c in below if c.dep_ == "prep" and c.lower_ in (wanted, "upon")), None)
    noun = child(prep, "pobj") if prep is not None else None
    if noun is None or (who is not None and who.tag_ not in ("WDT", "WP")):
        return None
    if wanted == "from" and (what is None or what.lemma_.lower() not in words("cues", "had", "what")):
        return None
    made = [s for s in steps.trimmed(noun, (verb.i, verb.i + 1), "citing") if is_source(s.mention)]
    return made[0] if made else None


def _is_copy(step: Step) -> bool:
    """ "Which has seen the cable", "saw a copy of the cable"."""
    return step.who.kind == "document" or step.mention.head == "copy"


def reported_as(steps: Steps, made: Report, verb: Token) -> None:
    """ "A reported him as saying that", "A quoted B as saying that": A is nearer the reader."""
    if verb.dep_ != "pcomp" or verb.head.lower_ != "as" or verb.head.head.pos_ != "VERB":
        return
    above = verb.head.head
    agent = child(above, "agent")
    who = (
        (child(agent, "pobj") if agent is not None else None) if child(above, "nsubjpass") else subject(above)
    )
    for step in (s for line in made.lines for s in line):
        step.pattern = "quoted-as"
    if who is None and child(above, "nsubjpass") is not None:
        who = _quoted_in(steps, above, verb)
    if who is None or (made.lines and who.i in range(*made.lines[0][0].place)):
        return
    relayers = steps.of_token(who, (above.i, above.i + 1), "relayed")
    for step in relayers:
        step.outlet = True
    made.before(relayers)


def _quoted_in(steps: Steps, above: Token, verb: Token) -> Token | None:
    """ "B was quoted in A as saying": A, if it is one that reports."""
    for c in [*above.children, *verb.children]:
        noun = child(c, "pobj") if c.dep_ == "prep" and c.lower_ in ("in", "on") else None
        if noun is not None and any(
            s.who.kind in _PUBLIC for s in steps.of_token(noun, (above.i, above.i + 1), "relayed")
        ):
            return noun
    return None


def cited_as(steps: Steps, made: Report, verb: Token) -> None:
    """ "A quoted B as saying that", parsed with the saying as the content."""
    noun = child(verb, "dobj")
    if noun is not None:
        made.behind(steps.of_token(noun, (verb.i, verb.i + 1), "quoted-as"))


def quoted_by(steps: Steps, made: Report, verb: Token) -> None:
    """ "B was quoted by A as saying that"."""
    about = child(verb, "nsubjpass")
    if verb.lemma_ in ("quote", "cite") and about is not None:
        made.behind(steps.of_token(about, (verb.i, verb.i + 1), "quoted-as"))
