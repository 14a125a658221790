"""What became of a claim or a note when a new version of its article came in."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from claims.models.verdict import State
from claims.revision import Fate


class How(models.TextChoices):
    """What became of the words; see ``claims/revision.py``. ``placed``: a person said where they are now."""

    UNCHANGED = Fate.UNCHANGED, "unchanged"
    MOVED = Fate.MOVED, "moved"
    REWORDED = Fate.REWORDED, "changed"
    DELETED = Fate.DELETED, "gone from the text"
    PLACED = "placed", "put there by a person"


class Carried(models.Model):
    """One step of a claim or note from a capture to a later one: the words then and now. Never changed.

    Where the words are gone the claim or note stays on the earlier capture, and in the tray of the article.
    """

    statement = models.ForeignKey(
        "claims.Statement", null=True, on_delete=models.PROTECT, related_name="carried"
    )
    annotation = models.ForeignKey(
        "claims.Annotation", null=True, on_delete=models.PROTECT, related_name="carried"
    )
    from_capture = models.ForeignKey("sources.Capture", on_delete=models.PROTECT, related_name="+")
    to_capture = models.ForeignKey("sources.Capture", on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=9, choices=How.choices)
    old_start = models.PositiveIntegerField()
    old_end = models.PositiveIntegerField()
    old_words = models.TextField()
    words = models.TextField(blank=True, help_text="Those of the later capture; none when they are gone.")
    likeness = models.FloatField(default=0, help_text="Of the old words and the new, 0 to 1.")
    rivals = models.BooleanField(
        default=False, help_text="Words like these are there, but nothing tells which of them these were."
    )
    state = models.CharField(
        max_length=12, choices=State.choices, blank=True, help_text="The claim’s verdict until then."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(statement__isnull=True, annotation__isnull=False)
                | Q(statement__isnull=False, annotation__isnull=True),
                name="carried_claim_or_note",
            ),
            models.CheckConstraint(condition=Q(how__in=How.values), name="carried_how_known"),
            models.CheckConstraint(
                condition=Q(how=How.DELETED, words="") | ~Q(how=How.DELETED) & ~Q(words=""),
                name="carried_has_words_unless_gone",
            ),
            models.CheckConstraint(
                condition=~Q(from_capture=F("to_capture")), name="carried_from_one_to_another"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="carried_never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.old_words[:60]}: {self.get_how_display()}"
