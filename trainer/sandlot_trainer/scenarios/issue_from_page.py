"""issue-from-page: file the issue that a Confluence page calls for, and link it back to the page.

Level 1 names the page, the project and the type; summary, priority and due date stand on the page alone. Level 2 has a
page of that title in two spaces, and more to take over from prose that also says how it was before. Level 3 knows the
page by an order number alone, which a withdrawn page has too, and the project by its name on the page.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Mapping
from typing import Any

from sandlot_trainer.scenarios.base import Call, Draft, Scenario, Split, Task
from sandlot_trainer.scenarios.company import all_pages
from sandlot_trainer.scenarios.enterprise import Enterprise
from sandlot_trainer.scenarios.finding import account_id, project_key
from sandlot_trainer.scenarios.vocabulary import Vocabulary
from sandlot_trainer.scenarios.wording import adf, phrased

LINES: Mapping[str, tuple[str, ...]] = {
    "type": ("It is a {}.", "Make it a {}.", "File it as a {}."),
    "project": ("It belongs to the {} project.", "The {} project takes care of it.", "Put it into the {} project."),
    "summary": ("Summary: {}.", "Call it {}.", "Title of the issue: {}."),
    "priority": ("Priority: {}.", "It has priority {}.", "We give it priority {}."),
    "date": ("Due date: {}.", "It is due on {}.", "It must be done by {}."),
    "person": ("Assignee: {}.", "It goes to {}.", "It is assigned to {}."),
    "label": ("Label: {}.", "It gets the label {}.", "Label it {}."),
    "text": ("Description: {}.", "As description write: {}.", "It is described like this: {}."),
}
"""How a page says what an issue is to be like."""
PAST = "Before the meeting in {city}, the plan had been priority {priority}, {person} and {date}."
AGREED, WITHDRAWN = "Agreed", "Withdrawn"

FIELDS = {
    1: ("summary", "priority", "date"),
    2: ("summary", "priority", "date", "person", "label", "text"),
    3: ("type", "project", "summary", "priority", "date", "person", "text"),
}
"""What stands on the page."""

OPERATIONS = {
    1: (
        "confluence/getPages",
        "confluence/getPageById",
        "jira/createIssue",
        "jira/createOrUpdateRemoteIssueLink",
    ),
    2: (
        "confluence/getSpaces",
        "confluence/getPages",
        "confluence/getPageById",
        "jira/findUsers",
        "jira/getRemoteIssueLinks",
        "jira/createIssue",
        "jira/addComment",
        "jira/createOrUpdateRemoteIssueLink",
    ),
    3: (
        "confluence-v1/searchContentByCQL",
        "confluence/getPages",
        "confluence/getPageById",
        "confluence/updatePageTitle",
        "jira/searchProjects",
        "jira/findUsers",
        "jira/createIssue",
        "jira/addComment",
        "jira/createOrUpdateRemoteIssueLink",
    ),
}

PHRASINGS = (
    "{page} calls for an issue{where}. Create it with the {fields} that stand there.",
    "Create the issue{where} that {page} asks for: {fields} are written on it.",
    "Read {page} and file the issue that it describes{where}, with its {fields}.",
    "Turn {page} into an issue{where}. The {fields} are on the page.",
    "There is no issue yet for {page}. Make one{where}; take the {fields} from the page.",
    "From {page}, make an issue{where} with the {fields} given there.",
    "File an issue{where} for {page}. What it says of {fields} goes into the issue.",
    "We need the issue that {page} describes{where}. Use the {fields} you find there.",
    "Look at {page}. The issue it wants is missing: create it{where}, with {fields} as written.",
    "Open an issue{where} as {page} says, including its {fields}.",
    "{page} tells what is to be done. Track it as an issue{where}, with the page's {fields}.",
    "Please log the work on {page} as an issue{where}: the {fields} are those of the page.",
    "Take {fields} from {page} and create an issue{where} out of them.",
    "Someone wrote {page} but filed nothing. Make an issue{where} of it; {fields} stand there.",
    "Raise the issue{where} which {page} is about. Its {fields} are given on the page.",
    "Have an issue created{where} from {page}. It has the {fields} that the page gives.",
    "Could you file the issue{where} that is described on {page}? Mind its {fields}.",
    "Put what {page} asks for into an issue{where}: {fields}, just as on the page.",
    "An issue{where} is to be made of {page}. Copy the {fields} from it.",
    "{page} is ready to become an issue{where}. Fill in {fields} from the page.",
    "Report an issue{where} on the basis of {page}; its {fields} are what the page says they are.",
    "Bring {page} into Jira as an issue{where}. The page has the {fields}.",
    "Set up an issue{where} by what {page} says about {fields}.",
    "Enter an issue{where}. Its {fields} are on {page}.",
)
LINK_PHRASINGS = (
    "Then link the issue to the page: a remote link with the URL {url}, where ID is the page's id, and the page's"
    " title.",
    "Give the issue a remote link back: title of the page, URL {url} with the id of the page for ID.",
    "Afterwards add a remote link to the page. Its title is the page's, its URL {url}, ID being the page's id.",
    "The issue also gets a remote link to {url} (ID: the id of the page), called like the page.",
    "Link back to the page as well, remotely: the URL is {url} with the page's id as ID, the title that of the page.",
    "It needs a remote link that has the page's title and leads to {url}; put the page's id in the place of ID.",
    "Finally put a remote link on it, to {url} with the page's id instead of ID. The link's title is the page's title.",
    "Connect it with the page by a remote link. Title: that of the page. URL: {url}, ID standing for the page's id.",
    "As remote link, set {url} (the page's id for ID) with the title of the page.",
    "A remote link from the issue to the page is wanted too: {url} with ID replaced by the id, titled as the page is.",
    "Have the issue point to the page by a remote link under the page's title. The URL is {url}, with its id for ID.",
    "Last, a remote link: the page's title and the URL {url}, in which ID is the id of the page.",
)
WORDS = {
    "type": "type",
    "project": "project",
    "summary": "summary",
    "priority": "priority",
    "date": "due date",
    "person": "assignee",
    "label": "label",
    "text": "description",
}


class IssueFromPage(Scenario):
    name = "issue-from-page"
    version = 2
    context = (1184, 2112, 2304)
    turns = 12
    turn_tokens = 224
    second_operations = (
        "confluence-v1/getContent",
        "confluence-v1/searchByCQL",
        "confluence-v1/getContentById",
        "jira/getAllProjects",
        "jira/findAssignableUsers",
        "jira/editIssue",
        "jira/updateRemoteIssueLink",
    )

    def draft(self, rng: random.Random, level: int, split: Split) -> Draft:
        words = Vocabulary(rng, split)
        company = Enterprise(rng, words)
        project, (space, other) = rng.choice(company.projects), rng.sample(company.spaces, 2)
        title, order = words.title(), words.order_number()
        facts: dict[str, Any] = {"url": f"https://{words.label()}.example.com/pages/ID"}
        if level < 3:
            facts |= {"page": title, "project": project["key"], "type": rng.choice(("Bug", "Task", "Story"))}
        if level == 2:
            facts["space"] = space["name"]
            other["pages"].append({"title": title, "body": _body(rng, company, level)})
        if level == 3:
            facts["order"] = order
            old = {"title": words.title(), "body": _body(rng, company, level, f"{WITHDRAWN}: order {order}.")}
            rng.choice(company.spaces)["pages"].append(old)
        opening = f"{AGREED}: order {order}." if level == 3 else ""
        page = {"title": title, "body": _body(rng, company, level, opening)}
        rng.choice([space["pages"], rng.choice(all_pages(space)).setdefault("children", [])]).append(page)
        instruction = phrased(rng, split, PHRASINGS, LINK_PHRASINGS).format(
            page=_page_words(facts),
            where=f" of type {facts['type']} in project {facts['project']}" if level < 3 else "",
            fields=", ".join(WORDS[field] for field in FIELDS[level][:-1]) + f" and {WORDS[FIELDS[level][-1]]}",
            url=facts["url"],
        )
        return Draft(company.seed(), instruction[0].upper() + instruction[1:], OPERATIONS[level], facts)

    async def oracle(self, task: Task, call: Call) -> None:
        facts, level = task.facts, task.level
        page = await (_agreed_page(call, facts["order"]) if level == 3 else _named_page(call, facts))
        said = {**facts, **_said(page["body"], level)}
        project = await project_key(call, said["project"]) if level == 3 else said["project"]
        account = await account_id(call, said["person"]) if level > 1 else None
        fields = {"project": {"key": project}, "issuetype": {"name": said["type"]}, **_fields(said, account)}
        made = (await call("createIssue", fields=fields)).body
        link = {"url": facts["url"].replace("ID", page["id"]), "title": page["title"]}
        await call("createOrUpdateRemoteIssueLink", issueIdOrKey=made["key"], object=link)

    async def second(self, task: Task, call: Call) -> None:
        """The older content operations, an issue that gets its fields and a link that gets its title afterwards."""
        facts, level = task.facts, task.level
        page = await _page_otherwise(call, facts)
        said = {**facts, **_said(page["body"], level)}
        project = {"key": said["project"]}
        if level == 3:
            projects = (await call("getAllProjects")).body["results"]
            project = {"id": next(one["id"] for one in projects if one["name"] == said["project"])}
        fields = {"project": project, "issuetype": {"name": said["type"]}, "summary": "Later"}
        made = (await call("createIssue", fields=fields)).body
        address = facts["url"].replace("ID", page["id"])
        later = {"url": address, "title": "Later"}
        link = await call("createOrUpdateRemoteIssueLink", issueIdOrKey=made["id"], object=later)
        account = None
        if level > 1:
            users = await call("findAssignableUsers", issueKey=made["key"], query=said["person"])
            account = next(one["accountId"] for one in users.body["results"] if one["displayName"] == said["person"])
        await call("editIssue", issueIdOrKey=made["key"], fields=_fields(said, account))
        whole = {"url": address, "title": page["title"]}
        await call("updateRemoteIssueLink", issueIdOrKey=made["key"], linkId=link.body["id"], object=whole)


def _page_words(facts: Mapping[str, Any]) -> str:
    """What the instruction calls the page."""
    if "order" in facts:
        return f"the agreed page about order {facts['order']}"
    return f'the page "{facts["page"]}"' + (f" of the {facts['space']} space" if "space" in facts else "")


def _body(rng: random.Random, company: Enterprise, level: int, opening: str = "") -> str:
    """A page that calls for an issue, with values of its own."""
    words = company.vocabulary
    values = {
        "type": rng.choice(("Bug", "Task", "Story")),
        "project": rng.choice(company.projects)["name"],
        "summary": words.summary(),
        "priority": rng.choice(("Highest", "High", "Low", "Lowest")),
        "date": words.day(2027),
        "person": rng.choice(company.users)["displayName"],
        "label": rng.choice(company.labels),
        "text": words.sentence(),
    }
    lines = [rng.choice(LINES[field]).format(values[field]) for field in FIELDS[level]]
    rng.shuffle(lines)
    if level > 1:
        person = rng.choice(company.users)["displayName"]
        priority = rng.choice(("Highest", "High", "Low", "Lowest"))
        lines.insert(0, PAST.format(city=words.city(), priority=priority, person=person, date=words.day(2027)))
    paragraphs = [f"{opening} {words.company_name()}: {words.prose()}".strip(), *lines]
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in paragraphs)


def _said(body: str, level: int) -> dict[str, str]:
    """What a page's body says that the issue is to be like."""
    text = html.unescape(re.sub(r"</?p>", "\n", body))
    found = {}
    for field in FIELDS[level]:
        patterns = (re.escape(line).replace(r"\{\}", "(.+)") for line in LINES[field])
        matches = (re.search(f"^{pattern}$", text, re.MULTILINE) for pattern in patterns)
        found[field] = next(match[1] for match in matches if match)
    return found


