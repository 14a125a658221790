"""Whose document it is: "a memo obtained by A" is A, then the memo; "a report by B" is the report, then B."""

from __future__ import annotations

from .grammar import child, clean, core_of
from .introduced import who_brings
from .kinds import is_source
from .lexicon import words
from .steps import Report, Step, Steps
from .tree import Token


def papers(steps: Steps, made: Report) -> None:
    """Put who passed a document on before it, and its author behind it."""
    lines = []
    for line in made.lines:
        whole: list[Step] = []
        for step in line:
            before, after, own = makers(steps, step)
            if own.who.kind == "document" and own.pattern in ("said", "as-reported", "quoted"):
                own.pattern = "document"
            whole += [*before, own, *after]
        lines.append(whole)
    made.lines = lines


def makers(steps: Steps, step: Step) -> tuple[list[Step], list[Step], Step]:
    """Who passed a document on, who made it, and the document without the words that tell so."""
    low, high = step.place
    core = core_of(steps.doc, low, high)
    if (voice := _voice(steps, core, step)) is not None:
        return [], [], voice
    is_document = step.who.kind == "document"
    before: list[Step] = [] if is_document else _spoken_to(steps, core, high)
    after: list[Step] = []
    cut = high
    for c in [*core.children, *(_passed_on(steps, core) if is_document else ()), *_further(core)]:
        if c.i < core.i:
            if c.dep_ == "poss" and is_document:
                # "CNN's poll" is CNN's as a whole: an outlet is no author of its own.
                after += [
                    s for s in steps.of_token(c, step.cue, "author") if s.who.kind not in ("outlet", "agency")
                ]
        elif (
            c.dep_ in ("acl", "relcl", "conj")
            and c.tag_ in ("VBN", "VBD")
            and (agent := child(c, "agent") or child(c, "prep")) is not None
        ):
            maker = child(agent, "pobj")
            if maker is not None and is_document and (journal := _appeared_in(steps, c, agent, maker)):
                before += journal
                cut = min(cut, c.left_edge.i)
                continue
            quoted_in = c.lemma_ in ("quote", "cite") and agent.lower_ in ("in", "on")
            if maker is None or (agent.lower_ not in ("by", "to") and not quoted_in):
                continue
            made = steps.of_token(maker, (c.i, c.i + 1), "author")
            if made and made[0].mention.words[0] == "this":
                # "Seen by this newspaper": the publisher is no hop.
                made = []
            if c.lemma_ in ("quote", "cite", "interview") or (is_document and _passes_on(c, made)):
                for one in made:
                    one.pattern, one.outlet = "passed-on", True
                before += made
            elif is_document:
                after += made
            else:
                continue
            cut = min(cut, c.left_edge.i, c.head.left_edge.i if c.dep_ == "conj" else c.i)
        elif core.lemma_ == "report" and c.dep_ == "prep" and c.lower_ in ("of", "in", "from"):
            # "The reports of the British press": what a press reports is its own voice.
            press = child(c, "pobj")
            voices = steps.of_token(press, step.cue, step.pattern) if press is not None else []
            if voices and voices[0].who.kind in ("outlet", "agency"):
                return [], [], voices[0]
        elif is_document and c.dep_ == "prep" and c.lower_ == "of" and (by := _by_inside(c)) is not None:
            # "An analysis of shipping data by X": parsed as if the data were X's.
            after += steps.of_token(by, step.cue, "author")
            cut = min(cut, by.head.i)
        elif is_document and c.dep_ in ("prep", "agent") and c.lower_ in ("by", "from"):
            maker = child(c, "pobj")
            from_what = c.lower_ == "from" and maker is not None and maker.pos_ == "NOUN"
            if from_what and maker is not None and not _is_maker(maker):
                continue
            if maker is not None and maker.ent_type_ not in ("DATE", "TIME"):
                after += steps.of_token(maker, (c.i, c.i + 1), "author")
                cut = min(cut, c.i)
    if is_document and core.head.i not in range(low, high):
        before += _shown_by(steps, core, step)
    places = clean(steps.doc, [(low, cut)])[:1] if low < cut < high else []
    own = steps.step(places[0], step.cue, step.pattern) if places else step
    return before[:1], after[:1], own


