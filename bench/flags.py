"""Measure the rules of claims/flags; write bench/RESULTS.md.

    python bench/flags.py [--shared ../shared] [--aside] [--show CODE ...]

Precision and recall of each rule on tests/fixtures/flags/open, and with ``--aside`` on
tests/fixtures/flags/aside, which nothing is tuned on and which is scored once. A case that is a text alone
goes through parsing, engine and rules, as an article would; one that brings its chains as data goes through
the rules alone. Then the flags of each code on ../shared/articles and 60 articles of ../shared/polnear/dev
(counts, no text), and the time of 10,000 statements through all rules beside the time that reading them
takes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import results

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from claims.attribution import read  # noqa: E402
from claims.flags import CODES, RULES, Article, Claimed, own_claims, raise_all  # noqa: E402
from claims.pipeline import document  # noqa: E402
from sources.parsed import Link, Parsed, Unreadable  # noqa: E402

CASES = ROOT / "tests/fixtures/flags"
ARTICLES = 60
STATEMENTS = 10_000
LEAST = 0.9
"""Under this precision a rule only proposes."""


@dataclass(frozen=True)
class _Hop:
    """A hop of a case that brings its chains as data: nothing of it stands in the text."""

    name: str
    kind: str
    naming: str
    cue: str
    start: int | None = None
    end: int | None = None
    cue_start: int | None = None
    cue_end: int | None = None
    link: str | None = None


@dataclass
class Score:
    """What a rule made of its cases."""

    right: int = 0
    false: int = 0
    missed: int = 0
    wrong: list[tuple[str, dict[str, Any], list[str]]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Of what it raised, how much it had to; 1 when it raised nothing."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """Of what it had to raise, how much it did."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def codes_on(case: dict[str, Any]) -> tuple[set[str], list[str]]:
    """The codes raised on the statements that the case is about, and what was read there."""
    text, about = case["text"], case["about"]
    at = text.index(about)
    if "chains" in case:
        chains = [[_Hop(**hop) for hop in chain] for chain in case["chains"]]
        made_of = Article(text, [Claimed(at, at + len(about), chains)], case.get("title", ""))
        return {flag.code for flag in raise_all(made_of)[0]}, ["chains as data"]
    links = [
        Link(text.index(words), text.index(words) + len(words), href) for words, href in case.get("links", [])
    ]
    parsed = Parsed(text, title=case.get("title", ""), links=tuple(links))
    try:
        made = document(parsed, "case", linked="links" in case)
    except Unreadable as problem:
        return set(), [str(problem)]
    there = [s for s in made["statements"] if s["start"] < at + len(about) and s["end"] > at]
    seen = [f"{s['quote']} <- {[[h['name'] for h in c] for c in s['chains']]}" for s in there]
    return {flag["code"] for s in there for flag in s["flags"]}, seen


def score(folder: Path) -> dict[str, Score]:
    """Each rule's score on its file of cases."""
    found: dict[str, Score] = {}
    for code in (code for code in CODES if (folder / f"{code}.json").exists()):
        made = found[code] = Score()
        for case in json.loads((folder / f"{code}.json").read_text(encoding="utf-8")):
            codes, seen = codes_on(case)
            raised = code in codes
            made.right += raised and case["raises"]
            made.false += raised and not case["raises"]
            made.missed += not raised and case["raises"]
            if raised != case["raises"]:
                made.wrong.append(("raised" if raised else "missed", case, seen))
    return found


