"""Who has an article open now."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from sources.models.announcing import ITS_DOCUMENT, announces

# A page is taken for gone when nobody has vouched for it that long: its server was killed.
GONE_AFTER = timedelta(seconds=30)


class PresenceQuerySet(models.QuerySet["Presence"]):
    """Presences by whether they still count."""

    def fresh(self) -> PresenceQuerySet:
        """Those that somebody vouched for just now."""
        return self.filter(seen_at__gte=Now() - GONE_AFTER)

    def gone(self) -> PresenceQuerySet:
        """Those that nobody vouched for in time."""
        return self.filter(seen_at__lt=Now() - GONE_AFTER)


class Presence(models.Model):
    """One open page of an article: whose it is, and which claim is chosen on it.

    The web process that holds the page's stream keeps the row fresh. The table is UNLOGGED (its migration
    says so): it is worth nothing after a crash. No foreign keys: none of it may hold up a deletion.
    """

    key = models.UUIDField(primary_key=True, help_text="Of the stream.")
    document = models.ForeignKey(
        "sources.Document", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    statement = models.BigIntegerField(null=True, help_text="The id of the claim that is chosen.")
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["seen_at", "key"]
        triggers = [announces("here", ITS_DOCUMENT, quiet="seen_at")]

    def __str__(self) -> str:
        return f"{self.user} at {self.document_id}"
