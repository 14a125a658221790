"""What was done lately: the newest deed of one person, and what others did since a moment."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet, Value
from django.urls import reverse
from pghistory.models import Context

from claims import access
from claims.deeds import UNDOES, Deed, Row, deeds_from, events_of, undone_by, with_previous
from claims.models import Statement
from claims.sentences import Names, clauses, listed, shortened
from claims.undoable import decides, undoable
from sources.models import Document

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LOOKED_AT = 30  # of one's newest deeds; what lies further back is for the history
MOST_TRIED = 5  # claims on which the newest deed can't be taken back any more
A_DEED = 10  # events, about, that a deed has
ON_A_STATEMENT = ("Statement", "Hop", "Verdict", "Flag", "Annotation", "Assignment")


@dataclass(frozen=True, slots=True)
class Newest:
    """What one can take back next: its context, what it was, and the claim that it was on."""

    context: UUID
    what: str
    statement: int | None
    short: str


def newest_on(statement: Statement, user: User) -> Newest | None:
    """A person's newest deed on a claim that stands and that they may take back; two to eight queries."""
    kinds = touching({kind: {key_of(kind): statement.pk} for kind in ON_A_STATEMENT})
    return newest_of(kinds, user, {statement.pk})


def newest_in(document: Document, user: User) -> Newest | None:
    """A person's newest deed in an article that stands, if it is among their newest anywhere."""
    mine = list(Context.objects.filter(metadata__user=user.pk).order_by("-created_at")[:LOOKED_AT])
    in_it = Statement.objects.filter(capture__document=document).values("pk")
    on: dict[UUID, set[int]] = defaultdict(set)
    parts = [
        events_of(kind)
        .filter(pgh_context__in=[c.pk for c in mine], **{f"{key_of(kind)}__in": in_it})
        .order_by()
        .values_list("pgh_context_id", key_of(kind))
        for kind in ON_A_STATEMENT
    ]
    for context, pk in parts[0].union(*parts[1:]):
        on[context].add(pk)
    of_article = touching({"Document": {"pgh_obj_id": document.pk}})
    tried = 0
    for context in mine:
        found = None
        if context.pk in of_article:
            found = newest_of(of_article, user, set(), document)
        elif context.pk in on and UNDOES not in context.metadata:
            tried += 1
            found = newest_on(Statement(pk=min(on[context.pk])), user)
        if found and found.context == context.pk:
            return found
        if tried == MOST_TRIED:
            break
    return None


def key_of(kind: str) -> str:
    """The column of that model's events that has the statement."""
    return "pgh_obj_id" if kind == "Statement" else "statement_id"


def touching(rows: dict[str, dict[str, int]]) -> dict[UUID, set[str]]:
    """The contexts in which these rows were changed, each with the models that it changed; one query."""
    parts = [
        events_of(kind)
        .filter(pgh_context__isnull=False, **where)
        .order_by()
        .values_list("pgh_context_id", Value(kind))
        for kind, where in rows.items()
    ]
    kinds: dict[UUID, set[str]] = defaultdict(set)
    for context, kind in parts[0].union(*parts[1:]):
        kinds[context].add(kind)
    return kinds


def newest_of(
    kinds: dict[UUID, set[str]], user: User, statements: set[int], document: Document | None = None
) -> Newest | None:
    """The newest of these contexts that is this person's, stands and can be taken back."""
    gone: set[UUID] = set()
    for context in Context.objects.filter(pk__in=kinds).order_by("-created_at"):
        undoes = undone_by(context)
        if context.pk not in gone:
            gone.update(undoes)
        if undoes or context.pk in gone or context.metadata.get("user") != user.pk:
            continue
        deed = part_of(context.pk, kinds[context.pk], statements, document)
        changes = undoable(deed) if deed else []
        if deed and changes and access.takes_back(user, deed.user, decides=any(map(decides, changes))):
            said = clauses(deed, Names.for_deeds([deed]), {})
            on = next((c.statement_id for c in changes if c.statement_id), None)
            what = listed(said.person) or "changed something"
            return Newest(context.pk, shortened(what, 120), on, short(deed, what))
    return None


def part_of(context: UUID, kinds: set[str], statements: set[int], document: Document | None) -> Deed | None:
    """What was done in a context to these statements and this document."""
    rows = []
    for kind in sorted(kinds):
        events = events_of(kind).filter(pgh_context_id=context)
        if kind == "Document":
            events = events.filter(pgh_obj_id=document.pk if document else None)
        else:
            key = "pgh_obj_id__in" if kind == "Statement" else "statement_id__in"
            events = events.filter(**{key: statements})
        rows += with_previous(kind, events)
    return next(iter(deeds_from(rows)), None)