def score_table(scores: dict[str, Score]) -> list[str]:
    """The scores as Markdown; under .9 precision a rule only proposes."""
    lines = [
        "| code | precision | recall | raised rightly | raised wrongly | missed |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for code, s in scores.items():
        note = " (proposes)" if RULES[code].proposes else ""
        lines.append(
            f"| {code}{note} | {s.precision:.2f} | {s.recall:.2f} | {s.right} | {s.false} | {s.missed} |"
        )
    right, false = sum(s.right for s in scores.values()), sum(s.false for s in scores.values())
    missed = sum(s.missed for s in scores.values())
    total = Score(right, false, missed)
    lines.append(f"| all | {total.precision:.2f} | {total.recall:.2f} | {right} | {false} | {missed} |")
    return lines


def articles(shared: Path) -> Iterator[tuple[str, str]]:
    """The name and text of each article of the kit that is looked at."""
    files = [
        *sorted((shared / "articles").glob("*.txt")),
        *sorted((shared / "polnear/dev/text").glob("*.txt"))[:ARTICLES],
    ]
    for path in files:
        with path.open(encoding="utf-8", newline="") as handle:
            yield path.stem, handle.read()


def on_articles(shared: Path) -> list[str]:
    """Flags for each article by code, and the time that reading and rules take."""
    read("Mira Sand said that the dam is safe.")
    counted: Counter[str] = Counter()
    known: list[tuple[str, list[Claimed]]] = []
    began = time.process_time()
    for _, text in articles(shared):
        found = read(text).statements
        known.append((text, [Claimed(s.start, s.end, s.chains, s.hearsay, s.stance) for s in found]))
    reading = time.process_time() - began
    statements, rules, rounds = 0, 0.0, 0
    while statements < STATEMENTS:
        began = time.process_time()
        for text, there in known:
            article = Article(text, there)
            both = sorted([*there, *own_claims(article)], key=lambda s: (s.start, s.end))
            flags = raise_all(article.with_statements(both))
            statements += len(both)
            if rounds == 0:
                counted.update(flag.code for each in flags for flag in each)
        rules += time.process_time() - began
        rounds += 1
    share = rules / rounds / reading
    return [
        (
            f"{statements:,} statements go through all rules in {1000 * rules:,.0f} ms "
            f"({1000 * rules / statements:.2f} ms each); that is {100 * share:.1f} % of the time "
            f"that reading takes "
            f"({reading:.1f} s for the {len(known)} articles, one processor). At most 5 % is the aim."
        ),
        "",
        f"Flags for each article, over ../shared/articles and {ARTICLES} articles of PolNeAR dev:",
        "",
        "| code | flags | for each article |",
        "| --- | --- | --- |",
        *(
            f"| {code} | {counted[code]} | {counted[code] / len(known):.2f} |"
            for code in RULES
            if code in counted
        ),
        f"| all | {counted.total()} | {counted.total() / len(known):.2f} |",
    ]


def show(scores: dict[str, Score], codes: list[str]) -> None:
    """The cases that a rule got wrong."""
    for code in codes:
        for what, case, seen in scores[code].wrong:
            print(
                f"{code} {what}: {case.get('title', '')} | {case['text']} | ABOUT "
                f"{case['about']} | {case['why']}"
            )
            print(*(f"    {line}" for line in seen), sep="\n")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--aside", action="store_true", help="score the half kept aside, once")
    parser.add_argument(
        "--show", nargs="*", default=None, metavar="CODE", help="print what was wrong; write nothing"
    )
    given = parser.parse_args()
    scores = score(CASES / "open")
    if given.show is not None:
        print(*score_table(scores), sep="\n")
        show(scores, given.show)
        return
    lines = [
        "## Rules for weak attribution",
        "",
        "`python bench/flags.py`. Invented cases, through parsing, engine and rules.",
    ]
    lines += [
        "",
        "The half that the rules were tuned on (tests/fixtures/flags/open):",
        "",
        *score_table(scores),
    ]
    if (given.shared / "polnear/dev/text").exists():
        lines += ["", *on_articles(given.shared)]
    else:
        print(f"No {given.shared}/polnear: flags for each article and times are left out.", file=sys.stderr)
    print(*lines, sep="\n")
    results.write("flags", lines)
    if given.aside:
        aside = score(CASES / "aside")
        lines = [
            "## Rules for weak attribution, the half kept aside",
            "",
            (
                "`python bench/flags.py --aside`. Written before the rules and scored once "
                "(tests/fixtures/flags/aside). "
                f"Under {LEAST} precision a rule only proposes."
            ),
            "",
            *score_table(aside),
        ]
        print(*lines, sep="\n")
        results.write("flags-aside", lines)


if __name__ == "__main__":
    main()
