"""The demo's sample desk: invented articles, taken in, read and partly reviewed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims import sample_desk


class Command(BaseCommand):
    """Take in what is missing of the sample desk; what is here already stays as it is."""

    help = __doc__ or ""

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuses outside the demo: invented articles have no place on a real desk."""
        if not settings.DEMO:
            raise CommandError("The sample desk is for the demo alone (make demo).")
        try:
            loaded = sample_desk.load()
        except sample_desk.AccountMissing as problem:
            raise CommandError(f"{problem} Run manage.py make_demo_accounts first.") from problem
        if loaded.articles:
            self.stdout.write(f"Took in and read {loaded.articles} sample articles.")
        for words in loaded.not_found:
            self.stderr.write(f"The sample desk: the engine did not find {words}")
