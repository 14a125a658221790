"""Who may open and do what: every address of the site, for everybody who might try."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, reverse

from claims import access
from claims.models import Annotation, Claim, Statement
from claims.models.member import Role
from sources.models import Capture
from tests.claims.conftest import As
from tests.factories import account, article, statement

pytestmark = pytest.mark.django_db

ROLES = ["reader", "reporter", "editor", "admin"]


@dataclass(frozen=True)
class Route:
    """An address: the method it takes, the lowest role that may, and what its numbers are of."""

    method: str
    role: str
    numbers: tuple[str, ...] = ()


ROUTES = {
    "desk": Route("GET", "reader"),
    "desk-options": Route("GET", "reader"),
    "away": Route("GET", "reader"),
    "away-seen": Route("POST", "reader"),
    "batch-add": Route("POST", "reporter"),
    "people-options": Route("GET", "reporter"),
    "article-assign": Route("POST", "reporter", ("document",)),
    "statement-assign": Route("POST", "reporter", ("statement",)),
    "chain": Route("GET", "reporter", ("statement",)),
    "chain-copy": Route("GET", "reporter", ("statement",)),
    "statement-split": Route("GET", "reporter", ("statement",)),
    "statement-merge": Route("GET", "reporter", ("statement",)),
    "note-list": Route("GET", "reader"),
    "note-tags": Route("GET", "reader"),
    "note": Route("GET", "reader", ("note",)),
    "note-resolve": Route("POST", "reporter", ("note",)),
    "note-reopen": Route("POST", "reporter", ("note",)),
    "article-list": Route("GET", "reader"),
    "article-new": Route("GET", "reporter"),
    "article": Route("GET", "reader", ("document",)),
    "article-capture": Route("GET", "reader", ("document", "capture")),
    "article-live": Route("GET", "reader", ("document",)),
    "article-here": Route("POST", "reader", ("document",)),
    "article-state": Route("GET", "reader", ("capture",)),
    "article-status": Route("GET", "reader", ("capture",)),
    "article-history": Route("GET", "reader", ("document",)),
    "article-details": Route("POST", "reporter", ("document",)),
    "article-version": Route("GET", "reporter", ("document",)),
    "article-withdraw": Route("POST", "editor", ("document",)),
    "article-restore": Route("POST", "editor", ("document",)),
    "article-read": Route("POST", "reporter", ("capture",)),
    "article-note": Route("POST", "reporter", ("capture",)),
    "statement": Route("GET", "reader", ("document", "statement")),
    "statement-add": Route("POST", "reporter", ("capture",)),
    "statement-amend": Route("POST", "reporter", ("statement",)),
    "statement-delete": Route("POST", "reporter", ("statement",)),
    "statement-restore": Route("POST", "reporter", ("statement",)),
    "statement-place": Route("POST", "reporter", ("statement",)),
    "statement-verdict": Route("POST", "editor", ("statement",)),
    "statement-leave": Route("POST", "editor", ("statement",)),
    "statement-history": Route("GET", "reader", ("statement",)),
    "hop-add": Route("POST", "reporter", ("statement",)),
    "hop-amend": Route("POST", "reporter", ("statement", "hop")),
    "hop-remove": Route("POST", "reporter", ("statement", "hop")),
    "hop-move": Route("POST", "reporter", ("statement", "hop")),
    "flag-add": Route("POST", "reporter", ("statement",)),
    "flag-list": Route("GET", "reader"),
    "flag-waive": Route("POST", "editor", ("flag",)),
    "flag-confirm": Route("POST", "editor", ("flag",)),
    "flag-dismiss": Route("POST", "editor", ("flag",)),
    "flag-reopen": Route("POST", "editor", ("flag",)),
    "note-add": Route("POST", "reporter", ("statement",)),
    "note-reply": Route("POST", "reporter", ("note",)),
    "statement-list": Route("GET", "reader"),
    "claim-join": Route("POST", "editor"),
    "claim": Route("GET", "reader", ("claim",)),
    "claim-wording": Route("POST", "editor", ("claim",)),
    "source-list": Route("GET", "reader"),
    "source-options": Route("GET", "reporter"),
    "source": Route("GET", "reader", ("source",)),
    "source-amend": Route("POST", "reporter", ("source",)),
    "search": Route("GET", "reader"),
    "policy": Route("GET", "reader"),
    "policy-status": Route("GET", "reader"),
    "policy-preview": Route("POST", "admin"),
    "policy-save": Route("POST", "admin"),
}
# Public, or with tests of their own: what leads on to another page, accounts, health, what only some person
# may (the author of a note, whoever has an assignment, made a batch or a deed), parts.
APART = {
    "start",
    "healthz",
    *("article-assign-end", "statement-assign-end"),
    *("note-edit", "note-withdraw", "note-restore", "note-place"),
    "batch",
    "batch-undo",
    "deed-undo",
    "statement-part",
    "login",
    "logout",
    "password_change",
    "password_change_done",
}


# What answers to GET and to POST.
BOTH = ("article-new", "article-version", "chain-copy", "statement-split", "statement-merge")
# Past the question of who may; what is missing in an empty request is asked for with a 400 or a 422.
LET_IN = (200, 302, 303, 400, 422)


@pytest.fixture
def numbers(capture: Capture, ferry: Statement) -> dict[str, int]:
    """One of each thing; the source is the one that isn't named."""
    note = Annotation.objects.write(account("reporter", "writer"), "Really?", capture, statement=ferry)
    official = ferry.hops.get(source__name="a port official")
    claim = Claim.objects.create(wording="No ferry in January")
    Statement.objects.filter(pk=ferry.pk).update(claim=claim)
    return {
        "document": capture.document_id,
        "capture": capture.pk,
        "statement": ferry.pk,
        "hop": official.pk,
        "flag": ferry.flags.get(code="SINGLE_ANON").pk,
        "note": note.pk,
        "claim": claim.pk,
        "source": official.source_id,
    }


