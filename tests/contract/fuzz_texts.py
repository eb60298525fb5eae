"""Texts in the languages that members of a body and parameters are written in: right, wrong, and absurd."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

_LONG = "9" * 5000
_ELEMENTS = (
    "p", "h1", "h6", "ul", "ol", "li", "table", "tbody", "tr", "td", "th", "a", "strong", "em", "u", "s", "sub", "sup",
    "code", "pre", "blockquote", "br", "hr", "span", "div", "time", "img", "x-unknown", "colgroup", "col",
    "ac:structured-macro", "ac:parameter", "ac:rich-text-body", "ac:plain-text-body", "ac:link", "ac:link-body",
    "ac:plain-text-link-body", "ac:image", "ac:task-list", "ac:task", "ac:task-id", "ac:task-status", "ac:task-body",
    "ac:emoticon", "ac:layout", "ac:layout-section", "ac:layout-cell", "ac:placeholder", "ac:inline-comment-marker",
    "ac:adf-extension", "ac:adf-node", "ri:page", "ri:user", "ri:attachment", "ri:url", "ri:space",
)  # fmt: skip
_ATTRIBUTES = (
    "start", "colspan", "rowspan", "style", "href", "class", "datetime", "data-layout", "data-highlight-colour",
    "ac:name", "ac:ref", "ac:width", "ac:height", "ac:type", "ac:emoji-shortname", "ac:emoji-id", "ac:schema-version",
    "ac:macro-id", "ri:content-title", "ri:space-key", "ri:account-id", "ri:filename", "ri:value", "ri:userkey",
)  # fmt: skip
_VALUES = (
    "", "1", "-1", "0", "1.5", "x", "code", "info", "panel", "expand", "status", "toc", "alex", "nobody", "notes.txt",
    "Runbooks", "#ff0000", "color: rgb(1,2,3);", f"color: rgb({_LONG},1,1);", "margin-left: 30px;", "2026-02-30",
    "2026-04-01", "&#10;&amp;&quot;", "javascript:x", _LONG, "\u0663", "center", "blue-star",
)  # fmt: skip
_STORAGE_TEXTS = (
    "a", " ", "\n", "&nbsp;&eacute;", "&#65;", "\u202e\ufffe", "complete", "5", "https://x.example.com", "{x}",
    "]]&gt;",
    "<![CDATA[a < b]]>", "<![CDATA[]]>", "<!-- c -->",
)  # fmt: skip
STORAGE = (
    "", "x", "<", "<p", "<p>", "</p>", "<p></b>", "<p/><p/>", "<P>x</P>", "<p a>x</p>", "<p a=b>x</p>",
    "<p a='1' a='2'/>",
    "&", "&;", "&bogus;", "&#;", "&#x;", "&#0;", "&#xD800;", "&#x110000;", f"&#{_LONG};", f"&#x{'F' * 5000};", "]]>",
    "<![CDATA[", "<!--", "<!-- -- -->", "<?xml?>", "<!DOCTYPE x>", "<a:b:c/>", "<ac:/>", "<1/>", "<p>\0</p>",
    "\ufeff<p/>",
    "<p>" * 3000, "<p>" * 3000 + "</p>" * 3000, "<ul><li>" * 500 + "</li></ul>" * 500, "<b>" * 150 + "</b>" * 150,
    f'<ol start="{_LONG}"><li>a</li></ol>', f'<table><tr><td colspan="{_LONG}">a</td></tr></table>',
    "<ac:structured-macro ac:name='code'><ac:plain-text-body><![CDATA[x]]></ac:plain-text-body></ac:structured-macro>",
    "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>", "<p>a</p>" * 5000,
)  # fmt: skip
_WIKI_TOKENS = (
    "*", "_", "??", "-", "+", "^", "~", "{{", "}}", "bq. ", "h1. ", "h9. ", "* ", "** ", "# ", "#* ", "-- ", "----",
    "|", "||",
    "|a|\n", "\n", "\n\n", "[", "]", "[a|http://x]", "[~", "[~accountid:alex]", "!", "!a.png|width=x!", "{quote}",
    "{code}",
    "{code:java|title=a}", "{noformat}", "{panel:title=a|bgColor=x}", "{color:red}", "{color}", "{anchor:x}", "\\",
    "\\\\",
    "&#65;", f"&#{_LONG};", "&amp;", ":)", "(!)", "a", " ", "http://x.example.com", "\0", "\u202e", "\U0001f4a9",
)  # fmt: skip
WIKI = (
    "", "*" * 5000, "* " * 3000, "*a" * 2000, "[" * 3000, "{quote}" * 999, "{panel}" * 500, "{color:red}" * 500,
    "|" * 3000,
    "#" * 400 + " a", "\n".join("*" * level + " a" for level in range(1, 200)), "bq. " * 500, "{code}" * 999,
    "\\" * 3001,
    "_*_*" * 1000, "{{" * 2000, "!a!" * 1000,
)  # fmt: skip
_NODES = (
    "paragraph", "heading", "bulletList", "orderedList", "listItem", "taskList", "taskItem", "decisionList",
    "decisionItem",
    "blockquote", "codeBlock", "panel", "rule", "table", "tableRow", "tableCell", "tableHeader", "mediaSingle",
    "mediaGroup",
    "media", "mediaInline", "expand", "nestedExpand", "layoutSection", "layoutColumn", "extension", "bodiedExtension",
    "inlineExtension", "blockCard", "embedCard", "inlineCard", "text", "hardBreak", "mention", "emoji", "date",
    "status",
    "placeholder", "caption", "bogus",
)  # fmt: skip
_JQL_TOKENS = (
    "project", "key", "id", "status", "assignee", "summary", "text", "created", "duedate", "labels", "sprint", "parent",
    "votes", "watchers", "priority", "component", "fixVersion", "comment", "Points", "cf[10020]", "Size", "bogus",
    '"Epic Link"',
    "=", "!=", "~", "!~", "<", ">=", "in", "not in", "is", "is not", "was", "was in", "changed", "from", "to", "by",
    "after",
    "before", "during", "on", "and", "or", "not", "order by", "asc", "desc", "(", ")", ",", "empty", "null", "WEB",
    "WEB-2",
    "Done", "alex", "5", "-7d", '"-1w 2d"', "2026-01-01", '"2026-02-30"', "currentUser()", "now()", "startOfDay(-1)",
    "endOfYear(9999999)", "openSprints()", "membersOf(x)", "linkedIssues(WEB-1)", "updatedBy(alex)", '""', "''",
    '"a', "\\",
    '"\\u0041"', '"\\x"', "*", "?", "\u202e", "\0", "#", "&&", "||", "!", "1.5",
)  # fmt: skip
JQL = (
    "", " ", "(" * 3000, "not " * 3000 + "key = WEB-1", "(" * 99 + "key = WEB-1" + ")" * 99, f"id = {_LONG}",
    f"key = WEB-{_LONG}",
    f"votes > {_LONG}", f"created > -{_LONG}d", f"created > startOfDay({_LONG})", "created > '99999-01-01'",
    f"Points = {_LONG}",
    "Points = 1e999", "Points = nan", f"cf[{_LONG}] = 1", "created > -999999999999w", "created > 0000-01-01",
    f"sprint = {_LONG}",
    "summary ~ '" + "a " * 3000 + "'", "summary ~ '*'",
    "summary ~ '\"'", "summary ~ '(('", "key in (" + "WEB-1," * 3000 + "WEB-1)",
    "status was Done during (2026-01-01, 2026-02-30)", "status changed from Done to x by nobody before now()",
    "order by",
    "key = WEB-1 " + "or key = WEB-1 " * 3000, "order by " + "key," * 3000 + "key", "x" * 100_000, "'" * 3001,
    "id = \u0663",
    "key = \u0663", "project = \u00b2", "id > \u0663", f"parent = {_LONG}",
)  # fmt: skip
_CQL_TOKENS = (
    "type", "space", "title", "text", "label", "creator", "contributor", "created", "lastmodified", "ancestor",
    "parent", "id",
    "user.fullname", "user", "siteSearch", "content", "=", "!=", "~", "!~", "<", ">=", "in", "not in", "and", "or",
    "not",
    "order by", "asc", "desc", "(", ")", ",", "page", "comment", "ENG", "Runbooks", '"a b"', "alex", "5", "now()",
    'now("-1w")',
    "startOfDay()", "currentUser()", "currentSpace()", "2026-01-01", '""', '"a', "\\", "*", "\u202e", "\0", "bogus",
)  # fmt: skip
CQL = (
    "", " ", "(" * 3000, "not " * 3000 + "type = page", f"id = {_LONG}", f"ancestor = {_LONG}", f"parent = {_LONG}",
    f'created > now("-{_LONG}d")', "created > '99999-01-01'", "created > 0000-01-01", f"created > startOfDay({_LONG})",
    "text ~ '" + "a " * 3000 + "'", "text ~ '*'", "text ~ '(('", "id in (" + "1," * 3000 + "1)", "x" * 100_000,
    "id = \u0663",
    "id = \u00b2", "type = page " + "or type = page " * 3000, "order by", "title ~ '\\'", "user.fullname ~ '*'",
)  # fmt: skip


def storage(pick: random.Random, depth: int = 0) -> str:
    """Well-formed storage format, whether or not it means anything."""
    if depth > 5 or pick.random() < 0.25:
        return pick.choice(_STORAGE_TEXTS)
    name = pick.choice(_ELEMENTS)
    attributes = dict.fromkeys(pick.sample(_ATTRIBUTES, pick.choice((0, 0, 1, 2))))
    written = "".join(f' {attribute}="{pick.choice(_VALUES)}"' for attribute in attributes)
    inside = "".join(storage(pick, depth + 1) for _ in range(pick.choice((0, 1, 1, 2, 3))))
    return f"<{name}{written}>{inside}</{name}>"


def wiki(pick: random.Random) -> str:
    return "".join(pick.choices(_WIKI_TOKENS, k=pick.choice((2, 5, 15, 40))))


def jql(pick: random.Random) -> str:
    return " ".join(pick.choices(_JQL_TOKENS, k=pick.choice((1, 3, 3, 4, 5, 7, 12))))


def jql_clause(pick: random.Random) -> str:
    """A field, an operator and an operand, which is the form that most have."""
    return _clause(pick, _JQL_TOKENS[:23], _JQL_TOKENS[23:34], _JQL_TOKENS[51:])


def cql(pick: random.Random) -> str:
    return " ".join(pick.choices(_CQL_TOKENS, k=pick.choice((1, 3, 3, 4, 5, 7, 12))))


def cql_clause(pick: random.Random) -> str:
    return _clause(pick, _CQL_TOKENS[:16], _CQL_TOKENS[16:24], _CQL_TOKENS[33:])


def _clause(pick: random.Random, fields: Sequence[str], operators: Sequence[str], operands: Sequence[str]) -> str:
    field, operator, operand = pick.choice(fields), pick.choice(operators), pick.choice(operands)
    return f"{field} {operator} {operand if 'in' not in operator else f'({operand}, {operand})'}"


def adf(pick: random.Random, depth: int = 0) -> dict[str, Any]:
    """A node of any kind with members of any kind, most of which fit nothing."""
    node: dict[str, Any] = {"type": pick.choice(_NODES) if depth else "doc"}
    if not depth:
        node["version"] = 1
    if node["type"] == "text":
        return {**node, "text": pick.choice(("a", "", "\0", " "))}
    if not depth or (depth < 5 and pick.random() < 0.6):
        node["content"] = [adf(pick, depth + 1) for _ in range(pick.choice((0, 1, 1, 2)))]
    if depth and pick.random() < 0.3:
        node["attrs"] = {
            pick.choice(("level", "id", "text", "timestamp", "url", "layout")): pick.choice((1, "x", None))
        }
    return node


def deep_document(depth: int) -> str:
    """A list in a list in a list, as JSON."""
    opening = '{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph"},'
    innermost = '{"type":"paragraph"}'
    return '{"type":"doc","version":1,"content":[' + opening * depth + innermost + "]}]}" * depth + "]}"


TEXT: dict[str, Any] = {"type": "text", "text": "a", "marks": [{"type": "strong"}, {"type": "em"}]}
PARAGRAPH: dict[str, Any] = {"type": "paragraph", "content": [TEXT]}
# A document with most of what there is: its spoilt copies are nearly right.
RICH_DOCUMENT: dict[str, Any] = {
    "type": "doc",
    "version": 1,
    "content": [
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Title"}]},
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "b", "marks": [{"type": "link", "attrs": {"href": "https://x.example.com"}}]},
                {"type": "text", "text": "c", "marks": [{"type": "textColor", "attrs": {"color": "#ff0000"}}]},
                {"type": "text", "text": "d", "marks": [{"type": "subsup", "attrs": {"type": "sub"}}]},
                {"type": "mention", "attrs": {"id": "alex", "text": "@Alex"}},
                {"type": "emoji", "attrs": {"shortName": ":smile:", "id": "1", "text": "x"}},
                {"type": "date", "attrs": {"timestamp": "1772000000000"}},
                {"type": "status", "attrs": {"text": "Done", "color": "green"}},
                {"type": "inlineCard", "attrs": {"url": "https://x.example.com"}},
                {"type": "hardBreak"},
            ],
        },
        {"type": "bulletList", "content": [{"type": "listItem", "content": [PARAGRAPH]}]},
        {"type": "orderedList", "attrs": {"order": 3}, "content": [{"type": "listItem", "content": [PARAGRAPH]}]},
        {
            "type": "taskList",
            "attrs": {"localId": "t"},
            "content": [{"type": "taskItem", "attrs": {"localId": "i", "state": "TODO"}, "content": [TEXT]}],
        },
        {"type": "codeBlock", "attrs": {"language": "java"}, "content": [{"type": "text", "text": "x = 1"}]},
        {"type": "panel", "attrs": {"panelType": "info"}, "content": [PARAGRAPH]},
        {"type": "expand", "attrs": {"title": "more"}, "content": [PARAGRAPH]},
        {
            "type": "table",
            "attrs": {"layout": "default"},
            "content": [
                {
                    "type": "tableRow",
                    "content": [
                        {"type": "tableHeader", "attrs": {"colspan": 2}, "content": [PARAGRAPH]},
                        {"type": "tableCell", "attrs": {"background": "#ffffff"}, "content": [PARAGRAPH]},
                    ],
                }
            ],
        },
        {"type": "blockquote", "content": [PARAGRAPH]},
        {"type": "rule"},
        {
            "type": "extension",
            "attrs": {
                "extensionType": "com.x",
                "extensionKey": "toc",
                "parameters": {"macroParams": {"a": {"value": "b"}}},
            },
        },
    ],
}
