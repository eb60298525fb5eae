"""Traces written by hand: a small recorder that answers as the server does, for tests of the reward without one."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

TABLES: dict[str, Any] = {
    "page": {
        "derived": False,
        "columns": {
            "space": "ref:space",
            "parent": "ref:page",
            "title": "text",
            "status": "value",
            "subtype": "value",
            "body": "document",
            "versionNumber": "derived",
        },
    },
    "issue": {
        "derived": False,
        "columns": {
            "key": "derived",
            "project": "ref:project",
            "issuetype": "ref:issue_type",
            "status": "ref:status",
            "priority": "ref:priority",
            "summary": "text",
            "description": "document",
            "labels": "set",
            "assignee": "ref:user",
            "parent": "ref:issue",
            "updated": "derived",
        },
    },
    "comment": {"derived": False, "columns": {"issue": "ref:issue", "body": "document", "author": "derived"}},
    "label": {"derived": False, "columns": {"content": "ref:page", "prefix": "value", "name": "value"}},
    "changelog": {"derived": True, "columns": {}},
}


@dataclass(frozen=True)
class NamedTask:
    """What the compiler needs of a task."""

    name: str
    instruction: str


class Recorder:
    """Writes exchanges down. `rows` is the state, table by table."""

    def __init__(self, rows: dict[str, dict[str, dict[str, Any]]] | None = None) -> None:
        self.rows = deepcopy(rows or {})
        self.exchanges: list[dict[str, Any]] = []
        self.next_id = 900

    @property
    def trace(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "site": "s",
            "generation": 1,
            "exchanges": json.loads(json.dumps(self.exchanges)),
        }

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        query: str = "",
        request: Any = None,
        status: int = 200,
        response: Any = None,
        changes: list[dict[str, Any]] | None = None,
    ) -> Any:
        self.exchanges.append(
            {
                "seq": len(self.exchanges) + 1,
                "operation": operation,
                "method": method,
                "path": path,
                "query": query,
                "request": request,
                "status": status,
                "response": response,
                "changes": changes or [],
            }
        )
        return response

    def put(self, table: str, id: str, row: dict[str, Any] | None) -> dict[str, Any]:
        """A change to one row, made and described."""
        before = self.rows.setdefault(table, {}).get(id)
        if row is None:
            del self.rows[table][id]
        else:
            self.rows[table][id] = row
        return {"table": table, "id": id, "before": before, "after": row}

    def new_id(self) -> str:
        self.next_id += 1
        return str(self.next_id)


class PageSite(Recorder):
    """A site of pages and one issue, with the operations that the tests need."""

    instruction = 'Create a page "Release Notes" under "Handbook" in space ENG with the summary of OPS-7.'
    summary = "Export button fails on mobile"

    def __init__(self) -> None:
        pages = {
            "501": self._row(space="77", parent="500", title="Handbook", body="<p>All about us</p>"),
            "502": self._row(space="77", parent="500", title="Archive", body="<p>Old</p>"),
            "601": self._row(space="78", parent="600", title="Other", body="<p>Far</p>"),
        }
        super().__init__({"page": pages})

    @staticmethod
    def _row(**columns: Any) -> dict[str, Any]:
        return {"status": "current", "subtype": None, "versionNumber": 1, **columns}

    def read_issue(self) -> None:
        body = {
            "id": "301",
            "key": "OPS-7",
            "fields": {"summary": self.summary, "priority": {"name": "High"}},
        }
        self.call("jira/getIssue", "GET", "/rest/api/3/issue/OPS-7", response=body)

    def read_parent(self) -> None:
        found = {"id": "501", "title": "Handbook", "spaceId": "77", "parentId": "500", "status": "current"}
        self.call(
            "confluence/getPages",
            "GET",
            "/wiki/api/v2/pages",
            query="title=Handbook",
            response={"results": [found]},
        )

    def read_page(self, id: str) -> None:
        row = self.rows["page"][id]
        body = {"id": id, "title": row["title"], "spaceId": row["space"], "parentId": row["parent"]}
        self.call("confluence/getPageById", "GET", f"/wiki/api/v2/pages/{id}", response=body)

    def create(
        self,
        title: str = "Release Notes",
        space: str = "77",
        parent: str = "501",
        text: str = "<p>Export button fails on mobile</p>",
        refuse: bool = False,
        **more: Any,
    ) -> str:
        """createPage; returns the new id, or "" where the call was refused."""
        body = {"representation": "storage", "value": text}
        request = {
            "spaceId": space,
            "parentId": parent,
            "status": "current",
            "title": title,
            "body": body,
            **more,
        }
        place = ("confluence/createPage", "POST", "/wiki/api/v2/pages")
        if refuse:
            self.call(*place, request=request, status=400, response={"errors": [{"title": "Refused"}]})
            return ""
        id = self.new_id()
        row = self._row(space=space, parent=parent, title=title, body=text, **more)
        change = self.put("page", id, {"id": id, **row})
        self.call(*place, request=request, response={"id": id, **request}, changes=[change])
        return id

    def create_by_v1(self) -> str:
        """The older road: the space by its key, the parent as ancestor."""
        id = self.new_id()
        row = self._row(space="77", parent="501", title="Release Notes", body=f"<p>{self.summary}</p>")
        request = {
            "type": "page",
            "title": "Release Notes",
            "space": {"key": "ENG"},
            "ancestors": [{"id": "501"}],
            "body": {"storage": {"value": row["body"], "representation": "storage"}},
        }
        change = self.put("page", id, {"id": id, **row})
        self.call(
            "confluence-v1/createContent",
            "POST",
            "/wiki/rest/api/content",
            request=request,
            response={"id": id},
            changes=[change],
        )
        return id

    def edit(self, id: str, **columns: Any) -> None:
        row = {
            **self.rows["page"][id],
            **columns,
            "versionNumber": self.rows["page"][id]["versionNumber"] + 1,
        }
        request = {"id": id, **columns}
        change = self.put("page", id, row)
        self.call(
            "confluence/updatePage",
            "PUT",
            f"/wiki/api/v2/pages/{id}",
            request=request,
            response={"id": id},
            changes=[change],
        )

    def delete(self, id: str, *, trash: bool = False) -> None:
        after = {**self.rows["page"][id], "status": "trashed"} if trash else None
        change = self.put("page", id, after)
        self.call("confluence/deletePage", "DELETE", f"/wiki/api/v2/pages/{id}", status=204, changes=[change])

    @classmethod
    def oracle(cls) -> PageSite:
        site = cls()
        site.read_issue()
        site.read_parent()
        site.create()
        return site
