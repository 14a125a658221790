"""Keep the vocabulary fresh, beside the worker's work."""

from __future__ import annotations

import logging
import threading
import time

from django.db import Error, connection

from claims.models import Word

log = logging.getLogger(__name__)

LOOK_EVERY = 15.0  # seconds
REST = 20  # times as long as the last renewal took: a twentieth of one core is what the words are worth


def keep_fresh(stop: threading.Event) -> None:
    """Renew the words whenever what they come from has changed, until told to stop."""
    done: tuple[int | None, ...] | None = None
    while True:
        began = time.monotonic()
        try:
            # Looked at first: what changes meanwhile is for the next time.
            now = Word.objects.changed()
            if now != done and Word.objects.renew():
                done = now
        except Error:
            log.warning("The database does not answer; renewing the words again later")
        finally:
            connection.close()
        if stop.wait(max(LOOK_EVERY, REST * (time.monotonic() - began))):
            return
