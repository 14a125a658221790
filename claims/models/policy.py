"""The policy in force: which pack of standards this newsroom follows, and what an admin changed of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pghistory
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from claims.flags import BadPolicy, Policy, load
from claims.flags.policy import DEFAULT, made_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = logging.getLogger(__name__)

THE_ONE = 1


class ChangedPolicy(Exception):
    """Somebody else saved another policy after the admin looked at this one."""


class PolicyQuerySet(models.QuerySet["PolicyChoice"]):
    """The one row."""

    def now(self) -> PolicyChoice:
        """What is chosen; the default pack, as it comes, where nobody has chosen yet."""
        return self.select_related("changed_by").filter(pk=THE_ONE).first() or self.model(
            pk=THE_ONE, pack=DEFAULT
        )

    def usable(self) -> Policy | None:
        """The policy in force, or None where what was saved no longer fits the rules that are installed.

        Then no rule runs, because half a policy would close flags that nobody decided on.
        """
        try:
            return self.now().policy()
        except BadPolicy as problem:
            log.error("The rules don't run: %s", problem)  # noqa: TRY400  (what is wrong is in the words)
            return None

    @transaction.atomic
    def choose(self, by: User, pack: str, changes: Mapping[str, Any], version: int) -> PolicyChoice:
        """Put a pack with these changes in force.

        Raises ``BadPolicy`` when together they make no whole policy, and ``ChangedPolicy`` when somebody
        else saved one since ``version``; nothing is saved then.
        """
        self.bulk_create([self.model(pk=THE_ONE, pack=DEFAULT)], ignore_conflicts=True)
        choice = self.select_for_update().get(pk=THE_ONE)
        if choice.version != version:
            raise ChangedPolicy
        choice.pack, choice.changes = pack, differences(load(pack), changes)
        choice.policy()
        choice.changed_by = by
        choice.version += 1
        choice.save()
        return choice


def differences(pack: Policy, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the changes that say something else than the pack does.

    ``changes`` is ``{code: {"severity": …, "question": …, "thresholds": {name: value}}}``. Codes and
    thresholds that the pack doesn't know are kept, so that the check names them.
    """
    kept: dict[str, Any] = {}
    for code, change in changes.items():
        entry = pack.entries.get(code)
        limits = {name: as_data(value) for name, value in entry.limits.items()} if entry else {}
        thresholds = {
            name: value
            for name, value in change.get("thresholds", {}).items()
            if name not in limits or not same(limits[name], value)
        }
        severity = change.get("severity")
        mine = {"severity": severity} if severity and (not entry or entry.severity != severity) else {}
        question = change.get("question")
        if question is not None and (not entry or entry.question != question):
            mine["question"] = question
        if thresholds:
            mine["thresholds"] = thresholds
        if mine:
            kept[code] = mine
    return kept


def same(one: Any, other: Any) -> bool:
    """Whether two values of a threshold mean the same; the order of a choice of words means nothing."""
    return sorted(one) == sorted(other) if isinstance(one, list) and isinstance(other, list) else one == other


def with_changes(pack: Policy, changes: Mapping[str, Any]) -> Policy:
    """A pack with changes, checked as a file is. Raises ``BadPolicy``, which names the entry."""
    rules: dict[str, dict[str, Any]] = {
        code: {
            "severity": entry.severity,
            "standard": entry.standard,
            "question": entry.question,
            "thresholds": {name: as_data(value) for name, value in entry.limits.items()},
        }
        for code, entry in pack.entries.items()
    }
    for code, change in changes.items():
        there = rules.get(code, {})
        thresholds = there.get("thresholds", {}) | change.get("thresholds", {})
        rules[code] = there | change | {"thresholds": thresholds}
    data = {"name": pack.name, "title": pack.title, "about": pack.about, "rules": rules}
    return made_of(data, "The newsroom’s policy")


def as_data(value: Any) -> Any:
    """A threshold as JSON holds it."""
    return list(value) if isinstance(value, tuple) else value


@pghistory.track()
class PolicyChoice(models.Model):
    """The pack in force and what an admin changed of it. There is at most one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    pack = models.CharField(max_length=100)
    changes = models.JSONField(
        default=dict, help_text="By code: severity and thresholds, where they differ from the pack’s."
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises when it is saved.")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=THE_ONE), name="policy_is_one")]

    def __str__(self) -> str:
        return self.pack

    def policy(self) -> Policy:
        """The whole policy. Raises ``BadPolicy`` where the pack is gone or a change no longer fits."""
        return with_changes(load(self.pack), self.changes)
