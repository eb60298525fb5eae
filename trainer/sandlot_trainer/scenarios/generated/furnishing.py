"""A company with what operations may be about, and with so much of it that guessing fails."""

from __future__ import annotations

from typing import Any

from sandlot_trainer.scenarios.company import Company, all_pages
from sandlot_trainer.scenarios.vocabulary import Vocabulary

LINK_TYPES = ("Blocks", "Cloners", "Duplicate", "Relates")
RINGS = 3
"""So many links begin at each issue, and so many end there."""
STATUSES = {
    "To Do": "new",
    "Waiting": "new",
    "In Progress": "indeterminate",
    "In Review": "indeterminate",
    "In Test": "indeterminate",
    "Blocked": "indeterminate",
    "Approved": "indeterminate",
    "Done": "done",
}
WORKFLOW = "Company Workflow"


def furnished(company: Company) -> Company:
    """The company with comments and links of its issues, labels of its pages, and a workflow of many statuses."""
    words, rng = company.vocabulary, company.rng
    for project in company.projects:
        project["workflow"] = WORKFLOW
    for issue in company.issues:
        author = rng.choice(company.users)["emailAddress"]
        issue["comments"] = [{"author": author, "body": words.sentence()} for _ in range(3)]
        issue["labels"] = [words.label()]
        issue["remoteLinks"] = [_remote_link(words) for _ in range(3)]
    ring = rng.sample(company.issues, len(company.issues))
    for place, issue in enumerate(ring):
        others = [ring[(place + step) % len(ring)]["key"] for step in range(1, RINGS + 1)]
        issue["links"] = [{"type": rng.choice(LINK_TYPES), "outwardIssue": other} for other in others]
    shared = [words.label() for _ in range(5)]
    for space in company.spaces:
        for page in all_pages(space):
            page["labels"] = rng.sample(shared, 3)
    return company


def seed_of(company: Company) -> dict[str, Any]:
    """The furnished company as a seed. Each status can be reached from every other one, in an order of the task's."""
    statuses = [{"name": name, "category": category} for name, category in STATUSES.items()]
    transitions = [
        {"name": name, "from": "*", "to": name} for name in company.rng.sample(list(STATUSES), len(STATUSES))
    ]
    workflow = {"name": WORKFLOW, "statuses": statuses, "transitions": transitions}
    return {**company.seed(), "workflows": [workflow]}


def _remote_link(words: Vocabulary) -> dict[str, str]:
    return {"url": f"https://{words.tag()}.example.com", "title": words.title(), "globalId": words.tag()}
