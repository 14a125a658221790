"""Two versions of a form beside each other: what is saved now, and what this person wanted."""

from __future__ import annotations

from typing import Any

from django import forms


def versions(form: forms.Form, now: dict[str, Any]) -> dict[str, Any]:
    """The fields as rows of label, theirs and mine, in words; without ``both`` there are no theirs.

    Fields that say the same in both are left out, unless all do.
    """
    rows = []
    for name, field in form.fields.items():
        if field.widget.is_hidden or name not in form.data:
            continue
        said = dict(getattr(field, "choices", ()))
        theirs, mine = now.get(name), form.cleaned_data.get(name, form[name].data)
        row = (field.label or name, said.get(theirs, theirs), said.get(mine, mine))
        if any(each not in (None, "") for each in row[1:]):
            rows.append(row)
    other = [row for row in rows if row[1] != row[2]]
    return {"rows": other or rows, "both": bool(now)}
