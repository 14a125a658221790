"""What the worker does."""

from __future__ import annotations

from django.tasks import task

from claims import batches, rerunning
from claims.reading import carry_out


@task()
def read_capture(reading_id: int) -> None:
    """Read the capture of this reading."""
    carry_out(reading_id)


@task()
def rerun_rules(rerun_id: int) -> None:
    """Run the rules over the articles of this rerun."""
    rerunning.carry_out(rerun_id)


@task()
def carry_out_batch(batch_id: int) -> None:
    """Do to each claim or article of this batch what was asked for."""
    batches.carry_out(batch_id)
