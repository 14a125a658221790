"""The desk: what waits for a review, the riskiest first. It opens on what was given to you."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_GET

from claims import access, batches
from claims import desk as queue
from claims.access import READ, WRITE, needs, person
from claims.flags import CODES
from claims.models import Batch, Statement
from claims.models.flag import Severity
from claims.sentences import shortened
from claims.views.batches import notice
from claims.views.panel import DECISIONS
from sources.models import Source

TEMPLATE = "claims/desk.html"
A_PAGE = 15
WEIGHT = {**dict(Severity.choices), "info": "information", "none": "no flag"}
NO_CLAIMS = "No claims are marked in it."
ALL_REVIEWED = "Every claim is reviewed; whoever has it isn’t done yet."


@require_GET
@needs(READ)
def desk(request: HttpRequest) -> HttpResponse:
    """Articles or claims that wait; each filter is a link that can be kept and goes with the others."""
    user = person(request)
    name = request.GET.get("name", "").strip().replace("\x00", "")
    if name:
        return redirect(by_source(request, name))
    had = queue.had_by(user)
    asked = queue.asked(request.GET, mine_first=queue.mine_first(had))
    return render(request, TEMPLATE, page(request, asked) | {"had": had})


@require_GET
@needs(READ)
def desk_options(request: HttpRequest) -> HttpResponse:
    """The desks that articles are labelled with, for the type-ahead."""
    return render(request, "claims/_desks.html", {"found": queue.labels(person(request))})


def by_source(request: HttpRequest, name: str) -> str:
    """The address of the same list, narrowed to the source of this name, where there is one."""
    found = access.sources(request.user).filter(pk__in=Source.objects.known_as(name).values("pk")).first()
    asked = queue.asked(request.GET)
    if found is None:
        messages.error(request, f"No source here goes by “{name[:100]}”.")
    return f"{request.path}?{asked.but(source=found.pk) if found else asked.query}"


def page(request: HttpRequest, asked: queue.Asked) -> dict[str, Any]:
    """The rows of one page, and the filters."""
    user = person(request)
    typed = request.GET.get("page", "")
    number = min(max(int(typed) if queue.is_id(typed) else 1, 1), queue.MOST_PAGES)
    # One more than is shown, to know whether another page follows without counting them all.
    place = slice((number - 1) * A_PAGE, number * A_PAGE + 1)
    found: list[Any]
    if asked.show == queue.CLAIMS:
        found = list(queue.with_claims(queue.claims(asked, user))[place])
    else:
        found = list(queue.with_articles(queue.articles(asked, user))[place])
    source = None
    if asked.source is not None:
        source = access.sources(user).filter(pk=asked.source).first()
    shown = found[:A_PAGE]
    of_claims = asked.show == queue.CLAIMS
    statements = [each.statement if of_claims else each.riskiest for each in shown]
    why = queue.why([statement for statement in statements if statement])
    rows = [row_of(each, asked, why) for each in shown]
    return {
        "asked": asked,
        "rows": rows,
        "number": number,
        "before": number - 1,
        "after": number + 1 if len(found) > A_PAGE and number < queue.MOST_PAGES else 0,
        "chosen": request.GET.get("chosen") == "all",
        "claims": asked.show == queue.CLAIMS,
        "to_articles": asked.but(show=queue.ARTICLES),
        "to_claims": asked.but(show=queue.CLAIMS),
        "first": (number - 1) * A_PAGE + 1,
        "filters": filters(asked, queue.labels(user)),
        "narrowings": narrowings(asked, source),
        "whose": whose(asked, rows),
    } | bulk(request, asked)


def bulk(request: HttpRequest, asked: queue.Asked) -> dict[str, Any]:
    """What can be done to the chosen rows, and what was done just now."""
    if not may_write(request):
        return {}
    did = request.GET.get("did", "")
    mine = Batch.objects.filter(pk=int(did), by=person(request)).first() if queue.is_id(did) else None
    return {
        "did": notice(mine) if mine else None,
        "people": access.people().only("username"),
        "decisions": DECISIONS,
        "codes": CODES.items(),
        "most": batches.MOST,
    }


def may_write(request: HttpRequest) -> bool:
    """Whether there is anything that this person could do to the rows."""
    return access.rank(request.user) >= WRITE


def row_of(review: Any, asked: queue.Asked, why: dict[int, str]) -> dict[str, Any]:
    """What a row shows: why it is risky, who has it until when, how far it is."""
    of_claim = asked.show == queue.CLAIMS
    statement: Statement | None = review.statement if of_claim else review.riskiest
    now = timezone.now()
    due, late = queue.due_said(review.due, now)
    title = statement.wording if statement and of_claim else review.document.title
    return {
        "review": review,
        # Cut here: Django’s filters for it take more time than the rest of the row.
        "title": shortened(title, 300),
        "short": shortened(title, 60),
        "article": shortened(review.document.title, 80),
        "document": review.document,
        "statement": statement,
        "why": why[statement.pk] if statement else ALL_REVIEWED if review.total else NO_CLAIMS,
        "weight": WEIGHT[review.severity],
        "item": item(review, statement, of_claim),
        "theirs": asked.but(who=str(review.holder_id)),
        "due": due,
        "late": late,
        "age": timesince(review.since, now, depth=1),
    }


def item(review: Any, statement: Statement | None, of_claim: bool) -> str:
    """A row as its box sends it: its id, the version and the holder that is seen."""
    if of_claim and statement:
        return f"{statement.pk}:{statement.version}:{(review.holder_id or 0) if review.own else 0}"
    return f"{review.pk}:0:{review.holder_id or 0}"


def whose(asked: queue.Asked, rows: list[dict[str, Any]]) -> str:
    """The name of the person whose work is asked for, where it isn't the reader's own."""
    if not queue.is_id(asked.who):
        return ""
    return rows[0]["review"].holder.get_username() if rows else access.username_of(int(asked.who))


def narrowings(asked: queue.Asked, source: Source | None) -> list[dict[str, str]]:
    """What the list is narrowed to, each with the address of the list without that."""
    said = {
        "state": "of any verdict" if asked.state == queue.ANY else queue.STATES.get(asked.state, ""),
        "flag": CODES.get(asked.flag, ""),
        "source": f"resting on {source.name if source else 'a source that isn’t here'}"
        if asked.source
        else "",
        "desk": asked.desk,
        "age": f"waiting {queue.AGES[asked.age]}" if asked.age else "",
    }
    return [
        {"label": label, "href": f"?{asked.but(**{name: None if name == 'source' else ''})}"}
        for name, label in said.items()
        if label
    ]


def filters(asked: queue.Asked, desks: list[str]) -> list[dict[str, Any]]:
    """The filters as links, each with whether it is on; those that fold away have many choices."""

    def choices(name: str, values: dict[str, str]) -> list[dict[str, Any]]:
        now = getattr(asked, name)
        return [
            {"label": label, "href": f"?{asked.but(**{name: value})}", "current": now == value}
            for value, label in values.items()
        ]

    everyone = {queue.EVERYBODYS: "Everybody’s", queue.MINE: "Mine", queue.NOBODYS: "Nobody’s"}
    verdicts = {queue.WAITING: "waits", **queue.STATES, queue.ANY: "any"}
    if asked.desk and asked.desk not in desks:
        desks = [*desks, asked.desk]
    found: list[dict[str, Any]] = [
        {"title": "Whose", "choices": choices("who", everyone)},
        {"title": "Verdict", "choices": choices("state", verdicts)},
        {"title": "Age", "choices": choices("age", {"": "any", **queue.AGES})},
    ]
    if desks:
        found.append({"title": "Desk", "choices": choices("desk", {"": "all", **{d: d for d in desks}})})
    codes = {"": "with or without", **CODES}
    found.append({"title": "Flag", "choices": choices("flag", codes), "folds": CODES.get(asked.flag, "")})
    return found
