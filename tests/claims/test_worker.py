"""The worker's look for readings that were left behind."""

from __future__ import annotations

import logging
import threading

import pytest
from django.db import InterfaceError, OperationalError

from claims.management.commands import worker
from claims.models import Reading
from tests.factories import article


def stopped() -> threading.Event:
    """A worker that is told to stop after its first look."""
    stop = threading.Event()
    stop.set()
    return stop


@pytest.mark.django_db(transaction=True)
def test_it_looks_as_soon_as_it_starts(caplog: pytest.LogCaptureFixture):
    left = Reading.objects.create(capture=article(), progress="reading", attempt=1)
    worker.look_for_lost(stopped())
    left.refresh_from_db()
    assert left.progress == "waiting"
    assert "Took up 1 readings" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_asked_again(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    stop, looks = threading.Event(), []

    def away() -> int:
        looks.append(1)
        if len(looks) == 2:
            stop.set()
        raise error("server closed the connection")

    monkeypatch.setattr(worker, "take_up_lost", away)
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.001)
    with caplog.at_level(logging.WARNING):
        worker.look_for_lost(stop)
    assert len(looks) == 2
    assert "does not answer" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_worker_looks_and_works(monkeypatch: pytest.MonkeyPatch):
    """Both at once: what was left behind is handed out again by the one, and read by the other."""
    looked, kept, commands = threading.Event(), threading.Event(), []

    def look(stop: threading.Event) -> None:
        looked.set()
        assert stop.wait(10)

    monkeypatch.setattr(worker, "look_for_lost", look)
    monkeypatch.setattr(worker, "keep_fresh", lambda stop: kept.set())
    monkeypatch.setattr(worker, "call_command", lambda *args, **named: commands.append((args, named)))
    worker.Command().handle()
    assert looked.wait(10)
    assert kept.wait(10)
    # No reloading: it would start the worker as a child that a signal doesn't reach.
    assert commands == [(("db_worker",), {"reload": False, "interval": 0.5})]
