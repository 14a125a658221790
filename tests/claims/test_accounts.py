"""The commands that make accounts, and what the demo's password is worth."""

from __future__ import annotations

import getpass
import io
import sys

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from claims.access import DEMO_PASSWORD
from claims.models import Member

pytestmark = pytest.mark.django_db

GOOD = "nine quiet otters"


@pytest.fixture
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def made(demo):
    call_command("make_demo_accounts", stdout=io.StringIO())


def logs_in(name: str, password: str) -> bool:
    """Whether the log-in form lets this person in."""
    client = Client()
    client.post(reverse("login"), {"username": name, "password": password})
    return "_auth_user_id" in client.session


def admin(username: str, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARSAY_ADMIN_PASSWORD", password)
    call_command("make_admin", username, stdout=io.StringIO())


@pytest.mark.parametrize("name", ["reader", "reporter", "editor", "admin"])
def test_each_demo_account_logs_in_and_has_its_role(made, name):
    assert logs_in(name, "hearsay-demo")
    user = User.objects.get(username=name)
    assert user.member.role == name
    assert not user.is_staff
    assert not user.is_superuser


def test_demo_accounts_are_refused_outside_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo alone"):
        call_command("make_demo_accounts")
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["reader", "reporter", "editor", "admin"])
def test_demo_password_opens_nothing_outside_the_demo(made, settings, name):
    settings.DEMO = False
    assert not logs_in(name, DEMO_PASSWORD)


def test_demo_password_opens_no_other_account_outside_the_demo(settings):
    settings.DEMO = False
    User.objects.create_user("careless", password=DEMO_PASSWORD)
    assert not logs_in("careless", DEMO_PASSWORD)


def test_second_run_keeps_what_a_person_changed(made):
    Member.objects.filter(user__username="reader").update(role="editor")
    User.objects.filter(username="reporter").update(username="anna", first_name="Anna")
    User.objects.filter(username="editor").update(is_active=False)
    User.objects.filter(username="admin").update(email="boss@newsroom.example")
    boss = User.objects.get(username="admin")
    boss.set_password(GOOD)
    boss.save()
    said = io.StringIO()
    call_command("make_demo_accounts", stdout=said)
    assert said.getvalue() == ""
    assert set(User.objects.values_list("username", flat=True)) == {"reader", "anna", "editor", "admin"}
    assert Member.objects.get(user__username="reader").role == "editor"
    assert not User.objects.get(username="editor").is_active
    assert User.objects.get(username="admin").check_password(GOOD)


def test_make_admin_makes_an_admin_who_logs_in(monkeypatch):
    admin("boss", GOOD, monkeypatch)
    user = User.objects.get(username="boss")
    assert not user.is_staff
    assert not user.is_superuser
    assert user.member.role == "admin"
    assert logs_in("boss", GOOD)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        (DEMO_PASSWORD, "demo accounts"),
        ("short1", "too short"),
        ("password123", "too common"),
        ("chiefeditor", "too similar"),
    ],
)
def test_make_admin_refuses_a_poor_password(monkeypatch, password, why):
    with pytest.raises(CommandError, match=why):
        admin("chiefeditor", password, monkeypatch)
    assert not User.objects.exists()


def test_make_admin_refuses_the_demo_password_in_the_demo_too(monkeypatch, demo):
    with pytest.raises(CommandError, match="demo accounts"):
        admin("boss", DEMO_PASSWORD, monkeypatch)


def test_make_admin_leaves_an_account_of_that_name_alone(monkeypatch):
    User.objects.create_user("boss", password=GOOD)
    with pytest.raises(CommandError, match="changepassword boss"):
        admin("boss", "another quiet otter", monkeypatch)
    user = User.objects.get()
    assert user.check_password(GOOD)
    assert not user.is_superuser


def test_make_admin_refuses_a_name_nobody_can_type(monkeypatch):
    with pytest.raises(CommandError, match="valid username"):
        admin("two words", GOOD, monkeypatch)


def terminal(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    answers = iter(typed)
    monkeypatch.delenv("HEARSAY_ADMIN_PASSWORD", raising=False)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))


def test_make_admin_asks_for_the_password_twice(monkeypatch):
    terminal(monkeypatch, GOOD, GOOD)
    call_command("make_admin", "boss", stdout=io.StringIO())
    assert User.objects.get().check_password(GOOD)


def test_make_admin_makes_nothing_of_two_different_passwords(monkeypatch):
    terminal(monkeypatch, GOOD, "nine quiet ottres")
    with pytest.raises(CommandError, match="not the same"):
        call_command("make_admin", "boss")
    assert not User.objects.exists()


def test_make_admin_says_so_when_nobody_can_be_asked(monkeypatch):
    monkeypatch.delenv("HEARSAY_ADMIN_PASSWORD", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(CommandError, match="HEARSAY_ADMIN_PASSWORD"):
        call_command("make_admin", "boss")
