"""Policies: how much each weakness weighs in a newsroom, and from where on. Read from TOML, checked
before use.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from claims.flags.registry import RULES

FOLDER = Path(__file__).resolve().parent.parent / "policies"
DEFAULT = "default"
SEVERITIES = ("block", "warn", "info", "off")
_FIELDS = {"severity", "standard", "thresholds", "question"}


class BadPolicy(ValueError):
    """A policy that can't be used. The message names the file and the entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a policy says of one rule. ``limits`` has a value for each of the rule's thresholds."""

    code: str
    severity: str
    standard: str
    limits: Mapping[str, Any]
    question: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy: an entry for every rule."""

    name: str
    title: str
    about: str
    entries: Mapping[str, Entry]


def load(name: str = DEFAULT, folder: Path = FOLDER) -> Policy:
    """A policy by its name. Raises `BadPolicy` when there is none, or when any file beside it is broken."""
    found = load_all(folder)
    if name not in found:
        raise BadPolicy(f"There is no policy {name!r}; there are {', '.join(sorted(found)) or 'none'}.")
    return found[name]


@cache
def load_all(folder: Path = FOLDER) -> Mapping[str, Policy]:
    """Every policy of a folder, by name. All or nothing: raises `BadPolicy` at the first fault."""
    files = sorted(folder.glob("*.toml"))
    return together((read(path) for path in files), files)


def together(policies: Iterable[Policy], files: Iterable[Path]) -> Mapping[str, Policy]:
    """Policies by name. Raises `BadPolicy` when two have the same one."""
    found: dict[str, Policy] = {}
    where: dict[str, Path] = {}
    for policy, path in zip(policies, files, strict=True):
        if policy.name in found:
            raise BadPolicy(
                f"{path.name}: name: {policy.name!r} is the name of {where[policy.name].name} already."
            )
        found[policy.name], where[policy.name] = policy, path
    return found


def read(path: Path) -> Policy:
    """The policy of a file. Raises `BadPolicy` with the file and the entry that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise BadPolicy(f"{path.name}: can't be read: {problem}") from None
    except tomllib.TOMLDecodeError as problem:
        raise BadPolicy(f"{path.name}: is no TOML: {problem}") from None
    return made_of(data, path.name)


def made_of(data: Mapping[str, Any], where: str) -> Policy:
    """A policy from its data, as a file or a form has it. Raises `BadPolicy`; ``where`` begins the
    message.
    """
    odd = set(data) - {"name", "title", "about", "rules"}
    if odd:
        raise BadPolicy(f"{where}: {min(odd)}: a policy has name, title, about and rules.")
    for field in ("name", "title", "about"):
        if not isinstance(data.get(field), str) or not data[field].strip():
            raise BadPolicy(f"{where}: {field}: must be a text.")
    rules = data.get("rules")
    if not isinstance(rules, Mapping):
        raise BadPolicy(f"{where}: rules: must be a table with an entry for each code.")
    for code in rules:
        if code not in RULES:
            raise BadPolicy(f"{where}: rules.{code}: there is no such code.")
    missing = [code for code in RULES if code not in rules]
    if missing:
        raise BadPolicy(f"{where}: rules.{missing[0]}: is missing; “off” switches a rule off.")
    entries = {code: _entry(code, rules[code], where) for code in RULES}
    return Policy(data["name"].strip(), data["title"].strip(), data["about"].strip(), entries)


def _entry(code: str, data: Any, where: str) -> Entry:
    at = f"{where}: rules.{code}"
    if not isinstance(data, Mapping):
        raise BadPolicy(f"{at}: must be a table.")
    odd = set(data) - _FIELDS
    if odd:
        raise BadPolicy(f"{at}.{min(odd)}: an entry has severity, standard, thresholds and question.")
    severity = data.get("severity")
    if severity not in SEVERITIES:
        raise BadPolicy(f"{at}.severity: must be one of {', '.join(SEVERITIES)}, not {severity!r}.")
    standard = data.get("standard")
    if not isinstance(standard, str) or not standard.strip():
        raise BadPolicy(f"{at}.standard: must name the standard that it follows.")
    question = data.get("question", RULES[code].proposes)
    if not isinstance(question, bool):
        raise BadPolicy(f"{at}.question: must be true or false.")
    given = data.get("thresholds", {})
    if not isinstance(given, Mapping):
        raise BadPolicy(f"{at}.thresholds: must be a table.")
    known = {threshold.name: threshold for threshold in RULES[code].thresholds}
    limits: dict[str, Any] = {name: threshold.default for name, threshold in known.items()}
    for name, value in given.items():
        if name not in known:
            raise BadPolicy(f"{at}.thresholds.{name}: this rule has no such threshold.")
        problem = known[name].problem(value)
        if problem:
            raise BadPolicy(f"{at}.thresholds.{name}: {problem}.")
        limits[name] = tuple(value) if isinstance(value, list) else value
    return Entry(code, str(severity), standard.strip(), limits, question)
