"""Django's ``check``, which asks no database unless ``--database`` names one."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import check


class Command(check.Command):
    """Django 6.1 asks every database for its version where a model has a generated column."""

    def handle(self, *app_labels: Any, **options: Any) -> None:
        """Check the project; see ``manage.py help check``."""
        options["databases"] = options["databases"] or []
        super().handle(*app_labels, **options)