def address(name: str, numbers: dict[str, int]) -> str:
    return reverse(name, args=[numbers[thing] for thing in ROUTES[name].numbers])


def ask(client: Client, name: str, numbers: dict[str, int], **headers: str) -> Any:
    return client.generic(ROUTES[name].method, address(name, numbers), headers=headers)


def test_every_address_is_held_by_these_tests():
    ours = {pattern.name for pattern in get_resolver().url_patterns if isinstance(pattern, URLPattern)}
    assert ours == ROUTES.keys() | APART


@pytest.fixture
def route(subtests: pytest.Subtests) -> Callable[[str], AbstractContextManager[None]]:
    """Return ``route(name)``: a test within the test, on the same rows as the others."""

    @contextmanager
    def one(name: str) -> Iterator[None]:
        with subtests.test(name), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return one


OneRoute = Callable[[str], AbstractContextManager[None]]


def test_a_stranger_is_led_to_the_log_in_and_back(route: OneRoute, client: Client, numbers: dict[str, int]):
    for name, its in ROUTES.items():
        with route(name):
            answer = ask(client, name, numbers, referer="http://testserver/articles/7/?q=a")
            assert answer.status_code == 302
            # What only takes a POST can't be opened after the log-in: back to the page that it was sent from.
            back = address(name, numbers) if its.method == "GET" else "/articles/7/%3Fq%3Da"
            assert answer["Location"] == f"/login/?next={back}"


def test_a_lost_session_in_htmx_leads_the_whole_page_to_the_log_in(
    route: OneRoute, client: Client, numbers: dict[str, int]
):
    page = "http://testserver/articles/7/claims/8/"
    for name in ROUTES:
        with route(name):
            answer = ask(client, name, numbers, hx_request="true", hx_current_url=page)
            assert answer.status_code == 204
            assert answer["HX-Redirect"] == "/login/?next=/articles/7/claims/8/"
            assert "Location" not in answer


def test_an_account_without_a_role_is_told_so(route: OneRoute, as_: As, numbers: dict[str, int]):
    nobody = as_(None)
    for name in ROUTES:
        with route(name):
            answer = ask(nobody, name, numbers)
            assert answer.status_code == 403
            assert "no role here yet" in answer.content.decode()


def test_a_lesser_role_is_told_what_is_needed(route: OneRoute, as_: As, numbers: dict[str, int]):
    browsers = {role: as_(role) for role in ROLES}
    before = list(Statement.objects.values())
    for name in [n for n in ROUTES if ROUTES[n].role != "reader"]:
        with route(name):
            role = ROUTES[name].role
            answer = ask(browsers[ROLES[ROLES.index(role) - 1]], name, numbers)
            assert answer.status_code == 403
            assert f"Only {access.NEEDED[access.RANK[Role(role)]]}" in answer.content.decode()
            assert list(Statement.objects.values()) == before


