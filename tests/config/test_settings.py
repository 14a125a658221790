"""Reading the settings starts nothing, and production insists on its secret."""

from __future__ import annotations

import os
import subprocess
import sys

from config import places

NOTHING_STARTS = """
import socket, subprocess
def refuse(*_, **__): raise SystemExit("the settings started something")
subprocess.Popen.__init__ = refuse
socket.socket.connect = refuse
import config.settings
print(config.settings.DATABASES["default"]["HOST"])
"""


def python(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=places.PROJECT, env={**kept, **environ}, capture_output=True, text=True, check=False
    )


def test_the_settings_start_nothing_and_always_give_the_same_address():
    first, second = python(NOTHING_STARTS), python(NOTHING_STARTS)
    assert first.returncode == 0, first.stderr
    assert first.stderr == ""
    assert first.stdout == second.stdout
    assert first.stdout.startswith("/")


def test_a_database_url_is_taken_as_it_is():
    done = python(NOTHING_STARTS, DATABASE_URL="postgresql://me@db.example/x", SECRET_KEY="k")
    assert done.stdout.strip() == "db.example"


def test_production_without_a_secret_key_stops_with_a_word():
    done = python("import config.settings", DATABASE_URL="postgresql://me@db.example/x")
    assert done.returncode == 1
    assert "SECRET_KEY has to be" in done.stderr.splitlines()[-1]


def test_checking_the_production_settings_needs_no_database():
    words = "['check', '--deploy', '--fail-level', 'WARNING']"
    code = f"import sys; sys.argv[1:] = {words}; import manage; manage.main()"
    secret = "".join(map(chr, range(33, 100)))
    production = {"SECRET_KEY": secret, "ALLOWED_HOSTS": "hearsay.example", "BEHIND_PROXY": "1"}
    done = python(code, DATABASE_URL="postgresql://me@127.0.0.1:9/x", **production)
    assert done.returncode == 0, done.stderr
