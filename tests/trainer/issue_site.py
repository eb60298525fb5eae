"""A site of issues, comments, pages and labels, whose traces are written by hand."""

from __future__ import annotations

from typing import Any

from tests.trainer.traces import Recorder


class IssueSite(Recorder):
    """Issues, comments, pages and labels, written with or without the reads that a solution needs."""

    def __init__(self) -> None:
        super().__init__(
            {
                "issue": {
                    "11": self._issue("11", "OPS-1", "Pump leaks", ["wet"]),
                    "12": self._issue("12", "OPS-2", "Valve sticks", []),
                }
            }
        )

    @staticmethod
    def _issue(id: str, key: str, summary: str, labels: list[str], **more: Any) -> dict[str, Any]:
        columns = {
            "project": "1",
            "issuetype": "5",
            "status": "1",
            "priority": "3",
            "assignee": "u1",
            "updated": 0,
        }
        return {
            "id": id,
            "key": key,
            "summary": summary,
            "labels": labels,
            "description": None,
            **columns,
            **more,
        }

    def read(self, key: str = "OPS-1") -> None:
        row = next(row for row in self.rows["issue"].values() if row["key"] == key)
        fields = {
            "summary": row["summary"],
            "labels": row["labels"],
            "assignee": {"accountId": row["assignee"]},
        }
        self.call(
            "jira/getIssue",
            "GET",
            f"/rest/api/3/issue/{key}",
            response={"id": row["id"], "key": key, "fields": fields},
        )

    def read_transitions(self, key: str = "OPS-1") -> None:
        found = [{"id": "21", "name": "Start"}, {"id": "31", "name": "Finish"}]
        path = f"/rest/api/3/issue/{key}/transitions"
        self.call("jira/getTransitions", "GET", path, response={"transitions": found})

    def _edited(self, key: str, **columns: Any) -> list[dict[str, Any]]:
        row = next(row for row in self.rows["issue"].values() if row["key"] == key)
        self.next_id += 1
        log = {"table": "changelog", "id": str(self.next_id), "before": None, "after": {"issue": row["id"]}}
        return [self.put("issue", row["id"], {**row, **columns, "updated": self.next_id}), log]

    def transition(self, id: str = "31", status: str = "3", key: str = "OPS-1") -> None:
        path = f"/rest/api/3/issue/{key}/transitions"
        changes = self._edited(key, status=status)
        request = {"transition": {"id": id}}
        self.call("jira/doTransition", "POST", path, request=request, status=204, changes=changes)

    def edit(self, key: str = "OPS-1", refuse: bool = False, **fields: Any) -> None:
        place = ("jira/editIssue", "PUT", f"/rest/api/3/issue/{key}")
        if refuse:
            self.call(*place, request={"fields": fields}, status=404, response={"errorMessages": ["no"]})
        else:
            self.call(*place, request={"fields": fields}, status=204, changes=self._edited(key, **fields))

    def assign(self, key: str, account: str) -> None:
        path = f"/rest/api/3/issue/{key}/assignee"
        request = {"accountId": account}
        self.call("jira/assignIssue", "PUT", path, request=request, changes=self._edited(key, assignee=account))

    def create(self, summary: str, description: str | None = None, **more: Any) -> tuple[str, str]:
        id = self.new_id()
        key = f"OPS-{id}"
        row = self._issue(id, key, summary, [], description=description, **more)
        fields = {
            "project": {"key": "OPS"},
            "issuetype": {"name": "Bug"},
            "summary": summary,
            "description": description,
        }
        fields |= {name: {"id": value} for name, value in more.items()}
        change = self.put("issue", id, row)
        request = {"fields": fields}
        self.call(
            "jira/createIssue",
            "POST",
            "/rest/api/3/issue",
            request=request,
            status=201,
            response={"id": id, "key": key},
            changes=[change],
        )
        return id, key

    def refuse_last(self) -> None:
        """As if the last call, which made a row, had been refused."""
        (change,) = self.exchanges[-1]["changes"]
        del self.rows[change["table"]][change["after"]["id"]]
        self.exchanges[-1] |= {"status": 400, "response": {"errorMessages": ["no"]}, "changes": []}

    def comment(self, key: str, issue: str, text: str) -> None:
        id = self.new_id()
        body = {
            "type": "doc",
            "version": 1,
            "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}],
        }
        change = self.put("comment", id, {"id": id, "issue": issue, "body": body, "author": "u0"})
        self.call(
            "jira/addComment",
            "POST",
            f"/rest/api/3/issue/{key}/comment",
            request={"body": body},
            status=201,
            response={"id": id},
            changes=[change],
        )

    def remove(self, key: str = "OPS-1") -> None:
        row = next(row for row in self.rows["issue"].values() if row["key"] == key)
        change = self.put("issue", row["id"], None)
        self.call("jira/deleteIssue", "DELETE", f"/rest/api/3/issue/{key}", status=204, changes=[change])
