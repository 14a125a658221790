"""`manage.py lint`: flag weak attribution in files, as a newsroom's publishing pipeline runs it. No
database.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims.flags import BadPolicy, Policy, load
from claims.flags.policy import DEFAULT
from claims.management.commands.trace import trace

CLEAN, BLOCKED, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    """Print each flag with its place; exit 0 when nothing blocks, 1 when something does, 2 when a file
    can't be read.
    """

    help = (
        "Flag weak attribution in articles. Exit status: 0 clean, 1 something blocks, 2 can't "
        "read. No database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files or "-", the policy, and how to print."""
        parser.add_argument(
            "files", nargs="+", metavar="FILE|URL|-", help="what to read; - is standard input"
        )
        parser.add_argument(
            "--policy", default=DEFAULT, metavar="NAME", help="a pack of claims/policies/ (default: default)"
        )
        parser.add_argument(
            "--format", choices=("text", "json"), default="text", help="lines, or one JSON document a file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what each file raises, then exit with the worst status."""
        try:
            policy = load(options["policy"])
        except BadPolicy as problem:
            raise CommandError(str(problem), returncode=UNREADABLE) from None
        status = CLEAN
        for made in self._made(options["files"], policy):
            if "error" in made:
                status = UNREADABLE
                self.stderr.write(f"{made['file']}: {made['error']}")
                if options["format"] == "json":
                    self.stdout.write(json.dumps(made, ensure_ascii=False))
                continue
            flags = list(flags_of(made))
            if status != UNREADABLE and any(
                flag["severity"] == "block" and not flag["question"] for flag in flags
            ):
                status = BLOCKED
            self._print(made, flags, policy, options["format"])
        if status:
            sys.exit(status)

    def _made(self, files: Iterable[str], policy: Policy) -> Iterator[dict[str, Any]]:
        for name in files:
            yield trace(name, model=settings.SPACY_MODEL, policy=policy)

    def _print(self, made: dict[str, Any], flags: list[dict[str, Any]], policy: Policy, form: str) -> None:
        if form == "json":
            found = {"file": made["file"], "policy": policy.name, "flags": flags}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for flag in flags:
            severity = flag["severity"] + ("?" if flag["question"] else "")
            place = f"{made['file']}:{flag['line']}:{flag['column']}"
            self.stdout.write(f"{place} {flag['code']} {severity} {flag['why']}")


def flags_of(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The flags of a traced document in the order of the text, each with line and column, counted from 1."""
    text = made["text"]
    starts = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
    found = [(flag, statement) for statement in made["statements"] for flag in statement["flags"]]
    for flag, statement in sorted(found, key=lambda pair: (pair[0]["start"], pair[0]["code"])):
        line = bisect_right(starts, flag["start"])
        yield {
            "line": line,
            "column": flag["start"] - starts[line - 1] + 1,
            **flag,
            "question": flag.get("question", False),
            "statement": statement["quote"],
        }