def _spoken_to(steps: Steps, core: Token, high: int) -> list[Step]:
    """ "Aides who spoke to Channel 4", "scientists writing in Nature": whom they told it."""
    for c in core.children:
        if not core.i < c.i < high or c.dep_ not in ("relcl", "acl"):
            continue
        speaks = c.lemma_ in ("speak", "talk") and c.dep_ == "relcl"
        writes = c.lemma_ == "write" and c.tag_ == "VBG"
        if (speaks or writes) and child(c, "neg") is None:
            held = ("to", "with") if speaks else ("in", "for")
            prep = next((p for p in c.children if p.lower_ in held), None)
            noun = child(prep, "pobj") if prep is not None else None
            noun = child(c, "dobj") if noun is None and writes else noun
            made = steps.of_token(noun, (c.i, c.i + 1), "told")[:1] if noun is not None else []
            made = [s for s in made if s.who.kind in ("outlet", "agency") or (writes and s.mention.name)]
            for one in made:
                one.outlet = True
            return made
    return []


def _further(core: Token) -> list[Token]:
    """ "Footage filmed on a phone and verified by the BBC": what else was done to it."""
    first = [c for c in core.children if c.dep_ in ("acl", "relcl") and c.i > core.i]
    return [d for c in first for d in c.children if d.dep_ == "conj" and d.tag_ in ("VBN", "VBD")]


def _by_inside(of: Token) -> Token | None:
    noun = child(of, "pobj")
    by = (
        next((c for c in noun.children if c.lower_ == "by" and c.dep_ == "prep"), None)
        if noun is not None
        else None
    )
    return child(by, "pobj") if by is not None else None


def _voice(steps: Steps, core: Token, step: Step) -> Step | None:
    """ "A statement by the ministry" says what the ministry says."""
    if core.lemma_.lower() not in words("sources", "documents", "voiced") or core.ent_type_ == "PERSON":
        return None
    for c in core.children:
        maker = c if c.dep_ == "poss" else None
        if c.dep_ in ("prep", "agent") and c.lower_ in ("by", "from", "of") and c.i > core.i:
            maker = child(c, "pobj")
        elif c.dep_ == "acl" and (agent := child(c, "agent")) is not None:
            maker = child(agent, "pobj")
        elif c.dep_ == "relcl":
            maker = child(c, "nsubj")
        if maker is not None and maker.tag_ not in ("WDT", "WP"):
            made = steps.of_token(maker, step.cue, step.pattern)
            if made and (made[0].mention.pronoun or is_source(made[0].mention)):
                return made[0]
    return None


def _appeared_in(steps: Steps, verb: Token, prep: Token, noun: Token) -> list[Step]:
    """ "A study that appeared in the Skerry Journal", "published in the Skerry Journal"."""
    if prep.lower_ != "in" or verb.lemma_ not in ("appear", "run", "publish", "print", "carry"):
        return []
    made = steps.of_token(noun, (verb.i, verb.i + 1), "passed-on")[:1]
    if not made or not made[0].mention.name:
        return []
    made[0].outlet = True
    return made


def _is_maker(noun: Token) -> bool:
    held = words("sources", "organisations", "nouns") | words("sources", "groups", "nouns")
    return noun.lemma_.lower() in held | words("sources", "persons", "roles") | words(
        "sources", "outlets", "nouns"
    )


def _shown_by(steps: Steps, document: Token, step: Step) -> list[Step]:
    """ "The Post published a memo that says that C": the Post, then the memo."""
    noun = document
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.dep_ == "dobj":
        noun = noun.head.head
    verb = steps.doc[step.cue[0]]
    if noun.dep_ != "dobj" or verb.dep_ not in ("relcl", "acl", "ccomp") or document not in verb.ancestors:
        return []
    brought = who_brings(noun)
    if brought is None:
        return []
    giver, giving, _ = brought
    made = steps.of_token(giver, (giving.i, giving.i + 1), "passed-on")[:1]
    for one in made:
        one.outlet = True
    return made


def _passes_on(participle: Token, makers: list[Step]) -> bool:
    return participle.lemma_ in words("sources", "documents", "passed_on") or (
        bool(makers) and makers[0].who.kind in ("outlet", "agency")
    )


def _passed_on(steps: Steps, document: Token) -> list[Token]:
    """ "a memo by A, seen by B": parsed as if A were seen, where the comma says otherwise."""
    return [
        c
        for prep in document.children
        if prep.dep_ in ("prep", "agent")
        for maker in prep.children
        if maker.dep_ == "pobj"
        for c in maker.children
        if c.dep_ == "acl"
        and c.tag_ == "VBN"
        and steps.doc[c.left_edge.i - 1].text == ","
        and c.lemma_ in words("sources", "documents", "passed_on")
    ]
