"""Named weaknesses of an attribution, and the rules that raise them. Pure: knows no Django.

One module an idea: `sources`, `anonymity`, `chain`, `drift`, `certainty`, `exactness`, `denial`. Each rule
is a small function of a `Case`, registered under its code; thresholds and severities are a `Policy`'s.
"""

from claims.flags import anonymity, certainty, chain, denial, drift, exactness, sources
from claims.flags.case import Article, Case, Claimed
from claims.flags.chain import CARRIERS
from claims.flags.codes import CODES
from claims.flags.disputable import own_claims
from claims.flags.policy import BadPolicy, Entry, Policy, load, load_all
from claims.flags.raising import Raised, raise_all, raise_flags
from claims.flags.registry import RULES, Finding, Rule, Threshold

__all__ = [
    "CARRIERS",
    "CODES",
    "RULES",
    "Article",
    "BadPolicy",
    "Case",
    "Claimed",
    "Entry",
    "Finding",
    "Policy",
    "Raised",
    "Rule",
    "Threshold",
    "anonymity",
    "certainty",
    "chain",
    "denial",
    "drift",
    "exactness",
    "load",
    "load_all",
    "own_claims",
    "raise_all",
    "raise_flags",
    "sources",
]
