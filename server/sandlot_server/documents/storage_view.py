"""Storage format as plain HTML: the `view` of a page. Macros are rendered simply."""

from __future__ import annotations

from html import escape
from urllib.parse import quote_plus

from sandlot_server.documents.xhtml import Element, parse

BOXES = {"info": "information", "note": "note", "tip": "tip", "warning": "warning"}
PLAIN = frozenset({"ac:link-body", "ac:rich-text-body", "ac:inline-comment-marker", "ac:caption", "ac:adf-content"})
DROPPED = frozenset({"ac:parameter", "ac:adf-attribute", "ac:placeholder", "ac:adf-node"})
LAYOUT = {"ac:layout": "contentLayout2", "ac:layout-section": "columnLayout", "ac:layout-cell": "cell"}


def to_view(xhtml: str) -> str:
    """The HTML of a text in storage format. Raises xhtml.Invalid."""
    return _all(parse(xhtml))


def _all(element: Element | None) -> str:
    if element is None:
        return ""
    return "".join(escape(child, quote=False) if isinstance(child, str) else _one(child) for child in element.children)


def _one(element: Element) -> str:
    name = element.name
    if ":" not in name:
        return _tag(element)
    if name in LAYOUT:
        return f'<div class="{LAYOUT[name]}">{_all(element)}</div>'
    if name == "ac:structured-macro":
        return _macro(element)
    if name == "ac:link":
        return _link(element)
    if name == "ac:image":
        return _image(element)
    if name == "ac:task-list":
        return f'<ul class="inline-task-list">{"".join(map(_task, element.elements("ac:task")))}</ul>'
    if name == "ac:emoticon":
        shown = element.attributes.get("ac:emoji-fallback") or element.attributes.get("ac:emoji-shortname")
        return escape(shown or f":{element.attributes.get('ac:name', '')}:")
    if name == "ac:adf-extension":
        return _all(element.find("ac:adf-fallback") or element.find("ac:adf-content"))
    return "" if name in DROPPED else _all(element)


def _tag(element: Element) -> str:
    written = "".join(f' {name}="{escape(value)}"' for name, value in element.attributes.items() if ":" not in name)
    if element.name == "time":
        moment = element.attributes.get("datetime", "")
        return f'<time datetime="{escape(moment)}" class="date-past">{escape(moment)}</time>'
    if not element.children and element.name in ("br", "hr", "img", "col"):
        return f"<{element.name}{written} />"
    return f"<{element.name}{written}>{_all(element)}</{element.name}>"


def _macro(element: Element) -> str:
    name = element.attributes.get("ac:name", "")
    parameters = {
        parameter.attributes.get("ac:name", ""): parameter.text() for parameter in element.elements("ac:parameter")
    }
    plain = next(iter(element.elements("ac:plain-text-body")), None)
    rich = next(iter(element.elements("ac:rich-text-body")), None)
    title = parameters.get("title", "")
    if name in ("code", "noformat"):
        language = escape(parameters.get("language", ""))
        code = escape(plain.text() if plain else "", quote=False)
        return (
            f'<div class="code panel"><div class="codeContent panelContent">'
            f'<pre class="syntaxhighlighter-pre" data-language="{language}">{code}</pre></div></div>'
        )
    if name == "status":
        return f'<span class="status-macro aui-lozenge">{escape(title)}</span>'
    if name in BOXES:
        heading = f'<p class="title">{escape(title)}</p>' if title else ""
        kind = f"confluence-information-macro confluence-information-macro-{BOXES[name]}"
        body = f'<div class="confluence-information-macro-body">{_all(rich)}</div>'
        return f'<div class="{kind}">{heading}{body}</div>'
    if name == "panel":
        heading = f'<div class="panelHeader"><b>{escape(title)}</b></div>' if title else ""
        return f'<div class="panel">{heading}<div class="panelContent">{_all(rich)}</div></div>'
    if name == "expand":
        control = f'<span class="expand-control-text">{escape(title or "Click here to expand...")}</span>'
        return f'<div class="expand-container">{control}<div class="expand-content">{_all(rich)}</div></div>'
    body = _all(rich) if rich else escape(plain.text(), quote=False) if plain else ""
    return f'<div class="conf-macro" data-macro-name="{escape(name)}">{body}</div>'


def _link(element: Element) -> str:
    body = next(iter(element.elements("ac:link-body", "ac:plain-text-link-body")), None)
    user = next(iter(element.elements("ri:user")), None)
    if user is not None:
        account = escape(user.attributes.get("ri:account-id", ""))
        shown = _all(body) or f"@{account}"
        return f'<a class="confluence-userlink user-mention" data-account-id="{account}">{shown}</a>'
    target = link_target(element)
    return f'<a href="{escape(target)}">{_all(body) or escape(link_text(element))}</a>'


def link_text(element: Element) -> str:
    """What an ac:link shows: its body, or the name of what it points to."""
    body = next(iter(element.elements("ac:link-body", "ac:plain-text-link-body")), None)
    if body is not None and body.text():
        return body.text()
    for target in element.elements():
        for name in ("ri:content-title", "ri:filename", "ri:space-key", "ri:value"):
            if name in target.attributes:
                return target.attributes[name]
    return element.attributes.get("ac:anchor", "")


def link_target(element: Element) -> str:
    """The address of an ac:link, by title where it names a page."""
    anchor = element.attributes.get("ac:anchor")
    fragment = f"#{anchor}" if anchor else ""
    page = next(iter(element.elements("ri:page", "ri:blog-post")), None)
    if page is None:
        url = next(iter(element.elements("ri:url")), None)
        return url.attributes.get("ri:value", "") if url is not None else fragment or "#"
    title = quote_plus(page.attributes.get("ri:content-title", ""))
    space = page.attributes.get("ri:space-key")
    if space:
        return f"/wiki/display/{space}/{title}{fragment}"
    return f"/wiki/pages/viewpage.action?title={title}{fragment}"


def _image(element: Element) -> str:
    alt = escape(element.attributes.get("ac:alt", ""))
    source = ""
    for target in element.elements("ri:url", "ri:attachment"):
        source = target.attributes.get("ri:value") or target.attributes.get("ri:filename", "")
    return f'<img class="confluence-embedded-image" src="{escape(source)}" alt="{alt}" />'


def _task(task: Element) -> str:
    status = next(iter(task.elements("ac:task-status")), None)
    checked = ' class="checked"' if status is not None and status.text().strip() == "complete" else ""
    return f"<li{checked}>{_all(next(iter(task.elements('ac:task-body')), None))}</li>"
