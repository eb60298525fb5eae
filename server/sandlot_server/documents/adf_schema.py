"""Which nodes and marks an ADF document may hold: the rules of adf.validate, as data.

A child or mark rule names variants: `"paragraph"` is a paragraph without marks, `"paragraph:align"` one
that may carry the marks listed under that name in VARIANTS. Attribute names that end in `!` are required.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Check = str | tuple[float, float] | frozenset[str] | re.Pattern[str]
"""A kind of value ("string", "filled" = a non-empty string, "number", "boolean", "strings", "numbers",
"datasource", "any"), a range of numbers, the allowed words, or a pattern for the whole string."""

Attributes = dict[str, Check]


@dataclass(frozen=True)
class Rule:
    """What one node type allows. `attributes`: alternatives, the node must fit one of them."""

    attributes: tuple[Attributes, ...] = ()
    attributes_required: bool = False
    children: frozenset[str] | None = None
    children_required: bool = False
    fewest: int = 0
    most: int | None = None
    sequence: tuple[str, ...] | None = None
    extra_members: bool = False


def words(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


LOCAL: Attributes = {"localId": "string"}
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
MEDIA_LAYOUT = words("wide full-width center wrap-right wrap-left align-end align-start")
STATE = words("TODO DONE")
EXTENSION: Attributes = {
    "extensionKey!": "filled",
    "extensionType!": "filled",
    "parameters": "any",
    "text": "string",
    "localId": "filled",
}
BLOCK_EXTENSION: Attributes = {**EXTENSION, "layout": words("wide full-width default")}
CELL: Attributes = {
    **LOCAL,
    "colspan": "number",
    "rowspan": "number",
    "colwidth": "numbers",
    "background": "string",
    "valign": words("top middle bottom"),
}
FILE: Attributes = {
    **LOCAL,
    "id!": "filled",
    "collection!": "string",
    "alt": "string",
    "height": "number",
    "width": "number",
    "occurrenceKey": "filled",
}

MARKS: dict[str, Attributes | None] = {
    "strong": None,
    "em": None,
    "underline": None,
    "strike": None,
    "code": None,
    "subsup": {"type!": words("sub sup")},
    "textColor": {"color!": HEX_COLOUR},
    "backgroundColor": {"color!": HEX_COLOUR},
    "link": {
        "href!": "string",
        "title": "string",
        "id": "string",
        "collection": "string",
        "occurrenceKey": "string",
    },
    "annotation": {"id!": "string", "annotationType!": words("inlineComment")},
    "alignment": {"align!": words("center end")},
    "indentation": {"level!": (1, 6)},
    "fontSize": {"fontSize!": words("small")},
    "border": {"size!": (1, 3), "color!": re.compile(r"#[0-9a-fA-F]{8}|#[0-9a-fA-F]{6}")},
    "breakout": {"mode!": words("wide full-width"), "width": "number"},
    "dataConsumer": {"sources!": "strings"},
    "fragment": {"localId!": "filled", "name": "string"},
}

MEDIA_MARKS = words("dataConsumer link annotation border")
EXTENSION_MARKS = words("dataConsumer fragment")

VARIANTS: dict[str, frozenset[str] | None] = {
    "text:formatted": words("link em strong strike subsup underline textColor annotation backgroundColor"),
    "text:code": words("code link annotation"),
    "paragraph:size": words("fontSize"),
    "paragraph:align": words("fontSize alignment"),
    "paragraph:indent": words("fontSize indentation"),
    "paragraph:any": None,
    "heading:align": words("alignment"),
    "heading:indent": words("indentation"),
    "heading:any": None,
    "codeBlock:breakout": words("breakout"),
    "expand:breakout": words("breakout"),
    "layoutSection": words("breakout"),
    "layoutSection:any": words("breakout"),
    "bodiedSyncBlock": words("breakout"),
    "syncBlock": words("breakout"),
    "extension": EXTENSION_MARKS,
    "bodiedExtension": EXTENSION_MARKS,
    "inlineExtension": EXTENSION_MARKS,
    "table": words("fragment"),
    "mediaSingle": words("link"),
    "media": MEDIA_MARKS,
    "mediaInline": MEDIA_MARKS,
}
"""The marks each variant may carry; None = any list at all."""

PLAIN_MARKS = words("text paragraph heading codeBlock expand")
"""Nodes that may carry an empty list of marks; those in neither table have no `marks` member."""

CAPTION = words("text:formatted text:code date emoji hardBreak inlineCard mention placeholder status")
INLINE = CAPTION | words("inlineExtension mediaInline")
LISTS = words("bulletList orderedList taskList")
MEDIA = words("mediaSingle mediaGroup")
LIST_ITEM = words("paragraph paragraph:size mediaSingle codeBlock extension") | LISTS
QUOTED = words("paragraph bulletList orderedList codeBlock extension") | MEDIA
PANEL = LISTS | MEDIA | words("paragraph paragraph:size heading blockCard codeBlock rule decisionList extension")
NESTED = (
    LISTS | MEDIA | words("paragraph paragraph:size heading codeBlock decisionList rule panel blockquote extension")
)
BODY = NESTED | words("table blockCard embedCard")
CELL_CONTENT = NESTED - words("paragraph:size") | words(
    "paragraph:align heading:align heading:indent blockCard embedCard nestedExpand"
)
COLUMN = BODY - words("paragraph:size") | words(
    "paragraph:align paragraph:indent heading:align heading:indent expand bodiedExtension"
)
ROOT = COLUMN | words("codeBlock:breakout expand:breakout layoutSection syncBlock bodiedSyncBlock")
SYNCED = COLUMN - words("extension bodiedExtension") | words("paragraph:any heading:any layoutSection:any")

RULES: dict[str, Rule] = {
    "paragraph": Rule((LOCAL,), children=INLINE),
    "heading": Rule(({**LOCAL, "level!": (1, 6)},), True, INLINE),
    "bulletList": Rule((LOCAL,), False, words("listItem"), True, 1),
    "orderedList": Rule(({**LOCAL, "order": (0, float("inf"))},), False, words("listItem"), True, 1),
    "listItem": Rule((LOCAL,), False, LIST_ITEM, True, 1),
    "codeBlock": Rule(
        (
            {
                **LOCAL,
                "language": "string",
                "uniqueId": "string",
                "wrap": "boolean",
                "hideLineNumbers": "boolean",
            },
        ),
        children=words("text"),
    ),
    "blockquote": Rule((LOCAL,), False, QUOTED, True, 1),
    "rule": Rule((LOCAL,)),
    "panel": Rule(
        (
            {
                **LOCAL,
                "panelType!": words("info note tip warning error success custom"),
                "panelIcon": "string",
                "panelIconId": "string",
                "panelIconText": "string",
                "panelColor": "string",
            },
        ),
        True,
        PANEL,
        True,
        1,
    ),
    "table": Rule(
        (
            {
                "displayMode": words("default fixed"),
                "isNumberColumnEnabled": "boolean",
                "layout": words("wide full-width center align-end align-start default"),
                "localId": "filled",
                "width": "number",
            },
        ),
        False,
        words("tableRow"),
        True,
        1,
    ),
    "tableRow": Rule((LOCAL,), False, words("tableCell tableHeader"), True),
    "tableCell": Rule((CELL,), False, CELL_CONTENT, True, 1),
    "tableHeader": Rule((CELL,), False, CELL_CONTENT, True, 1),
    "taskList": Rule(({"localId!": "string"},), True, words("taskItem taskList blockTaskItem"), True, 1),
    "taskItem": Rule(({"localId!": "string", "state!": STATE},), True, INLINE),
    "blockTaskItem": Rule(
        ({"localId!": "string", "state!": STATE},),
        True,
        words("paragraph paragraph:size extension"),
        True,
        1,
    ),
    "decisionList": Rule(({"localId!": "string"},), True, words("decisionItem"), True, 1),
    "decisionItem": Rule(({"localId!": "string", "state!": "string"},), True, INLINE),
    "expand": Rule(({**LOCAL, "title": "string"},), False, BODY | words("nestedExpand"), True, 1),
    "nestedExpand": Rule(({**LOCAL, "title": "string"},), True, NESTED, True, 1),
    "mediaSingle": Rule(
        (
            {
                **LOCAL,
                "layout!": MEDIA_LAYOUT,
                "width": (0, 100),
                "widthType": words("percentage"),
            },
            {
                **LOCAL,
                "layout!": MEDIA_LAYOUT,
                "width!": (0, float("inf")),
                "widthType!": words("pixel"),
            },
        ),
        children_required=True,
        fewest=1,
        most=2,
        sequence=("media", "caption"),
        extra_members=True,
    ),
    "mediaGroup": Rule((), False, words("media"), True, 1),
    "media": Rule(
        (
            {**FILE, "type!": words("link file")},
            {
                **LOCAL,
                "type!": words("external"),
                "url!": "string",
                "alt": "string",
                "height": "number",
                "width": "number",
            },
        ),
        True,
    ),
    "mediaInline": Rule(({**FILE, "type": words("link file image"), "data": "any"},), True),
    "caption": Rule((LOCAL,), children=CAPTION),
    "layoutSection": Rule((LOCAL,), False, words("layoutColumn"), True, 2, 3),
    "layoutSection:any": Rule((LOCAL,), False, words("layoutColumn"), True),
    "layoutColumn": Rule(({**LOCAL, "width!": (0, 100), "valign": words("top middle bottom")},), True, COLUMN, True, 1),
    "blockCard": Rule(
        (
            {
                **LOCAL,
                "datasource!": "datasource",
                "url": "string",
                "width": "number",
                "layout": MEDIA_LAYOUT,
            },
            {**LOCAL, "url!": "string"},
            {**LOCAL, "data!": "any"},
        ),
        True,
    ),
    "embedCard": Rule(
        (
            {
                **LOCAL,
                "url!": "string",
                "layout!": MEDIA_LAYOUT,
                "width": (0, 100),
                "originalHeight": "number",
                "originalWidth": "number",
            },
        ),
        True,
    ),
    "extension": Rule((BLOCK_EXTENSION,), True),
    "inlineExtension": Rule((EXTENSION,), True),
    "bodiedExtension": Rule((BLOCK_EXTENSION,), True, BODY, True, 1),
    "syncBlock": Rule(({"resourceId!": "string", "localId!": "string"},), True),
    "bodiedSyncBlock": Rule(({"resourceId!": "string", "localId!": "string"},), True, SYNCED, True, 1),
    "hardBreak": Rule(({**LOCAL, "text": frozenset({"\n"})},)),
    "mention": Rule(
        (
            {
                **LOCAL,
                "id!": "string",
                "text": "string",
                "accessLevel": "string",
                "userType": words("DEFAULT SPECIAL APP"),
            },
        ),
        True,
    ),
    "emoji": Rule(({**LOCAL, "shortName!": "string", "id": "string", "text": "string"},), True),
    "date": Rule(({**LOCAL, "timestamp!": "filled"},), True),
    "status": Rule(
        (
            {
                **LOCAL,
                "text!": "filled",
                "color!": re.compile(r"neutral|purple|blue|red|yellow|green|#[0-9a-fA-F]{6}"),
                "style": "string",
            },
        ),
        True,
    ),
    "placeholder": Rule(({**LOCAL, "text!": "string"},), True),
    "inlineCard": Rule(({**LOCAL, "url!": "string"}, {**LOCAL, "data!": "any"}), True),
}
