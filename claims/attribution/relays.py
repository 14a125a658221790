"""From one cue to the steps of its chains."""

from __future__ import annotations

from .citing import cite_on, cited, cited_as, citing_that, named_as_source, quoted_by, reported_as, told_by
from .found import Found
from .grammar import Range, ancestors, child, clean, core_of, split, subject
from .lexicon import words
from .papers import papers
from .steps import Report, Step, Steps
from .told import in_document, told
from .tree import Token

_NEAR = 3
_MARKS = {"“", '"', "„", "«", "``", "''"}


def report(steps: Steps, found: Found) -> Report:
    """The lines of steps of one cue."""
    verb = steps.doc[found.head]
    made = Report(found, [[s] for s in _sources(steps, found, verb)], stance=_stance(steps, found))
    if found.pattern == "noun":
        _pointing(steps, made, verb)
    citing_that(steps, made, verb)
    reported_as(steps, made, verb)
    if verb.lemma_ in ("cite", "quote") and found.pattern == "verb" and "as" in found.key:
        cited_as(steps, made, verb)
    if found.pattern == "passive":
        quoted_by(steps, made, verb)
    cite_on(steps, made)
    cited(steps, made, verb)
    named_as_source(steps, made, verb)
    told_by(steps, made, verb)
    cite_on(steps, made)
    papers(steps, made)
    told(steps, made, verb)
    in_document(steps, made, verb)
    for step in (s for line in made.lines for s in line):
        step.weight = min(step.weight, found.confidence)
    return made


def _stance(steps: Steps, found: Found) -> str:
    """What the one who stands at the cue does with the claim."""
    base = found.key.partition("|")[0]
    if found.pattern == "noun" and not _is_owner(found):
        # "He dismissed as false a report that C", "cast doubt on the claim that C".
        above = [steps.doc[found.head], *ancestors(steps.doc[found.head])[:_NEAR]]
        if any(a.lemma_ in words("cues", "denied") for a in above):
            return "denies"
        above += [c for a in above[1:] if (c := child(a, "dobj")) is not None]
        return "doubts" if any(a.lemma_.lower() in words("cues", "challenged") for a in above) else "says"
    if base in words("cues", "denied") or found.key.endswith("|answer-no"):
        return "denies"
    return "doubts" if base in words("cues", "doubted") | words("cues", "doubting") else "says"


def _is_owner(found: Found) -> bool:
    """Whether the source is the one whose claim it is: "Kyiv's claim", "a claim by Kyiv"."""
    return found.key.split("|")[-1] in ("poss", "by", "name", "none")


def _code(steps: Steps, found: Found) -> str:
    """The code of lexicons/patterns.toml for the one who stands at the cue."""
    frame = found.key.partition("|")[2]
    if (stance := _stance(steps, found)) != "says":
        return "answer" if found.pattern == "answer" else {"denies": "denied", "doubts": "doubted"}[stance]
    if found.pattern in ("noun", "headline", "answer"):
        return found.pattern
    if found.pattern == "phrase":
        return "according-to"
    if frame == "as":
        return "as-reported"
    low = found.content[0][0] if found.content else 0
    quoted = found.pattern == "quote" or (low and steps.doc[low - 1].text in _MARKS)
    return "quoted" if quoted else "said"


def _sources(steps: Steps, found: Found, verb: Token) -> list[Step]:
    doc = steps.doc
    cue = found.cue[0] if found.pattern not in ("verb", "quote") else (verb.i, verb.i + 1)
    code = _code(steps, found)
    if found.pattern == "noun" and (itself := _noun_itself(steps, found, verb)) is not None:
        return [steps.step(itself, cue, code)]
    if (press := _press(found, verb)) is not None:
        return steps.of_token(press, cue, code)
    if not found.source:
        return []
    low, high = found.source[0][0], found.source[-1][1]
    core = core_of(doc, low, high)
    if core.tag_ in ("WDT", "WP") and verb.dep_ in ("relcl", "acl"):
        noun = verb.head
        piece = (noun.left_edge.i, verb.left_edge.i)
        return [steps.step(p, cue, code) for p in clean(doc, [piece])] if piece[0] < piece[1] else []
    parts = [p for part in split(core) for p in clean(doc, [(max(part[0], low), min(part[1], high))])]
    if core.i < low or core.i >= high or len(parts) < 2:
        parts = clean(doc, [(low, high)])
    return [steps.step(p, cue, code) for p in parts if p[0] < p[1]]


def _press(found: Found, noun: Token) -> Token | None:
    """ "She seized upon a Radio Skye report that C": the report is the outlet's, not hers."""
    if found.pattern != "noun" or noun.lemma_.lower() not in words("sources", "documents", "voices"):
        return None
    if found.key.split("|")[-1] in ("poss", "by"):
        return None
    held = [
        c
        for c in noun.children
        if c.i < noun.i and c.dep_ in ("compound", "nmod", "amod") and c.ent_type_ == "ORG"
    ]
    return held[-1] if held else None


def _pointing(steps: Steps, made: Report, noun: Token) -> None:
    """ "X pointed to reports that C": X, then the reports."""
    if len(made.lines) != 1 or made.lines[0][0].place[1] != noun.i + 1 or made.stance != "says":
        return
    verb = next((a for a in ancestors(noun)[:2] if a.pos_ == "VERB"), None)
    who = subject(verb) if verb is not None else None
    if verb is None or who is None or verb.lemma_ not in words("cues", "pointing"):
        return
    made.before(steps.of_token(who, (verb.i, verb.i + 1), "said"))


def _noun_itself(steps: Steps, found: Found, noun: Token) -> Range | None:
    """ "Reports that C", "Some claim that C" (parsed as a noun): the words before it are the source."""
    few = child(noun, "det")
    if (
        few is not None
        and few.lower_ in ("some", "many", "others", "most")
        and noun.lemma_ in words("cues", "claimed")
    ):
        return few.i, few.i + 1
    if noun.lemma_.lower() in words("cues", "has_it") and "|is|" in found.key and not found.source:
        # "The word in the harbour is that C".
        return noun.left_edge.i, noun.i + 1
    if noun.dep_ == "dobj" and noun.head.lemma_ in words("cues", "denied") | words("cues", "doubted"):
        # "He rejected claims that C": he denies it, and who claims it isn't told.
        return None
    route = found.key.split("|")[-1]
    if (
        noun.lemma_.lower() in words("sources", "documents", "loose")
        and noun.tag_ == "NNS"
        and route not in ("poss", "by")
    ):
        pieces = clean(steps.doc, [(noun.left_edge.i, noun.i + 1)])
        return pieces[0] if pieces else None
    return None
