"""The policy: which pack is in force, what an admin changed of it, and what a change would do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from claims import access
from claims.access import MANAGE, READ, needs, person
from claims.flags import CODES, RULES, BadPolicy, Policy, load_all
from claims.models import PolicyChoice, Rerun
from claims.models.policy import ChangedPolicy
from claims.policy_form import PolicyForm
from claims.policy_history import in_words, policy_history
from claims.preview import preview
from claims.record import records

TEMPLATE = "claims/policy.html"
POLICY_CHANGED = "the policy asks for it no longer"
OVERTAKEN = (
    "Somebody else saved another policy while you were at this one; theirs is in force. "
    "Save again to put yours in its place."
)


@require_GET
@needs(READ)
def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force; ``pack`` in the address fills the form with another pack instead."""
    return render(request, TEMPLATE, page(request, pack=request.GET.get("pack", "")))


@require_GET
@needs(READ)
def policy_status(request: HttpRequest) -> HttpResponse:
    """How far the rules are that run over all articles; asked again while they do."""
    if request.headers.get("HX-Request") != "true":
        return redirect("policy")
    rerun = Rerun.objects.over_all().first()
    response = render(request, "claims/policy.html#rerun", {"rerun": rerun})
    if rerun is None or not rerun.going_on:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@needs(MANAGE)
def policy_preview(request: HttpRequest) -> HttpResponse:
    """What the policy in the form would raise and close, were it saved; nothing is."""
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return render(request, TEMPLATE, page(request, form), status=422)
    wanted = form.cleaned_data["policy"]
    return render(request, TEMPLATE, page(request, form) | {"preview": preview(request.user, wanted)})


@require_POST
@needs(MANAGE)
def policy_save(request: HttpRequest) -> HttpResponse:
    """Put the policy in the form in force; the worker runs the rules over all articles."""
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return render(request, TEMPLATE, page(request, form), status=422)
    said = form.cleaned_data
    try:
        with transaction.atomic():
            by = person(request)
            PolicyChoice.objects.choose(by, said["pack"], said["changes"], said["version"])
            Rerun.objects.ask(POLICY_CHANGED, by=by)
    except ChangedPolicy:
        form.add_error(None, OVERTAKEN)
        theirs = PolicyChoice.objects.now()
        return render(request, TEMPLATE, page(request, form.over(theirs)), status=409)
    messages.success(request, "The policy is in force. The rules run over all articles now.")
    response = redirect("policy")
    response.status_code = 303
    return response


def page(request: HttpRequest, form: PolicyForm | None = None, pack: str = "") -> dict[str, Any]:
    """What the page shows: the policy in force, the form over it, the packs, each code with its record."""
    choice = PolicyChoice.objects.now()
    packs, broken = installed()
    now: Policy | None = None
    try:
        now = choice.policy()
    except BadPolicy as problem:
        broken = broken or str(problem)
    if form is None:
        shown = packs.get(pack) or now or packs.get("default")
        form = PolicyForm.showing(shown, choice.version) if shown else None
    # What the form shows: what was typed where that makes a policy, else the pack that it is over.
    mine: Policy | None = None
    if form is not None:
        mine = form.policy or packs.get(form.pack_name) or packs.get("default")
    record_of = records(access.statements(request.user))
    return {
        "choice": choice,
        "now": now,
        "broken": broken,
        "packs": list(packs.values()),
        "form": form,
        "another": bool(now and mine and mine != now),
        "entries": [
            {
                "code": code,
                "title": CODES[code],
                "meaning": RULES[code].meaning.partition(". ")[0].rstrip(".") + ".",
                "entry": mine.entries[code] if mine else None,
                "now": now.entries[code] if now else None,
                "changed": differs(mine, packs, code),
                "limits": limits_of(mine, code),
                "proposes": RULES[code].proposes,
                "fields": form.fields_of(code) if form else None,
                "record": record_of.get(code),
            }
            for code in CODES
            if code in RULES
        ],
        "history": policy_history(packs),
        "rerun": Rerun.objects.over_all().select_related("asked_by").first(),
    }


def differs(shown: Policy | None, packs: dict[str, Policy], code: str) -> bool:
    """Whether the shown policy has an entry otherwise than its pack."""
    pack = packs.get(shown.name) if shown else None
    return bool(shown and pack and shown.entries[code] != pack.entries[code])


def limits_of(shown: Policy | None, code: str) -> list[tuple[str, str]]:
    """The thresholds of a code as a reader sees them: what each is for, and its value."""
    if shown is None:
        return []
    limits = shown.entries[code].limits
    return [(threshold.plain, in_words(limits[threshold.name])) for threshold in RULES[code].thresholds]


def installed() -> tuple[dict[str, Policy], str]:
    """The packs that came with this version, by name; and what is wrong when one of them is broken."""
    try:
        return dict(load_all()), ""
    except BadPolicy as problem:
        return {}, str(problem)
