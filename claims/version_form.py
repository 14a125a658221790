"""What a person fills in over a new version of an article."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat

from claims.forms import MOST_TEXT, AddStatementForm
from sources.parse import MAX_BYTES


class VersionForm(forms.Form):
    """A new version, pasted or as a file, over the capture that the person saw."""

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
    over = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Exactly one way in: text or file."""
        cleaned = super().clean() or {}
        upload, text = cleaned.get("file"), (cleaned.get("text") or "").strip()
        size = getattr(upload, "size", None) or 0
        if size > MAX_BYTES:
            most = filesizeformat(MAX_BYTES)
            self.add_error("file", f"The file has {filesizeformat(size)}; at most {most} can be read.")
        if self.errors:
            return cleaned
        if bool(upload) == bool(text):
            raise forms.ValidationError(
                "You gave a text and a file. Take in one of them."
                if text
                else "Paste the new text, or choose a file."
            )
        return cleaned | {"way": "file" if upload else "text", "url": ""}


class PlaceForm(AddStatementForm):
    """The words of the latest version that a claim of the tray is put on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
