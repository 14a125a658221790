"""The background worker, which also takes up what a killed worker left behind."""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, connection

from claims import batches, rerunning
from claims.fresh_words import keep_fresh
from claims.reading import take_up_lost

log = logging.getLogger(__name__)

LOOK_EVERY = 15.0  # seconds


class Command(BaseCommand):
    """Run django-tasks-db's worker, with a look for lost readings at the start and every few seconds."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until stopped."""
        stop = threading.Event()
        watch = threading.Thread(target=look_for_lost, args=(stop,), daemon=True, name="lost readings")
        watch.start()
        threading.Thread(target=keep_fresh, args=(stop,), daemon=True, name="words").start()
        try:
            call_command("db_worker", reload=False, interval=0.5)
        finally:
            stop.set()


def look_for_lost(stop: threading.Event) -> None:
    """Take up lost readings, reruns and batches until told to stop; a database that is away is asked later.

    At first it asks for a rerun, where the rules are newer than the flags.
    """
    asked = False
    while True:
        try:
            taken = take_up_lost()
            if taken:
                log.warning("Took up %d readings that a stopped worker had left", taken)
            if not asked and rerunning.ask_after_upgrade():
                log.info("The rules are new here; they run over all articles")
            asked = True
            taken = rerunning.take_up_lost()
            if taken:
                log.warning("Took up %d reruns that a stopped worker had left", taken)
            taken = batches.take_up_lost()
            if taken:
                log.warning("Took up %d batches that a stopped worker had left", taken)
        except Error:
            log.warning("The database does not answer; looking for lost readings again later")
        finally:
            connection.close()
        if stop.wait(LOOK_EVERY):
            return
