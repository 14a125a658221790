"""The browser's side: Chromium, the real ASGI server on the test database, and a watch on every page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from config import chromium
from tests.server import Server

# Playwright's synchronous interface runs an event loop in this thread, which makes Django take the tests' own
# queries for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

PASSWORD = "a password for tests"
ARGUMENTS = [
    # Nothing but the loopback address has a name or a route.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """Choose this machine's Chromium, else Playwright's own; without either the test is skipped."""
    found = chromium.installed()
    if not found and not Path(playwright.chromium.executable_path).exists():
        pytest.skip("no Chromium: python -m config.chromium")
    # Chromium's sandbox refuses to work for root.
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    return {**browser_type_launch_args, "args": arguments, **({"executable_path": found} if found else {})}


@pytest.fixture(scope="session")
def base_url(_server: Server) -> str:
    """Let ``page.goto("/login/")`` mean the running server."""
    return _server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture
def faults() -> list[str]:
    """What went wrong on the page; a test that provokes an error takes it out of here."""
    return []


def watched(context: BrowserContext, faults: list[str]) -> Page:
    """Open a page whose console and script errors and breaches of the security policy go to ``faults``."""
    context.add_init_script(
        "addEventListener('securitypolicyviolation', event =>"
        " console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`))"
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on(
        "console",
        lambda message: faults.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


@pytest.fixture
def page(context: BrowserContext, server: Server, faults: list[str]) -> Iterator[Page]:
    """A page that fails its test on any fault."""
    page = watched(context, faults)
    yield page
    page.close()
    assert not faults, "The page reported:\n" + "\n".join(faults)


@pytest.fixture
def another_page(
    page: Page, server: Server, new_context: Callable[..., BrowserContext], faults: list[str]
) -> Iterator[Callable[..., Page]]:
    """Return ``another_page(**context)``: a page in a browser of its own, watched like the first one."""
    opened: list[Page] = []

    def another(**given: Any) -> Page:
        opened.append(watched(new_context(**given), faults))
        return opened[-1]

    yield another
    # An open page keeps its stream, and the server waits for it.
    for each in opened:
        each.close()


@pytest.fixture
def login(server: Server, django_user_model: Any) -> Callable[..., Any]:
    """Return ``login(page, role)``: makes the account of that name and role if need be, and logs in."""
    from claims.models import Member

    def log_in(page: Page, role: str) -> Any:
        user = django_user_model.objects.filter(username=role).first()
        if user is None:
            user = django_user_model.objects.create_user(role, password=PASSWORD)
            Member.objects.create(user=user, role=role)
        page.goto(f"{server.url}/login/")
        page.get_by_label("Username").fill(role)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        return user

    return log_in


@pytest.fixture
def work_off() -> Callable[[], None]:
    """Return ``work_off()``: runs every waiting task in this process, as the worker would."""
    from django_tasks_db.management.commands.db_worker import Worker

    def run() -> None:
        # The class and not the command: the command would take over this process's signals.
        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id="tests",
            excluded_queue_names=[],
        ).run()

    return run
