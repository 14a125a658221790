"""What is said and how it travelled, and who reviews it."""

from claims.models.annotation import Annotation
from claims.models.assignment import Assignment
from claims.models.batch import Batch
from claims.models.carried import Carried
from claims.models.claim import Claim
from claims.models.flag import Flag
from claims.models.hop import Hop
from claims.models.member import Member
from claims.models.policy import PolicyChoice
from claims.models.presence import Presence
from claims.models.reading import Reading
from claims.models.rerun import Rerun
from claims.models.review import DocumentReview, Outdated, StatementReview
from claims.models.statement import Statement
from claims.models.verdict import Verdict
from claims.models.word import Word

__all__ = [
    "Annotation",
    "Assignment",
    "Batch",
    "Carried",
    "Claim",
    "DocumentReview",
    "Flag",
    "Hop",
    "Member",
    "Outdated",
    "PolicyChoice",
    "Presence",
    "Reading",
    "Rerun",
    "Statement",
    "StatementReview",
    "Verdict",
    "Word",
]
