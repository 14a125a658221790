"""Many people at once, over HTTP, through the server and the pool of connections that production has."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from claims.models import Presence, Statement
from config import places
from tests import factories
from tests.server import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, CLAIMS, EDITORS = 200, 20, 10
TOKEN = "a" * 32


@dataclass
class Production:
    """The server as docker-compose.yml starts it, in a process of its own, on the test database."""

    port: int
    process: subprocess.Popen[str]

    def line(self) -> closing[http.client.HTTPConnection]:
        return closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=120))

    def answers(self) -> bool:
        assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
        with self.line() as line:
            try:
                line.request("GET", "/healthz")
                return line.getresponse().status == 200
            except OSError:
                return False

    def post(self, path: str, session: str, said: dict[str, object]) -> tuple[int, str]:
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}"
        headers = {
            "Cookie": cookies,
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        with self.line() as line:
            line.request("POST", path, urlencode(said), headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()


@pytest.fixture
def production(transactional_db: None) -> Iterator[Production]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
        "DATABASE_POOL": "1",
        # Where many tests share a processor, two hundred requests take their time.
        "DATABASE_POOL_TIMEOUT": "120",
        "SECRET_KEY": settings.SECRET_KEY,
        "HTTPS": "0",
        "HEARSAY_DEMO": "0",
    }
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port)]
    options = ["--no-access-log", "--log-level", "error", "--timeout-graceful-shutdown", "30"]
    process = subprocess.Popen(
        command + options, cwd=places.PROJECT, env=environ, stderr=subprocess.PIPE, text=True
    )
    running = Production(port, process)
    try:
        wait_until(running.answers, "the server answers")
        yield running
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


def session_of(name: str) -> str:
    client = Client()
    client.force_login(factories.account("editor", name))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_of_two_hundred_edits_at_once_each_is_saved_or_told_of_and_none_is_lost(production):
    claims = []
    for line in range(0, CLAIMS, 4):
        text = " ".join(f"The guard said tram {n} had stopped." for n in range(line, line + 4))
        capture = factories.article(text, title=f"Trams of line {line}")
        claims += [factories.statement(capture, f"tram {n} had stopped") for n in range(line, line + 4)]
    sessions = [session_of(f"editor {n}") for n in range(EDITORS)]
    ready = threading.Barrier(PEOPLE)

    def edit(n: int) -> tuple[int, str, int, str]:
        claim = claims[n % CLAIMS]
        said = {"version": 1, "wording": f"Wording number {n}.", "start": claim.start, "end": claim.end}
        path = reverse("statement-amend", args=[claim.pk])
        ready.wait()
        status, body = production.post(path, sessions[n % EDITORS], said)
        return claim.pk, str(said["wording"]), status, body

    with ThreadPoolExecutor(PEOPLE) as crowd:
        answers = list(crowd.map(edit, range(PEOPLE)))
    assert Counter(status for _, _, status, _ in answers) == {200: CLAIMS, 409: PEOPLE - CLAIMS}
    saved = {pk: wording for pk, wording, status, _ in answers if status == 200}
    assert dict(Statement.objects.values_list("pk", "wording")) == saved
    assert set(Statement.objects.values_list("version", flat=True)) == {2}
    for claim in claims:
        wordings = list(factories.events(claim).values_list("wording", flat=True))
        assert set(wordings) == {claim.wording, saved[claim.pk]}
    for pk, wording, status, body in answers:
        # Who came second sees both versions, and has theirs still.
        assert status == 200 or (wording in body and saved[pk] in body)


def test_a_server_that_is_told_to_stop_lets_its_streams_go_at_once(production):
    capture = factories.article()
    cookies = f"{settings.SESSION_COOKIE_NAME}={session_of('ada')}"
    with production.line() as line:
        line.request("GET", reverse("article-live", args=[capture.document_id]), headers={"Cookie": cookies})
        answer = line.getresponse()
        wait_until(Presence.objects.exists, "the stream is open")
        began = time.monotonic()
        production.process.send_signal(signal.SIGTERM)
        assert "event: hello" in answer.read().decode()
    production.process.wait(25)
    # It would wait half a minute for an open stream.
    assert time.monotonic() - began < 20
    assert production.process.stderr
    assert production.process.stderr.read() == ""
    wait_until(lambda: not Presence.objects.exists(), "nobody is here")
