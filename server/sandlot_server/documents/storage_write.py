"""ADF to storage format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from itertools import count
from typing import Any

from sandlot_server.documents.adf import inline_text

Node = dict[str, Any]

PANEL_MACROS = {"info": "info", "success": "tip", "warning": "note", "error": "warning"}
MARK_TAGS = {"em": "em", "strong": "strong", "underline": "u", "strike": "del", "code": "code"}
MARK_ORDER = (
    "code", "subsup", "strike", "underline", "em", "strong", "backgroundColor", "textColor", "link", "annotation",
)  # fmt: skip
"""From the innermost tag to the outermost."""

PLAIN_CONTAINERS = {"bulletList": "ul", "orderedList": "ol", "listItem": "li", "blockquote": "blockquote"}


def written(doc: Node) -> str:
    """A valid ADF document in storage format. What has no form in it (media of no name, synced blocks) keeps
    its content."""
    return _Writer().blocks(doc.get("content", []))


class _Writer:
    """Numbers the tasks of one document."""

    def __init__(self) -> None:
        self.tasks: Iterator[int] = count(1)

    def blocks(self, nodes: Sequence[Node]) -> str:
        return "".join(self.block(node) for node in nodes)

    def block(self, node: Node) -> str:
        name, content, attributes = node["type"], node.get("content", []), node.get("attrs", {})
        special = {
            "table": self._table, "taskList": self._tasks, "panel": self._panel, "decisionList": self._decisions,
            "extension": self._extension, "bodiedExtension": self._extension, "layoutSection": self._layout,
            "mediaSingle": self._media,
        }.get(name)  # fmt: skip
        if special is not None:
            return special(node)
        if name == "paragraph":
            return f"<p{_paragraph_style(node)}>{self._inline(content)}</p>"
        if name == "heading":
            return f"<h{attributes['level']}{_paragraph_style(node)}>{self._inline(content)}</h{attributes['level']}>"
        if name in PLAIN_CONTAINERS:
            tag = PLAIN_CONTAINERS[name]
            start = attributes.get("order") if attributes.get("order") != 1 else None
            return f"<{tag}{_attribute('start', start)}>{self.blocks(content)}</{tag}>"
        if name == "rule":
            return "<hr />"
        if name == "codeBlock":
            text = "".join(child["text"] for child in content)
            return macro("code", {"language": attributes.get("language", "")}, plain=text)
        if name in ("expand", "nestedExpand"):
            return macro("expand", {"title": attributes.get("title", "")}, rich=self.blocks(content))
        if name in ("blockCard", "embedCard"):
            return f"<p>{_card(node, 'block' if name == 'blockCard' else 'embed')}</p>"
        if name == "media":
            return _image(node, "")
        return self.blocks(content)

    def _inline(self, nodes: Sequence[Node]) -> str:
        return "".join(_text(node) if node["type"] == "text" else _atom(node) for node in nodes)

    def _table(self, node: Node) -> str:
        layout = node.get("attrs", {}).get("layout")
        rows = "".join(f"<tr>{''.join(map(self._cell, row['content']))}</tr>" for row in node["content"])
        return f"<table{_attribute('data-layout', layout)}><tbody>{rows}</tbody></table>"

    def _cell(self, cell: Node) -> str:
        tag = "th" if cell["type"] == "tableHeader" else "td"
        attributes = cell.get("attrs", {})
        spans = "".join(
            _attribute(name, attributes[name]) for name in ("rowspan", "colspan") if attributes.get(name, 1) != 1
        )
        colour = _attribute("data-highlight-colour", attributes.get("background"))
        return f"<{tag}{spans}{colour}>{self.blocks(cell['content'])}</{tag}>"

    def _tasks(self, node: Node) -> str:
        items = []
        for child in node["content"]:
            if child["type"] == "taskList":
                items.append(self._tasks(child))
                continue
            status = "complete" if child["attrs"]["state"] == "DONE" else "incomplete"
            content = child.get("content", [])
            body = self.blocks(content) if child["type"] == "blockTaskItem" else self._inline(content)
            items.append(
                f"<ac:task><ac:task-id>{next(self.tasks)}</ac:task-id>"
                f"<ac:task-uuid>{_escaped(child['attrs']['localId'])}</ac:task-uuid>"
                f"<ac:task-status>{status}</ac:task-status>"
                f'<ac:task-body><span class="placeholder-inline-tasks">{body}</span></ac:task-body></ac:task>'
            )
        return f"<ac:task-list{_attribute('ac:task-list-id', node['attrs']['localId'])}>{''.join(items)}</ac:task-list>"

    def _panel(self, node: Node) -> str:
        kind = node["attrs"]["panelType"]
        body = self.blocks(node["content"])
        if kind in PANEL_MACROS:
            return macro(PANEL_MACROS[kind], {}, rich=body)
        given = {
            "panel-type": kind,
            "panel-color": node["attrs"].get("panelColor"),
            "panel-icon": node["attrs"].get("panelIcon"),
        }
        inside = _adf_node("panel", given, f"<ac:adf-content>{body}</ac:adf-content>")
        return _adf_extension(inside, f'<div class="panel">{body}</div>')

    def _decisions(self, node: Node) -> str:
        texts = [self._inline(item.get("content", [])) for item in node["content"]]
        items = "".join(
            _adf_node(
                "decision-item",
                {"local-id": item["attrs"]["localId"], "state": item["attrs"]["state"]},
                f"<ac:adf-content>{text}</ac:adf-content>",
            )
            for item, text in zip(node["content"], texts, strict=True)
        )
        inside = _adf_node("decision-list", {"local-id": node["attrs"]["localId"]}, items)
        fallback = "".join(f"<li>{text}</li>" for text in texts)
        return _adf_extension(inside, f'<ul class="decision-list">{fallback}</ul>')

    def _extension(self, node: Node) -> str:
        rich = self.blocks(node["content"]) if node["type"] == "bodiedExtension" else None
        return _extension_macro(node, rich)

    def _layout(self, node: Node) -> str:
        widths = tuple(round(column["attrs"]["width"]) for column in node["content"])
        cells = "".join(
            f"<ac:layout-cell>{self.blocks(column['content'])}</ac:layout-cell>" for column in node["content"]
        )
        section = f"<ac:layout-section{_attribute('ac:type', _section(widths))}>{cells}</ac:layout-section>"
        return f"<ac:layout>{section}</ac:layout>"

    def _media(self, node: Node) -> str:
        media, *captions = node["content"]
        caption = "".join(f"<ac:caption><p>{self._inline(one.get('content', []))}</p></ac:caption>" for one in captions)
        return _image(media, _attribute("ac:layout", node.get("attrs", {}).get("layout")), caption)


def _section(widths: tuple[int, ...]) -> str:
    if len(widths) == 3:
        return "three_with_sidebars" if widths[1] > widths[0] + 1 else "three_equal"
    left, right = widths[0], widths[-1]
    return "two_equal" if abs(left - right) <= 1 else "two_left_sidebar" if left < right else "two_right_sidebar"


def macro(name: str, parameters: dict[str, str], *, rich: str | None = None, plain: str | None = None) -> str:
    """A structured macro; parameters without a value are left out."""
    given = "".join(
        f'<ac:parameter ac:name="{escape(key)}">{_escaped(value)}</ac:parameter>'
        for key, value in parameters.items()
        if value
    )
    if rich is not None:
        given += f"<ac:rich-text-body>{rich}</ac:rich-text-body>"
    if plain is not None:
        guarded = plain.replace("]]>", "]]]]><![CDATA[>")
        given += f"<ac:plain-text-body><![CDATA[{guarded}]]></ac:plain-text-body>"
    return f'<ac:structured-macro ac:name="{escape(name)}">{given}</ac:structured-macro>'


def _extension_macro(node: Node, rich: str | None) -> str:
    given = node["attrs"].get("parameters")
    parameters = given.get("macroParams", {}) if isinstance(given, dict) else {}
    values = {
        key: str(entry.get("value", "")) if isinstance(entry, dict) else str(entry)
        for key, entry in (parameters.items() if isinstance(parameters, dict) else ())
    }
    plain = values.pop("__bodyContent", None)
    return macro(node["attrs"]["extensionKey"], values, rich=rich, plain=plain)


def _adf_extension(inside: str, fallback: str) -> str:
    return f"<ac:adf-extension>{inside}<ac:adf-fallback>{fallback}</ac:adf-fallback></ac:adf-extension>"


def _adf_node(kind: str, attributes: dict[str, str | None], inside: str) -> str:
    given = "".join(
        f'<ac:adf-attribute key="{key}">{_escaped(value)}</ac:adf-attribute>'
        for key, value in attributes.items()
        if value
    )
    return f'<ac:adf-node type="{kind}">{given}{inside}</ac:adf-node>'


def _paragraph_style(node: Node) -> str:
    marks = {mark["type"]: mark["attrs"] for mark in node.get("marks", [])}
    style = ""
    if "alignment" in marks:
        style = f"text-align: {'center' if marks['alignment']['align'] == 'center' else 'right'};"
    if "indentation" in marks:
        style = f"margin-left: {30.0 * marks['indentation']['level']}px;"
    return _attribute("style", style)


def _text(node: Node) -> str:
    marks = {mark["type"]: mark.get("attrs", {}) for mark in node.get("marks", [])}
    text = _escaped(node["text"])
    for name in MARK_ORDER:
        if name in marks:
            text = _marked(text, name, marks[name])
    return text


def _marked(text: str, name: str, attributes: Node) -> str:
    if name == "link":
        return f'<a href="{escape(attributes["href"])}">{text}</a>'
    if name == "subsup":
        return f"<{attributes['type']}>{text}</{attributes['type']}>"
    if name == "textColor":
        return f'<span style="color: {attributes["color"]};">{text}</span>'
    if name == "backgroundColor":
        return f'<span style="background-color: {attributes["color"]};">{text}</span>'
    if name == "annotation":
        return f'<ac:inline-comment-marker ac:ref="{escape(attributes["id"])}">{text}</ac:inline-comment-marker>'
    return f"<{MARK_TAGS[name]}>{text}</{MARK_TAGS[name]}>"


def _atom(node: Node) -> str:
    attributes = node.get("attrs", {})
    writer = ATOMS.get(node["type"])
    return writer(node, attributes) if writer else _escaped(inline_text(node))


def _mention(node: Node, attributes: Node) -> str:
    return f'<ac:link><ri:user ri:account-id="{escape(attributes["id"])}" /></ac:link>'


def _emoji(node: Node, attributes: Node) -> str:
    given = {"ac:emoji-shortname": "shortName", "ac:emoji-id": "id", "ac:emoji-fallback": "text"}
    known = "".join(_attribute(name, attributes.get(key)) for name, key in given.items())
    return f'<ac:emoticon ac:name="blue-star"{known} />'


def _date(node: Node, attributes: Node) -> str:
    try:
        moment = datetime.fromtimestamp(int(attributes["timestamp"]) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return f'<time datetime="{moment:%Y-%m-%d}" />'


def _status(node: Node, attributes: Node) -> str:
    colour = attributes["color"]
    return macro("status", {"title": attributes["text"], "colour": "" if colour == "neutral" else colour.capitalize()})


def _placeholder(node: Node, attributes: Node) -> str:
    return f"<ac:placeholder>{_escaped(attributes['text'])}</ac:placeholder>"


def _card(node: Node, appearance: str) -> str:
    url = inline_text(node)
    return f'<a href="{escape(url)}" data-card-appearance="{appearance}">{_escaped(url)}</a>' if url else ""


ATOMS: dict[str, Callable[[Node, Node], str]] = {
    "hardBreak": lambda node, attributes: "<br />",
    "mention": _mention,
    "emoji": _emoji,
    "date": _date,
    "status": _status,
    "placeholder": _placeholder,
    "inlineCard": lambda node, attributes: _card(node, "inline"),
    "inlineExtension": lambda node, attributes: _extension_macro(node, None),
}


def _image(media: Node, layout: str, caption: str = "") -> str:
    attributes = media["attrs"]
    if attributes["type"] == "external":
        target = f'<ri:url ri:value="{escape(attributes["url"])}" />'
    else:
        target = f'<ri:attachment ri:filename="{escape(attributes.get("id", ""))}" />'
    return f"<ac:image{layout}{_attribute('ac:alt', attributes.get('alt'))}>{target}{caption}</ac:image>"


def _attribute(name: str, value: object) -> str:
    return "" if value in (None, "") else f' {name}="{escape(str(value))}"'


def _escaped(text: str) -> str:
    return escape(text, quote=False)
