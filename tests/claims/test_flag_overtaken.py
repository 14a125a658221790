"""Two editors decide on one flag: the second is told, and what they wrote comes back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import FARES, account, article, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag():
    return statement(article(), FARES).flags.get()


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(account("editor", name), backend="claims.access.NewsroomBackend")
    return client


def test_the_second_dismissal_is_refused_and_its_reason_comes_back(flag):
    ada, bo = client_of("ada"), client_of("bo")
    address = reverse("flag-dismiss", args=[flag.pk])
    assert ada.post(address, {"reason": "It is the price list.", "seen": "open"}).status_code == 303
    answer = bo.post(address, {"reason": "Seen on the quay.", "seen": "open"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "by ada" in page
    assert "Seen on the quay." in page
    flag.refresh_from_db()
    assert (flag.reason, flag.decided_by.username) == ("It is the price list.", "ada")


def test_a_confirmation_of_what_was_dismissed_meanwhile_changes_nothing(flag):
    ada, bo = client_of("ada"), client_of("bo")
    ada.post(reverse("flag-dismiss", args=[flag.pk]), {"reason": "It is the price list.", "seen": "open"})
    assert bo.post(reverse("flag-confirm", args=[flag.pk]), {"seen": "open"}).status_code == 409
    flag.refresh_from_db()
    assert flag.state == "dismissed"
