"""The first account of an installation: an admin, who makes the others in the browser."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from claims.models import Member
from claims.models.member import Role

PASSWORD_VARIABLE = "HEARSAY_ADMIN_PASSWORD"  # noqa: S105  (the name of a variable)


class Command(BaseCommand):
    """Make an admin. The password is asked for, or read from HEARSAY_ADMIN_PASSWORD."""

    help = f"{__doc__} The password is asked for, or read from {PASSWORD_VARIABLE}."

    def add_arguments(self, parser: CommandParser) -> None:
        """The name to log in with, and an address."""
        parser.add_argument("username")
        parser.add_argument("--email", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the account, or say in one line why not; an account that is there is left alone."""
        user = User(
            username=User.normalize_username(options["username"]),
            email=User.objects.normalize_email(options["email"]),
        )
        if User.objects.filter(username__iexact=user.username).exists():
            raise CommandError(
                f"There is an account called {user.username} already. "
                f"To give it another password: manage.py changepassword {user.username}"
            )
        try:
            user.full_clean(exclude=["password"])
            password = os.environ.get(PASSWORD_VARIABLE) or asked_for()
            validate_password(password, user)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        user.set_password(password)
        with transaction.atomic():
            user.save()
            Member.objects.create(user=user, role=Role.ADMIN)
        self.stdout.write(f"Made the admin account {user.username}. Log in to add the others.")


def asked_for() -> str:
    """The password as typed twice at the terminal. Raises ``CommandError`` when they differ."""
    if not sys.stdin.isatty():
        raise CommandError(f"Nobody is here to type a password: set {PASSWORD_VARIABLE}, or use a terminal.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Password again: ") != password:
        raise CommandError("The two passwords are not the same; nothing was made.")
    return password