def _fields(said: Mapping[str, str], account: str | None) -> dict[str, Any]:
    """The new issue's fields beside its project and type."""
    fields: dict[str, Any] = {
        "summary": said["summary"],
        "priority": {"name": said["priority"]},
        "duedate": said["date"],
    }
    if account is not None:
        fields |= {"description": adf(said["text"]), "assignee": {"accountId": account}}
    return fields | ({"labels": [said["label"]]} if "label" in said else {})


async def _named_page(call: Call, facts: Mapping[str, Any]) -> dict[str, Any]:
    where: dict[str, Any] = {}
    if "space" in facts:
        spaces = (await call("getSpaces")).body["results"]
        where = {"space-id": [int(next(one["id"] for one in spaces if one["name"] == facts["space"]))]}
    (page,) = (await call("getPages", title=facts["page"], **where)).body["results"]
    return await _page(call, page["id"])


async def _agreed_page(call: Call, order: str) -> dict[str, Any]:
    found = await call("searchContentByCQL", cql=f'type = page and text ~ "{order}"')
    pages = [await _page(call, one["id"]) for one in found.body["results"]]
    return next(page for page in pages if f"{AGREED}: order {order}." in page["body"])


async def _page(call: Call, id: str) -> dict[str, Any]:
    page: dict[str, Any] = (await call("getPageById", id=id, **{"body-format": "storage"})).body
    return page


async def _page_otherwise(call: Call, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same page by the older operations."""
    if "order" in facts:
        found = await call("searchByCQL", cql=f'type = page and text ~ "{facts["order"]}"')
        ids = [one["id"] for one in found.body["results"]]
        both = [(await call("getContentById", id=id, expand="body.storage")).body for id in ids]
        return next(page for page in both if page["body"].startswith(f"<p>{AGREED}: "))
    cql = f'type = page and title = "{facts["page"]}"'
    cql += f' and space.title = "{facts["space"]}"' if "space" in facts else ""
    (one,) = (await call("searchByCQL", cql=cql, expand="content.space")).body["results"]
    pages = await call("getContent", title=facts["page"], spaceKey=one["space"], expand="body.storage")
    (page,) = pages.body["results"]
    return dict(page)


SCENARIO = IssueFromPage()
