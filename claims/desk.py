"""What waits at the desk and in which order: the filters, and the rows that they leave.

Everything is asked of ``claims/models/review.py``, which the database keeps sorted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils import timezone

from claims import access
from claims.flags import CODES
from claims.models import DocumentReview, Flag, Hop, Statement, StatementReview
from claims.models.flag import WORST_FIRST
from claims.models.verdict import State
from claims.questions import QUESTIONS
from claims.risk import Weakness, risk
from sources.models import Document

ARTICLES, CLAIMS = "articles", "claims"
MINE, NOBODYS, EVERYBODYS = "mine", "nobody", "everybody"
WAITING, ANY = "", "any"
STATES = {value: label for value, label in State.choices if value != State.UNREVIEWED}
DAY, WEEK, OLDER = "day", "week", "older"
AGES = {DAY: "up to a day", WEEK: "up to a week", OLDER: "over a week"}
MOST_PAGES = 400
IN_ORDER = ("worst", "due", "since", "pk")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; each filter is "" or None where it asks for nothing."""

    show: str = ARTICLES
    who: str = EVERYBODYS
    state: str = WAITING
    flag: str = ""
    source: int | None = None
    desk: str = ""
    age: str = ""

    @property
    def query(self) -> str:
        """The address that asks for this, behind the question mark. It always says who, to be kept."""
        return urlencode(self.kept)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The same as names and values, for a form."""
        said = {name: str(getattr(self, name) or "") for name in self.__slots__}
        if said["show"] == ARTICLES:
            del said["show"]
        return [(name, value) for name, value in said.items() if value]

    def but(self, **other: Any) -> str:
        """The query of the same with another filter."""
        return replace(self, **other).query


def asked(query: QueryDict, *, mine_first: str = "") -> Asked:
    """What an address asks for; what it can't mean is left out.

    ``mine_first`` is what a person has something of, articles or claims: what the desk opens on when the
    address says nothing.
    """
    said = {name: query.get(name, "").strip().replace("\x00", "") for name in Asked.__slots__}
    show = said["show"] if said["show"] == CLAIMS else ARTICLES
    who = said["who"]
    if who not in (MINE, NOBODYS, EVERYBODYS) and not is_id(who):
        who = EVERYBODYS
        if mine_first and not any(said.values()):
            show, who = mine_first, MINE
    return Asked(
        show=show,
        who=who,
        state=said["state"] if said["state"] in (*STATES, ANY) else WAITING,
        flag=said["flag"] if said["flag"] in CODES else "",
        source=int(said["source"]) if is_id(said["source"]) else None,
        desk=said["desk"],
        age=said["age"] if said["age"] in AGES else "",
    )


def is_id(typed: str) -> bool:
    """Whether this can be the id of a row: digits that fit into one."""
    return typed.isdecimal() and len(typed) < 10


def claims_asked(what: Asked) -> QuerySet[StatementReview]:
    """The claims of which verdict, flag and source are as asked for, of whatever article."""
    found = StatementReview.objects.all()
    if what.state == WAITING:
        found = found.filter(waits=True)
    elif what.state in STATES:
        found = found.filter(state=what.state)
    if what.flag:
        flags = Flag.objects.standing().filter(code=what.flag, statement=OuterRef("statement_id"))
        found = found.filter(Exists(flags))
    if what.source:
        hops = Hop.objects.standing().filter(source=what.source, statement=OuterRef("statement_id"))
        found = found.filter(Exists(hops))
    return found


def articles(what: Asked, user: User) -> QuerySet[DocumentReview]:
    """The articles that are asked for, the riskiest first: by the worst flag, the deadline and the age."""
    found = DocumentReview.objects.all()
    if what.state == WAITING:
        found = found.filter(waits=True)
    if what.state in STATES or what.flag or what.source:
        found = found.filter(Exists(claims_asked(what).filter(document=OuterRef("document_id"))))
    return narrowed(found, what, user).order_by(*IN_ORDER)


def claims(what: Asked, user: User) -> QuerySet[StatementReview]:
    """The claims that are asked for, the riskiest first."""
    return narrowed(claims_asked(what), what, user).order_by(*IN_ORDER)


def narrowed(found: Any, what: Asked, user: User) -> Any:
    """By who has it, desk and age; nothing that was withdrawn waits, for whoever can still see it."""
    found = found.filter(document__withdrawn_at__isnull=True)
    if what.who == NOBODYS:
        found = found.filter(holder__isnull=True)
    elif what.who != EVERYBODYS:
        found = found.filter(holder=user.pk if what.who == MINE else int(what.who))
    if what.desk:
        found = found.filter(document__desk=what.desk)
    if what.age:
        now = timezone.now()
        since = now - timedelta(days=1 if what.age == DAY else 7)
        found = found.filter(since__lt=since) if what.age == OLDER else found.filter(since__gte=since)
    return found


OF_A_CLAIM = ("wording", "state", "hearsay", "version")


class Step(NamedTuple):
    """A hop as ``risk.py`` reads it. Plain rows: making models of them would take most of the page’s time."""

    statement: int
    pk: int
    parent: int | None
    naming: str
    key: int
    name: str
    kind: str


def why(statements: Sequence[Statement]) -> dict[int, str]:
    """By claim, the one sentence that says why it is risky; two queries, however many there are."""
    pks = [statement.pk for statement in statements]
    found = Flag.objects.standing().filter(statement__in=pks)
    worst = found.order_by("statement", WORST_FIRST, "raised_at", "pk").distinct("statement")
    weak = {
        pk: Weakness(code, QUESTIONS.get(code, CODES[code]) if asks else CODES[code], asks)
        for pk, code, asks in worst.values_list("statement", "code", "question")
    }
    chains = chains_of(pks)
    return {s.pk: risk(chains.get(s.pk, []), weak.get(s.pk), hearsay=s.hearsay) for s in statements}


def chains_of(statements: Sequence[int]) -> dict[int, list[tuple[Step, ...]]]:
    """By claim, its chains as ``Statement.chains`` has them."""
    children: dict[tuple[int, int | None], list[Step]] = defaultdict(list)
    columns = ("statement", "pk", "parent", "naming", "source", "source__name", "source__kind")
    hops = Hop.objects.standing().filter(statement__in=statements).order_by("position", "pk")
    for row in hops.values_list(*columns):
        step = Step(*row)
        children[step.statement, step.parent].append(step)
    found: dict[int, list[tuple[Step, ...]]] = defaultdict(list)
    waiting: list[tuple[Step, ...]] = [(step,) for pk in statements for step in children.get((pk, None), [])]
    waiting.reverse()
    while waiting:
        path = waiting.pop()
        further = children.get((path[-1].statement, path[-1].pk), [])
        waiting.extend((*path, step) for step in reversed(further))
        if not further:
            found[path[0].statement].append(path)
    return found


def with_articles(found: QuerySet[DocumentReview]) -> QuerySet[DocumentReview]:
    """With what a row of the desk shows: the article and its riskiest claim."""
    return found.select_related("document__publisher", "holder", "riskiest").only(
        *(f.name for f in DocumentReview._meta.concrete_fields),
        *OF_ITS_ARTICLE,
        *(f"riskiest__{name}" for name in OF_A_CLAIM),
    )


def with_claims(found: QuerySet[StatementReview]) -> QuerySet[StatementReview]:
    """With what a row of the desk shows: the claim and its article."""
    return found.select_related("document__publisher", "holder", "statement").only(
        *(f.name for f in StatementReview._meta.concrete_fields),
        *OF_ITS_ARTICLE,
        *(f"statement__{name}" for name in OF_A_CLAIM),
    )


OF_ITS_ARTICLE = (
    "document__title",
    "document__desk",
    "document__sample",
    "document__publisher__name",
    "holder__username",
)


def had_by(user: User) -> dict[str, int]:
    """How much of what waits a person has: articles, and claims that they were given by themselves."""
    here = {"holder": user, "waits": True, "document__withdrawn_at__isnull": True}
    return {
        ARTICLES: DocumentReview.objects.filter(**here).count(),
        CLAIMS: StatementReview.objects.filter(own=True, **here).count(),
    }


def mine_first(had: dict[str, int]) -> str:
    """What the desk opens on: the articles that a person has, else the claims, else nothing of theirs."""
    return next((show for show in (ARTICLES, CLAIMS) if had[show]), "")


def due_said(due: datetime | None, now: datetime) -> tuple[str, bool]:
    """A deadline as the desk says it, and whether it has passed."""
    if due is None:
        return "", False
    there, today = timezone.localtime(due), timezone.localtime(now)
    days = (there.date() - today.date()).days
    clock = f"{there:%H:%M}"
    if days == 0:
        when = f"{clock} today"
    elif abs(days) == 1:
        when = f"{clock} {'tomorrow' if days > 0 else 'yesterday'}"
    else:
        when = (
            f"{there.day} {there:%b}, {clock}" if there.year == today.year else f"{there.day} {there:%b %Y}"
        )
    return (f"was due {when}", True) if due < now else (f"due {when}", False)


def labels(user: User) -> list[str]:
    """The desks that articles are labelled with."""
    found = access.documents(user).exclude(desk="").order_by("desk")
    return list(found.values_list("desk", flat=True).distinct())


def label_in_use(typed: str) -> str:
    """A label as others here spell it; as it was typed where nobody has used it yet."""
    typed = " ".join(typed.split())
    there = (
        Document.objects.filter(desk__iexact=typed).exclude(desk="").values_list("desk", flat=True).first()
    )
    return there or typed
