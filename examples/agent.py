"""An agent for `sandlot eval issue-create --policy 'exec:python examples/agent.py'`, with the client `jira` alone.

It understands level 1 of issue-create by a few rules: enough to show how a program of your own is told what to do,
reaches its site, and is scored. Put your model where `understand` is.
"""

from __future__ import annotations

import os
import re

from jira import JIRA

NAME = re.compile(r"[A-Z]\w+ [A-Z]\w+")


def main() -> None:
    jira = JIRA(
        server=os.environ["SANDLOT_URL"],
        basic_auth=(os.environ["SANDLOT_EMAIL"], os.environ["SANDLOT_API_TOKEN"]),
    )
    issue = jira.create_issue(fields=understand(os.environ["SANDLOT_INSTRUCTION"], jira))
    print(f"Created {issue.key}.")


def understand(instruction: str, jira: JIRA) -> dict[str, object]:
    """The fields of the issue that is asked for. Its texts are quoted; the one that is a sentence describes it."""
    quoted = re.findall(r'"([^"]+)"', instruction)
    words = re.sub(r'"[^"]+"', ' " ', instruction)
    project = next(one for one in jira.projects() if re.search(rf"\b{re.escape(one.name)}\b", words))
    others = words.replace(project.name, " " * len(project.name))
    return {
        "project": {"key": project.key},
        "issuetype": {"name": next(name for name in ("Bug", "Task", "Story") if re.search(rf"\b{name}\b", others))},
        "summary": next(text for text in quoted if not text.endswith(".")),
        "description": next(text for text in quoted if text.endswith(".")),
        "assignee": {"accountId": account_id(others, jira)},
    }


def account_id(text: str, jira: JIRA) -> str:
    """Of the first user whose full name stands in the text."""
    for start in range(len(text)):
        name = NAME.match(text, start)
        for user in jira.search_users(query=name[0]) if name else ():
            if user.displayName == name[0]:
                return str(user.accountId)
    raise SystemExit(f"there is nobody's name in {text!r}")


if __name__ == "__main__":
    main()
