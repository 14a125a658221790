"""Log in, log out, change the password, and what every page's headers promise."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.claims.conftest import As
from tests.factories import PASSWORD, account

pytestmark = pytest.mark.django_db

LOGIN = reverse("login")
NEW_PASSWORD = "nine quiet otters"


def log_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"username": "reader", "password": password, **more})


def test_the_fields_and_the_button_go_by_their_names(client: Client):
    page: Any = BeautifulSoup(client.get(LOGIN).content, "html.parser")
    labels = {label.get_text(strip=True).rstrip(":"): label["for"] for label in page.select("form label")}
    assert page.find(id=labels["Username"])["name"] == "username"
    assert page.find(id=labels["Password"])["type"] == "password"
    assert page.select_one("main form button").get_text(strip=True) == "Log in"
    assert "hearsay-demo" not in page.get_text()


def test_logging_in_leads_on_to_where_one_wanted(client: Client):
    account("reader")
    assert log_in(client)["Location"] == reverse("desk")
    other = Client()
    assert log_in(other, next="/claims/?state=weak")["Location"] == "/claims/?state=weak"
    assert other.get(LOGIN)["Location"] == reverse("desk")


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_logging_in_never_leads_away(client: Client, onward: str):
    account("reader")
    assert log_in(client, next=onward)["Location"] == reverse("desk")


def test_a_wrong_password_is_told_and_the_name_stays(client: Client):
    account("reader")
    answer = log_in(client, "wrong")
    page: Any = BeautifulSoup(answer.content, "html.parser")
    assert "correct username and password" in page.select_one('main [role="alert"]').get_text()
    assert page.select_one('[name="username"]')["value"] == "reader"
    assert not page.select_one('[name="password"]').get("value")
    assert client.get(reverse("article-list")).status_code == 302


def test_too_many_wrong_passwords_make_one_wait_with_the_right_one_too(client: Client, settings: Any):
    account("reader")
    account("editor")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = log_in(client, "wrong")
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert log_in(Client()).status_code == 429
    # Others at the same address are let in.
    other = Client()
    assert other.post(LOGIN, {"username": "editor", "password": PASSWORD}).status_code == 302
    # Another address is another person.
    assert (
        Client(REMOTE_ADDR="192.0.2.7").post(LOGIN, {"username": "reader", "password": PASSWORD}).status_code
        == 302
    )


def test_a_right_password_forgets_the_wrong_ones(client: Client, settings: Any):
    account("reader")
    for _ in range(3):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            log_in(client, "wrong")
        assert log_in(Client()).status_code == 302


def test_a_deactivated_account_isn_t_let_in(client: Client):
    account("reader")
    User.objects.update(is_active=False)
    assert log_in(client).status_code == 200


def test_logging_out_takes_a_post(as_: As):
    reader = as_("reader")
    assert reader.get(reverse("logout")).status_code == 405
    answer = reader.post(reverse("logout"), headers={"Referer": "http://testserver/sources/"})
    assert answer["Location"] == LOGIN
    assert reader.get(reverse("article-list")).status_code == 302


def test_somebody_changes_their_password(as_: As, client: Client):
    reader, path = as_("reader"), reverse("password_change")
    page: Any = BeautifulSoup(reader.get(path).content, "html.parser")
    assert {i["name"] for i in page.select('main input[type="password"]')} == {
        "old_password",
        "new_password1",
        "new_password2",
    }
    said = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert reader.post(path, said)["Location"] == reverse("password_change_done")
    assert "Password changed" in reader.get(reverse("password_change_done")).content.decode()
    assert log_in(client, NEW_PASSWORD).status_code == 302
    assert log_in(Client(), PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"old_password": "wrong"}, "Your old password was entered incorrectly"),
        ({"new_password2": "nine loud otters"}, "didn’t match"),
        ({"new_password1": "short", "new_password2": "short"}, "too short"),
        ({"new_password1": "hearsay-demo", "new_password2": "hearsay-demo"}, "password of the demo accounts"),
        ({"new_password1": "passwordpassword", "new_password2": "passwordpassword"}, ""),
    ],
)
def test_a_new_password_that_won_t_do_is_told(as_: As, wrong: dict[str, str], told: str):
    said = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD} | wrong
    answer = as_("reader").post(reverse("password_change"), said)
    if told:
        assert answer.status_code == 200
        assert told in BeautifulSoup(answer.content, "html.parser").get_text().replace("'", "’")
        assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
def test_the_password_is_for_those_who_are_in(client: Client, name: str):
    assert client.get(reverse(name)).status_code == 302


# Every page


def test_every_page_tells_the_browser_what_it_may(as_: As, client: Client):
    for answer in (as_("reader").get(reverse("article-list")), client.get(LOGIN), client.get("/nowhere/")):
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"


def test_a_form_without_its_token_is_refused_with_a_page(db: None):
    account("reporter")
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get())
    answer = client.post(reverse("article-new"), {"text": "Words."})
    assert answer.status_code == 403
    assert "what you typed is still in your browser" in answer.content.decode()


@pytest.mark.parametrize("role", [None, "reader"])
def test_an_address_that_there_isn_t(as_: As, client: Client, role: str | None):
    browser = as_(role) if role else client
    answer = browser.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.content.decode()


def test_what_is_too_much_at_once_is_told_on_a_page(as_: As, settings: Any):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = as_("reporter").post(reverse("article-new"), {"text": "word " * 500})
    assert answer.status_code == 400
    assert "Too much at once" in answer.content.decode()


def test_a_fault_of_ours_is_told_on_a_page(as_: As, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise RuntimeError("the words of the fault")

    monkeypatch.setattr("claims.access.documents", fail)
    reader = as_("reader")
    reader.raise_request_exception = False
    answer = reader.get(reverse("article-list"))
    assert answer.status_code == 500
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.h1
    assert "the words of the fault" not in page.get_text()
