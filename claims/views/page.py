"""What the article page shows, gathered once for every view that renders it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2s
from itertools import zip_longest
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse

from claims.assignment_forms import AssignForm
from claims.chains import stance_said
from claims.forms import (
    AddStatementForm,
    DetailsForm,
)
from claims.live import watch
from claims.marks import Span, Stand, lay_out
from claims.models import Assignment, Flag, Hop, Reading, Statement
from claims.models.verdict import State
from claims.note_forms import ReplyForm, WordsNoteForm
from claims.views.narrowing import ALL, Narrowing, choices
from claims.views.since import since
from claims.views.threads import Editing, noted_words, threads_of_capture, words_of_thread
from sources.models import Capture, Document

TEMPLATE = "claims/article.html"
NO_FLAG = "none"
HEADLINE = "headline"
GONE = "There is no such claim any more: the text was read again."
WORST = ("block", "warn", "info")


@dataclass(slots=True)
class Mark:
    """A statement as the text shows it."""

    pk: int
    number: int
    state: str
    severity: str
    wording: str
    unsure: bool
    stance: str
    shown: bool


def statements_of(capture: Capture) -> list[Statement]:
    """The statements of a capture in the order of the text, with what the page asks of them."""
    return list(
        capture.statements.filter(deleted_at__isnull=True)
        .prefetch_related(
            Prefetch("hops", Hop.objects.standing().select_related("source")),
            Prefetch("flags", Flag.objects.standing(), to_attr="standing_flags"),
        )
        .order_by("start", "end", "pk")
    )


def shape(statements: list[Statement]) -> str:
    """What tells whether the page around the panel would look as it does, but for how the marks stand."""
    flags = [sorted((flag.code, flag.severity) for flag in standing(s)) for s in statements]
    return digest([(s.pk, s.start, s.end, s.wording, s.stance) for s in statements], flags)


def laid(statements: list[Statement]) -> str:
    """What tells whether the marks would lie in the text as they do."""
    return digest([(s.pk, s.start, s.end) for s in statements])


def digest(*what: Any) -> str:
    """Some characters that are others when any of it is another."""
    return blake2s(repr(what).encode(), digest_size=8).hexdigest()


def standing(statement: Statement) -> list[Flag]:
    """Its open and confirmed flags, where ``statements_of`` or a list has fetched them."""
    flags: list[Flag] = statement.standing_flags  # type: ignore[attr-defined]
    return flags


def severity(flags: list[Flag]) -> str:
    """The worst of the flags that stand; "none" without one."""
    there = {flag.severity for flag in flags}
    return next((each for each in WORST if each in there), NO_FLAG)


def article_context(
    request: HttpRequest,
    document: Document,
    capture: Capture,
    chosen: Statement | None = None,
    boxed: Sequence[Stand] = (),
    only: Narrowing = ALL,
    editing: Editing | None = None,
) -> dict[str, Any]:
    """The whole page: the text with its marks, the tally, the reading; ``boxed`` words, and what is shown."""
    since_then = watch.moment()
    statements = statements_of(capture)
    marks = {
        s.pk: Mark(
            s.pk,
            number,
            s.state,
            severity(standing(s)),
            s.wording,
            s.unsure,
            stance_said(s.stance, s.chains()),
            only.holds(standing(s)),
        )
        for number, s in enumerate(statements, 1)
    }
    structure = capture.structure
    captures = list(document.captures.defer("data", "text", "structure").order_by("-taken_at", "-pk"))
    path = reverse("article", args=[document.pk])
    if captures[0].pk != capture.pk:
        path = reverse("article-capture", args=[document.pk, capture.pk])
    threads = threads_of_capture(request, capture, path, editing)
    boxed = boxed or words_of_thread(threads, len(capture.text))
    noted = {note.pk: note for note in noted_words(request, capture, path)}
    laid_out = lay_out(
        capture.text,
        blocks_shown(document, capture, statements),
        [(link["start"], link["end"], link["href"]) for link in structure.get("links", [])],
        [Span(s.pk, s.start, s.end) for s in statements],
        boxed,
        [note.span for note in noted.values()],
    )
    blocks = [
        (
            block.kind,
            [
                {
                    "run": run,
                    "marks": [(marks[pk], pk in run.begins) for pk in run.inside],
                    "ends": [marks[pk] for pk in run.ends],
                    "notes": [noted[pk] for pk in run.note_ends],
                    # The way out stands once, behind the last words of the link.
                    "out": run.href if after is None or after.href != run.href else "",
                }
                for run, after in zip_longest(block.runs, block.runs[1:])
            ],
        )
        for block in laid_out
    ]
    return {
        "document": document,
        "capture": capture,
        "captures": captures,
        "blocks": blocks,
        "marks": list(marks.values()),
        "stands_at": min((stand.start for stand in boxed), default=None),
        "tally": tally(statements),
        "reading": latest_reading(capture),
        "deleted": capture.statements.filter(deleted_at__isnull=False).select_related("deleted_by"),
        "page_path": path,
        "notes_on_words": threads,
        "thread": next((thread for thread in threads if thread.chosen), None),
        "add_form": AddStatementForm(),
        "words_form": WordsNoteForm(auto_id="words-note-%s"),
        "reply_form": ReplyForm(auto_id=False),
        **assigned(document),
        "details_form": DetailsForm(initial=details_of(document), auto_id="details-%s"),
        "chosen": chosen,
        "only": only,
        # What the open page is kept up to date by.
        "seen_until": since_then,
        "shape": shape(statements),
        "laid": laid(statements),
        "narrowings": choices(only, [standing(s) for s in statements]),
    } | since(request, document, capture, captures)


def assigned(document: Document) -> dict[str, Any]:
    """Who has the article, and the form to give it to somebody."""
    there = Assignment.objects.of(document)
    return {
        "article_assignment": there,
        "article_assign": reverse("article-assign", args=[document.pk]),
        "article_assign_end": reverse("article-assign-end", args=[document.pk]),
        "article_assign_form": AssignForm.over(there),
    }


def blocks_shown(
    document: Document, capture: Capture, statements: list[Statement]
) -> list[tuple[int, int, str]]:
    """The blocks of the text, as marks.py takes them.

    A page's own headline is left out when it is the title above the text already and holds no claim.
    """
    blocks = [(b["start"], b["end"], b["kind"]) for b in capture.structure.get("blocks", [])]
    if blocks:
        start, end, kind = blocks[0]
        said_already = kind.startswith("h") and capture.text[start:end].strip() == document.title
        if said_already and not any(s.start < end for s in statements):
            blocks[0] = (start, end, HEADLINE)
    return blocks


def details_of(document: Document) -> dict[str, Any]:
    """A document's details, as its form begins."""
    return {
        "title": document.title,
        "publisher": document.publisher.name if document.publisher else "",
        "byline": document.byline,
        "published_on": document.published_on,
        "url": document.url,
        "desk": document.desk,
        "version": document.version,
    }


def latest_reading(capture: Capture) -> Reading | None:
    """How far the last reading of a capture is."""
    return capture.readings.order_by("-asked_at", "-pk").first()


def tally(statements: list[Statement]) -> dict[str, int]:
    """The figures above the text."""
    origins: dict[int, str] = {}
    linked = 0
    for statement in statements:
        for chain in statement.chains():
            origins[chain[-1].key] = chain[-1].naming
        linked += sum(1 for hop in statement.hops.all() if hop.link)
    return {
        "claims": len(statements),
        "reviewed": sum(s.state != State.UNREVIEWED for s in statements),
        "weak": sum(severity(standing(s)) in ("block", "warn") for s in statements),
        "origins": len(origins),
        "unnamed": sum(naming in ("anonymous", "described") for naming in origins.values()),
        "linked": linked,
    }
