"""Bringing the flags in the database to what the rules say now: planned first, then written.

The plan is what the page of the policy shows before it is saved, and what is carried out afterwards.
"""

from __future__ import annotations

import functools
import hashlib
import operator
import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from claims.flags import Article, Case, Claimed, Policy, Raised, raise_all, raise_flags
from claims.models.flag import Flag, FlagState, Severity
from claims.models.hop import Hop
from claims.models.policy import PolicyChoice
from claims.models.rerun import Rerun

if TYPE_CHECKING:
    from claims.models.statement import Statement
    from sources.models import Capture, Document, Source

NEAR = 16  # sentences; no rule looks further for another statement
LOCK_SPACE = 0x464C  # "FL": our advisory locks on a capture's flags
MOST_SHARING = 40  # statements further off that rest on the same source; more, and the worker follows
AT_ONCE = 200  # statements; more than that, and the worker runs the rules, not the request

RAISES, ANEW, CLOSES, RENEWS = "raises", "opens anew", "closes", "renews"

GROUND_GONE = "what it rested on is gone"
SWITCHED_OFF = "the policy switched this rule off"
# What a person may have written down of a hop, and so answered what a rule asks of it.
ANSWERS = {"NO_BASIS": ("basis", "how “{}” knows"), "NO_REASON": ("reason", "why “{}” isn’t named")}
QUOTED = re.compile(r"“([^”]*)”|(\d+(?:[.,]\d+)*)")

There = dict[tuple[int | None, str], Flag]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that bringing the flags to what the rules say now would do."""

    does: str
    statement: Statement
    code: str
    flag: Flag | None = None
    raised: Raised | None = None
    ground: str = ""


def ground(raised: Raised, text: str) -> str:
    """What a flag rests on, as a digest: the words at its places, and what its sentence quotes.

    The sentence itself isn't in it: a rule that is put in better words opens nothing again.
    """
    words = [" ".join(text[start:end].split()) for start, end in raised.places]
    quoted = ["".join(found) for found in QUOTED.findall(raised.why)]
    return hashlib.sha256("\x1f".join([raised.code, *words, "", *quoted]).encode()).hexdigest()


def columns(raised: Raised, resting_on: str) -> dict[str, Any]:
    """What a rule says, as a flag's columns hold it. A rule that only asks never blocks."""
    asks = raised.question and raised.severity == Severity.BLOCK
    return {
        "severity": Severity.WARN if asks else raised.severity,
        "why": raised.why,
        "places": [list(place) for place in raised.places],
        "question": raised.question,
        "ground": resting_on,
    }


def renewed(change: Change) -> dict[str, Any]:
    """The columns that a change sets on a flag which is there."""
    flag, raised = change.flag, change.raised
    if flag is None or raised is None:
        return {}
    now = columns(raised, change.ground)
    if change.does == ANEW:
        before = f"{flag.get_state_display().capitalize()} before, on other words"
        reason = f"{before}: {flag.reason}" if flag.reason else f"{before}."
        undecided = {"decided_by_id": None, "decided_at": None, "reason": reason}
        return now | undecided | {"state": FlagState.OPEN}
    if flag.state == FlagState.CLOSED:
        return now | {"state": FlagState.OPEN, "reason": ""}
    if flag.ground not in ("", change.ground) and flag.state != FlagState.OPEN:
        # Somebody confirmed it on other words, which stay; how much it weighs is the policy's.
        return {name: now[name] for name in ("severity", "question")}
    return now


def plan(statement: Statement, text: str, found: Sequence[Raised], there: There) -> Iterator[Change]:
    """What the rules' findings on a statement change of the flags that are there.

    A person's flags stay. A rule's opens where there is none or it was closed; one that a person dismissed
    or waived opens anew when its ground is another; one that is open and isn't found any more closes.
    """
    for raised in found:
        flag = there.get((None, raised.code))
        resting_on = ground(raised, text)
        if flag is None:
            yield Change(RAISES, statement, raised.code, None, raised, resting_on)
        elif flag.raised_by_id is None:
            does = RENEWS
            if flag.state == FlagState.CLOSED:
                does = RAISES
            elif flag.state in (FlagState.DISMISSED, FlagState.WAIVED) and flag.ground not in (
                "",
                resting_on,
            ):
                does = ANEW
            change = Change(does, statement, raised.code, flag, raised, resting_on)
            if any(getattr(flag, name) != value for name, value in renewed(change).items()):
                yield change
    codes = {raised.code for raised in found}
    for (hop, code), flag in there.items():
        by_rule = flag.raised_by_id is None and flag.state == FlagState.OPEN
        if by_rule and (hop is not None or code not in codes):
            yield Change(CLOSES, statement, code, flag)


def read_again(
    capture: Capture, places: Sequence[tuple[int, int]] | None = None
) -> tuple[list[Statement], Article]:
    """A capture's standing statements, and the article that the rules read, in the same order.

    With ``places`` only those that begin in one of these stretches of the text.
    """
    found = capture.statements.filter(deleted_at__isnull=True)
    if places is not None:
        within = (models.Q(start__gte=low, start__lt=high) for low, high in places)
        found = found.filter(functools.reduce(operator.or_, within))
    # Not in the order of the model, which asks for every hop's article: chains() puts them in theirs.
    hops = Hop.objects.standing().select_related("source").order_by("pk")
    statements = list(found.prefetch_related(models.Prefetch("hops", hops)).order_by("start", "end", "pk"))
    links = None
    if not capture.media_type.startswith("text/plain"):
        links = [(link["start"], link["end"]) for link in capture.structure.get("links", [])]
    article = Article(
        capture.text,
        [Claimed(s.start, s.end, s.chains(), s.hearsay, s.stance) for s in statements],
        capture.document.title,
        links,
        None if places is None else mentions(capture, statements),
    )
    return statements, article


