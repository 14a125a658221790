"""`manage.py trace`: read files, pages or standard input and print the chains. Needs no database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from claims import pipeline
from claims.flags import Policy
from sources.fetch import Unreachable
from sources.parsed import Unreadable

_STYLES = {"block": "red", "warn": "yellow", "info": "blue"}


class Command(BaseCommand):
    """Print each statement with its citation chains, as a tree or as JSON."""

    help = "Read articles and print each claim with the chain of sources behind it. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files, addresses or "-", and how to print."""
        parser.add_argument(
            "inputs", nargs="+", metavar="FILE|URL|-", help="a file, an http(s) address, or - for stdin"
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="one JSON document a line (docs/trace.md)"
        )
        parser.add_argument(
            "-j", "--jobs", type=int, default=1, metavar="N", help="read with N processes (default 1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what each input says; exit with 1 if one of them couldn't be read."""
        if options["jobs"] < 1:
            raise CommandError("-j needs a number of processes, 1 or more")
        failed = False
        for made in self._made(options["inputs"], options["jobs"]):
            failed = failed or "error" in made
            if options["as_json"]:
                self.stdout.write(json.dumps(made, ensure_ascii=False))
            else:
                self._print(made)
        if failed:
            sys.exit(1)

    def _made(self, inputs: list[str], jobs: int) -> Iterable[dict[str, Any]]:
        work = partial(trace, model=settings.SPACY_MODEL)
        if jobs == 1 or len(inputs) == 1:
            return map(work, inputs)
        return _in_processes(work, inputs, min(jobs, len(inputs)))

    def _print(self, made: dict[str, Any]) -> None:
        console = Console(file=self.stdout, highlight=False)  # type: ignore[arg-type]
        console.print(_error(made) if "error" in made else _tree(made))


def _in_processes(work: Any, inputs: list[str], jobs: int) -> Iterator[dict[str, Any]]:
    # Spawned, not forked: a copy of a process with threads may hang.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, inputs)


def trace(name: str, *, model: str, policy: Policy | None = None) -> dict[str, Any]:
    """What one input says, or ``{"file", "error"}`` if it can't be read. ``policy`` weighs its flags."""
    try:
        if name.startswith(("http://", "https://")):
            return pipeline.from_url(name, model=model, policy=policy)
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return pipeline.from_bytes(data, name, model=model, policy=policy)
    except (Unreadable, Unreachable) as problem:
        return {"file": name, "error": str(problem)}
    except (OSError, ValueError) as problem:
        # ValueError: a NUL in a file's name.
        return {"file": name, "error": getattr(problem, "strerror", None) or str(problem)}


def _error(made: dict[str, Any]) -> Text:
    return Text.assemble((made["file"], "bold"), (f": {made['error']}", "red"))


def _tree(made: dict[str, Any]) -> Tree:
    title = made["document"]["title"] or made["file"]
    publisher = made["document"]["publisher"]
    tree = Tree(Text(f"{title} ({publisher})" if publisher else title, "bold"))
    for statement in made["statements"]:
        branch = tree.add(Text(" ".join(statement["quote"].split())))
        if statement.get("hearsay"):
            branch.add(Text("hearsay: nobody is named", "italic"))
        for chain in statement["chains"]:
            here = branch
            for hop in chain:
                here = here.add(
                    Text.assemble(
                        (hop["name"], "bold"),
                        f"  {hop['kind']}, {hop['naming']}  ",
                        (f"“{hop['cue']}”", "italic"),
                    )
                )
        for flag in statement["flags"]:
            branch.add(Text(f"{flag['code']}  {flag['why']}", _STYLES.get(flag["severity"], "")))
    if not made["statements"]:
        tree.add(Text("no claims found", "italic"))
    return tree
