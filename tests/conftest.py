"""What every test stands on: the database, the ban on the network, and what `.ci/run` insists on."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from config import embedded, places
from tests.server import Server
from tests.settings import EMBEDDED

SHARED = places.PROJECT.parent / "shared"
LOOPBACK = {None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1", b"::1"}


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("HEARSAY_REQUIRE_SHARED") and not (SHARED / "articles").is_dir():
        raise pytest.UsageError("../shared is missing, and HEARSAY_REQUIRE_SHARED is set.")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start the tests' own embedded PostgreSQL when a test asks for it, unless DATABASE_URL names another."""
    if not EMBEDDED:
        yield
        return
    embedded.start("test")
    yield
    embedded.stop("test")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let the tables be emptied quickly after a test that commits, which every browser test does.

    TRUNCATE makes the files of every table and index anew, a second for each test; and permissions and
    content types, which Django would write again each time, are read by nothing here.
    """
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db import connection
    from django.db.models.signals import post_migrate

    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")

    def delete_all(style: Any, tables: list[str], **_: Any) -> list[str]:
        # Without triggers: neither foreign keys nor the history's rows are to be minded.
        role = "SET LOCAL session_replication_role = "
        # What the migrations write stays: Django remembers its ids.
        kept = {"django_content_type", "auth_permission"}
        emptied = [connection.ops.quote_name(table) for table in tables if table not in kept]
        deletions = [f"DELETE FROM {table}" for table in emptied]
        return [f"{role}replica", *deletions, f"{role}DEFAULT"]

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            connection.ops.sql_flush = delete_all  # type: ignore[assignment]


@pytest.fixture(scope="session")
def _server(django_db_setup: None) -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(_server: Server, transactional_db: None, settings: Any) -> Iterator[Server]:
    """The running server, at ``server.url``. The database is empty but for what the test makes."""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
    yield _server
    _server.settle()


@pytest.fixture
def shared() -> Path:
    """Return ../shared, which not every clone has beside it."""
    if not SHARED.is_dir():
        pytest.skip("../shared is missing")
    return SHARED


@pytest.fixture(autouse=True)
def _no_names_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ban the look-up of foreign names, as pytest-socket bans the connection to what they stand for."""
    true_getaddrinfo = socket.getaddrinfo

    def only_loopback(host: Any, *rest: Any, **named: Any) -> Any:
        if host not in LOOPBACK:
            raise RuntimeError(f"A test looked up {host!r}.")
        return true_getaddrinfo(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", only_loopback)


def _is_browser_test(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("browser")
    # Playwright keeps an event loop in the main thread from its first test on, and Django's test client
    # refuses to run beside one. In either half the order stays random.
    items.sort(key=_is_browser_test)


_browser_tests_run: list[str] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skipped browser test a failure where HEARSAY_REQUIRE_BROWSER is set."""
    report = yield
    required = _is_browser_test(item) and os.environ.get("HEARSAY_REQUIRE_BROWSER")
    if required and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"A browser test was skipped: {report.longrepr}"
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count where the reports come together: with several processes, not in the one that ran the test."""
    if "browser" in report.keywords and report.when == "call":
        _browser_tests_run.append(report.nodeid)


def _none_ran_though_required(config: pytest.Config) -> bool:
    here = not hasattr(config, "workerinput")
    return bool(here and os.environ.get("HEARSAY_REQUIRE_BROWSER") and not _browser_tests_run)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _none_ran_though_required(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if _none_ran_though_required(config):
        terminalreporter.section("HEARSAY_REQUIRE_BROWSER is set, and no browser test was run", red=True)
