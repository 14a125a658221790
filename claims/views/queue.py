"""The queue of flags: what the address asks for, by code, and what became of each code's flags here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, IntegerField, Min, OuterRef, QuerySet, Value, When
from django.http import HttpRequest, QueryDict

from claims import access
from claims.flags import CODES
from claims.models import Carried, Flag
from claims.models.carried import How
from claims.models.flag import WORST_FIRST, FlagState, Severity
from claims.record import Record, records
from claims.views.narrowing import is_id

A_PAGE = 50
# The words of the claim are gone from the latest version: it is in the tray of its article.
GONE = Carried.objects.filter(
    statement=OuterRef("statement"), from_capture=OuterRef("statement__capture"), how=How.DELETED
)
ANY = "any"


@dataclass(frozen=True, slots=True)
class Group:
    """The flags of one code in the queue: how many are asked for, and what editors made of such."""

    code: str
    title: str
    count: int
    worst: str
    record: Record | None


def queue(request: HttpRequest, query: QueryDict) -> dict[str, Any]:
    """The list and its filters, from what the address asks for."""
    asked = {
        name: query.get(name, "").strip().replace("\x00", "")
        for name in ("code", "severity", "state", "article")
    }
    statements = access.statements(request.user).filter(capture__document__withdrawn_at__isnull=True)
    found = Flag.objects.filter(statement__in=statements.values("pk"))
    if asked["state"] not in (*FlagState.values, ANY):
        asked["state"] = FlagState.OPEN.value
    if asked["state"] != ANY:
        found = found.filter(state=asked["state"])
    if asked["severity"] in Severity.values:
        found = found.filter(severity=asked["severity"])
    article = None
    if is_id(asked["article"]):
        article = access.documents(request.user).filter(pk=asked["article"]).first()
        found = found.filter(statement__capture__document=article)
    told = grouped(found, records(statements))
    if asked["code"] in CODES:
        found = found.filter(code=asked["code"])
    page = Paginator(in_groups(found, told), A_PAGE).get_page(query.get("page"))
    return {
        "page": page,
        "query": query,
        "groups": told,
        "group_of": {group.code: group for group in told},
        "rows": list(page.object_list),
        "asked": asked,
        "article": article,
        "title": CODES.get(asked["code"], ""),
        "states": [*FlagState.choices, (ANY, "in any state")],
        "severities": Severity.choices,
        "unwanted": [group for group in told if group.record and group.record.mostly_dismissed],
    }


def grouped(found: QuerySet[Flag], record_of: dict[str, Record]) -> list[Group]:
    """The codes among these flags: that with the heaviest flag first, then that with the most."""
    counted = list(found.order_by().values("code").annotate(count=Count("pk"), worst=Min(WORST_FIRST)))
    counted.sort(key=lambda row: (row["worst"], -row["count"], list(CODES).index(row["code"])))
    weights = Severity.values
    return [
        Group(code, CODES[code], row["count"], weights[row["worst"]], record_of.get(code))
        for row in counted
        for code in (row["code"],)
    ]


def in_groups(found: QuerySet[Flag], groups: list[Group]) -> QuerySet[Flag]:
    """The flags in the order of their groups, the heaviest and newest of each first."""
    place = Case(
        *(When(code=group.code, then=Value(at)) for at, group in enumerate(groups)),
        default=Value(len(groups)),
        output_field=IntegerField(),
    )
    return (
        found.annotate(gone=Exists(GONE))
        .select_related("raised_by", "decided_by", "statement__capture__document__publisher")
        .defer("statement__capture__data", "statement__capture__text", "statement__capture__structure")
        .order_by(place, WORST_FIRST, "-raised_at", "-pk")
    )