def short(deed: Deed, what: str) -> str:
    """A deed in a word or some, for a button."""
    verdicts = [c for c in deed.of("Verdict") if c.made]
    if verdicts:
        name = str(verdicts[-1].events[-1].get_decision_display())
        return name[:1].upper() + name[1:]
    return what[:1].upper() + shortened(what, 60)[1:]


@dataclass(frozen=True, slots=True)
class Told:
    """Something that somebody else did: who, what, where it leads, and what it was done to."""

    at: datetime
    who: str
    what: str
    href: str
    title: str


def deeds_since(
    user: User,
    since: datetime,
    *,
    statements: QuerySet[Statement] | None = None,
    documents: QuerySet[Document] | None = None,
    most: int = 50,
) -> list[Told]:
    """What others did since a moment to these statements, and to the documents with all their statements.

    The latest first, at most ``most``, a line for each claim or article that a deed was on. Both querysets
    are narrowed to what the person may see. Some dozen queries, however much happened.
    """
    seen_documents = access.documents(user)
    wanted = documents if documents is not None else Document.objects.none()
    mine = seen_documents.filter(pk__in=wanted.values("pk"))
    of_mine = Statement.objects.filter(capture__document__in=mine.values("pk"))
    watched = of_mine.values("pk")
    if statements is not None:
        seen = Statement.objects.filter(capture__document__in=seen_documents.values("pk"))
        watched = watched.union(seen.filter(pk__in=statements.values("pk")).values("pk"))
    lately = {"pgh_created_at__gt": since, "pgh_context__metadata__user__isnull": False}
    found = {"Document": events_of("Document").filter(pgh_obj_id__in=mine.values("pk"), **lately)}
    for kind in ON_A_STATEMENT:
        on = Q(**{f"{key_of(kind)}__in": watched})
        on |= Q(document__in=mine.values("pk")) if kind == "Assignment" else Q()
        found[kind] = events_of(kind).filter(on, **lately)
    found["Annotation"] = found["Annotation"].filter(pgh_obj_id__in=access.notes(user).values("pk"))
    found["Annotation"] = found["Annotation"].exclude(Q(private=True) & ~Q(author=user.pk))
    rows: list[Row] = []
    for kind, events in found.items():
        newest = events.exclude(pgh_context__metadata__user=user.pk).order_by("-pgh_id")
        ids = list(newest.values_list("pgh_id", flat=True)[: most * A_DEED])
        rows += with_previous(kind, events_of(kind).filter(pgh_id__in=ids)) if ids else []
    return lines([part for deed in deeds_from(rows) for part in apart(deed)], most)


def apart(deed: Deed) -> list[Deed]:
    """A deed by the claims and articles that it was on."""
    parts: dict[tuple[bool, int | None], Deed] = {}
    for change in deed.changes:
        on = (change.statement_id is None, change.statement_id or change.document_id or change.pk)
        part = parts.setdefault(on, Deed(deed.context, deed.user, deed.at, deed.undoes))
        part.changes.append(change)
    return list(parts.values())


def lines(parts: list[Deed], most: int) -> list[Told]:
    """These parts of deeds as lines with links, the latest first."""
    names = Names.for_deeds(parts)
    told: list[Told] = []
    statements = {c.statement_id or 0 for part in parts for c in part.changes}
    about = Statement.objects.for_a_list().in_bulk(statements)
    articles = Document.objects.in_bulk(
        {c.document_id for part in parts for c in part.changes if c.document_id and not c.statement_id}
    )
    known = earlier_of(parts, statements)
    for part in reversed(parts):
        said = listed(clauses(part, names, known).person)
        change = part.changes[0]
        statement, article = about.get(change.statement_id or 0), articles.get(change.document_id or 0)
        if not said or part.user is None or len(told) == most:
            continue
        if statement:
            address = reverse("statement", args=[statement.capture.document_id, statement.pk])
            if statement.deleted_at:
                address = reverse("article", args=[statement.capture.document_id])
            told.append(Told(part.at, names.who(part.user), said, address, shortened(statement.wording)))
        elif article:
            address = reverse("article", args=[article.pk])
            told.append(Told(part.at, names.who(part.user), said, address, shortened(article.title)))
    return told


def earlier_of(parts: list[Deed], statements: set[int]) -> dict[UUID, Deed]:
    """The deeds that some of these took back, as far as they were on these statements."""
    wanted = {context for part in parts for context in part.undoes}
    rows: list[Row] = []
    for kind in ON_A_STATEMENT if wanted else ():
        where = {f"{key_of(kind)}__in": statements, "pgh_context__in": wanted}
        rows += with_previous(kind, events_of(kind).filter(**where))
    return {deed.context: deed for deed in deeds_from(rows) if deed.context}
