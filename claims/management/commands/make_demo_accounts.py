"""The four accounts of the demo, one for each role."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from claims.access import DEMO_PASSWORD
from claims.models import Member
from claims.models.member import Role


class Command(BaseCommand):
    """Make those that are missing; keep what a person changed of the others."""

    help = __doc__ or ""

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuses outside the demo: everybody knows the password of these accounts."""
        if not settings.DEMO:
            raise CommandError("The demo accounts are for the demo alone (make demo).")
        made = [role.value for role in Role if make_account(role)]
        if made:
            self.stdout.write(f"Made the demo accounts {', '.join(made)}.")


@transaction.atomic
def make_account(role: Role) -> bool:
    """The demo account of a role; False when it is there, under this name or one that a person gave it."""
    name = role.value
    address = f"{name}@demo.example"
    if User.objects.filter(Q(username=name) | Q(email=address)).exists():
        return False
    user = User.objects.create_user(name, address, DEMO_PASSWORD)
    Member.objects.create(user=user, role=role)
    return True
