"""What people fill in around notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from claims.forms import MOST_NOTE, AddStatementForm
from claims.models import Annotation, Flag, Hop
from claims.models.annotation import MOST_TAG

MOST_TAGS = 12
DESK, ME = "desk", "me"
SEEN_BY = [(DESK, "Desk"), (ME, "Only me")]


def parted(typed: str) -> list[str]:
    """The tags in a line: parted by commas, in lower case, each once, without a leading #."""
    tags = (" ".join(tag.strip().removeprefix("#").lower().split()) for tag in typed.split(","))
    return list(dict.fromkeys(tag for tag in tags if tag))


class TagsField(forms.CharField):
    """Tags in one line."""

    def __init__(self, **named: Any) -> None:
        most = MOST_TAGS * (MOST_TAG + 2)
        super().__init__(label="Tags", required=False, max_length=most, help_text="parted by commas", **named)

    def clean(self, value: Any) -> list[str]:
        """The tags as a list."""
        tags = parted(super().clean(value))
        if len(tags) > MOST_TAGS:
            raise forms.ValidationError(f"A note has at most {MOST_TAGS} tags.")
        if any(len(tag) > MOST_TAG for tag in tags):
            raise forms.ValidationError(f"A tag has at most {MOST_TAG} letters.")
        return tags


class WordsNoteForm(forms.Form):
    """A note on chosen words of an article, or on the whole of it."""

    body = forms.CharField(label="Note", max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))
    tags = TagsField()
    seen_by = forms.ChoiceField(label="Who sees it", choices=SEEN_BY, required=False)
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        """What was filled in, as ``Annotation.objects.write`` takes it."""
        said = self.cleaned_data
        return {"private": said["seen_by"] == ME} | {name: said[name] for name in ("tags", "start", "end")}


class NoteForm(WordsNoteForm):
    """A note on a claim, on one of its sources or flags, or on words chosen while it is open."""

    field_order = ["body", "on", "tags", "seen_by"]
    on = forms.ChoiceField(label="On", required=False)

    def __init__(self, *args: Any, hops: Iterable[Hop], flags: Iterable[Flag], **named: Any) -> None:
        super().__init__(*args, **named)
        self.things: dict[str, Hop | Flag] = {f"hop-{hop.pk}": hop for hop in hops}
        sources = [(key, str(thing)) for key, thing in self.things.items()]
        raised = {f"flag-{flag.pk}": flag for flag in flags}
        self.things |= raised
        choices: list[tuple[str, Any]] = [("", "the whole claim")]
        if sources:
            choices.append(("Sources", sources))
        if raised:
            choices.append(("Flags", [(key, flag.title) for key, flag in raised.items()]))
        self.fields["on"].choices = choices  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """As above, with the source or flag that it is on."""
        on = self.things.get(self.cleaned_data["on"])
        return super().said() | {
            "hop": on if isinstance(on, Hop) else None,
            "flag": on if isinstance(on, Flag) else None,
        }


class ReplyForm(forms.Form):
    """A reply to a note."""

    body = forms.CharField(label="Reply", max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 2}))


class EditReplyForm(forms.Form):
    """Other words for a reply."""

    body = forms.CharField(label="Reply", max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        """What was filled in, as ``Annotation.amend`` takes it."""
        return {"body": self.cleaned_data["body"]}


class EditNoteForm(EditReplyForm):
    """Other words, tags or readers for a note that begins a thread."""

    body = forms.CharField(label="Note", max_length=MOST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))
    tags = TagsField()
    seen_by = forms.ChoiceField(label="Who sees it", choices=SEEN_BY)

    def said(self) -> dict[str, Any]:
        """As above, with tags and readers."""
        said = self.cleaned_data
        return super().said() | {"tags": said["tags"], "private": said["seen_by"] == ME}


def edit_form(note: Annotation, data: Any = None, **named: Any) -> EditReplyForm:
    """The form over a note, or a reply, as it stands."""
    made: type[EditReplyForm] = EditReplyForm if note.parent_id else EditNoteForm
    initial = {
        "body": note.body,
        "version": note.version,
        "tags": ", ".join(note.tags),
        "seen_by": ME if note.private else DESK,
    }
    return made(data, initial=initial, auto_id=f"edit-note-{note.pk}-%s", **named)


class PlaceNoteForm(AddStatementForm):
    """The words of the latest version that a note of the tray is put on."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def place_form(note: Annotation, data: Any = None) -> PlaceNoteForm:
    """The form over a note of the tray."""
    return PlaceNoteForm(data, initial={"version": note.version}, auto_id=f"place-note-{note.pk}-%s")
