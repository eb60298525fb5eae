"""Storage format to ADF: its blocks. Inline content is read by storage_inline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from sandlot_server.documents.adf_schema import words
from sandlot_server.documents.fitting import fitted
from sandlot_server.documents.storage_inline import INLINE_MACROS, parameters_of, read_inline
from sandlot_server.documents.xhtml import Element, parse
from sandlot_server.numbers import whole_number

Node = dict[str, Any]

PANEL_TYPES = {"info": "info", "tip": "success", "note": "warning", "warning": "error", "panel": "custom"}
HEADING = re.compile(r"h([1-6])")
INLINE = words(
    "a abbr b big br cite code del em font i ins kbd mark s samp small span strike strong sub "
    "sup time tt u var ac:link ac:emoticon ac:placeholder ac:inline-comment-marker"
)
SECTION_WIDTHS = {
    "two_equal": (50, 50),
    "two_left_sidebar": (33.33, 66.66),
    "two_right_sidebar": (66.66, 33.33),
    "three_equal": (33.33, 33.33, 33.33),
    "three_with_sidebars": (25, 50, 25),
}


def to_adf(xhtml: str) -> Node:
    """A valid ADF document of a text in storage format. Raises xhtml.Invalid."""
    return {"type": "doc", "version": 1, "content": fitted(list(_blocks(parse(xhtml))), "doc")}


def _blocks(element: Element) -> Iterator[Node]:
    """The blocks in an element; stray inline content between them becomes paragraphs."""
    run: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str) or _is_inline(child):
            run.append(child)
            continue
        yield from _paragraphs(run, "paragraph", {})
        run = []
        yield from _block(child)
    yield from _paragraphs(run, "paragraph", {})


def _is_inline(element: Element) -> bool:
    if element.name == "ac:structured-macro":
        return element.attributes.get("ac:name") in INLINE_MACROS
    if element.name == "a" and element.attributes.get("data-card-appearance") in ("block", "embed"):
        return False
    return element.name in INLINE


def _paragraphs(run: list[Element | str], name: str, extra: Node) -> Iterator[Node]:
    content = read_inline(run)
    if content:
        yield {"type": name, **extra, "content": content}


def _block(element: Element) -> Iterator[Node]:
    name = element.name
    if name == "p" or HEADING.fullmatch(name):
        yield from _text_block(element)
    elif reader := READERS.get(name):
        yield reader(element)
    elif name == "ac:structured-macro":
        yield from _macro(element)
    elif name == "ac:layout-section":
        yield from _section(element)
    elif name == "ac:adf-extension":
        yield from _adf_extension(element)
    elif name == "a":
        yield _card(element)
    else:
        yield from _blocks(element)


def _text_block(element: Element) -> Iterator[Node]:
    """A paragraph or heading, parted where a block (an image, a macro) stands in it."""
    heading = HEADING.fullmatch(element.name)
    extra: Node = {"attrs": {"level": int(heading[1])}} if heading else {}
    if marks := _style_marks(element.attributes.get("style", ""), bool(heading)):
        extra["marks"] = marks
    name = "heading" if heading else "paragraph"
    run: list[Element | str] = []
    parted = False
    for child in element.children:
        if isinstance(child, str) or _is_inline(child):
            run.append(child)
            continue
        parted = True
        yield from _paragraphs(run, name, extra)
        run = []
        yield from _block(child)
    if parted:
        yield from _paragraphs(run, name, extra)
    else:
        content = read_inline(run)
        yield {"type": name, **extra, **({"content": content} if content else {})}


def _style_marks(style: str, heading: bool) -> list[Node]:
    if align := re.search(r"text-align:\s*(center|right|end)", style):
        return [{"type": "alignment", "attrs": {"align": "center" if align[1] == "center" else "end"}}]
    if indent := re.search(r"margin-left:\s*([0-9.]+)px", style):
        level = round(float(indent[1]) / 30) if indent[1].count(".") <= 1 and indent[1] != "." else 0
        return [{"type": "indentation", "attrs": {"level": min(level, 6)}}] if level else []
    return []


def _list(element: Element) -> Node:
    items = [
        {"type": "listItem", "content": fitted(list(_blocks(item)), "listItem")} for item in element.elements("li")
    ]
    node: Node = {"type": "orderedList" if element.name == "ol" else "bulletList"}
    start = _count(element, "start")
    if element.name == "ol" and start not in (None, 1):
        node["attrs"] = {"order": start}
    return {**node, "content": items or [{"type": "listItem", "content": [{"type": "paragraph"}]}]}


def _count(element: Element, name: str) -> int | None:
    """The attribute as a number; None where it is none, or less than nothing."""
    number = whole_number(element.attributes.get(name, ""), bits=32)
    return None if number is None or number < 0 else number


def _quote(element: Element) -> Node:
    return {"type": "blockquote", "content": fitted(list(_blocks(element)), "blockquote")}


def _rule(element: Element) -> Node:
    return {"type": "rule"}


def _preformatted(element: Element) -> Node:
    return _code(element.text(), "")


def _code(text: str, language: str) -> Node:
    node: Node = {"type": "codeBlock"}
    if language:
        node["attrs"] = {"language": language}
    return {**node, **({"content": [{"type": "text", "text": text}]} if text else {})}


def _table(element: Element) -> Node:
    rows = [
        {"type": "tableRow", "content": [_cell(cell) for cell in row.elements("td", "th")]} for row in _rows(element)
    ]
    layout = element.attributes.get("data-layout")
    kept = {"attrs": {"layout": layout}} if layout in ("default", "center", "wide", "full-width") else {}
    return {"type": "table", **kept, "content": rows or [{"type": "tableRow", "content": []}]}


def _rows(element: Element) -> Iterator[Element]:
    for child in element.elements("tr", "tbody", "thead", "tfoot"):
        if child.name == "tr":
            yield child
        else:
            yield from child.elements("tr")


def _cell(element: Element) -> Node:
    spans = {name: _count(element, name) for name in ("colspan", "rowspan")}
    attributes: Node = {name: span for name, span in spans.items() if span is not None}
    if colour := element.attributes.get("data-highlight-colour"):
        attributes["background"] = colour
    kind = "tableHeader" if element.name == "th" else "tableCell"
    content = fitted(list(_blocks(element)), kind)
    return {"type": kind, **({"attrs": attributes} if attributes else {}), "content": content}


def _task_list(element: Element) -> Node:
    items = [_task_list(child) if child.name == "ac:task-list" else _task(child)
             for child in element.elements("ac:task", "ac:task-list")]  # fmt: skip
    local = element.attributes.get("ac:task-list-id", "")
    return {"type": "taskList", "attrs": {"localId": local}, "content": items or [_task(Element("ac:task"))]}


def _task(element: Element) -> Node:
    parts = {child.name: child for child in element.elements()}
    identity = parts.get("ac:task-uuid") or parts.get("ac:task-id")
    status = parts["ac:task-status"].text().strip() if "ac:task-status" in parts else ""
    body = parts.get("ac:task-body")
    content = read_inline(body.children) if body else []
    attributes = {
        "localId": identity.text().strip() if identity else "",
        "state": "DONE" if status == "complete" else "TODO",
    }
    return {"type": "taskItem", "attrs": attributes, **({"content": content} if content else {})}


def _image(element: Element) -> Node:
    alt = {"alt": element.attributes["ac:alt"]} if element.attributes.get("ac:alt") else {}
    media: Node = {"type": "media", "attrs": {"type": "external", "url": "", **alt}}
    for target in element.elements("ri:url", "ri:attachment"):
        if target.name == "ri:url":
            media["attrs"]["url"] = target.attributes.get("ri:value", "")
        elif name := target.attributes.get("ri:filename"):
            media["attrs"] = {"type": "file", "id": name, "collection": "", **alt}
    captions = [read_inline(caption.children) for caption in element.elements("ac:caption")][:1]
    layout = element.attributes.get("ac:layout", "center")
    known = layout in ("center", "wide", "full-width", "wrap-left", "wrap-right", "align-start", "align-end")
    return {
        "type": "mediaSingle",
        "attrs": {"layout": layout if known else "center"},
        "content": [media, *({"type": "caption", "content": _captioned(caption)} for caption in captions)],
    }


def _captioned(content: list[Node]) -> list[Node]:
    return [node for node in content if node["type"] not in ("inlineExtension", "mediaInline")]


def _card(element: Element) -> Node:
    url = element.attributes.get("href", "")
    if element.attributes["data-card-appearance"] == "embed":
        return {"type": "embedCard", "attrs": {"url": url, "layout": "center"}}
    return {"type": "blockCard", "attrs": {"url": url}}


def _macro(element: Element) -> Iterator[Node]:
    name = element.attributes.get("ac:name", "")
    parameters = parameters_of(element)
    rich = next(iter(element.elements("ac:rich-text-body")), None)
    plain = next(iter(element.elements("ac:plain-text-body")), None)
    inside = list(_blocks(rich)) if rich else []
    if name in ("code", "noformat"):
        yield _code(plain.text() if plain else "", parameters.get("language", ""))
    elif name == "expand":
        title = {"attrs": {"title": parameters["title"]}} if parameters.get("title") else {}
        yield {"type": "expand", **title, "content": fitted(inside, "expand")}
    elif name in PANEL_TYPES:
        yield {"type": "panel", "attrs": {"panelType": PANEL_TYPES[name]}, "content": fitted(inside, "panel")}
    elif name:
        values = {key: {"value": value} for key, value in parameters.items()}
        if plain:
            values["__bodyContent"] = {"value": plain.text()}
        attributes: Node = {
            "extensionType": "com.atlassian.confluence.macro.core",
            "extensionKey": name,
            "parameters": {"macroParams": values},
            "layout": "default",
        }
        if rich:
            yield {"type": "bodiedExtension", "attrs": attributes, "content": fitted(inside, "bodiedExtension")}
        else:
            yield {"type": "extension", "attrs": attributes}
    else:
        yield from inside


def _section(element: Element) -> Iterator[Node]:
    cells = element.elements("ac:layout-cell")
    widths = SECTION_WIDTHS.get(element.attributes.get("ac:type", ""), ())
    if len(cells) not in (2, 3) or len(widths) != len(cells):
        for cell in cells:
            yield from _blocks(cell)
        return
    columns = [
        {"type": "layoutColumn", "attrs": {"width": width}, "content": fitted(list(_blocks(cell)), "layoutColumn")}
        for width, cell in zip(widths, cells, strict=True)
    ]
    yield {"type": "layoutSection", "content": columns}


def _adf_extension(element: Element) -> Iterator[Node]:
    node = next(iter(element.elements("ac:adf-node")), None)
    kind = node.attributes.get("type") if node else None
    given = _adf_attributes(node) if node else {}
    if node and kind == "panel":
        panel_type = given.get("panel-type", "note")
        known = panel_type in ("info", "note", "tip", "warning", "error", "success", "custom")
        attributes = {"panelType": panel_type if known else "note"}
        names = {"panel-color": "panelColor", "panel-icon": "panelIcon"}
        attributes |= {names[key]: value for key, value in given.items() if key in names}
        body = next(iter(node.elements("ac:adf-content")), Element("ac:adf-content"))
        yield {"type": "panel", "attrs": attributes, "content": fitted(list(_blocks(body)), "panel")}
    elif node and kind == "decision-list" and node.elements("ac:adf-node"):
        items = [_decision(item) for item in node.elements("ac:adf-node")]
        yield {"type": "decisionList", "attrs": {"localId": given.get("local-id", "")}, "content": items}
    else:
        for fallback in element.elements("ac:adf-fallback"):
            yield from _blocks(fallback)


def _adf_attributes(node: Element) -> dict[str, str]:
    return {one.attributes.get("key", ""): one.text() for one in node.elements("ac:adf-attribute")}


def _decision(item: Element) -> Node:
    given = _adf_attributes(item)
    body = next(iter(item.elements("ac:adf-content")), None)
    content = read_inline(body.children) if body else []
    attributes = {"localId": given.get("local-id", ""), "state": given.get("state", "DECIDED")}
    return {"type": "decisionItem", "attrs": attributes, **({"content": content} if content else {})}


READERS: dict[str, Callable[[Element], Node]] = {
    "ul": _list,
    "ol": _list,
    "blockquote": _quote,
    "hr": _rule,
    "pre": _preformatted,
    "table": _table,
    "ac:task-list": _task_list,
    "ac:image": _image,
}
