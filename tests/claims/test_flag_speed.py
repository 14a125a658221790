"""Flags in very long articles: an edit looks at what it touches, not at the whole text."""

from __future__ import annotations

import time

import pytest

from claims.models import Flag, Hop, Rerun, Statement
from sources.models import Capture, Source
from tests.factories import article

pytestmark = pytest.mark.django_db

SENTENCE = "The council of ward {0} lost £{0} on its quay and 40 people were hurt, official {0} said. "


def long_article(count: int, *, one_source: bool = False) -> Capture:
    """An article with this many claims, each of a source of its own or all of the same."""
    capture = article("".join(SENTENCE.format(number + 1_000) for number in range(count)), title="")
    kind = {"kind": "person"}
    sources = Source.objects.bulk_create(
        [Source(name=f"official {number}", **kind) for number in range(1 if one_source else count)]
    )
    width = len(SENTENCE.format(1_000))
    made = Statement.objects.bulk_create(
        [
            Statement(capture=capture, start=at * width, end=at * width + 60, exact="words", wording="words")
            for at in range(count)
        ]
    )
    Hop.objects.bulk_create(
        [
            Hop(
                statement=each,
                source=sources[0 if one_source else at],
                naming="described",
                cue="said",
                start=at * width + 67,
                end=at * width + 82,
            )
            for at, each in enumerate(made)
        ]
    )
    return capture


def test_an_edit_looks_at_its_neighbours_and_what_it_finds_is_what_the_whole_finds():
    capture = long_article(300)
    middle = capture.statements.order_by("start")[150]
    Flag.objects.renew(middle)
    flagged = set(Flag.objects.values_list("statement", flat=True))
    near = set(capture.statements.order_by("start").values_list("pk", flat=True)[134:167])
    assert flagged == near
    kept = list(Flag.objects.order_by("pk").values())
    Flag.objects.renew_all(capture)
    assert list(Flag.objects.filter(statement__in=near).order_by("pk").values()) == kept


def test_where_very_many_rest_on_a_source_the_worker_follows_once():
    capture = long_article(120, one_source=True)
    for _ in range(2):
        Flag.objects.renew(capture.statements.order_by("start")[60])
    assert [(rerun.document, rerun.progress) for rerun in Rerun.objects.all()] == [
        (capture.document, "waiting")
    ]


def test_one_edit_in_a_thousand_statements_takes_little_time():
    capture = long_article(1_000)
    middle = capture.statements.order_by("start")[500]
    Flag.objects.renew(middle)
    began = time.process_time()
    Flag.objects.renew(middle)
    assert time.process_time() - began < 1
