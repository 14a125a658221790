"""The rules over many articles in the worker: to the end, once more without effect, and after a stop."""

from __future__ import annotations

from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from claims import rerunning
from claims.models import Flag, PolicyChoice, Rerun, Statement, renewal
from claims.models.chain_edits import correct_source
from sources.models import Source
from tests.factories import FARES, FERRY, LAMP, OFFICIAL, account, article, statement

pytestmark = pytest.mark.django_db

OFF = {"SINGLE_ANON": {"severity": "off"}}


@pytest.fixture
def three() -> list[Statement]:
    """A claim with one unnamed origin in each of three articles."""
    made = [article(f"The pier {n} is shut, a guard said.", title=f"Pier {n}") for n in range(3)]
    return [
        statement(each, f"The pier {n} is shut", [("a guard", "person", "anonymous", "said")])
        for n, each in enumerate(made)
    ]


def states() -> list[str]:
    return list(Flag.objects.filter(code="SINGLE_ANON").order_by("pk").values_list("state", flat=True))


def rerun(because: str = "the policy asks for it no longer") -> Rerun:
    made = Rerun.objects.ask(because)
    rerunning.carry_out(made.pk)
    made.refresh_from_db()
    return made


def switch_off() -> None:
    PolicyChoice.objects.choose(account("admin"), "default", OFF, 1)


def test_it_goes_over_every_article_and_says_why_flags_closed(three: list[Statement]):
    assert states() == ["open"] * 3
    switch_off()
    made = rerun()
    assert (made.progress, made.done, made.total) == ("done", 3, 3)
    assert states() == ["closed"] * 3
    assert set(Flag.objects.filter(code="SINGLE_ANON").values_list("reason", flat=True)) == {
        "the policy switched this rule off"
    }


def test_a_second_time_changes_nothing(three: list[Statement]):
    switch_off()
    rerun()
    before = list(Flag.objects.order_by("pk").values())
    assert rerun().progress == "done"
    assert list(Flag.objects.order_by("pk").values()) == before


def test_a_stopped_one_goes_on_where_it_was(three: list[Statement], monkeypatch: pytest.MonkeyPatch):
    switch_off()
    made = Rerun.objects.ask("x")
    seen: list[int] = []
    whole = renewal.renew_all

    class Killed(BaseException):
        pass

    def dies_at_the_second(capture: Any, because: str) -> None:
        if len(seen) == 1:
            raise Killed
        seen.append(capture.pk)
        whole(capture, because)

    monkeypatch.setattr(rerunning, "renew_all", dies_at_the_second)
    with pytest.raises(Killed):
        rerunning.carry_out(made.pk)
    made.refresh_from_db()
    assert (made.progress, made.done, states()) == ("running", 1, ["closed", "open", "open"])

    def goes_on(capture: Any, because: str) -> None:
        seen.append(capture.pk)
        whole(capture, because)

    monkeypatch.setattr(rerunning, "renew_all", goes_on)
    assert rerunning.take_up_lost() == 1
    made.refresh_from_db()
    assert made.progress == "waiting"
    rerunning.carry_out(made.pk)
    made.refresh_from_db()
    assert (made.progress, made.done, made.total) == ("done", 3, 3)
    assert seen == [each.capture_id for each in three]
    assert states() == ["closed"] * 3


def test_one_that_is_lost_twice_at_the_same_article_has_failed(three: list[Statement]):
    made = Rerun.objects.create(because="x", progress="running", attempt=2)
    assert rerunning.take_up_lost() == 0
    made.refresh_from_db()
    assert (made.progress, made.problem) == ("failed", "The worker was stopped twice at the same article.")


def test_one_that_a_worker_is_at_is_left_alone(three: list[Statement], monkeypatch: pytest.MonkeyPatch):
    made = Rerun.objects.create(because="x", progress="done")
    rerunning.carry_out(made.pk)
    made.refresh_from_db()
    assert made.done == 0


def test_a_later_one_overtakes_it(three: list[Statement]):
    first = Rerun.objects.ask("first")
    Rerun.objects.ask("second")
    rerunning.carry_out(first.pk)
    first.refresh_from_db()
    assert (first.progress, first.done) == ("overtaken", 0)


def test_an_article_that_the_rules_break_on_is_named_and_the_others_are_done(
    three: list[Statement], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    switch_off()
    whole = renewal.renew_all

    def breaks(capture: Any, because: str) -> None:
        if capture.pk == three[1].capture_id:
            raise RuntimeError("odd text")
        whole(capture, because)

    monkeypatch.setattr(rerunning, "renew_all", breaks)
    made = rerun()
    assert (made.progress, made.done) == ("done", 3)
    assert "“Pier 1”" in made.problem
    assert states() == ["closed", "open", "closed"]
    assert "odd text" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_asking_hands_it_to_the_workers_and_a_lost_hand_over_is_made_up_for():
    made = Rerun.objects.ask("x")
    made.refresh_from_db()
    assert DBTaskResult.objects.filter(pk=made.task_id, status="READY").exists()
    assert rerunning.take_up_lost() == 0
    Rerun.objects.update(task_id="", asked_at="2020-01-01T00:00Z")
    assert rerunning.take_up_lost() == 1


def test_new_rules_run_over_all_articles_once(three: list[Statement], monkeypatch: pytest.MonkeyPatch):
    assert rerunning.ask_after_upgrade()
    assert rerunning.ask_after_upgrade() is None
    monkeypatch.setattr(rerunning, "digest", lambda: "newer")
    assert rerunning.ask_after_upgrade()


def test_without_a_policy_that_fits_no_rule_runs_and_no_flag_is_lost(
    three: list[Statement], caplog: pytest.LogCaptureFixture
):
    PolicyChoice.objects.create(pack="default", changes={"GOSSIP": {"severity": "warn"}})
    rerun()
    assert states() == ["open"] * 3
    assert "GOSSIP" in caplog.text


def test_a_source_that_much_rests_on_is_followed_by_the_worker(
    three: list[Statement], monkeypatch: pytest.MonkeyPatch
):
    capture = article()
    statement(capture, FERRY, [LAMP, OFFICIAL])
    statement(capture, FARES, [LAMP])
    lamp = Source.objects.get(name="Evening Lamp")
    before = list(Flag.objects.filter(statement__capture=capture).values_list("code", "state"))
    monkeypatch.setattr(renewal, "AT_ONCE", 1)
    correct_source(lamp, "Evening Lamp", "person")
    made = Rerun.objects.get()
    assert (made.source, made.because) == (lamp, "Evening Lamp was corrected")
    assert list(Flag.objects.filter(statement__capture=capture).values_list("code", "state")) == before
    rerunning.carry_out(made.pk)
    made.refresh_from_db()
    assert (made.progress, made.total) == ("done", 1)
    assert list(Flag.objects.filter(statement__capture=capture).values_list("code", "state")) != before
