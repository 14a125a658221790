"""What a person fills in over a new version of an article."""

from __future__ import annotations

from django import forms

from claims.forms import AddStatementForm, ReceivedForm


class VersionForm(ReceivedForm):
    """A new version, over the capture that the person saw."""

    over = forms.IntegerField(widget=forms.HiddenInput)


class PlaceForm(AddStatementForm):
    """The words of the latest version that a claim of the tray is put on."""

    version = forms.IntegerField(widget=forms.HiddenInput)
