"""ticket-transition: move an issue to a status that lies several transitions away, by ids that each project has apart.

Level 1 says which status lies between. From level 2 on a page tells the way and its rules: who may go on, and what has
to be so before. Some transitions ask for a resolution or a comment. At level 3 the issue is described by its summary,
the page goes by the key of its project, and a sub-task has to be finished first.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sandlot_trainer.scenarios.base import Call, Draft, Scenario, Split, Task
from sandlot_trainer.scenarios.enterprise import Enterprise
from sandlot_trainer.scenarios.finding import issue_named, page_text
from sandlot_trainer.scenarios.vocabulary import Vocabulary
from sandlot_trainer.scenarios.wording import adf, phrased
from sandlot_trainer.scenarios.workflows import RULES, Way

RESOLUTIONS = ("Won't Do", "Duplicate", "Cannot Reproduce")

OPERATIONS = {
    1: ("jira/getTransitions", "jira/doTransition"),
    2: (
        "jira/searchAndReconsileIssuesUsingJql",
        "confluence/getPages",
        "confluence/getPageById",
        "jira/getIssue",
        "jira/getCurrentUser",
        "jira/assignIssue",
        "jira/getTransitions",
        "jira/doTransition",
        "jira/addComment",
    ),
    3: (
        "jira/searchAndReconsileIssuesUsingJql",
        "confluence/getPages",
        "confluence/getPageById",
        "jira/getIssue",
        "jira/getCurrentUser",
        "jira/assignIssue",
        "jira/editIssue",
        "jira/getTransitions",
        "jira/doTransition",
        "jira/addComment",
    ),
}

PHRASINGS = (
    "Move {issue} to the status {wanted}.",
    "{issue} is to be {wanted}.",
    "Set the status of {issue} to {wanted}.",
    "Bring {issue} to {wanted}.",
    "Get {issue} into the status {wanted}.",
    "Take {issue} on to {wanted}.",
    "{issue} should be in the status {wanted}.",
    "See to it that {issue} becomes {wanted}.",
    "Please transition {issue} to {wanted}.",
    "The status of {issue} has to become {wanted}.",
    "Could you move {issue} to {wanted}?",
    "Make {wanted} the status of {issue}.",
    "Put {issue} into {wanted}.",
    "We want {issue} to be {wanted}.",
    "It is time that {issue} is {wanted}.",
    "Advance {issue} to {wanted}.",
    "Change {issue} so that its status is {wanted}.",
    "Work {issue} through to {wanted}.",
    "{wanted} is where {issue} belongs.",
    "Update the status of {issue}: {wanted}.",
    "Have {issue} end up in {wanted}.",
    "As for {issue}, it goes to {wanted}.",
    "Nobody has moved {issue} yet. It belongs in {wanted}.",
    "Carry {issue} along its workflow to {wanted}.",
)
VIA_PHRASINGS = (
    "It gets there by way of {via}.",
    "The way leads through {via}.",
    "In between comes {via}.",
    "There is {via} on the way.",
    "From where it is, it has to pass {via}.",
    "First it goes to {via}.",
    "It is reached from {via}.",
    "On its way it goes through {via}.",
    "The status before that is {via}.",
    "You have to go over {via}.",
    "That goes by {via}.",
    "On the way lies {via}.",
    "Between the two there is {via}.",
)
RESOLUTION_PHRASINGS = (
    "Resolution: {resolution}.",
    "The resolution is {resolution}.",
    "Resolve it as {resolution}.",
    "As resolution take {resolution}.",
    "Its resolution shall be {resolution}.",
    "Choose the resolution {resolution}.",
    "It is resolved as {resolution}.",
    "Give {resolution} as its resolution.",
    "Let the resolution be {resolution}.",
)
PAGE_PHRASINGS = (
    'The way there and its rules stand on the page "{page}". If only an assignee may go on, assign the issue to'
    " yourself.",
    'See the page "{page}" for the way and the rules. Take the issue over yourself if only its assignee can move it.',
    'How it gets there is written on "{page}". Assign it to yourself if the rules ask for that.',
    'On the page "{page}" you find the steps. A step that is the assignee\'s needs you as the assignee, so assign'
    " yourself then.",
    'Go the way that the page "{page}" shows, and become its assignee yourself if you must be.',
    'The page "{page}" describes the workflow. Should a step be reserved to the assignee, that is to be you.',
    'Follow the page "{page}". Where it wants the assignee, assign the issue to yourself.',
    'Read "{page}" first, it has the steps and what they ask for. You may assign the issue to yourself if need be.',
    'Which way it goes, the page "{page}" knows. If the assignee has to act, make that yourself.',
    'Its steps are on the page "{page}". Only if a rule there names the assignee, assign the issue to yourself.',
    'The steps and their rules: page "{page}". You become the assignee if a rule wants that, else nobody new.',
)
SUBTASK_PHRASINGS = (
    'The way is on the page "KEY Workflow", where KEY is the key of its project. Finish its sub-tasks with the same'
    " resolution if they must be finished. If it must have a due date, that is {date}, else it gets none.",
    'Look at the page "KEY Workflow" (KEY: the project\'s key) for the steps. Sub-tasks that hold it up are to be'
    " finished too, resolution as above. {date} is the due date if one is needed, otherwise leave that empty.",
    'Its project has a page "KEY Workflow", KEY being the project key, which tells the steps and rules. If they ask'
    " for finished sub-tasks, finish them, with that resolution. If they ask for a due date, set {date}, else none.",
    'Follow the page that is called like its project\'s key and "Workflow". Only what is asked for there: sub-tasks'
    " finished (same resolution), the due date {date}.",
    'For the steps read "KEY Workflow" with the key of its project for KEY. Due date {date}, but only if the rules'
    " want one. Sub-tasks: finish them likewise if they must be.",
    'A page named by the project\'s key followed by "Workflow" has the steps. Do what its rules demand: close'
    " sub-tasks with the same resolution, set the due date {date}, no more than needed.",
    'The workflow stands on a page whose title is the project\'s key and the word "Workflow". When sub-tasks are in'
    " the way, finish them with the same resolution. When a due date is, give it {date}.",
    'Steps and rules: page "KEY Workflow", KEY for the key of the project. As far as these require it, finish the'
    " sub-tasks with the same resolution and set {date} as due date.",
    'You will find the way on "KEY Workflow", with its project\'s key as KEY. Set the due date {date} if, and only'
    " if, the rules there need one; finish sub-tasks, resolved the same, if they need that.",
    'What its way is and what it takes, the page "KEY Workflow" says; KEY is its project\'s key. A due date, if it'
    " takes one, is {date}. Sub-tasks, if they count, end like it.",
    'The project of the issue has a page "KEY Workflow" (its key for KEY). Keep to the steps there. Where it demands'
    " finished sub-tasks, finish these with the same resolution; where it demands a due date, set {date}; set none"
    " otherwise.",
    'Read the page "KEY Workflow", with the key of the issue\'s project for KEY, and do as it says: finish sub-tasks'
    " with the same resolution if they must be finished, set the due date {date} if there must be one and not"
    " otherwise.",
    'What steps to take, and what they presuppose, is on the page "KEY Workflow" (KEY is the key of its project).'
    " Presupposed sub-tasks: finish them, same resolution. Presupposed due date: {date}, but only then.",
)


class TicketTransition(Scenario):
    name = "ticket-transition"
    version = 2
    context = (960, 3008, 3200)
    turns = 24
    second_operations = (
        "confluence-v1/getContent",
        "jira/editIssue",
        "jira/searchAndReconsileIssuesUsingJqlPost",
    )

    def draft(self, rng: random.Random, level: int, split: Split) -> Draft:
        words = Vocabulary(rng, split)
        company = Enterprise(rng, words)
        ways = {
            project["key"]: Way.drawn(rng, project["key"], _demands(rng, level), f"{words.sentence()}.")
            for project in company.projects
        }
        for project in company.projects:
            company.workflows.append(ways[project["key"]].seed(rng))
            project["workflow"] = ways[project["key"]].name
        for issue in company.issues:
            issue["status"] = rng.choice(ways[issue["key"].rpartition("-")[0]].path[:-1])
        project = rng.choice(company.projects)
        issue, path = rng.choice(company.issues_of(project)), ways[project["key"]].path
        start = 2 if level > 1 else rng.choice((0, 1, 2, 3))
        issue["status"] = path[start]
        issue["assignee"] = company.other_user(company.users[0]["emailAddress"])["emailAddress"]
        facts: dict[str, Any] = {"wanted": path[-1]}
        parts: list[Sequence[str]] = [PHRASINGS]
        if level == 1:
            facts |= {"wanted": path[start + 2], "via": path[start + 1]}
            parts.append(VIA_PHRASINGS)
        if facts["wanted"] == path[-1]:
            facts["resolution"] = rng.choice(RESOLUTIONS)
            parts.append(RESOLUTION_PHRASINGS)
        if level == 2:
            facts["page"] = words.title()
            parts.append(PAGE_PHRASINGS)
        if level == 3:
            facts["date"] = words.day(2027)
            parts.append(SUBTASK_PHRASINGS)
            company.new_issue(project, type="Sub-task", parent=issue["key"], status=path[-2])
        if level > 1:
            _write_pages(rng, company, ways, facts.get("page"))
        facts |= {"issue": issue["key"]} if level == 1 else {"summary": issue["summary"]}
        named = issue["key"] if level == 1 else f'the issue "{issue["summary"]}"'
        instruction = phrased(rng, split, *parts).format(**{**facts, "issue": named})
        return Draft(company.seed(), instruction[0].upper() + instruction[1:], OPERATIONS[level], facts)

    async def oracle(self, task: Task, call: Call) -> None:
        facts = task.facts
        if task.level == 1:
            for status in (facts["via"], facts["wanted"]):
                await _move(call, facts["issue"], status, facts)
            return
        issue = await issue_named(call, facts["summary"], "status", "subtasks")
        text = await page_text(call, facts.get("page") or f"{_project(issue['key'])} Workflow")
        way = _way(text, issue["key"])
        for before, after in _steps(way, issue["status"], facts["wanted"]):
            for kind in _rules(way, before, after, facts["wanted"]):
                await _meet(call, kind, issue, facts)
            await _move(call, issue["key"], after, facts, _comment(way, before, after))

    async def second(self, task: Task, call: Call) -> None:
        """What the page asks for is done beforehand, and what a transition asks for only once it refuses."""
        facts = task.facts
        if task.level == 1:
            for status in (facts["via"], facts["wanted"]):
                await _try(call, facts["issue"], status, facts)
            return
        key = await _key_by_post(call, facts["summary"])
        issue = (await call("getIssue", issueIdOrKey=key)).body
        page = await call("getContent", title=facts.get("page") or f"{_project(key)} Workflow", expand="body.storage")
        way = _way(page.body["results"][0]["body"], key)
        steps = _steps(way, issue["status"], facts["wanted"])
        rules = {kind for step in steps for kind in _rules(way, *step, facts["wanted"])}
        if "assignee" in rules:
            account = (await call("getCurrentUser")).body["accountId"]
            await call("editIssue", issueIdOrKey=key, fields={"assignee": {"accountId": account}})
        if "field-set" in rules:
            await call("editIssue", issueIdOrKey=key, update={"duedate": [{"set": facts["date"]}]})
        for subtask in issue["subtasks"] if "subtasks-done" in rules else ():
            await _try(call, subtask, facts["wanted"], facts)
        for before, after in steps:
            await _try(call, key, after, facts, _comment(way, before, after))


def _demands(rng: random.Random, level: int) -> dict[str, int]:
    """What the steps of a project's way ask for, as `Way` has it; an issue of these tasks stands before step 2."""
    if level == 1:
        return {}
    if level == 2:
        return {"comment": rng.choice((2, 3)), "assignee": rng.choice((2, 3))}
    dated = {"field-set": rng.choice((2, 3))} if rng.random() < 0.7 else {}
    return {"comment": rng.choice((2, 3)), "subtasks-done": 4, **dated}


