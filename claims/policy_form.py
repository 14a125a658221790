"""The form of the policy: weights and thresholds by code. Checked whole, by the rules' own check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from claims.flags import CODES, RULES, BadPolicy, Policy, Threshold, load
from claims.flags.policy import SEVERITIES
from claims.models import PolicyChoice
from claims.models.policy import as_data, differences, with_changes
from claims.policy_history import WEIGHTS


class PolicyForm(forms.Form):
    """A pack with an admin's changes. What it is together is ``cleaned_data["policy"]``."""

    pack = forms.CharField(max_length=100, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in (c for c in CODES if c in RULES):
            self.fields[code] = forms.ChoiceField(
                label=f"Weight of “{CODES[code]}”", choices=[(each, WEIGHTS[each]) for each in SEVERITIES]
            )
            self.fields[f"{code}-question"] = forms.BooleanField(
                label=f"Only asks, and never blocks (“{CODES[code]}”)",
                required=False,
                widget=forms.CheckboxInput(attrs={"value": "on"}),
            )
            for threshold in RULES[code].thresholds:
                self.fields[f"{code}-{threshold.name}"] = field_of(threshold)

    @classmethod
    def showing(cls, policy: Policy, version: int) -> PolicyForm:
        """The form as it stands for a policy."""
        begun: dict[str, Any] = {"pack": policy.name, "version": version}
        for code, entry in policy.entries.items():
            begun[code] = entry.severity
            begun[f"{code}-question"] = entry.question
            begun |= {f"{code}-{name}": as_data(value) for name, value in entry.limits.items()}
        form = cls(initial=begun)
        form.policy = policy
        return form

    policy: Policy | None = None

    @property
    def pack_name(self) -> str:
        """The pack that it is over."""
        return str(self["pack"].value())

    def over(self, theirs: PolicyChoice) -> PolicyForm:
        """The same as typed, to be saved on top of what somebody else saved meanwhile."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(theirs.version)
        again = PolicyForm(data)
        again.is_valid()
        for error in self.non_field_errors():
            again.add_error(None, str(error))
        return again

    def fields_of(self, code: str) -> dict[str, Any]:
        """The bound fields of a code: its weight, and its thresholds."""
        names = [f"{code}-{threshold.name}" for threshold in RULES[code].thresholds]
        question = self[f"{code}-question"]
        return {"severity": self[code], "question": question, "thresholds": [self[name] for name in names]}

    def clean(self) -> dict[str, Any]:
        """The policy that all of it makes, or what is wrong with it as a whole."""
        said = super().clean() or {}
        if self.errors:
            return said
        changes = {
            code: {
                "severity": said[code],
                "question": said[f"{code}-question"],
                "thresholds": {t.name: said[f"{code}-{t.name}"] for t in RULES[code].thresholds},
            }
            for code in RULES
        }
        try:
            pack = load(said["pack"])
            said["changes"] = differences(pack, changes)
            said["policy"] = self.policy = with_changes(pack, said["changes"])
        except BadPolicy as problem:
            raise forms.ValidationError(str(problem)) from None
        return said


def field_of(threshold: Threshold) -> forms.Field:
    """The field of a threshold: boxes to tick, or a number within its bounds."""
    if threshold.choices:
        return forms.MultipleChoiceField(
            label=threshold.plain.capitalize(),
            required=False,
            choices=[(each, each.replace("_", " ")) for each in threshold.choices],
            widget=forms.CheckboxSelectMultiple,
        )
    label, low, high = threshold.plain.capitalize(), threshold.low, threshold.high
    if isinstance(threshold.default, int):
        return forms.IntegerField(label=label, min_value=int(low), max_value=int(high))
    return forms.FloatField(label=label, min_value=low, max_value=high)
