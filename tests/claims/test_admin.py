"""People and settings: the Django admin, for the role of admin alone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.factories import account

pytestmark = pytest.mark.django_db

ROLE = {
    "member-TOTAL_FORMS": "1",
    "member-INITIAL_FORMS": "0",
    "member-MIN_NUM_FORMS": "1",
    "member-MAX_NUM_FORMS": "1",
}


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="claims.access.NewsroomBackend")
    return client


def test_an_admin_by_role_alone_sees_the_people():
    client = as_(account("admin"))
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 200


@pytest.mark.parametrize("role", ["reader", "reporter", "editor", None])
def test_nobody_else_enters_not_even_staff(role):
    user = account(role)
    user.is_staff = True
    user.save()
    client = as_(user)
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 302


def test_an_admin_adds_a_person_with_a_role():
    client = as_(account("admin"))
    passwords = {
        "password1": "nine quiet otters",
        "password2": "nine quiet otters",
        "usable_password": "true",
    }
    answer = client.post(
        reverse("admin:auth_user_add"), {"username": "ines", **passwords, **ROLE, "member-0-role": "reporter"}
    )
    assert answer.status_code == 302
    ines = User.objects.get(username="ines")
    assert ines.check_password("nine quiet otters")
    if not hasattr(ines, "member"):
        edit = {"username": "ines", "is_active": "on", **ROLE, "member-0-role": "reporter"}
        assert client.post(reverse("admin:auth_user_change", args=[ines.pk]), edit).status_code == 302
    assert User.objects.get(username="ines").member.role == "reporter"


def test_an_admin_deactivates_and_never_deletes():
    client = as_(account("admin"))
    editor = account("editor")
    edit = {
        "username": "editor",
        **ROLE,
        "member-INITIAL_FORMS": "1",
        "member-0-id": str(editor.member.pk),
        "member-0-user": str(editor.pk),
        "member-0-role": "editor",
    }
    assert client.post(reverse("admin:auth_user_change", args=[editor.pk]), edit).status_code == 302
    editor.refresh_from_db()
    assert not editor.is_active
    assert (
        client.post(reverse("admin:auth_user_delete", args=[editor.pk]), {"post": "yes"}).status_code == 403
    )
    assert User.objects.filter(pk=editor.pk).exists()
