"""What people fill in to give something to somebody, and to do one thing to many."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User

from claims import access
from claims.flags import CODES
from claims.forms import MOST_NOTE
from claims.models import Assignment
from claims.models.batch import Does
from claims.models.verdict import DECISIONS, State


def deadline_field() -> forms.DateTimeField:
    """A day and a time, in the newsroom's own time zone."""
    return forms.DateTimeField(
        label="Until",
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )


class AssignForm(forms.Form):
    """Who has it until when. ``seen`` is who had it when the person looked, 0 for nobody."""

    to = forms.CharField(label="Person", max_length=150)
    deadline = deadline_field()
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @classmethod
    def over(cls, there: Assignment | None) -> AssignForm:
        """The form over who has it now."""
        at = {"deadline": there.deadline if there else None, "seen": there.to_id if there else 0}
        return cls(initial=at, auto_id=False)

    @property
    def deadline_typed(self) -> str:
        """The deadline as the browser's field has it."""
        field = self["deadline"]
        return str(field.field.widget.format_value(field.value()) or "")

    def clean_to(self) -> User:
        """The person of that name who can be given something."""
        name = self.cleaned_data["to"].strip()
        found: User | None = access.people().filter(username__iexact=name).first()
        if found is None:
            raise forms.ValidationError(f"Nobody here who reviews goes by “{name}”.")
        return found


class BatchForm(forms.Form):
    """One thing to do to all that are chosen."""

    does = forms.ChoiceField(choices=Does.choices)
    to = forms.ModelChoiceField(User.objects.none(), required=False)
    deadline = deadline_field()
    decision = forms.ChoiceField(choices=DECISIONS, required=False)
    code = forms.ChoiceField(choices=list(CODES.items()), required=False)
    reason = forms.CharField(required=False, max_length=MOST_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = access.people()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is to be done has to say the rest: to whom, which verdict, which flag and why."""
        said = super().clean() or {}
        wants = {
            Does.ASSIGN: [("to", "Choose whom to give it to.")],
            Does.VERDICT: [("decision", "Choose a verdict.")],
            Does.DISMISS: [
                ("code", "Choose which flag to dismiss."),
                ("reason", "Say why you dismiss this flag."),
            ],
        }
        for name, sentence in wants.get(said.get("does", ""), []):
            if name not in self.errors and not said.get(name):
                self.add_error(name, sentence)
        if said.get("does") == Does.VERDICT and said.get("decision") in (State.WEAK, State.NEEDS_SOURCE):
            if not str(said.get("reason", "")).strip():
                self.add_error("reason", "Say why, so that it can be bettered.")
        return said

    def kept(self) -> dict[str, Any]:
        """What a batch keeps of it."""
        said = self.cleaned_data
        deadline: datetime | None = said["deadline"]
        return {
            Does.ASSIGN: {
                "to": said["to"].pk if said["to"] else 0,
                "deadline": deadline.isoformat() if deadline else "",
            },
            Does.VERDICT: {"decision": said["decision"], "reason": said["reason"]},
            Does.DISMISS: {"code": said["code"], "reason": said["reason"]},
        }[said["does"]]
