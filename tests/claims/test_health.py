"""Whether the service is up, for whoever asks."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client

PATH = "/healthz"


@pytest.mark.django_db
def test_it_says_ok_to_a_stranger(client: Client):
    answer = client.get(PATH)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Content-Type"] == "text/plain"


@pytest.mark.django_db
def test_it_takes_no_post(client: Client):
    assert client.post(PATH).status_code == 405


@pytest.mark.django_db
def test_it_says_when_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch):
    def cursor(*_: object, **__: object) -> None:
        raise OperationalError("connection refused on db.internal")

    monkeypatch.setattr(connection, "cursor", cursor)
    answer = client.get(PATH)
    assert answer.status_code == 503
    assert answer.content == b"the database does not answer\n"
