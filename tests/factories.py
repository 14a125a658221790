"""What tests begin with: accounts, articles, claims with their chains. All of it invented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, QuerySet

from claims.attribution.types import Hop as FoundHop
from claims.attribution.types import Statement as Found
from claims.models import Flag, Member, Statement
from claims.models.chain_edits import HopWords
from claims.reading import said_of, write_chains
from sources.ingest import Bytes, Details, take_in
from sources.models import Capture
from sources.parsed import Block, Link, Parsed

PASSWORD = "a password for tests"

HARBOUR = """Ferry to stop in winter

The island ferry will not run in January, the Evening Lamp reported, citing a port official.

A spokesman for the port said the timetable was not settled.

The fares will double next year."""

FERRY = "The island ferry will not run in January"
TIMETABLE = "the timetable was not settled"
FARES = "The fares will double next year"

# Name, kind, naming, and where there is one the cue and the pattern.
Step = Sequence[str]
LAMP: Step = ("Evening Lamp", "outlet", "named", "reported")
OFFICIAL: Step = ("a port official", "person", "anonymous", "citing")
SPOKESMAN: Step = ("a spokesman for the port", "person", "described", "said")


def account(role: str | None, name: str = "") -> User:
    """An account of that role; None is an account without one."""
    user = User.objects.create_user(name or role or "nobody", password=PASSWORD)
    if role:
        Member.objects.create(user=user, role=role)
    return user


def article(
    text: str = HARBOUR,
    *,
    title: str = "Ferry to stop in winter",
    publisher: str = "Island Post",
    url: str = "",
    by: User | None = None,
    blocks: Sequence[Block] = (),
    links: Sequence[Link] = (),
) -> Capture:
    """An article that was taken in, by its capture."""
    came = Bytes(text.encode(), "text/plain; charset=utf-8")
    parsed = Parsed(text, blocks=tuple(blocks), links=tuple(links))
    return take_in(came, parsed, Details(title=title, publisher=publisher, url=url), by).capture


def found(
    text: str,
    words: str,
    *chains: Sequence[Step],
    hearsay: bool = False,
    stance: str = "says",
    confidence: float = 0.85,
) -> Found:
    """What the engine would give for these words with these chains, each nearest the reader first."""
    start = text.index(words)
    steps = tuple(tuple(_step(text, s) for s in c) for c in chains)
    return Found(start, start + len(words), steps, hearsay, stance, confidence)


def _step(text: str, step: Step) -> FoundHop:
    name, kind, naming, *rest = step
    cue, pattern, *_ = [*rest, "", ""]
    at, cue_at = text.find(name), text.find(cue) if cue else -1
    return FoundHop(
        name,
        kind,
        naming,
        at if at >= 0 else None,
        at + len(name) if at >= 0 else None,
        cue,
        cue_at if cue_at >= 0 else None,
        cue_at + len(cue) if cue_at >= 0 else None,
        pattern=pattern,
    )


def statement(
    capture: Capture, words: str = FERRY, *chains: Sequence[Step], by: User | None = None, **said: Any
) -> Statement:
    """A claim over these words, with these chains and the flags that the rules raise on it.

    ``said`` is what else the engine says of it: ``hearsay``, ``stance``, ``confidence``.
    """
    what = found(capture.text, words, *chains, **said)
    with transaction.atomic():
        made = Statement.objects.add(capture, what.start, what.end, by=by, **({} if by else said_of(what)))
        write_chains(made, what)
        Flag.objects.renew(made)
    return made


def hop_words(name: str, kind: str = "person", naming: str = "named", cue: str = "") -> HopWords:
    """What a person says of a hop."""
    return HopWords(name, kind, naming, cue)


def names(statement: Statement) -> list[list[str]]:
    """The chains by the names of their sources, as the database has them now."""
    return [[hop.name for hop in chain] for chain in Statement.objects.get(pk=statement.pk).chains()]


def events(thing: Model) -> QuerySet[Any]:
    """What the database's triggers kept of a row, the oldest first."""
    model = apps.get_model(thing._meta.app_label, f"{type(thing).__name__}Event")
    return model._default_manager.filter(pgh_obj_id=thing.pk).order_by("pgh_id")