def test_those_who_may_are_let_in(route: OneRoute, as_: As, numbers: dict[str, int]):
    browsers = {role: as_(role) for role in ROLES}
    for name, its in ROUTES.items():
        with route(name):
            for role in {its.role, "admin"}:
                assert ask(browsers[role], name, numbers).status_code in LET_IN


def test_the_wrong_method_is_refused(route: OneRoute, as_: As, numbers: dict[str, int]):
    admin = as_("admin")
    for name in ROUTES:
        with route(name):
            wrong = {"GET": "POST", "POST": "GET"}[ROUTES[name].method]
            for method in ("PUT", "DELETE") if name in BOTH else (wrong, "PUT", "DELETE"):
                assert admin.generic(method, address(name, numbers)).status_code == 405


def test_what_isn_t_there_is_not_found(route: OneRoute, as_: As, numbers: dict[str, int]):
    admin = as_("admin")
    for name in [n for n in ROUTES if ROUTES[n].numbers]:
        with route(name):
            for thing in ROUTES[name].numbers:
                for number in (10**9, 10**30):
                    assert ask(admin, name, numbers | {thing: number}).status_code == 404


def test_a_withdrawn_article_and_all_of_it_is_there_for_editors_alone(
    route: OneRoute, as_: As, capture: Capture, numbers: dict[str, int]
):
    browsers = {role: as_(role) for role in ROLES}
    capture.document.withdraw(User.objects.get(username="editor"))
    for name in [n for n in ROUTES if ROUTES[n].numbers]:
        with route(name):
            role = ROUTES[name].role
            if role != "editor":
                answer = ask(browsers[role], name, numbers)
                assert answer.status_code == 404
                assert capture.document.title not in answer.content.decode()
            assert ask(browsers["editor"], name, numbers).status_code in LET_IN


def test_parts_of_different_articles_and_claims_don_t_go_together(
    as_: As, capture: Capture, ferry: Statement
):
    other = article("The pier is closed, a guard said.", title="Pier")
    pier = statement(other, "The pier is closed", [("a guard", "person", "anonymous")])
    admin = as_("admin")
    for path in [
        reverse("article-capture", args=[capture.document_id, other.pk]),
        reverse("statement", args=[capture.document_id, pier.pk]),
    ]:
        assert admin.get(path).status_code == 404
    assert admin.post(reverse("hop-remove", args=[ferry.pk, pier.hops.get().pk])).status_code == 404


def test_a_role_is_read_anew_for_every_request(as_: As):
    reporter = as_("reporter")
    assert reporter.get(reverse("article-new")).status_code == 200
    User.objects.get(username="reporter").member.delete()
    assert reporter.get(reverse("article-new")).status_code == 403


def test_a_deactivated_account_is_a_stranger(as_: As):
    reporter = as_("reporter")
    User.objects.update(is_active=False)
    assert reporter.get(reverse("article-list")).status_code == 302


def test_rank():
    assert access.rank(AnonymousUser()) == 0
    assert access.rank(account(None)) == 0
    assert [access.rank(account(role)) for role in ROLES] == [1, 2, 3, 4]
    assert access.rank(User.objects.create_superuser("root")) == 0, "the role alone counts"
    assert access.rank(User(username="gone", is_active=False)) == 0


def test_templates_are_told_what_an_account_may():
    request = RequestFactory().get("/")
    request.user = account("reporter")
    assert access.for_templates(request)["may"] == {
        "read": True,
        "write": True,
        "decide": False,
        "manage": False,
    }


@pytest.mark.parametrize(
    "elsewhere",
    ["http://elsewhere.example/articles/", "javascript:alert(1)", "//elsewhere.example/", "", "\\\\a"],
)
def test_the_way_back_is_a_page_of_this_site(client: Client, elsewhere: str):
    path = reverse("statement-restore", args=[1])
    answer = client.post(path, headers={"HX-Request": "true", "HX-Current-URL": elsewhere})
    assert answer["HX-Redirect"] == "/login/?next=/"


def test_every_answer_varies_by_what_htmx_says(as_: As, client: Client):
    answers = [
        as_("reader").get(reverse("article-list")),
        client.get(reverse("article-list")),
        client.get(reverse("article-list"), headers={"HX-Request": "true"}),
        client.get("/nowhere/"),
    ]
    assert all("HX-Request" in answer["Vary"] for answer in answers)


def test_the_start_leads_to_the_desk(as_: As, client: Client):
    assert as_("reader").get("/")["Location"] == "/desk/"
    assert client.get("/")["Location"] == "/login/?next=/"
