"""What people fill in: plain Django forms, without a word of HTML."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.urls import reverse_lazy

from claims.flags import CODES
from claims.models import Hop, Statement
from claims.models.chain_edits import HopWords
from claims.models.flag import Severity
from claims.models.hop import MOST_SAID, Certainty, Naming
from claims.models.statement import Stance
from claims.models.verdict import DECISIONS, State
from sources.models.source import Kind
from sources.names import normal_name
from sources.parse import MAX_BYTES

MOST_NOTE = 20_000
MOST_TEXT = 12_000_000  # characters of a form field: a pasted page has more markup than text


class ReceivedForm(forms.Form):
    """A text that comes in, pasted or as a file; ``way`` says which of the two it was."""

    ways = {"text": "a text", "file": "a file"}
    missing = "Paste the new text, or choose a file."

    text = forms.CharField(
        label="Text",
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    html = forms.CharField(required=False, max_length=MOST_TEXT, strip=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label="File",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".html,.htm,.txt,.docx"}),
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one way in."""
        cleaned = super().clean() or {}
        size = getattr(cleaned.get("file"), "size", None) or 0
        if size > MAX_BYTES:
            most = filesizeformat(MAX_BYTES)
            self.add_error("file", f"The file has {filesizeformat(size)}; at most {most} can be read.")
        given = [name for name in self.ways if cleaned.get(name) and str(cleaned[name]).strip()]
        if self.errors:
            return cleaned
        if not given:
            raise forms.ValidationError(self.missing)
        if len(given) > 1:
            names = " and ".join(self.ways[name] for name in given)
            raise forms.ValidationError(f"You gave {names}. Take in one at a time.")
        return cleaned | {"way": given[0]}