def mentions(capture: Capture, statements: Iterable[Statement]) -> dict[Hashable, list[int]]:
    """Where in the whole capture the sources of these statements are mentioned."""
    sources = {hop.source_id for each in statements for hop in each.hops.all()}
    found: dict[Hashable, list[int]] = {source: [] for source in sources}
    hops = Hop.objects.standing().filter(
        statement__capture=capture, statement__deleted_at=None, source__in=sources
    )
    for source, start in hops.order_by("pk").values_list("source", "start"):
        if start is not None:
            found[source].append(start)
    return found


def planned(
    text: str, found: Iterable[tuple[Statement, Sequence[Raised]]], *, lock: bool = False
) -> Iterator[Change]:
    """The plans of several statements of one text, in their order."""
    found = list(found)
    there: dict[int, There] = {statement.pk: {} for statement, _ in found}
    flags = Flag.objects.filter(statement__in=list(there)).select_related("decided_by").order_by("pk")
    for flag in flags.select_for_update(of=("self",)) if lock else flags:
        there[flag.statement_id][flag.hop_id, flag.code] = flag
    for statement, raised in found:
        yield from plan(statement, text, raised, there[statement.pk])


def under(policy: Policy, capture: Capture) -> list[Change]:
    """What another policy would change of a capture's flags; nothing is written."""
    statements, article = read_again(capture)
    return list(planned(capture.text, zip(statements, raise_all(article, policy), strict=True)))


@transaction.atomic
def renew(statement: Statement) -> None:
    """Run the rules over a statement as it stands, over those near it, which it may bear out or deny, and
    over those that rest on a source of its own, of whom it may say how they know.

    The same twice changes nothing. A deleted statement has the others looked at all the same. Only the parts
    of the text that these stand in are read. Where very many rest on the source, the worker follows.
    """
    policy = PolicyChoice.objects.usable()
    if policy is None:
        return
    captures = type(statement.capture).objects.select_related("document").defer("data", "search")
    capture = captures.get(pk=statement.capture_id)
    hold(capture)
    text = Article(capture.text)

    def around(start: int, sentences: int) -> tuple[int, int]:
        at = text.sentence_number(start)
        low, high = text.sentence_span(at - sentences, at + sentences)
        return (0 if at <= sentences else low), high

    low, high = around(statement.start, NEAR)
    # Those that were taken out of the chain too: what they told of is told no longer.
    sources = statement.hops.values("source")
    resting = Hop.objects.standing().filter(source__in=sources, statement__deleted_at=None)
    sharing = dict(
        resting.filter(statement__capture=capture)
        .exclude(statement__start__gte=low, statement__start__lt=high)
        .order_by("statement__start")
        .values_list("statement", "statement__start")
        .distinct()[: MOST_SHARING + 1]
    )
    if len(sharing) > MOST_SHARING:
        sharing = {}
        Rerun.objects.ask_once(GROUND_GONE, capture.document)
    places = [around(statement.start, 2 * NEAR), *(around(start, NEAR) for start in sharing.values())]
    statements, article = read_again(capture, places)
    near = [
        (each, list(raise_flags(Case(article, claimed), policy)))
        for each, claimed in zip(statements, article.statements, strict=True)
        if low <= each.start < high or each.pk in sharing
    ]
    carry_out(planned(capture.text, near, lock=True), policy)


@transaction.atomic
def renew_all(capture: Capture, because: str = GROUND_GONE) -> None:
    """Run the rules over every statement of a capture. ``because`` is what is said of flags that close."""
    policy = PolicyChoice.objects.usable()
    if policy is None:
        return
    hold(capture)
    statements, article = read_again(capture)
    found = zip(statements, raise_all(article, policy), strict=True)
    carry_out(planned(capture.text, found, lock=True), policy, because)


def follow(because: str, *, source: Source | None = None, document: Document | None = None) -> None:
    """Have the flags follow a change of a source or a document: at once where that is cheap.

    Else the worker runs the rules over those articles.
    """
    rerun = Rerun(source=source, document=document)
    captures = rerun.captures()
    if captures.aggregate(n=models.Count("statements"))["n"] > AT_ONCE:
        Rerun.objects.ask(because, source=source, document=document)
        return
    for capture in captures.select_related("document").defer("data"):
        renew_all(capture)


def hold(capture: Capture) -> None:
    """One at a time brings the flags of a capture up to date; the lock goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, capture.pk])


def carry_out(changes: Iterable[Change], policy: Policy, because: str = GROUND_GONE) -> None:
    """Write a plan into the database."""
    new: list[Flag] = []
    for change in changes:
        flag = change.flag
        if flag is None and change.raised is not None:
            said = columns(change.raised, change.ground)
            new.append(Flag(statement=change.statement, code=change.code, **said))
        elif flag is not None:
            off = change.code in policy.entries and policy.entries[change.code].severity == "off"
            why = SWITCHED_OFF if off else answered(change) or because
            closed = {"state": FlagState.CLOSED, "reason": why}
            now = closed if change.does == CLOSES else renewed(change)
            for name, value in now.items():
                setattr(flag, name, value)
            flag.save(update_fields=[name.removesuffix("_id") for name in now])
    Flag.objects.bulk_create(new, batch_size=500)


def answered(change: Change) -> str:
    """That somebody wrote down what the rule found missing, as the reason of a flag that closes; else ""."""
    what, sentence = ANSWERS.get(change.code, ("", ""))
    hops = change.statement.hops.all() if what else []
    told = next((hop for hop in hops if hop.removed_at is None and getattr(hop, what)), None)
    return f"{sentence.format(told.name)} is written down now" if told else ""
