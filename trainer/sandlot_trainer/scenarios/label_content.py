"""label-content: give and take labels across everything that a search finds, and leave all other labels as they are.

Level 1 adds a label to the issues of a project that have another one. Level 2 replaces a label on issues of one type,
and adds one to the pages of a space. Level 3 replaces a label on issues and pages alike: by which one, a page says, and
some have that already.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from sandlot_trainer.scenarios.base import Call, Draft, Scenario, Split, Task
from sandlot_trainer.scenarios.company import all_pages
from sandlot_trainer.scenarios.enterprise import Enterprise
from sandlot_trainer.scenarios.finding import page_text
from sandlot_trainer.scenarios.vocabulary import Vocabulary
from sandlot_trainer.scenarios.wording import phrased

OPERATIONS = {
    1: ("jira/searchAndReconsileIssuesUsingJql", "jira/editIssue"),
    2: (
        "jira/searchAndReconsileIssuesUsingJql",
        "jira/getIssue",
        "jira/editIssue",
        "confluence-v1/searchContentByCQL",
        "confluence/getPageLabels",
        "confluence-v1/addLabelsToContent",
    ),
    3: (
        "jira/searchAndReconsileIssuesUsingJql",
        "jira/addComment",
        "jira/editIssue",
        "confluence/getPages",
        "confluence/getPageById",
        "confluence-v1/searchContentByCQL",
        "confluence/getPageLabels",
        "confluence-v1/addLabelsToContent",
        "confluence-v1/removeLabelFromContent",
        "confluence/updatePageTitle",
    ),
}

ISSUE_PHRASINGS = (
    'Add the label "{new}" to every issue of project {project} that is labelled "{old}".',
    'In project {project}, each issue with the label "{old}" gets the label "{new}" too.',
    'Find the issues of project {project} that have the label "{old}", and label them "{new}" as well.',
    'Label with "{new}" whatever in project {project} is labelled "{old}".',
    'All "{old}" issues in project {project} need another label, "{new}".',
    'Whichever issue in project {project} bears the label "{old}", put "{new}" on it.',
    'Put the label "{new}" on those issues of project {project} which have the label "{old}".',
    'Look for issues labelled "{old}" in project {project}; all of them are to be labelled "{new}" as well.',
    'The issues with label "{old}" in project {project} should have the label "{new}" beside it.',
    'Tag every "{old}" issue of project {project} with "{new}".',
    'Give "{new}" as a further label to all issues in project {project} that are labelled "{old}".',
    'For project {project}: where an issue has the label "{old}", add "{new}".',
    'Extend the labels of each issue in project {project} that carries "{old}" by "{new}".',
    'I want "{new}" on all issues of project {project} that have "{old}" now.',
    'Search project {project} for the label "{old}" and add the label "{new}" to the issues found.',
    'Everything in project {project} labelled "{old}" is to get the label "{new}" in addition.',
    'Make sure that issues in project {project} with the label "{old}" have the label "{new}" as well.',
    'Project {project} has issues with the label "{old}". Add the label "{new}" to these.',
    'Could you add "{new}" to the labels of all issues in project {project} that are labelled "{old}"?',
    'Set one more label, "{new}", on each issue of project {project} labelled "{old}".',
    'Mark the "{old}" issues in project {project} by a second label: "{new}".',
    'Add "{new}" wherever an issue in project {project} shows the label "{old}".',
)
BOTH_PHRASINGS = (
    'In the {project} project, replace the label "{old}" by "{new}" on every {type}. In the {space} space, add'
    ' "{added}" to the pages labelled "{old}".',
    'Each {type} in {project} labelled "{old}" is to be labelled "{new}" instead. Pages of the {space} space with the'
    ' label "{old}" get "{added}" too.',
    'On each {type} of the {project} project, "{new}" takes the place of the label "{old}". On pages labelled "{old}"'
    ' in the {space} space, "{added}" comes beside it.',
    'Label the pages in the {space} space that have "{old}" with "{added}" as well. Then swap "{old}" for "{new}" on'
    " every {type} of the {project} project.",
    'Change the label "{old}" to "{new}" on all issues of type {type} in {project}, and put "{added}" on all pages'
    ' labelled "{old}" in the {space} space.',
    'The label "{old}" of every {type} in {project} becomes "{new}". The pages labelled "{old}" in the {space} space'
    ' keep it and get "{added}".',
    'Two things: add "{added}" to each page in the {space} space labelled "{old}", and turn "{old}" into "{new}" on'
    " each {type} of {project}.",
    'Take "{old}" off every {type} in the {project} project and put "{new}" there. Also give the label "{added}" to'
    ' pages in the {space} space that are labelled "{old}".',
    'Where a {type} in {project} has the label "{old}", it should be "{new}". Where a page in the {space} space has'
    ' the label "{old}", "{added}" should be there as well.',
    'Find what is labelled "{old}": every {type} of {project} loses it for "{new}"; every page of the {space} space'
    ' gets "{added}" in addition.',
    'Pages in the {space} space labelled "{old}": add "{added}". Issues in {project} labelled "{old}", but only those'
    ' of type {type}: "{new}" instead of it.',
    'Replace "{old}" with "{new}" among the labels of each {type} in {project}, and add "{added}" to those of each'
    ' page in the {space} space that is labelled "{old}".',
    'For every {type} in {project}, "{new}" instead of the label "{old}". For every page with that label in the'
    ' {space} space, "{added}" in addition to it.',
    'Please relabel: a {type} in the {project} project with "{old}" gets "{new}" for it, and a page in the {space}'
    ' space with "{old}" gets "{added}" on top.',
    'We no longer want the label "{old}" on any {type} in {project}, but "{new}". In the {space} space, pages that'
    ' have "{old}" shall also have "{added}".',
    'Go through the {project} project: "{old}" on a {type} is replaced by "{new}". Go through the {space} space: a'
    ' page with "{old}" is given "{added}".',
    'Let each {type} of {project} that is labelled "{old}" be labelled "{new}" in its place, and each page of the'
    ' {space} space that is labelled "{old}" be labelled "{added}" too.',
    'Swap a label on every {type} in {project}: out goes "{old}", in comes "{new}". And add a label to the pages with'
    ' "{old}" in the {space} space: "{added}".',
    'Add "{added}" to the labels of the {space} space\'s pages where "{old}" is among them. In {project}, rename the'
    ' label "{old}" to "{new}", on issues of type {type} alone.',
    'Update labels. {project}: "{old}" becomes "{new}" on every {type}. Space {space}: pages with "{old}" get'
    ' "{added}".',
)
RENAME_PHRASINGS = (
    'The label "{old}" has been given up. The page "{policy}" says which one takes its place: make that change on all'
    " issues of the {project} project and all pages of the {space} space.",
    'Look up on the page "{policy}" what "{old}" is called now, and relabel the issues in {project} and the pages in'
    " the {space} space that have it.",
    'According to the page "{policy}", another label replaces "{old}". Replace it in the {project} project and in the'
    " {space} space.",
    'In the {space} space and the {project} project, exchange the label "{old}" for the one that the page "{policy}"'
    " names for it.",
    'Read "{policy}". Then put the new label in the place of "{old}" on every issue of {project} and every page of'
    " the {space} space.",
    'Issues of {project} and pages of the {space} space must not have the label "{old}" any more. What they get for'
    ' it stands on the page "{policy}".',
    'The page "{policy}" gives labels new names. Carry that out for "{old}" in the {project} project and the {space}'
    " space.",
    'Rename the label "{old}", on issues in the {project} project and on pages in the {space} space, as the page'
    ' "{policy}" has it.',
    'On "{policy}" you find the successor of the label "{old}". Use it instead on the issues of {project} and the'
    " pages of the {space} space.",
    'Whatever has the label "{old}" in {project} or in the {space} space gets another one for it; the page "{policy}"'
    " says which.",
    'Bring the labels up to date: for "{old}", the page "{policy}" has a new one. It concerns the {project} project'
    " and the {space} space.",
    'Find the new name of the label "{old}" on the page "{policy}", and change it wherever the {project} project or'
    " the {space} space uses it.",
    'Please clear the label "{old}" from the {project} project and the {space} space, and set what the page'
    ' "{policy}" lists as its replacement.',
    'We agreed on new labels, see the page "{policy}". Apply this to everything labelled "{old}" in {project} and in'
    " the {space} space.",
    'Replace "{old}" by its new label on issues ({project} project) and pages ({space} space). The page "{policy}"'
    " knows it.",
    'There is a new label for "{old}"; the page "{policy}" tells. Pages of the {space} space and issues of {project}'
    " have to change over.",
    'Check the page "{policy}" for what became of the label "{old}", then swap it on the issues of the {project}'
    " project and the pages of the {space} space.",
    'Swap out "{old}" in {project} (issues) and in the {space} space (pages). Its replacement is written on the page'
    ' "{policy}".',
    'Make the switch that the page "{policy}" describes for the label "{old}": on issues of {project}, and on pages'
    " of the {space} space.",
    'As the page "{policy}" tells, "{old}" is an old label. Give the issues in {project} and the pages in the {space}'
    " space that have it the new one instead.",
    'Migrate the label "{old}" on the issues of {project} and on the pages of the {space} space to the one that'
    ' "{policy}" states.',
)
KEEP_PHRASINGS = (
    "Their other labels stay.",
    "All other labels stay as they are.",
    "Leave the other labels alone.",
    "Keep whatever else they are labelled with.",
    "Do not touch other labels.",
    "Nothing else changes.",
    "Other labels are to stay.",
    "The other labels must stay.",
    "No other label may get lost.",
    "Labels beside these remain.",
    "Apart from that the labels are right.",
    "What other labels there are, keep.",
)
PHRASINGS = {1: ISSUE_PHRASINGS, 2: BOTH_PHRASINGS, 3: RENAME_PHRASINGS}
TYPES = ("Bug", "Task", "Story")
POLICY_LINES = ("{old} is now {new}.", "For {old} we write {new}.", "{old}: use {new}.", "{new} replaces {old}.")


class LabelContent(Scenario):
    name = "label-content"
    version = 2
    context = (768, 1408, 2112)
    turns = 16
    second_operations = (
        "jira/searchAndReconsileIssuesUsingJqlPost",
        "confluence-v1/getContent",
        "confluence-v1/searchByCQL",
        "confluence-v1/removeLabelFromContentUsingQueryParameter",
    )

    def draft(self, rng: random.Random, level: int, split: Split) -> Draft:
        words = Vocabulary(rng, split)
        company = Enterprise(rng, words)
        project, space = rng.choice(company.projects), rng.choice(company.spaces)
        old, new = words.tag(), words.tag()
        facts: dict[str, Any] = {"old": old, "project": project["key" if level == 1 else "name"]}
        if level < 3:
            facts["new"] = new
        if level == 2:
            facts |= {"added": words.tag(), "type": rng.choice(TYPES)}
        issues = _mark_issues(rng, company, project, old, facts.get("type"))
        if level > 1:
            facts["space"] = space["name"]
            pages = _mark_pages(rng, company, space, old)
        if level == 3:
            facts["policy"] = words.title()
            rng.choice([*issues, *pages])["labels"].append(new)
            _write_policy(rng, company, facts["policy"], old, new)
        instruction = phrased(rng, split, PHRASINGS[level], KEEP_PHRASINGS).format(**facts)
        return Draft(company.seed(), instruction, OPERATIONS[level], facts)

    async def oracle(self, task: Task, call: Call) -> None:
        facts, level = task.facts, task.level
        new = facts["new"] if level < 3 else _successor(await page_text(call, facts["policy"]), facts)
        found = await call("searchAndReconsileIssuesUsingJql", jql=_jql(facts), fields=["labels"])
        for issue in found.body["results"]:
            changes = [{"add": new}, *([{"remove": facts["old"]}] if level > 1 else [])]
            await call("editIssue", issueIdOrKey=issue["key"], update={"labels": changes})
        if level == 1:
            return
        pages = await call("searchContentByCQL", cql=_cql(facts))
        for page in pages.body["results"]:
            await call("addLabelsToContent", id=page["id"], body=[{"name": facts["added"] if level == 2 else new}])
            if level == 3:
                await call("removeLabelFromContent", id=page["id"], label=facts["old"])

    async def second(self, task: Task, call: Call) -> None:
        """Pages first, searched for otherwise; and issues given the whole list of the labels that they end with."""
        facts, level = task.facts, task.level
        if level < 3:
            new = facts["new"]
        else:
            found = await call("getContent", title=facts["policy"], expand="body.storage")
            new = _successor(found.body["results"][0]["body"], facts)
        if level > 1:
            pages = await call("searchByCQL", cql=f"{_cql(facts)} order by title")
            for page in pages.body["results"]:
                if level == 3:
                    await call("removeLabelFromContentUsingQueryParameter", id=page["id"], name=facts["old"])
                label = {"prefix": "global", "name": facts["added"] if level == 2 else new}
                await call("addLabelsToContent", id=page["id"], body=label)
        search = "searchAndReconsileIssuesUsingJqlPost"
        found = await call(search, jql=f"{_jql(facts)} ORDER BY created ASC", fields=["labels"])
        for issue in found.body["results"]:
            kept = [label for label in issue["labels"] if level == 1 or label != facts["old"]]
            await call("editIssue", issueIdOrKey=issue["key"], fields={"labels": list(dict.fromkeys([*kept, new]))})


def _mark_issues(
    rng: random.Random, company: Enterprise, project: dict[str, Any], label: str, type_name: str | None = None
) -> list[dict[str, Any]]:
    """Give the label to two issues of the project, which are returned, and to some elsewhere; where a type is named,
    also to one of the project that is of another type."""
    inside = company.issues_of(project)
    outside = [issue for issue in company.issues if issue not in inside]
    wanted, others = rng.sample(inside, 2), rng.sample(outside, 3)
    if type_name is not None:
        other = next(issue for issue in inside if issue not in wanted)
        other["type"] = rng.choice([name for name in TYPES if name != type_name])
        for issue in wanted:
            issue["type"] = type_name
        others.append(other)
    for issue in [*wanted, *others]:
        issue["labels"].append(label)
    return wanted


def _mark_pages(rng: random.Random, company: Enterprise, space: dict[str, Any], label: str) -> list[dict[str, Any]]:
    """Give the label to two pages of the space, which are returned, and to some elsewhere; every page has others."""
    for one in company.spaces:
        for page in all_pages(one):
            page["labels"] = rng.sample(company.labels, 2)
    wanted = rng.sample(all_pages(space), 2)
    others = [page for one in company.spaces if one is not space for page in all_pages(one)]
    for page in [*wanted, *rng.sample(others, 3)]:
        page["labels"].append(label)
    return wanted


def _write_policy(rng: random.Random, company: Enterprise, title: str, old: str, new: str) -> None:
    """A page that says what becomes of this label and of others."""
    words = company.vocabulary
    pairs = [(old, new), *((label, words.tag()) for label in rng.sample(company.labels, 3))]
    rng.shuffle(pairs)
    lines = [rng.choice(POLICY_LINES).format(old=before, new=after) for before, after in pairs]
    body = "".join(f"<p>{line}</p>" for line in [words.prose(), *lines])
    rng.choice(company.spaces)["pages"].append({"title": title, "body": body})


def _successor(policy: str, facts: Mapping[str, Any]) -> str:
    """The label that the policy, a page's body, gives for the old one: the other tag in its line."""
    lines = (re.findall(r"[a-z]+-[a-z]+", line) for line in policy.split("</p>"))
    (tags,) = (tags for tags in lines if facts["old"] in tags)
    (new,) = set(tags) - {facts["old"]}
    return str(new)


def _jql(facts: Mapping[str, Any]) -> str:
    kind = f' AND issuetype = "{facts["type"]}"' if "type" in facts else ""
    return f'project = "{facts["project"]}" AND labels = "{facts["old"]}"{kind}'


def _cql(facts: Mapping[str, Any]) -> str:
    return f'type = page and space.title = "{facts["space"]}" and label = "{facts["old"]}"'


SCENARIO = LabelContent()
