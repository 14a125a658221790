"""Flags in the database: the rules' own, a person's, and what happens to them when the chain changes."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from claims import history
from claims.flags import Raised
from claims.models import Flag, Statement
from claims.models.chain_edits import add_hop, amend_hop, remove_hop
from claims.models.renewal import columns, plan
from tests.factories import FERRY, LAMP, OFFICIAL, account, article, events, hop_words, statement

pytestmark = pytest.mark.django_db

ADA = hop_words("Ada Brine")


@pytest.fixture
def editor() -> User:
    return account("editor")


@pytest.fixture
def ferry() -> Statement:
    """A claim whose only origin isn't named."""
    return statement(article(), FERRY, [LAMP, OFFICIAL])


def states(statement: Statement) -> dict[str, str]:
    return {flag.code: flag.state for flag in statement.flags.filter(code="SINGLE_ANON")}


def renew(statement: Statement) -> None:
    Flag.objects.renew(Statement.objects.get(pk=statement.pk))


def name_the_origin(statement: Statement, by: User) -> None:
    add_hop(statement, by, ADA, after=statement.hops.get(source__name="a port official"))


def take_the_name_away(statement: Statement, by: User) -> None:
    remove_hop(statement, by, statement.hops.standing().get(source__name="Ada Brine"))


def test_a_rule_s_flag_is_open_and_quotes_its_words(ferry: Statement):
    flag = ferry.flags.get(code="SINGLE_ANON")
    assert (flag.code, flag.state, flag.severity, flag.raised_by) == ("SINGLE_ANON", "open", "block", None)
    assert "a port official" in flag.why


def test_running_the_rules_again_changes_nothing(ferry: Statement):
    before = list(Flag.objects.values())
    kept = events(ferry.flags.get(code="SINGLE_ANON")).count()
    renew(ferry)
    assert list(Flag.objects.values()) == before
    assert events(ferry.flags.get(code="SINGLE_ANON")).count() == kept


def test_a_flag_closes_when_its_ground_is_gone_and_opens_when_it_is_back(ferry: Statement, editor: User):
    flag = ferry.flags.get(code="SINGLE_ANON")
    name_the_origin(ferry, editor)
    assert states(ferry) == {"SINGLE_ANON": "closed"}
    take_the_name_away(ferry, editor)
    assert states(ferry) == {"SINGLE_ANON": "open"}
    assert ferry.flags.get(code="SINGLE_ANON") == flag


@pytest.mark.parametrize("state", ["dismissed", "confirmed", "waived"])
def test_what_a_person_made_of_a_flag_stays(ferry: Statement, editor: User, state: str):
    ferry.flags.get(code="SINGLE_ANON").decide(state, editor, "we know who it is")
    renew(ferry)
    assert states(ferry) == {"SINGLE_ANON": state}
    name_the_origin(ferry, editor)
    take_the_name_away(ferry, editor)
    flag = ferry.flags.get(code="SINGLE_ANON")
    assert (flag.state, flag.decided_by, flag.reason) == (state, editor, "we know who it is")


def put_in_place_of(ferry: Statement, by: User, name: str) -> None:
    """Another unnamed origin, which the flag then rests on."""
    amend_hop(ferry, by, ferry.hops.standing().get(parent__isnull=False), hop_words(name, naming="anonymous"))


@pytest.mark.parametrize("state", ["dismissed", "waived"])
def test_a_settled_flag_opens_anew_when_its_ground_is_another(ferry: Statement, editor: User, state: str):
    flag = ferry.flags.get(code="SINGLE_ANON")
    flag.decide(state, editor, "we know who it is")
    put_in_place_of(ferry, editor, "a deckhand")
    flag.refresh_from_db()
    assert (flag.state, flag.decided_by, flag.decided_at) == ("open", None, None)
    assert "a deckhand" in flag.why
    assert flag.reason == f"{state.capitalize()} before, on other words: we know who it is"
    said = " ".join(entry.what for entry in history.of_statement(ferry) if entry.who == "Hearsay")
    assert f"opened “Anonymous single origin” anew, because its ground changed. {flag.reason}" in said


def test_a_confirmed_flag_stays_on_another_ground_and_says_what_was_confirmed(ferry: Statement, editor: User):
    flag = ferry.flags.get(code="SINGLE_ANON")
    flag.decide("confirmed", editor)
    put_in_place_of(ferry, editor, "a deckhand")
    flag.refresh_from_db()
    assert (flag.state, flag.decided_by) == ("confirmed", editor)
    assert "a port official" in flag.why


def test_a_rule_in_better_words_opens_nothing(ferry: Statement, editor: User):
    flag = ferry.flags.get(code="SINGLE_ANON")
    flag.decide("dismissed", editor, "we know who it is")
    places = tuple((start, end) for start, end in flag.places)
    said = Raised("SINGLE_ANON", "block", f"Put otherwise: {flag.why}", places)
    assert [change.does for change in plan(ferry, ferry.capture.text, [said], {(None, flag.code): flag})] == [
        "renews"
    ]


