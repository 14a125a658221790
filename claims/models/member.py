"""Members of the newsroom and their roles."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q


class Role(models.TextChoices):
    """What a member may do; each role may do what the one before it may."""

    READER = "reader", "reader"
    REPORTER = "reporter", "reporter"
    EDITOR = "editor", "editor"
    ADMIN = "admin", "admin"


@pghistory.track(exclude=["desk_seen_at"])
class Member(models.Model):
    """The role of one account. What a role may do is read in claims/access.py alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="member")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.READER)

    desk_seen_at = models.DateTimeField(
        null=True, help_text="Up to when they said that they had seen what others did."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="member_role_known")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"
