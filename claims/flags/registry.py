"""Where rules are registered under their codes, with the thresholds that a policy may set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from claims.flags.case import Case
from claims.flags.codes import CODES
from claims.flags.words import Span

Limits = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: one sentence that is true even if the rule is wrong, and where its words stand."""

    why: str
    places: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Threshold:
    """A setting of a rule: a number within bounds, or a choice of words."""

    name: str
    default: float | tuple[str, ...]
    plain: str
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()

    def problem(self, value: object) -> str:
        """What is wrong with a value, in words; "" when it will do."""
        if self.choices:
            if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
                return f"must be a list of words out of {', '.join(self.choices)}"
            odd = [each for each in value if each not in self.choices]
            return f"doesn't know {odd[0]!r}; it knows {', '.join(self.choices)}" if odd else ""
        whole = isinstance(self.default, int)
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            return "must be a whole number" if whole else "must be a number"
        if not self.low <= value <= self.high:
            return f"must be from {self.low:g} to {self.high:g}, not {value:g}"
        return ""


Check = Callable[[Case, Limits], Finding | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule. ``proposes``: it was right less than nine times in ten, so it only asks."""

    code: str
    check: Check
    thresholds: tuple[Threshold, ...] = ()
    proposes: bool = False

    @property
    def meaning(self) -> str:
        """What an editor means by it and who asks for it: the rule's docstring."""
        return " ".join((self.check.__doc__ or "").split())


RULES: dict[str, Rule] = {}


def rule(code: str, *thresholds: Threshold, proposes: bool = False) -> Callable[[Check], Check]:
    """Register a function as the rule of a code."""
    if code not in CODES or code in RULES:
        raise ValueError(f"{code} is no code, or has a rule already")

    def register(check: Check) -> Check:
        RULES[code] = Rule(code, check, thresholds, proposes)
        return check

    return register