def test_a_flag_from_before_grounds_were_kept_stays_settled(ferry: Statement, editor: User):
    flag = ferry.flags.get(code="SINGLE_ANON")
    flag.decide("dismissed", editor, "we know who it is")
    Flag.objects.filter(pk=flag.pk).update(ground="")
    renew(ferry)
    flag.refresh_from_db()
    assert (flag.state, bool(flag.ground)) == ("dismissed", True)


def test_what_leans_on_a_deleted_claim_is_looked_at_again(editor: User):
    text = (
        "The port shed burned down, a docker said.\n\n"
        "Rain fell. The gulls were loud. It was a Monday. Tea was sold.\n\n"
        "Ada Brine, the harbour master, told us that the port shed burned down."
    )
    capture = article(text, title="Fire")
    docker = statement(capture, "The port shed burned down", [("a docker", "person", "anonymous", "said")])
    brine = statement(capture, "the port shed burned down", [("Ada Brine", "person", "named", "told")])
    assert states(docker) == {"SINGLE_ANON": "closed"}, "she bears it out"
    brine.discard(editor)
    assert states(docker) == {"SINGLE_ANON": "open"}


def test_a_question_never_blocks(ferry: Statement):
    flag = ferry.flags.get(code="SINGLE_ANON")
    asks = Raised(flag.code, "block", flag.why, (), question=True)
    assert columns(asks, "")["severity"] == "warn"


def test_what_a_person_raised_stays_without_any_ground(ferry: Statement, editor: User):
    Flag.objects.raise_by_hand(ferry, editor, "NO_SOURCE", "I see none", "warn")
    renew(ferry)
    flag = ferry.flags.get(code="NO_SOURCE")
    assert (flag.state, flag.why, flag.severity) == ("open", "I see none", "warn")


def test_a_rule_doesn_t_write_over_a_person_s_flag_of_the_same_code(ferry: Statement, editor: User):
    name_the_origin(ferry, editor)
    Flag.objects.raise_by_hand(ferry, editor, "SINGLE_ANON", "Ada isn’t the origin", "info")
    take_the_name_away(ferry, editor)
    flag = ferry.flags.get(code="SINGLE_ANON")
    assert (flag.why, flag.severity, flag.raised_by) == ("Ada isn’t the origin", "info", editor)


def test_a_flag_that_stands_can_t_be_raised_twice(ferry: Statement, editor: User):
    with pytest.raises(ValueError, match="stands on this already"):
        Flag.objects.raise_by_hand(ferry, editor, "SINGLE_ANON", "me too", "warn")
    Flag.objects.raise_by_hand(ferry, editor, "OTHER", "odd", "warn")
    with pytest.raises(ValueError, match="Another weakness"):
        Flag.objects.raise_by_hand(ferry, editor, "OTHER", "odd again", "warn")


def test_the_same_code_on_the_claim_and_on_one_of_its_sources(ferry: Statement, editor: User):
    hop = ferry.hops.get(parent=None)
    Flag.objects.raise_by_hand(ferry, editor, "OTHER", "odd", "warn")
    Flag.objects.raise_by_hand(ferry, editor, "OTHER", "odd here", "warn", hop)
    assert ferry.flags.filter(code="OTHER").count() == 2


def test_a_settled_flag_opens_again_with_a_person_s_reason(ferry: Statement, editor: User):
    flag = ferry.flags.get(code="SINGLE_ANON")
    flag.decide("dismissed", editor, "fine")
    again = Flag.objects.raise_by_hand(ferry, editor, "SINGLE_ANON", " not fine ", "info")
    again.refresh_from_db()
    assert again == flag
    assert (again.state, again.why, again.severity, again.raised_by) == ("open", "not fine", "info", editor)
    assert (again.decided_by, again.decided_at, again.reason) == (None, None, "")


def test_a_dismissal_needs_a_reason(ferry: Statement, editor: User):
    flag = ferry.flags.get(code="SINGLE_ANON")
    with pytest.raises(ValueError, match="Say why"):
        flag.decide("dismissed", editor, "  ")
    assert states(ferry) == {"SINGLE_ANON": "open"}


def test_flags_stand_while_open_or_confirmed_and_come_worst_first(ferry: Statement, editor: User):
    ferry.flags.exclude(code="SINGLE_ANON").delete()
    for code, severity in [("WEASEL", "info"), ("OTHER", "warn"), ("DENIED", "block"), ("NO_BASIS", "warn")]:
        Flag.objects.raise_by_hand(ferry, editor, code, "because", severity)
    Flag.objects.get(code="OTHER").decide("dismissed", editor, "no")
    Flag.objects.get(code="DENIED").decide("confirmed", editor)
    in_order = [flag.code for flag in ferry.flags.standing().worst_first()]
    assert in_order == ["SINGLE_ANON", "DENIED", "NO_BASIS", "WEASEL"]
