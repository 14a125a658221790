"""Loading the sample desk on a database without it: refused, broken off, half there."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims import sample_desk
from claims.models import Annotation, Claim, Statement
from sources.models import Document

pytestmark = pytest.mark.django_db


def load() -> str:
    """Load the desk; what the command complains of."""
    complaints = io.StringIO()
    call_command("load_sample_desk", stdout=io.StringIO(), stderr=complaints)
    return complaints.getvalue()


@pytest.fixture
def accounts(settings):
    settings.DEMO = True
    call_command("make_demo_accounts", stdout=io.StringIO())


def stopped(*given: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("at", "articles"), [("carry_out", 0), ("join", 7)])
def test_loading_that_was_broken_off_is_made_up_for(accounts, monkeypatch, at, articles):
    with monkeypatch.context() as patched:
        patched.setattr(sample_desk, at, stopped)
        with pytest.raises(KeyboardInterrupt):
            load()
    assert Document.objects.count() == articles
    assert load() == ""
    assert Document.objects.count() == 7
    assert Claim.objects.count() == 2
    assert Annotation.objects.exists()


def test_an_article_that_a_person_took_in_already_is_left_to_them(accounts):
    url = "https://www.skerry-herald.example/islands/night-ferry-to-end"
    Document.objects.create(title="Mine", url=url, url_normal=sample_desk.normal_url(url))
    complaints = load()
    assert "herald.html" in complaints
    assert Document.objects.get(url=url).title == "Mine"
    assert Statement.objects.filter(claim__wording__contains="night ferry").count() == 3


def test_refuses_outside_the_demo(accounts, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo alone"):
        load()
    assert not Document.objects.exists()


def test_refuses_without_the_accounts_that_work_on_it(settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="make_demo_accounts"):
        load()
    assert not Document.objects.exists()
