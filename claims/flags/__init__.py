"""Named weaknesses of an attribution, and the rules that raise them. Pure: knows no Django."""

from claims.flags.codes import CODES
from claims.flags.rules import RULES, Raised, raise_flags

__all__ = ["CODES", "RULES", "Raised", "raise_flags"]
