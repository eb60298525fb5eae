"""Steps that reference solutions share: from what an instruction calls a thing to what the API calls it."""

from __future__ import annotations

from typing import Any

from sandlot_trainer.scenarios.base import Call


async def project_key(call: Call, name: str) -> str:
    """The key of the project of exactly this name. Calls searchProjects."""
    found = await call("searchProjects", query=name)
    key: str = next(project["key"] for project in found.body["results"] if project["name"] == name)
    return key


async def account_id(call: Call, name: str) -> str:
    """The account of the person of exactly this name. Calls findUsers."""
    found = await call("findUsers", query=name)
    account: str = next(user["accountId"] for user in found.body["results"] if user["displayName"] == name)
    return account


async def page_text(call: Call, title: str, **where: Any) -> str:
    """The body, in storage format, of the page of this title. Calls getPages and getPageById."""
    found = await call("getPages", title=title, **where)
    page = await call("getPageById", id=found.body["results"][0]["id"], **{"body-format": "storage"})
    text: str = page.body["body"]
    return text


async def issue_named(call: Call, summary: str, *fields: str) -> dict[str, Any]:
    """The issue of exactly this summary, with the fields asked for. Calls searchAndReconsileIssuesUsingJql."""
    jql = f'summary ~ "{summary}"'
    found = await call("searchAndReconsileIssuesUsingJql", jql=jql, fields=["summary", *fields])
    issue: dict[str, Any] = next(issue for issue in found.body["results"] if issue["summary"] == summary)
    return issue
