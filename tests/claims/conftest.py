"""What the tests of the views share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from claims.models import Statement
from sources.models import Capture
from tests.factories import FERRY, LAMP, OFFICIAL, account, article, statement

As = Callable[..., Client]


@pytest.fixture
def as_(db: None, django_user_model: type) -> As:
    """Return ``as_("reporter")``: a browser of the account of that role, made when it is first asked for."""

    def browser(role: str | None, *, htmx: bool = False) -> Client:
        users = django_user_model.objects  # type: ignore[attr-defined]
        user = users.filter(username=role or "nobody").first() or account(role)
        client = Client(headers={"HX-Request": "true"} if htmx else None)
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def capture(db: None) -> Capture:
    """An article of four paragraphs that was taken in."""
    return article()


@pytest.fixture
def ferry(capture: Capture) -> Statement:
    """A claim of it: the Evening Lamp, citing a port official who isn't named."""
    return statement(capture, FERRY, [LAMP, OFFICIAL])
