"""The worker's look for new words."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError

from claims import fresh_words
from claims.models import Word
from tests.factories import article

pytestmark = pytest.mark.django_db(transaction=True)


class Rounds(threading.Event):
    """Stops after so many waits, and calls something before each."""

    def __init__(self, *between: Callable[[], object]) -> None:
        super().__init__()
        self.between, self.waited = list(between), list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0)
        if not self.between:
            return True
        self.between.pop(0)()
        return False


def test_words_are_renewed_when_something_came_in_and_only_then():
    def forget() -> None:
        assert Word.objects.filter(word="lantern").exists()
        Word.objects.all().delete()

    def take_in() -> None:
        # Nothing had come in, so nothing was done.
        assert not Word.objects.exists()
        article("A beacon is lit.", title="Beacon")

    article("A lantern is lit.", title="Lantern")
    stop = Rounds(forget, take_in)
    fresh_words.keep_fresh(stop)
    assert {"lantern", "beacon"} <= set(Word.objects.values_list("word", flat=True))
    assert all(wait >= fresh_words.LOOK_EVERY for wait in stop.waited)


def test_a_database_that_is_away_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def away(self: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(type(Word.objects), "changed", away)
    with caplog.at_level(logging.WARNING):
        fresh_words.keep_fresh(Rounds(lambda: None))
    assert caplog.text.count("does not answer") == 2
