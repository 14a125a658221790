"""Doing one thing to all that are chosen at the desk: ask for it, look how far it is, take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from claims import access, batches
from claims import desk as queue
from claims.access import WRITE, needs, person
from claims.assignment_forms import BatchForm
from claims.flags import CODES
from claims.models import Batch
from claims.models.batch import BatchProgress, Does
from claims.models.verdict import State
from claims.reading import held
from claims.undo import Refused
from sources.models import Document

MOST_NAMED = 20
TEMPLATE = "claims/desk.html"


@require_POST
@needs(WRITE)
def batch_add(request: HttpRequest) -> HttpResponse:
    """Do one thing to the chosen rows of the desk, or to all that its filters leave."""
    user = person(request)
    asked = queue.asked(QueryDict(request.POST.get("list", "")[:1000]))
    claims = asked.show == queue.CLAIMS
    to_list = f"{reverse('desk')}?{asked.query}"
    form = BatchForm(taking(request.POST, user.pk))
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for each in form.errors.values() for error in each))
        return HttpResponseRedirect(to_list, status=303)
    if form.cleaned_data["does"] != Does.ASSIGN:
        access.must_decide(user)
        if not claims:
            raise PermissionDenied("Verdicts and flags are of claims, not of articles.")
    items = chosen(request, asked)
    if not items:
        messages.error(request, "Nothing was chosen.")
        return HttpResponseRedirect(to_list, status=303)
    now = len(items) <= batches.AT_ONCE
    made = Batch.objects.ask(user, form.cleaned_data["does"], form.kept(), items, claims=claims, now=now)
    if now:
        with held(made.pk, batches.LOCK_SPACE):
            batches.work_on(made)
    return HttpResponseRedirect(f"{to_list}&did={made.pk}", status=303)


def taking(posted: QueryDict, me: int) -> QueryDict:
    """What was sent, with what the button says that was pressed."""
    said = posted.copy()
    if "take" in posted:
        # “Take it” on a row gives that row to oneself, whatever else the form holds.
        said = QueryDict(mutable=True)
        said.update({"does": Does.ASSIGN, "to": str(me)})
    elif "decision" in posted:
        said["does"] = Does.VERDICT
    return said


def chosen(request: HttpRequest, asked: queue.Asked) -> list[list[int]]:
    """The items: the id of each, with the version and the holder that the person saw."""
    if request.POST.get("all"):
        user = person(request)
        if asked.show == queue.CLAIMS:
            found = queue.claims(asked, user).values_list("pk", "statement__version", "holder", "own")
            return [[pk, version, holder if own else 0] for pk, version, holder, own in found[: batches.MOST]]
        rows = queue.articles(asked, user).values_list("pk", "holder")[: batches.MOST]
        return [[pk, 0, holder or 0] for pk, holder in rows]
    typed = [request.POST["take"]] if "take" in request.POST else request.POST.getlist("choose")
    items = [each.split(":") for each in dict.fromkeys(typed)]
    good = [[int(part) for part in item] for item in items if len(item) == 3 and all(map(queue.is_id, item))]
    return sorted(good)[: batches.MOST]


@require_GET
@needs(WRITE)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a batch is; asked again and again while it goes on."""
    mine = batch_or_404(request, pk)
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('desk')}?who=everybody&did={mine.pk}")
    response = render(request, f"{TEMPLATE}#did", {"did": notice(mine)})
    if not mine.going_on:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@needs(WRITE)
def batch_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take all of it back."""
    mine = batch_or_404(request, pk)
    asked = queue.asked(QueryDict(request.POST.get("list", "")[:1000]))
    try:
        batches.take_back(mine, person(request))
    except Refused as problem:
        messages.error(request, f"Nothing is taken back: {problem}")
    else:
        messages.success(request, "Taken back.")
    return HttpResponseRedirect(f"{reverse('desk')}?{asked.query}", status=303)


def batch_or_404(request: HttpRequest, pk: int) -> Batch:
    """A batch of this person’s own."""
    found = Batch.objects.filter(pk=pk, by=person(request)).first()
    if found is None:
        raise Http404("There is no such action of yours.")
    return found


def notice(mine: Batch) -> dict[str, Any]:
    """What the desk says of a batch: how far it is, what it did, and what it passed over, by name."""
    why = dict(mine.passed_over)
    names: dict[int, str] = {}
    some = list(why)[:MOST_NAMED]
    if mine.claims and some:
        found = access.statements(mine.by).filter(pk__in=some)
        names = {s.pk: s.wording for s in found.only("wording")}
    elif some:
        names = {d.pk: d.title for d in Document.objects.filter(pk__in=some).only("title")}
    return {
        "batch": mine,
        "what": said(mine),
        "passed_over": [(names.get(pk, "one that isn’t here"), why[pk]) for pk in some],
        "more": len(why) - len(some),
        "undo": mine.progress == BatchProgress.DONE and mine.changed and not mine.undone_at,
    }


def said(mine: Batch) -> str:
    """What was done: "12 claims marked weak"."""
    noun = "claim" if mine.claims else "article"
    counted = f"{mine.changed} {noun}{'' if mine.changed == 1 else 's'}"
    if mine.does == Does.ASSIGN:
        to = access.username_of(mine.said["to"])
        return f"{counted} given to {'you' if mine.said['to'] == mine.by_id else to}"
    if mine.does == Does.VERDICT:
        return f"{counted} marked “{State(mine.said['decision']).label}”"
    return f"“{CODES[mine.said['code']]}” dismissed on {counted}"
