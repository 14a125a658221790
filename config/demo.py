"""``make demo``: Hearsay with the sample desk and four accounts, started and stopped as one."""

from __future__ import annotations

import os
import sys

from config.run import serve
from config.supervisor import Supervisor

WELCOME = """
Hearsay runs at {address}

    Username   Password
    reader     hearsay-demo    reads
    reporter   hearsay-demo    also takes in, corrects, notes and flags
    editor     hearsay-demo    also decides, dismisses flags, joins and withdraws
    admin      hearsay-demo    also manages people

Ctrl-C stops everything. What the processes say is in {logs}
"""


def prepare(supervisor: Supervisor) -> None:
    """Migrate and load what is missing, in a process of its own, so that this one stays small."""
    supervisor.finish("prepare", "-m", "config.demo", "prepare")


def load() -> None:
    """Bring the database up to date and take in the sample desk; a second time changes nothing."""
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("make_demo_accounts")
    call_command("load_sample_desk")


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        load()
    else:
        print("Hearsay: starting the demo.", flush=True)
        sys.exit(serve("demo", {"HEARSAY_DEMO": "1"}, prepare, WELCOME))