def _write_pages(rng: random.Random, company: Enterprise, ways: Mapping[str, Way], title: str | None) -> None:
    """One page of this title for the ways of all projects, or a page for each."""
    texts = [(way.name, f"<p>{company.vocabulary.prose()}</p>{way.text()}") for way in ways.values()]
    if title is not None:
        texts = [(title, "".join(way.text() for way in ways.values()))]
    for name, body in texts:
        rng.choice(company.spaces)["pages"].append({"title": name, "body": body})


def _project(key: str) -> str:
    return key.rpartition("-")[0]


def _way(page: str, key: str) -> str:
    """What a page says of the project of the issue `key`."""
    return page.partition(f"<p>{_project(key)}: ")[2].partition("</p>")[0]


def _steps(way: str, status: str, wanted: str) -> list[tuple[str, str]]:
    """The steps from one status to another."""
    path = way.partition(".")[0].split(", ")
    return list(pairwise(path[path.index(status) : path.index(wanted) + 1]))


def _rules(way: str, before: str, after: str, end: str) -> list[str]:
    """The kinds of the conditions that are named for a step."""
    conditions = {kind: rule for kind, rule in RULES.items() if kind != "comment"}
    return [kind for kind, rule in conditions.items() if rule.format(before=before, after=after, end=end) in way]


