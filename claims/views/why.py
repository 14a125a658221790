"""Why the engine thinks so: what the panel says of the hop that was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from claims import confidence, patterns
from claims.marks import Run, Stand, excerpts
from claims.models import Flag, Hop, Statement

THIS_ARTICLE = "this article"


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of one hop: the pattern's sentence, the words in their place, the confidence in words.

    Without a sentence ``instead`` says why there is none.
    """

    sentence: tuple[patterns.Part, ...]
    instead: str
    excerpts: list[tuple[Run, ...]]
    confidence: str


def chosen_hop(request: HttpRequest, chains: list[tuple[Hop, ...]]) -> Hop | None:
    """The hop that the address asks for; None where it names none, or one that is gone by now."""
    asked = request.GET.get("hop", "")
    return next((hop for chain in chains for hop in chain if str(hop.pk) == asked), None)


def stands(hop: Hop) -> list[Stand]:
    """The words that a hop stands on, its mention and its cue, as far as they have a place."""
    found = []
    if hop.start is not None and hop.end is not None:
        found.append(Stand(hop.start, hop.end, "source"))
    if hop.cue_start is not None and hop.cue_end is not None:
        found.append(Stand(hop.cue_start, hop.cue_end, "cue"))
    return found


def chosen_flag(request: HttpRequest, flags: Iterable[Flag]) -> Flag | None:
    """The flag whose words the address asks for; None where it names none of these."""
    asked = request.GET.get("words", "")
    return next((flag for flag in flags if str(flag.pk) == asked), None)


def words_of(flag: Flag, length: int) -> list[Stand]:
    """The words that a flag rests on, in a text of this length; places that overlap are one."""
    found: list[Stand] = []
    for start, end in sorted(map(tuple, flag.places)):
        if not 0 <= start < end <= length:
            continue
        if found and start <= found[-1].end:
            found[-1] = Stand(found[-1].start, max(end, found[-1].end), "flag")
        else:
            found.append(Stand(start, end, "flag"))
    return found


def why(statement: Statement, chains: list[tuple[Hop, ...]], hop: Hop) -> Why:
    """What there is to say of a hop of this statement."""
    said = patterns.sentence(hop.pattern, hop.name, beside(statement, chains, hop), statement.exact)
    instead = ""
    if not said:
        if hop.made_by:
            instead = f"{hop.made_by} put this source here, not the engine."
        elif statement.corrected_by:
            instead = "This was changed by a person, so the engine’s reason no longer holds."
        else:
            instead = "The engine gave no reason that this version has words for."
    return Why(
        sentence=said,
        instead=instead,
        excerpts=excerpts(statement.capture.text, stands(hop)),
        confidence=confidence_said(statement),
    )


def confidence_said(statement: Statement) -> str:
    """The engine's confidence in words and figure; empty for what a person made or corrected."""
    return confidence.said(statement.confidence) if statement.confidence is not None else ""


def beside(statement: Statement, chains: list[tuple[Hop, ...]], hop: Hop) -> list[str]:
    """Who stands beside the hop on the side that its pattern speaks of; nearest the reader, the article."""
    step = -1 if patterns.other(hop.pattern) == patterns.NEARER else 1
    found: dict[str, None] = {}
    for chain in chains:
        if hop in chain:
            at = chain.index(hop) + step
            if 0 <= at < len(chain):
                found[chain[at].name] = None
            elif at < 0:
                publisher = statement.capture.document.publisher
                found[publisher.name if publisher else THIS_ARTICLE] = None
    return list(found)
