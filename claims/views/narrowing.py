"""Narrowing an article to the claims with a flag of some code or weight, by links that can be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest

from claims.flags import CODES
from claims.models import Flag
from claims.models.flag import Severity


def is_id(typed: str) -> bool:
    """Whether this can be the id of a row: digits that fit into one."""
    return typed.isdecimal() and len(typed) < 19


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A code and a weight, either of them "" for any."""

    flag: str = ""
    severity: str = ""

    @property
    def kept(self) -> str:
        """What the address carries on, with its question mark; "" where nothing is narrowed."""
        asked = {name: getattr(self, name) for name in ("flag", "severity") if getattr(self, name)}
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def and_kept(self) -> str:
        """The same behind something else that is asked for."""
        return self.kept.replace("?", "&", 1)

    def holds(self, flags: Iterable[Flag]) -> bool:
        """Whether a claim with these flags is shown."""
        return not self.kept or any(
            self.flag in ("", each.code) and self.severity in ("", each.severity) for each in flags
        )


ALL = Narrowing()


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as a link: what it is called, how many claims it leaves, where it leads."""

    label: str
    count: int
    href: str
    current: bool
    severity: str = ""


def narrowing(request: HttpRequest) -> Narrowing:
    """What the address asks for; of a form sent by htmx, the address of the page that it is on."""
    asked = request.GET
    if request.method == "POST":
        try:
            page = parse_qs(urlsplit(request.headers.get("HX-Current-URL", "")).query)
        except ValueError:
            return ALL
        flag, severity = page.get("flag", [""])[0], page.get("severity", [""])[0]
    else:
        flag, severity = asked.get("flag", ""), asked.get("severity", "")
    return Narrowing(flag if flag in CODES else "", severity if severity in Severity.values else "")


def choices(only: Narrowing, flags: Sequence[Sequence[Flag]]) -> dict[str, list[Choice]]:
    """The filters of an article whose claims have these flags: by weight, and by code."""
    by_weight = Counter(each for of_one in flags for each in {flag.severity for flag in of_one})
    by_code = Counter(each for of_one in flags for each in {flag.code for flag in of_one})
    weights: list[Choice] = []
    for value, label in Severity.choices:
        if by_weight[value] or only.severity == value:
            to = Narrowing(severity=value)
            weights.append(Choice(label, by_weight[value], to.kept, only.severity == value, value))
    codes = [
        Choice(title, by_code[code], Narrowing(flag=code).kept, only.flag == code)
        for code, title in CODES.items()
        if by_code[code] or only.flag == code
    ]
    return {"weights": weights, "codes": codes}
