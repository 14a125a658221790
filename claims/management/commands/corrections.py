"""`manage.py corrections`: what people here corrected of the engine's readings, to measure it on."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims import corrections


class Command(BaseCommand):
    """Print the corrected readings as gold chains, or count them."""

    help = (
        "What people here marked, corrected, accepted or deleted of the engine's readings. With --jsonl as"
        " gold chains with the articles' texts (docs/attribution.md, Learning from corrections)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to print."""
        parser.add_argument("--jsonl", action="store_true", help="one JSON document a line for each article")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each row, or how many claims there are of each sort."""
        counted: dict[str, int] = {"claims": 0, "rejected": 0, "unplaced": 0}
        articles = 0
        for row in corrections.rows():
            if options["jsonl"]:
                self.stdout.write(json.dumps(row, ensure_ascii=False))
            articles += 1
            counted = {name: count + len(row[name]) for name, count in counted.items()}
        if not options["jsonl"]:
            self.stdout.write(
                f"{counted['claims']} claims that people marked, corrected or accepted, {counted['rejected']}"
                f" that they deleted and {counted['unplaced']} without a place for a source, in {articles}"
                " articles. --jsonl prints them."
            )
