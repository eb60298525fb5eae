"""The types of custom fields that administrators choose from, and the searchers that go with each."""

from __future__ import annotations

from typing import NamedTuple

PLUGIN = "com.atlassian.jira.plugin.system.customfieldtypes:"


class FieldType(NamedTuple):
    """`kind` is what its values are like, as a field's row names it; the first of the searchers is the default."""

    kind: str
    name: str
    searchers: tuple[str, ...]


FIELD_TYPES = {
    "textfield": FieldType("string", "Text Field (single line)", ("textsearcher",)),
    "textarea": FieldType("textarea", "Text Field (multi-line)", ("textsearcher",)),
    "readonlyfield": FieldType("string", "Text Field (read only)", ("textsearcher",)),
    "url": FieldType("string", "URL Field", ("exacttextsearcher",)),
    "float": FieldType("number", "Number Field", ("exactnumber", "numberrange")),
    "datepicker": FieldType("date", "Date Picker", ("daterange",)),
    "select": FieldType("option", "Select List (single choice)", ("multiselectsearcher",)),
    "radiobuttons": FieldType("option", "Radio Buttons", ("multiselectsearcher",)),
    "userpicker": FieldType("user", "User Picker (single user)", ("userpickergroupsearcher",)),
    "labels": FieldType("labels", "Labels", ("labelsearcher",)),
}