def _comment(way: str, before: str, after: str) -> str:
    """What a step's comment has to say; "" where it is to have none."""
    rule = RULES["comment"].partition("{comment}")[0].format(before=before, after=after)
    return way.partition(rule)[2].partition('"')[0]


async def _meet(call: Call, kind: str, issue: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """Bring about what a transition's condition asks for."""
    if kind == "assignee":
        account = (await call("getCurrentUser")).body["accountId"]
        await call("assignIssue", issueIdOrKey=issue["key"], accountId=account)
    elif kind == "field-set":
        await call("editIssue", issueIdOrKey=issue["key"], fields={"duedate": facts["date"]})
    else:
        for subtask in issue["subtasks"]:
            await _move(call, subtask, facts["wanted"], facts)


async def _move(call: Call, key: str, status: str, facts: Mapping[str, Any], comment: str = "") -> None:
    """Take the transition that leads to a status, with what its screen requires."""
    found = await call("getTransitions", issueIdOrKey=key, expand="transitions.fields")
    transition = next(one for one in found.body["results"] if one["to"] == status)
    screen = transition.get("fields", {})
    request: dict[str, Any] = {"transition": {"id": transition["id"]}}
    if "resolution" in screen:
        request["fields"] = {"resolution": {"name": facts["resolution"]}}
    if "comment" in screen:
        request["update"] = {"comment": [{"add": {"body": adf(comment)}}]}
    await call("doTransition", issueIdOrKey=key, **request)


async def _key_by_post(call: Call, summary: str) -> str:
    jql = f'summary ~ "{summary}" ORDER BY key'
    found = await call("searchAndReconsileIssuesUsingJqlPost", jql=jql, fields=["summary"])
    (key,) = (issue["key"] for issue in found.body["results"] if issue["summary"] == summary)
    return str(key)


async def _try(call: Call, key: str, status: str, facts: Mapping[str, Any], comment: str = "") -> None:
    """The same without looking at the screen: add what the refusals name."""
    found = await call("getTransitions", issueIdOrKey=key)
    (transition,) = (one["id"] for one in found.body["results"] if one["to"] == status)
    request: dict[str, Any] = {"transition": {"id": int(transition)}}
    while (answer := await call("doTransition", issueIdOrKey=key, **request)).status >= 400:
        refusal = str(answer.body["messages"])
        if "comment" in refusal.lower() and "update" not in request:
            request["update"] = {"comment": [{"add": {"body": adf(comment)}}]}
        elif "resolution" in refusal.lower() and "fields" not in request:
            request["fields"] = {"resolution": {"name": facts["resolution"]}}
        else:
            raise ValueError(refusal)


SCENARIO = TicketTransition()
