"""What the worker does."""

from __future__ import annotations

from django.tasks import task

from claims.reading import carry_out


@task()
def read_capture(reading_id: int) -> None:
    """Read the capture of this reading."""
    carry_out(reading_id)