class TakeInForm(ReceivedForm):
    """An article to take in: pasted, uploaded or by its address; details that are empty are looked up."""

    ways = {"text": "a text", "file": "a file", "address": "an address"}
    missing = "Paste a text, choose a file or give an address."

    address = forms.CharField(
        label="Address",
        required=False,
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    title = forms.CharField(label="Title", required=False, max_length=500)
    publisher = forms.CharField(label="Publisher", required=False, max_length=300)
    byline = forms.CharField(label="Byline", required=False, max_length=300)
    published_on = forms.DateField(
        label="Published on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    url = forms.URLField(label="Where it was published", required=False, max_length=2000)


class DetailsForm(forms.Form):
    """What is said of an article around its text."""

    title = forms.CharField(label="Title", max_length=500)
    publisher = forms.CharField(label="Publisher", required=False, max_length=300)
    byline = forms.CharField(label="Byline", required=False, max_length=300)
    published_on = forms.DateField(
        label="Published on",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    url = forms.URLField(label="Address", required=False, max_length=2000)
    desk = forms.CharField(
        label="Desk",
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "list": "desks-in-use",
                "autocomplete": "off",
                "hx-get": reverse_lazy("desk-options"),
                "hx-trigger": "focus once",
                "hx-target": "#desks-in-use",
                "hx-swap": "innerHTML",
            }
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionedForm(forms.Form):
    """A form over a statement as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class VerdictForm(VersionedForm):
    """An editor's decision."""

    decision = forms.ChoiceField(choices=DECISIONS)
    reason = forms.CharField(label="Reason", required=False, max_length=MOST_NOTE)
    offered = forms.CharField(required=False, max_length=MOST_NOTE, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """What a flag offers is a reason against a claim: left as offered, it is none for accepting it."""
        cleaned = super().clean() or {}
        if cleaned.get("decision") == State.ACCEPTED and cleaned.get("reason") == cleaned.get("offered"):
            cleaned["reason"] = ""
        return cleaned


class AmendForm(VersionedForm):
    """Other words for a statement, or other bounds."""

    wording = forms.CharField(
        label="Claim", max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    stance = forms.ChoiceField(label="The source", choices=Stance.choices, required=False)
    start = forms.IntegerField(label="First character", min_value=0)
    end = forms.IntegerField(label="Character after the last", min_value=1)


class AddStatementForm(forms.Form):
    """A new statement over words of a capture: their offsets, or the words themselves."""

    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    words = forms.CharField(
        label="The words, exactly as they stand in the text",
        required=False,
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def place(self, text: str) -> tuple[int, int]:
        """Where the words are. Raises ``ValueError`` when they aren't there, or are there twice."""
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start is not None and end is not None:
            return start, end
        words = self.cleaned_data["words"].strip()
        if not words:
            raise ValueError("Select words in the text, or write them here as they stand there.")
        at = text.find(words)
        if at < 0:
            raise ValueError("Those words are not in the text. They must be exactly as they stand there.")
        if text.find(words, at + 1) >= 0:
            raise ValueError("Those words are in the text more than once. Give some more of them.")
        return at, at + len(words)


class HopForm(VersionedForm):
    """One step of a chain.

    ``statement`` is the one whose chain it is: with it, the words that the hop stands on can be written too.
    """

    name = forms.CharField(label="Source", max_length=300)
    kind = forms.ChoiceField(label="Kind", choices=Kind.choices)
    naming = forms.ChoiceField(label="Naming", choices=Naming.choices)
    cue = forms.CharField(label="Cue", required=False, max_length=300)
    certainty = forms.ChoiceField(
        label="Certainty", choices=[("", "as the cue puts it"), *Certainty.choices], required=False
    )
    basis = forms.CharField(label="How they know", required=False, max_length=MOST_SAID)
    reason = forms.CharField(label="Why unnamed", required=False, max_length=MOST_SAID)
    interest = forms.CharField(label="Their interest", required=False, max_length=MOST_SAID)
    link = forms.URLField(label="Link", required=False, max_length=2000)
    stands_on = forms.CharField(label="Its words in the text", required=False, max_length=300)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, statement: Statement | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statement = statement

    def clean(self) -> dict[str, Any]:
        """Words that are written and not where the offsets say stand for those nearest the claim."""
        cleaned = super().clean() or {}
        if self.statement is None or "stands_on" not in self.data or "stands_on" not in cleaned:
            return cleaned
        text, words = self.statement.capture.text, cleaned["stands_on"].split()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start is not None and end is not None and text[start:end].split() == words:
            return cleaned
        cleaned["start"] = cleaned["end"] = None
        if words:
            places = [m.span() for m in re.finditer(r"\s+".join(map(re.escape, words)), text)]
            if not places:
                self.add_error("stands_on", "Those words are not in the text.")
                return cleaned
            near = self.statement.start
            cleaned["start"], cleaned["end"] = min(places, key=lambda at: (abs(at[0] - near), at))
        return cleaned

    def clean_name(self) -> str:
        """A name must have a letter or a digit."""
        name = " ".join(self.cleaned_data["name"].split())
        if not normal_name(name):
            raise forms.ValidationError("A source needs a name.")
        return name

    def words(self) -> HopWords:
        """What was said of the hop."""
        return HopWords(**{k: v for k, v in self.cleaned_data.items() if k in HopWords.__dataclass_fields__})


class AddHopForm(HopForm):
    """A new step, and where it goes.

    ``reader``: nearest the reader; ``chain``: as a chain of its own; an id: after that hop;
    ``beside-`` an id: parallel to it.
    """

    where = forms.ChoiceField(label="Where")

    def __init__(self, *args: Any, hops: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        after = [(str(pk), f"after {name}") for pk, name in hops]
        beside = [(f"beside-{pk}", f"parallel to {name}") for pk, name in hops]
        own = [("chain", "as a chain of its own")] if hops else []
        places = [*reversed(after), ("reader", "nearest the reader"), *own, *reversed(beside)]
        self.fields["where"].choices = places  # type: ignore[attr-defined]


class SplitForm(VersionedForm):
    """Where the two parts of a claim are, in characters of the text."""

    first_start = forms.IntegerField(label="First part from", min_value=0)
    first_end = forms.IntegerField(label="First part up to", min_value=1)
    second_start = forms.IntegerField(label="Second part from", min_value=0)
    second_end = forms.IntegerField(label="Second part up to", min_value=1)


class OtherClaimForm(VersionedForm):
    """Another claim of the article, as the person saw it: its id and its version."""

    other = forms.ChoiceField(
        label="Claim",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a claim.",
            "invalid_choice": "That claim was changed meanwhile. Here is how it is now; choose again.",
        },
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = others  # type: ignore[attr-defined]

    @property
    def other_pk(self) -> int | None:
        """The id of the claim that was chosen."""
        chosen = self.cleaned_data.get("other") if hasattr(self, "cleaned_data") else None
        return int(chosen.partition("-")[0]) if chosen else None


class MergeForm(OtherClaimForm):
    """As ``OtherClaimForm``, and whose words the merged claim has."""

    words = forms.ChoiceField(
        label="Words",
        choices=[("both", "of both, and what stands between them"), ("own", "of this claim alone")],
        widget=forms.RadioSelect,
        initial="both",
    )


class WordingForm(forms.Form):
    """How a claim is put; none keeps or finds one."""

    wording = forms.CharField(label="Wording", required=False, max_length=MOST_NOTE)

    def clean_wording(self) -> str:
        """In one line."""
        return " ".join(self.cleaned_data["wording"].split())


class RewordForm(VersionedForm):
    """Other words for a claim."""

    wording = forms.CharField(
        label="Wording",
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "A claim needs a wording."},
    )

    def clean_wording(self) -> str:
        """In one line."""
        return " ".join(self.cleaned_data["wording"].split())


class FlagForm(forms.Form):
    """A weakness that a person names."""

    code = forms.ChoiceField(label="Weakness", choices=list(CODES.items()))
    why = forms.CharField(
        label="Why", max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 2}), required=True
    )
    severity = forms.ChoiceField(
        label="Weight", choices=Severity.choices, initial=Severity.WARN, required=False
    )
    hop: forms.ModelChoiceField[Hop] = forms.ModelChoiceField(
        queryset=None, required=False, label="On", empty_label="the whole claim"
    )

    def __init__(self, *args: Any, hops: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hop"].queryset = hops  # type: ignore[attr-defined]


class DismissForm(forms.Form):
    """Why a flag doesn't hold."""

    reason = forms.CharField(label="Why it doesn’t hold", max_length=2000)


class WaiveForm(forms.Form):
    """Why a flag that holds is let pass here."""

    reason = forms.CharField(label="Why it may stand (optional)", required=False, max_length=2000)
