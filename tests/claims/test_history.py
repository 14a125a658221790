"""The history of a claim, as sentences that name who did it."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
import pytest
from django.contrib.auth.models import User

from claims import history
from claims.models import Annotation, Claim, Flag, Statement
from claims.models.chain_edits import HopWords, add_hop, amend_hop, move_hop, remove_hop
from tests.factories import FERRY, LAMP, OFFICIAL, account, article, hop_words, statement

pytestmark = pytest.mark.django_db

OFFICIAL_IS = HopWords("a port official", "person", "anonymous", "citing")
WIRE = ("Coast Wire", "agency", "named")


@pytest.fixture
def ada() -> User:
    return account("editor", "ada")


@pytest.fixture
def ferry() -> Statement:
    return statement(article(), FERRY, [LAMP, WIRE, OFFICIAL])


def hop(statement: Statement, name: str):
    return statement.hops.standing().get(source__name=name)


def amend_official(s: Statement, by: User, **said: str) -> None:
    words = {"name": "a port official", "kind": "person", "naming": "anonymous", "cue": "citing"} | said
    amend_hop(s, by, hop(s, "a port official"), HopWords(**words))  # type: ignore[arg-type]


def join(s: Statement, by: User) -> None:
    s.claim = Claim.objects.create(wording="x", made_by=by)
    s.save(update_fields=["claim"])


Step = Callable[[Statement, User], object]
DEEDS: list[tuple[Step | tuple[Step, ...], str]] = [
    (
        lambda s, by: s.amend(by, "No ferry", s.start, s.end),
        f"reworded it from “{FERRY}” to “No ferry”",
    ),
    (lambda s, by: s.amend(by, "", s.start, s.start + 16), "moved its bounds to “The island ferry”"),
    (lambda s, by: s.discard(by), "deleted this claim"),
    ((lambda s, by: s.discard(by), lambda s, by: s.restore(by)), "brought this claim back"),
    (lambda s, by: s.decide(by, "needs_source", "who?"), "asked for a source: who?"),
    (lambda s, by: s.decide(by, "accepted"), "accepted it"),
    (join, "joined it with other claims"),
    (lambda s, by: add_hop(s, by, hop_words("Ada Brine")), "put Ada Brine into the chain"),
    (lambda s, by: remove_hop(s, by, hop(s, "Coast Wire")), "took Coast Wire out of the chain"),
    (
        lambda s, by: amend_official(s, by, name="Bo Quay", naming="named"),
        "replaced a port official by Bo Quay",
    ),
    (
        lambda s, by: amend_official(s, by, naming="described"),
        "changed the naming of a port official from anonymous to described",
    ),
    (
        lambda s, by: amend_official(s, by, cue="told"),
        "changed the cue of a port official from “citing” to “told”",
    ),
    (
        lambda s, by: amend_official(s, by, link="https://port.example/"),
        "set the link of a port official to https://port.example/",
    ),
    (
        lambda s, by: move_hop(s, by, hop(s, "a port official"), nearer=True),
        "moved a port official nearer the reader, before Coast Wire",
    ),
    (lambda s, by: Annotation.objects.write(by, "Which desk?", s.capture, statement=s), "noted: Which desk?"),
    (
        (
            lambda s, by: Annotation.objects.write(by, "Which?", s.capture, statement=s),
            lambda s, by: s.annotations.get().reply(by, "News"),
        ),
        "replied: News",
    ),
    (lambda s, by: Flag.objects.raise_by_hand(s, by, "OTHER", "odd", "warn"), "raised “Another weakness”"),
    (
        lambda s, by: s.flags.get(code="SINGLE_ANON").decide("confirmed", by),
        "confirmed “Anonymous single origin”",
    ),
    (
        lambda s, by: s.flags.get(code="SINGLE_ANON").decide("dismissed", by, "we know her"),
        "dismissed “Anonymous single origin”: we know her",
    ),
]


@pytest.mark.parametrize(("deed", "sentence"), DEEDS, ids=[sentence for _, sentence in DEEDS])
def test_what_a_person_does_is_a_sentence_with_their_name(
    ferry: Statement, ada: User, deed: Step | tuple[Step, ...], sentence: str
):
    for step in deed if isinstance(deed, tuple) else (deed,):
        with pghistory.context(user=ada.pk):
            step(ferry, ada)
    said = [(entry.who, entry.what) for entry in history.of_statement(ferry)]
    assert ("ada", sentence) in said


def test_what_the_machine_did_is_the_machine_s(ferry: Statement):
    (entry,) = history.of_statement(ferry)
    assert entry.who == "Hearsay"
    what = entry.what
    assert what.startswith(
        "marked this claim, put Evening Lamp, Coast Wire and a port official into the chain and raised “"
    )
    for title in (
        "Anonymous single origin",
        "Unnamed, and why isn’t said",
        "Another outlet’s anonymous report",
        "Too many removes from first hand",
    ):
        assert f"“{title}”" in what


def test_what_a_rule_does_after_a_person_s_change_is_the_rule_s(ferry: Statement, ada: User):
    with pghistory.context(user=ada.pk):
        add_hop(ferry, ada, hop_words("Ada Brine"), after=hop(ferry, "a port official"))
    with pghistory.context(user=ada.pk):
        remove_hop(ferry, ada, hop(ferry, "Ada Brine"))
    said = [(entry.who, entry.what) for entry in history.of_statement(ferry)]
    assert ("Hearsay", "closed “Anonymous single origin” by itself: what it rested on is gone") in said
    assert ("Hearsay", "reopened “Anonymous single origin”") in said
    assert ("ada", "reopened “Anonymous single origin”") not in said


def test_other_claims_are_not_in_it(ferry: Statement, ada: User):
    other = statement(ferry.capture, "The fares will double next year")
    with pghistory.context(user=ada.pk):
        other.decide(ada, "weak")
    assert all(entry.who == "Hearsay" for entry in history.of_statement(ferry))


@pytest.mark.django_db(transaction=True)
def test_the_latest_is_first_and_since_a_version_is_what_came_after_it():
    ada = account("editor", "ada")
    ferry = statement(article(), FERRY, [LAMP, OFFICIAL])
    with pghistory.context(user=ada.pk):
        ferry.amend(ada, "No ferry", ferry.start, ferry.end)
    with pghistory.context(user=ada.pk):
        ferry.decide(ada, "weak")
    assert [entry.what for entry in history.of_statement(ferry)][:2] == [
        "called it weak",
        f"reworded it from “{FERRY}” to “No ferry”",
    ]
    for version, deeds in [(1, 2), (2, 1), (3, 0)]:
        since = history.moment_of_version(ferry, version)
        assert since
        assert len(history.of_statement(ferry, since)) == deeds
    assert history.moment_of_version(ferry, 4) is None
