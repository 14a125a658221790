"""The policy in the browser: who sees and sets it, what it would do before it is saved, and afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.urls import reverse

from claims import preview, rerunning
from claims.flags import RULES, BadPolicy, load_all
from claims.models import Flag, PolicyChoice, Rerun, Statement
from tests.claims.conftest import As
from tests.factories import LAMP, account, article, statement

pytestmark = pytest.mark.django_db


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def words_of(part: Any) -> str:
    return " ".join(part.get_text(" ").split())


def typed(page: Any, **changes: Any) -> dict[str, Any]:
    """The form of the page as a browser sends it, with these changes."""
    form = page.select_one("#policy-form")
    data: dict[str, Any] = {}
    for field in form.select("input[name]"):
        if field.get("type") == "checkbox":
            data.setdefault(field["name"], [])
            if field.has_attr("checked"):
                data[field["name"]].append(field["value"])
        else:
            data[field["name"]] = field.get("value", "")
    for field in form.select("select[name]"):
        data[field["name"]] = field.select_one("option[selected]")["value"]
    del data["csrfmiddlewaretoken"]
    return data | changes


def form_of(as_: As, **changes: Any) -> dict[str, Any]:
    return typed(soup(as_("admin").get(reverse("policy"))), **changes)


def save(as_: As, data: dict[str, Any]) -> Any:
    return as_("admin").post(reverse("policy-save"), data)


def test_whoever_may_read_sees_each_code_with_its_standard_and_can_t_change_it(as_: As):
    page = soup(as_("reader").get(reverse("policy")))
    entries = page.select(".policy-entry")
    assert {each["id"] for each in entries} == RULES.keys()
    pack = load_all()["default"]
    for each in entries:
        assert " ".join(pack.entries[each["id"]].standard.split()) in words_of(each)
    assert not page.select("#policy-form select, #policy-form button, #policy-form input[type=number]")
    assert "An admin can change it." in words_of(page)


def test_an_admin_sees_a_weight_and_the_thresholds_for_each_code(as_: As):
    page = soup(as_("admin").get(reverse("policy")))
    for code, rule in RULES.items():
        assert page.select_one(f"select[name={code}] option[selected]"), code
        for threshold in rule.thresholds:
            assert page.select(f'[name="{code}-{threshold.name}"]'), threshold.name


def test_saving_keeps_what_differs_from_the_pack_and_has_the_rules_run(as_: As):
    answer = save(as_, form_of(as_, SINGLE_ANON="info", **{"HEARSAY_DEPTH-hops": "5"}))
    assert (answer.status_code, answer["Location"]) == (303, reverse("policy"))
    choice = PolicyChoice.objects.get()
    assert choice.pack == "default"
    assert choice.changes == {
        "SINGLE_ANON": {"severity": "info"},
        "HEARSAY_DEPTH": {"thresholds": {"hops": 5}},
    }
    assert (str(choice.changed_by), choice.version) == ("admin", 2)
    rerun = Rerun.objects.get()
    assert (rerun.progress, str(rerun.asked_by)) == ("waiting", "admin")
    page = words_of(soup(as_("reader").get(reverse("policy"))))
    assert "with 2 changes, chosen by admin" in page
    assert "The rules run over all articles" in page
    kept = apps.get_model("claims", "PolicyChoiceEvent").objects.filter(pgh_label="update").get()
    assert kept.pgh_context.metadata["user"] == choice.changed_by_id


def test_a_choice_of_words_can_be_narrowed_and_emptied(as_: As):
    save(as_, form_of(as_, **{"SINGLE_SOURCE-topics": ["casualties"], "NO_SOURCE-kinds": []}))
    assert PolicyChoice.objects.get().changes == {
        "SINGLE_SOURCE": {"thresholds": {"topics": ["casualties"]}},
        "NO_SOURCE": {"thresholds": {"kinds": []}},
    }


def test_another_pack_fills_the_form_and_is_in_force_when_saved(as_: As):
    page = soup(as_("admin").get(reverse("policy"), {"pack": "wire"}))
    assert "Not in force until you save it." in words_of(page)
    wire = load_all()["wire"]
    for code, entry in wire.entries.items():
        assert page.select_one(f"select[name={code}] option[selected]")["value"] == entry.severity
    assert save(as_, typed(page)).status_code == 303
    choice = PolicyChoice.objects.get()
    assert (choice.pack, choice.changes) == ("wire", {})
    assert choice.policy() == wire


@pytest.mark.parametrize("pack", ["gossip", "\0", "../default"])
def test_a_pack_that_there_isn_t(as_: As, pack: str):
    assert as_("admin").get(reverse("policy"), {"pack": pack}).status_code == 200
    answer = save(as_, form_of(as_, pack=pack))
    assert answer.status_code == 422
    assert not PolicyChoice.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"SINGLE_ANON": "dire"},
        {"SINGLE_ANON": ""},
        {"HEARSAY_DEPTH-hops": "1"},
        {"HEARSAY_DEPTH-hops": "many"},
        {"HEARSAY_DEPTH-hops": ""},
        {"NUMBER_DRIFT-ratio": "nan"},
        {"NUMBER_DRIFT-ratio": "1e9"},
        {"SINGLE_SOURCE-topics": ["gossip"]},
        {"version": "x"},
    ],
)
def test_one_wrong_entry_and_nothing_is_saved(as_: As, wrong: dict[str, Any]):
    data = form_of(as_, WEASEL="off") | wrong
    for route in ("policy-save", "policy-preview"):
        answer = as_("admin").post(reverse(route), data)
        assert answer.status_code == 422
        page = soup(answer)
        if "version" not in wrong:
            assert page.select_one('#policy-form [role="alert"]')
        assert page.select_one("select[name=WEASEL] option[selected]")["value"] == "off", "as typed"
        assert page.select_one(".standard")
    assert not PolicyChoice.objects.exists()
    assert not Rerun.objects.exists()


def test_the_model_takes_no_half_policy():
    admin = account("admin")
    for changes in ({"GOSSIP": {"severity": "warn"}}, {"WEASEL": {"thresholds": {"depth": 3}}}):
        with pytest.raises(BadPolicy):
            PolicyChoice.objects.choose(admin, "default", changes, 1)
    assert PolicyChoice.objects.now().changes == {}


def test_two_admins_the_second_is_told_and_keeps_what_they_typed(as_: As):
    mine = form_of(as_, WEASEL="off")
    assert save(as_, form_of(as_, NO_LINK="block")).status_code == 303
    answer = save(as_, mine)
    page = soup(answer)
    assert answer.status_code == 409
    assert "Somebody else saved another policy" in words_of(page)
    assert PolicyChoice.objects.get().changes == {"NO_LINK": {"severity": "block"}}
    again = typed(page)
    assert (again["WEASEL"], again["version"]) == ("off", "2")
    assert save(as_, again).status_code == 303
    assert PolicyChoice.objects.get().changes == {"WEASEL": {"severity": "off"}}


def test_a_policy_that_no_longer_fits_is_told_and_can_be_mended(as_: As, ferry: Statement):
    PolicyChoice.objects.create(pack="gone", version=4)
    for role in ("reader", "admin"):
        page = soup(as_(role).get(reverse("policy")))
        assert "No rule runs:" in words_of(page)
        assert "There is no policy 'gone'" in words_of(page)
    assert save(as_, form_of(as_)).status_code == 303
    assert PolicyChoice.objects.get().pack == "default"


# Before it is saved


def previewed(as_: As, **changes: Any) -> Any:
    answer = as_("admin").post(reverse("policy-preview"), form_of(as_, **changes))
    assert answer.status_code == 200
    return soup(answer)


def counted(page: Any) -> dict[str, list[int]]:
    rows = page.select("#preview tbody tr")
    return {row.th.get_text(): [int(cell.get_text()) for cell in row.select("td")] for row in rows}


def test_what_a_change_would_close_and_weigh_is_shown_and_nothing_is_done(as_: As, ferry: Statement):
    before = list(Flag.objects.values())
    page = previewed(as_, SINGLE_ANON="off", NO_REASON="info")
    told = counted(page)
    assert told["Anonymous single origin"] == [0, 1, 0]
    assert told["Unnamed, and why isn’t said"] == [0, 0, 1]
    assert ferry.wording in words_of(page.select_one("#preview"))
    assert "All 1 article with claims was looked at" in words_of(page.select_one("#preview"))
    assert list(Flag.objects.values()) == before
    assert not PolicyChoice.objects.exists()
    assert typed(page)["SINGLE_ANON"] == "off", "what was chosen is there to be saved"


def test_what_is_shown_is_what_saving_does(as_: As, ferry: Statement):
    pier = article("The pier is shut, a guard said.", title="Pier")
    statement(pier, "The pier is shut", [("a guard", "person", "anonymous", "said")])
    page = soup(as_("admin").get(reverse("policy"), {"pack": "magazine"}))
    data = typed(page, SINGLE_ANON="off")
    told = soup(as_("admin").post(reverse("policy-preview"), data))
    raises = sum(row[0] for row in counted(told).values())
    closes = sum(row[1] for row in counted(told).values())
    before = set(Flag.objects.filter(state="open").values_list("pk", flat=True))
    save(as_, data)
    rerunning.carry_out(Rerun.objects.get().pk)
    after = set(Flag.objects.filter(state="open").values_list("pk", flat=True))
    assert (len(after - before), len(before - after)) == (raises, closes)
    assert closes >= 2
    again = typed(soup(as_("admin").get(reverse("policy"))))
    assert counted(soup(as_("admin").post(reverse("policy-preview"), again))) == {}


def test_what_a_person_settled_is_no_change(as_: As, ferry: Statement):
    ferry.flags.get(code="SINGLE_ANON").decide("dismissed", account("editor", "e"), "known")
    assert "Anonymous single origin" not in counted(previewed(as_, SINGLE_ANON="off"))


def test_with_many_articles_it_says_how_many_were_looked_at(
    as_: As, ferry: Statement, monkeypatch: pytest.MonkeyPatch
):
    for n in range(3):
        made = article(f"The pier {n} is shut, a guard said.", title=f"Pier {n}")
        statement(made, f"The pier {n} is shut", [("a guard", "person", "anonymous", "said")])
    monkeypatch.setattr(preview, "MOST_ARTICLES", 2)
    page = previewed(as_, SINGLE_ANON="off")
    assert "The newest 2 of 4 articles were looked at." in words_of(page.select_one("#preview"))
    assert counted(page)["Anonymous single origin"] == [0, 2, 0]
    monkeypatch.setattr(preview, "MOST_SECONDS", -1)
    assert "The newest 1 of 4 articles" in words_of(previewed(as_, SINGLE_ANON="off"))
    monkeypatch.setattr(preview, "MOST_ROWS", 1)
    monkeypatch.setattr(preview, "MOST_SECONDS", 60)
    page = previewed(as_, SINGLE_ANON="off")
    assert len(page.select("#preview .card")) == 1
    assert "And 1 more." in words_of(page)


# Progress


def test_progress_is_shown_until_the_rules_are_through(as_: As, ferry: Statement):
    rerun = Rerun.objects.create(because="x", progress="running", done=3, total=8)
    page = soup(as_("reader").get(reverse("policy")))
    assert page.select_one("#rerun")["hx-get"] == reverse("policy-status")
    assert "3 of 8" in words_of(page.select_one("#rerun"))
    status = as_("reader", htmx=True).get(reverse("policy-status"))
    assert "3 of 8" in words_of(soup(status))
    assert "HX-Refresh" not in status
    Rerun.objects.filter(pk=rerun.pk).update(progress="done", ended_at="2026-01-01T10:00Z", done=8)
    assert as_("reader", htmx=True).get(reverse("policy-status"))["HX-Refresh"] == "true"
    assert as_("reader").get(reverse("policy-status"))["Location"] == reverse("policy")


# What this newsroom makes of a rule


def test_a_rule_that_is_dismissed_nine_times_in_ten_says_so_to_the_admin(as_: As):
    editor = account("editor", "e")
    for n in range(10):
        made = article(f"The pier {n} is shut, a guard said.", title=f"Pier {n}")
        pier = statement(made, f"The pier {n} is shut", [("a guard", "person", "anonymous", "said")])
        flag = pier.flags.get(code="SINGLE_ANON")
        flag.decide("confirmed" if n == 0 else "dismissed", editor, "known")
        told = [words_of(p) for p in soup(as_("admin").get(reverse("policy"))).select(".unwanted")]
        assert bool(told) == (n == 9), n
    assert "This newsroom dismissed 9 of 10 of these." in told[0]
    queue = words_of(soup(as_("editor").get(reverse("flag-list"), {"state": "any"})))
    assert "this newsroom dismissed 9 of 10" in queue


def test_questions_don_t_grow_with_the_articles(as_: As, django_assert_max_num_queries: Any):
    def add(numbers: range) -> None:
        for n in numbers:
            made = article(f"The pier {n} is closed.", title=f"Pier {n}")
            statement(made, f"The pier {n} is closed", [LAMP, (f"guard {n}", "person", "anonymous")])

    add(range(2))
    admin, path = as_("admin"), reverse("policy")
    with django_assert_max_num_queries(100) as few:
        admin.get(path)
    add(range(2, 12))
    with django_assert_max_num_queries(len(few)):
        admin.get(path)


def test_a_rule_can_be_made_to_only_ask(as_: As, ferry: Statement):
    assert ferry.flags.get(code="SINGLE_ANON").severity == "block"
    data = form_of(as_, **{"SINGLE_ANON-question": ["on"]})
    told = soup(as_("admin").post(reverse("policy-preview"), data))
    assert counted(told)["Anonymous single origin"] == [0, 0, 1]
    assert "is now: only asks, before: blocks" in words_of(told.select_one("#preview"))
    save(as_, data)
    assert PolicyChoice.objects.now().changes == {"SINGLE_ANON": {"question": True}}
    rerunning.carry_out(Rerun.objects.get().pk)
    flag = ferry.flags.get(code="SINGLE_ANON")
    assert (flag.question, flag.severity) == (True, "warn")
    save(as_, form_of(as_, **{"SINGLE_ANON-question": []}))
    assert PolicyChoice.objects.now().changes == {}


def test_a_reader_sees_weights_and_thresholds_in_words(as_: As):
    page = soup(as_("reader").get(reverse("policy")))
    said = words_of(page.select_one("#SINGLE_ANON"))
    assert "Weight blocks" in said
    drift = words_of(page.select_one("#NUMBER_DRIFT .limits"))
    assert "From which ratio another figure is no rounding 1.2" in drift
    assert "only asks" in words_of(page.select_one("#SINGLE_SOURCE .limits"))


def test_the_pack_in_force_without_its_changes_is_another_policy(as_: As):
    save(as_, form_of(as_, NO_REASON="info"))
    there = soup(as_("admin").get(reverse("policy")))
    assert "Not in force" not in words_of(there)
    assert [each["id"] for each in there.select(".policy-entry") if "Changed here" in words_of(each)] == [
        "NO_REASON"
    ]
    bare = soup(as_("admin").get(reverse("policy"), {"pack": "default"}))
    assert "Not in force until you save it." in words_of(bare)
    assert "Changed here" not in words_of(bare)


def test_who_changed_what_and_when_is_on_the_page(as_: As):
    save(as_, form_of(as_, NO_REASON="info", **{"NUMBER_DRIFT-ratio": "2"}))
    save(as_, typed(soup(as_("admin").get(reverse("policy"), {"pack": "wire"}))))
    rows = [
        words_of(row)
        for row in soup(as_("reader").get(reverse("policy"))).select(".policy-history > ol > li")
    ]
    assert len(rows) == 2
    assert rows[0].startswith("admin")
    assert f"follows “{load_all()['wire'].title}”" in rows[0]
    assert "Unnamed, and why isn’t said: for information" in rows[1]
    assert "A figure changes on the way: threshold 2" in rows[1]


def test_a_run_without_a_policy_that_fits_says_that_no_rule_ran(as_: As, ferry: Statement):
    PolicyChoice.objects.create(pack="default", changes={"GOSSIP": {"severity": "warn"}})
    rerun = Rerun.objects.create(because="x")
    rerunning.carry_out(rerun.pk)
    rerun.refresh_from_db()
    assert rerun.progress == "failed"
    assert "The rules did not run" in words_of(
        soup(as_("reader").get(reverse("policy"))).select_one("#rerun")
    )
