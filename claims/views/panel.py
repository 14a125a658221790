"""What the claim panel shows, gathered once for every view that answers with it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from claims import access, history, news
from claims.assignment_forms import AssignForm
from claims.chains import describe, stance_said
from claims.flags import CARRIERS
from claims.forms import (
    VerdictForm,
)
from claims.marks import excerpts
from claims.models import Assignment, Flag, Statement
from claims.models.flag import FlagState
from claims.models.verdict import State
from claims.note_forms import ReplyForm
from claims.recent import Newest, newest_in, newest_on
from claims.views.narrowing import narrowing
from claims.views.page import TEMPLATE, article_context, severity, statements_of, tally
from claims.views.parts import part_context
from claims.views.since import since_panel
from claims.views.threads import threads_of_statement, words_of_thread
from claims.views.why import chosen_flag, chosen_hop, confidence_said, stands, why, words_of

# What an editor decides, as the button says it, and its key.
DECISIONS = (
    (State.ACCEPTED, "Accept", "a"),
    (State.WEAK, "Weak", "w"),
    (State.NEEDS_SOURCE, "Needs source", "s"),
    (State.REJECTED, "Reject", "x"),
)


def panel_context(request: HttpRequest, statement: Statement, **bound: Any) -> dict[str, Any]:
    """One claim: its chains, flags, notes, verdict and history, and a form for each thing to do.

    ``bound`` are forms that came back with errors, by the name they have here; ``dismiss_forms`` go by the
    id of the flag. ``editor`` is what stands in place of all that (chain.py).
    """
    capture = statement.capture
    in_order = list(
        capture.statements.filter(deleted_at__isnull=True)
        .order_by("start", "end", "pk")
        .values_list("pk", flat=True)
    )
    at = in_order.index(statement.pk) if statement.pk in in_order else -1
    only = narrowing(request)
    shown = set(in_order)
    if only.kept:
        asked_for = {"code": only.flag, "severity": only.severity}
        flagged = Flag.objects.standing().filter(statement__capture=capture)
        flagged = flagged.filter(**{name: value for name, value in asked_for.items() if value})
        shown = set(flagged.values_list("statement", flat=True))
    before = [pk for pk in in_order[: max(at, 0)] if pk in shown]
    after = [pk for pk in in_order[at + 1 :] if pk in shown] if at >= 0 else []
    chains = statement.chains()
    flags = list(statement.flags.worst_first().select_related("raised_by", "decided_by", "hop__source"))
    words_asked = chosen_flag(request, flags)
    asked = None if words_asked else chosen_hop(request, chains)
    threads = threads_of_statement(request, statement, bound.pop("editing", None))
    boxed = words_of(words_asked, len(capture.text)) if words_asked else stands(asked) if asked else []
    boxed = boxed or words_of_thread(threads, len(capture.text))
    standing_now = [f for f in flags if f.state in (FlagState.OPEN, FlagState.CONFIRMED)]
    worst = standing_now[0] if standing_now else None
    dead_end = any(flag.code == "DEAD_END" for flag in standing_now)
    version = {"version": statement.version}
    opened = bound.pop("opened", request.GET.get("open", ""))
    dismiss_forms = bound.pop("dismiss_forms", {})
    waive_forms = bound.pop("waive_forms", {})
    shown_hops = [hop for chain in chains for hop in chain]
    assignment = Assignment.objects.of(statement)
    context = {
        "assignment": assignment,
        "assign_form": AssignForm.over(assignment),
        "statement": statement,
        "joined": access.wording_of(request.user, statement.claim) if statement.claim else "",
        "number": at + 1,
        "count": len(in_order),
        "previous": before[-1] if before else None,
        "next": after[0] if after else None,
        "only": only,
        "severity": severity(standing_now),
        "chains": [
            [
                {
                    "hop": hop,
                    "origin": hop is chain[-1],
                    "dead_end": hop is chain[-1] and hop.kind in CARRIERS and dead_end,
                    "words": statement.capture.text[hop.start : hop.end] if hop.start is not None else "",
                    "first_shown": shown_hops.index(hop) == sum(map(len, chains[:row])) + column,
                }
                for column, hop in enumerate(chain)
            ]
            for row, chain in enumerate(chains)
        ],
        "chosen_hop": asked,
        "chosen_flag": words_asked,
        "boxed": boxed,
        "boxed_places": json.dumps([[each.start, each.end] for each in boxed]),
        "flag_excerpts": excerpts(capture.text, boxed) if words_asked else [],
        "why": why(statement, chains, asked) if asked else None,
        "confidence": confidence_said(statement),
        "stance": stance_said(statement.stance, chains),
        "described": describe(chains),
        "flags": [
            {
                "flag": flag,
                # Forms that came back; to begin with, the template has their one field.
                "dismiss": dismiss_forms.get(flag.pk),
                "waive": waive_forms.get(flag.pk),
                "has_words": bool(words_of(flag, len(capture.text))),
                "threads": [thread for thread in threads if thread.note.flag_id == flag.pk],
            }
            for flag in flags
        ],
        "threads": [thread for thread in threads if not thread.note.flag_id],
        "verdict": statement.verdicts.select_related("by").first(),
        # A panel is asked for far more often than what became of its claim.
        "history": history.of_statement(statement, user=request.user) if opened == "history" else None,
        "undo": undo_for(request.user, statement),
        "verdict_form": VerdictForm(
            initial=version | {"reason": worst.why if worst else "", "offered": worst.why if worst else ""},
            auto_id="verdict-%s",
        ),
        "offered_from": worst,
        "reply_form": ReplyForm(auto_id=False),
        "version": statement.version,
        "decisions": DECISIONS,
        "opened": opened,
        "seen": news.seen(request.user, statement, chains),
    }
    part = part_context(statement, opened, request.GET.get("on", ""))
    return context | part | since_panel(statement) | bound


def undo_for(user: User | AnonymousUser, statement: Statement) -> Newest | None:
    """What the person can take back: their newest deed on this claim, else their newest in this article."""
    if not isinstance(user, User) or not access.writes(user):
        return None
    return newest_on(statement, user) or newest_in(statement.capture.document, user)


def show(request: HttpRequest, statement: Statement, status: int = 200, **bound: Any) -> HttpResponse:
    """The claim panel for htmx; the whole article page with that panel for a browser."""
    panel = panel_context(request, statement, **bound)
    if request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers:
        if request.method == "POST":
            panel |= {"tally": tally(statements_of(statement.capture)), "swapped": True}
        panel |= {"document": statement.capture.document, "capture": statement.capture}
        return render(request, f"{TEMPLATE}#answer", panel, status=status)
    capture = statement.capture
    page = article_context(request, capture.document, capture, statement, panel["boxed"], panel["only"])
    return render(request, TEMPLATE, page | panel | {"panel": True}, status=status)


def done(request: HttpRequest, statement: Statement) -> HttpResponse:
    """After a change: the fresh panel for htmx, a 303 to the page for a browser."""
    if request.headers.get("HX-Request") == "true":
        return show(request, Statement.objects.with_article().select_related("claim").get(pk=statement.pk))
    response = redirect("statement", statement.capture.document_id, statement.pk)
    response.status_code = 303
    return response
