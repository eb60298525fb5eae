"""A seed: the declarative content a site starts from, expanded to rows.

The document names things as people do (a project by key, a user by e-mail, a page by its place); expansion
gives them ids, in the order of the document, so that the same bytes always make the same site.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import Any

import jsonschema_rs
import orjson

from sandlot_server.documents import adf, storage
from sandlot_server.site import permissions, restrictions, seed_defaults
from sandlot_server.site.layers import Layer, Row
from sandlot_server.site.seed_boards import board_rows
from sandlot_server.site.seed_comments import PageComments, label_rows, property_rows
from sandlot_server.site.seed_files import issue_files, page_files
from sandlot_server.site.seed_names import SeedError
from sandlot_server.site.seed_parts import Parts
from sandlot_server.site.seed_schema import SEED_SCHEMA
from sandlot_server.site.seed_work import times, work_rows
from sandlot_server.site.software import SPRINT
from sandlot_server.site.state import SEQUENCES

__all__ = ["Seed", "SeedError"]

_CHECK = jsonschema_rs.Draft202012Validator(SEED_SCHEMA)
_NAMESPACE = uuid.UUID("8f6d1c0e-5b1f-4c56-9f0e-6a1d3d5f2b77")


class Seed:
    """A checked seed: its rows, its clock (epoch ms) and the user whom the site's token belongs to."""

    def __init__(self, content: bytes) -> None:
        document = _parsed(content)
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.name: str = document.get("name", "sandlot")
        self.clock = _epoch_ms(document.get("clock", seed_defaults.CLOCK))
        self.layer = Layer()
        caller = _Expansion(document, self.clock, self.layer).run()
        self.account_id: str = caller["id"]
        self.email: str = caller["emailAddress"]


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise SeedError(f"the seed is not JSON: {error}") from error
    for misfit in _CHECK.iter_errors(document):
        path = "".join(f"/{part}" for part in misfit.instance_path) or "/"
        raise SeedError(f"seed {path}: {misfit.message}")
    parsed: dict[str, Any] = document
    return parsed


def _epoch_ms(text: str) -> int:
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


class _Expansion(Parts):
    """One pass over a seed document; every `_…` method writes the rows of one of its parts."""

    def run(self) -> Row:
        users = self._users()
        self._closed_lists()
        self._fields()
        self._workflows()
        self._projects()
        self._boards()
        self._issues()
        self._links()
        self._spaces()
        self._put("sequence", {"id": SEQUENCES, "salt": self._salt, "next": self._next})
        caller = self._document.get("caller")
        if caller is None:
            return users[0]
        return next(user for user in users if user["id"] == self._named("user", caller, "/caller"))

    def _users(self) -> list[Row]:
        rows = []
        caller = self._document.get("caller", self._document["users"][0]["emailAddress"])
        for at, user in enumerate(self._document["users"]):
            email = user["emailAddress"]
            account_id = user.get("accountId") or f"{self._salt}:{uuid.uuid5(_NAMESPACE, email)}"
            row = {
                "id": account_id,
                "displayName": user["displayName"],
                "emailAddress": email,
                "active": user.get("active", True),
                "timeZone": user.get("timeZone", "Etc/UTC"),
                "accountType": "atlassian",
                "admin": user.get("admin", email == caller),
            }
            self._name("user", email, account_id, f"/users/{at}/emailAddress")
            self._put("user", row)
            rows.append(row)
        return rows

    def _closed_lists(self) -> None:
        for table, key, default in (
            ("issue_type", "issueTypes", seed_defaults.ISSUE_TYPES),
            ("priority", "priorities", seed_defaults.PRIORITIES),
            ("resolution", "resolutions", seed_defaults.RESOLUTIONS),
        ):
            for at, entry in enumerate(self._document.get(key, default)):
                row_id = self._new_id(table)
                self._name(table, entry["name"], row_id, f"/{key}/{at}/name")
                if table == "issue_type":
                    entry = {"subtask": False, "hierarchyLevel": -1 if entry.get("subtask") else 0, **entry}
                elif table == "priority":
                    entry = {"statusColor": seed_defaults.STATUS_COLOUR, "isDefault": False, **entry}
                self._put(table, {"description": "", **entry, "id": row_id})
        self._default_priority()
        for at, entry in enumerate(self._document.get("issueLinkTypes", seed_defaults.LINK_TYPES)):
            row_id = self._new_id("issue_link_type")
            self._name("issue_link_type", entry["name"], row_id, f"/issueLinkTypes/{at}/name")
            self._put("issue_link_type", {**entry, "id": row_id})

    def _default_priority(self) -> None:
        """Medium, as on every new site, or else the first."""
        names = self._names.get("priority", {})
        default = names.get(seed_defaults.PRIORITY) or next(iter(names.values()), None)
        if default is not None:
            self._put("priority", {**(self._layer.get("priority", default) or {}), "isDefault": True})

    def _workflows(self) -> None:
        declared = self._document.get("workflows", [])
        workflows = [
            *declared,
            *(one for one in (seed_defaults.WORKFLOW,) if one["name"] not in {w["name"] for w in declared}),
        ]
        for at, workflow in enumerate(workflows):
            where = f"/workflows/{at}"
            statuses = [self._status(status) for status in workflow["statuses"]]
            inside = {status["name"]: row_id for status, row_id in zip(workflow["statuses"], statuses, strict=True)}
            transitions = []
            for number, transition in enumerate(workflow["transitions"]):
                path = f"{where}/transitions/{number}"
                origins = [] if transition["from"] == "*" else transition["from"]
                for name in (*origins, transition["to"]):
                    if name not in inside:
                        raise SeedError(f"seed {path}: {name!r} is no status of the workflow {workflow['name']!r}")
                transitions.append(
                    {
                        "id": self._new_id("transition"),
                        "name": transition["name"],
                        "from": [inside[name] for name in origins],
                        "to": inside[transition["to"]],
                        "fields": {
                            name if name == "comment" else self._field_id(name, f"{path}/fields"): rule
                            for name, rule in transition.get("fields", {}).items()
                        },
                        "conditions": [
                            self._condition(condition, f"{path}/conditions/{place}")
                            for place, condition in enumerate(transition.get("conditions", []))
                        ],
                    }
                )
            row_id = self._new_id("workflow")
            self._name("workflow", workflow["name"], row_id, f"{where}/name")
            self._put(
                "workflow",
                {
                    "id": row_id,
                    "name": workflow["name"],
                    "statuses": statuses,
                    "initial": statuses[0],
                    "transitions": transitions,
                },
            )

    def _condition(self, condition: dict[str, Any], where: str) -> dict[str, Any]:
        """What must be so before a transition is offered, the field by its id."""
        if condition["kind"] != "field-set":
            if "field" in condition:
                raise SeedError(f"seed {where}/field: a condition {condition['kind']!r} has no field")
            return condition
        if "field" not in condition:
            raise SeedError(f"seed {where}: a condition 'field-set' names a field")
        return {**condition, "field": self._field_id(condition["field"], f"{where}/field")}

    def _status(self, status: dict[str, Any]) -> str:
        """Statuses of one name are one status, whichever workflows use it."""
        known = self._names.setdefault("status", {})
        if status["name"] not in known:
            known[status["name"]] = self._new_id("status")
            self._put(
                "status",
                {"id": known[status["name"]], "name": status["name"], "category": status["category"]},
            )
        return known[status["name"]]

    def _fields(self) -> None:
        for at, field in enumerate(self._document.get("fields", [])):
            row_id = f"customfield_{self._new_id('field')}"
            self._name("field", field["name"], row_id, f"/fields/{at}/name")
            options = [{"id": self._new_id("option"), "value": value} for value in field.get("options", [])]
            self._put(
                "field",
                {
                    "id": row_id,
                    "name": field["name"],
                    "type": field["type"],
                    "options": options,
                    "projects": field.get("projects", []),
                },
            )

    def _projects(self) -> None:
        standard = list(self._names["issue_type"])
        for at, project in enumerate(self._document.get("projects", [])):
            where = f"/projects/{at}"
            row_id = self._new_id("project")
            self._name("project", project["key"], row_id, f"{where}/key")
            types = {
                name: self._named("issue_type", name, f"{where}/issueTypes")
                for name in project.get("issueTypes", standard)
            }
            required = {
                self._named("issue_type", name, f"{where}/requiredFields"): [
                    self._field_id(field, f"{where}/requiredFields/{name}") for field in fields
                ]
                for name, fields in project.get("requiredFields", {}).items()
            }
            self._put(
                "project",
                {
                    "id": row_id,
                    "key": project["key"],
                    "name": project["name"],
                    "lead": self._named("user", project["lead"], f"{where}/lead"),
                    "description": project.get("description", ""),
                    "issueTypes": list(types.values()),
                    "workflow": self._named(
                        "workflow",
                        project.get("workflow", seed_defaults.WORKFLOW["name"]),
                        f"{where}/workflow",
                    ),
                    "requiredFields": required,
                    "style": "classic",
                    "projectTypeKey": "software",
                    "assigneeType": "UNASSIGNED",
                    "url": "",
                    "formerKeys": [],
                    **permissions.seeded(project, self._named, where),
                },
            )
            self._parts(project, row_id, where)
        for field in self._layer.ids("field"):
            row = self._layer.get("field", field) or {}
            projects = [self._named("project", key, "/fields") for key in row["projects"]]
            self._put("field", {**row, "projects": projects})

    def _boards(self) -> None:
        for at, board in enumerate(self._document.get("boards", [])):
            where = f"/boards/{at}"
            project = self._layer.get("project", self._named("project", board["project"], f"{where}/project")) or {}
            try:
                for table, row in board_rows(board, project, self._new_id, self._clock):
                    self._put(table, row)
                    if table == "sprint":
                        self._name("sprint", row["name"], row["id"], f"{where}/sprints")
            except ValueError as error:
                raise SeedError(f"seed {where}: {error}") from None

    def _issues(self) -> None:
        highest: dict[str, int] = {}
        for at, issue in enumerate(self._document.get("issues", [])):
            where = f"/issues/{at}"
            key: str = issue["key"]
            project_key, _, number = key.rpartition("-")
            project = self._layer.get("project", self._named("project", project_key, f"{where}/key")) or {}
            row_id = self._new_id("issue")
            self._name("issue", key, row_id, f"{where}/key")
            highest[project_key] = max(highest.get(project_key, 0), int(number))
            row = self._issue(issue, row_id, project, at, where)
            self._put("issue", row)
            self._put_all(work_rows(issue, row, self._named, self._new_id, self._clock, where))
            try:
                for file in issue_files(issue.get("attachments", []), row, self._layer, self._new_id):
                    self._put("attachment", file)
            except ValueError as error:
                raise SeedError(f"seed {where}/attachments: {error}") from None
            for number_of, comment in enumerate(issue.get("comments", [])):
                author = self._named("user", comment["author"], f"{where}/comments/{number_of}/author")
                self._put(
                    "comment",
                    {
                        "id": self._new_id("comment"),
                        "issue": row_id,
                        "author": author,
                        "updateAuthor": author,
                        "body": _document(comment["body"]),
                        "created": self._clock,
                        "updated": self._clock,
                    },
                )
        for project_key, last in highest.items():
            self._next[f"issue-number:{project_key}"] = last + 1

    def _links(self) -> None:
        """What issues are linked to, when all of them are there: other issues, and pages elsewhere."""
        made: set[tuple[str, ...]] = set()
        for at, issue in enumerate(self._document.get("issues", [])):
            here = self._named("issue", issue["key"], f"/issues/{at}/key")
            for number, link in enumerate(issue.get("links", [])):
                where = f"/issues/{at}/links/{number}"
                link_type = self._named("issue_link_type", link["type"], f"{where}/type")
                there = self._named("issue", link["outwardIssue"], f"{where}/outwardIssue")
                if there == here:
                    raise SeedError(f"seed {where}/outwardIssue: {issue['key']} cannot be linked to itself")
                if (link_type, here, there) in made:
                    raise SeedError(f"seed {where}: this link is there twice")
                made.add((link_type, here, there))
                ends = {"inwardIssue": here, "outwardIssue": there}
                self._put("issue_link", {"id": self._new_id("issue_link"), "type": link_type, **ends})
            for link in issue.get("remoteLinks", []):
                optional = {name: link.get(name) for name in ("summary", "globalId", "relationship")}
                self._put(
                    "remote_link",
                    {
                        "id": self._new_id("remote_link"),
                        "issue": here,
                        "url": link["url"],
                        "title": link["title"],
                        **optional,
                        "application": link.get("application", {}),
                        "icon": {},
                        "status": {},
                    },
                )

    def _issue(self, issue: dict[str, Any], row_id: str, project: Row, at: int, where: str) -> Row:
        workflow = self._layer.get("workflow", project["workflow"]) or {}
        status = self._named("status", issue["status"], f"{where}/status") if "status" in issue else workflow["initial"]
        if status not in workflow["statuses"]:
            raise SeedError(f"seed {where}/status: {issue['status']!r} is not in the workflow of {project['key']}")
        done = (self._layer.get("status", status) or {})["category"] == "done"
        resolution = issue.get("resolution", seed_defaults.RESOLUTION if done else None)
        # The seed's issues were made one after the other in the hours before the site's clock starts.
        created = self._clock - 3_600_000 * (len(self._document["issues"]) - at)
        reporter = (
            self._named("user", issue["reporter"], f"{where}/reporter") if "reporter" in issue else project["lead"]
        )
        custom = dict(
            self._custom(name, value, f"{where}/fields/{name}") for name, value in issue.get("fields", {}).items()
        )
        return {
            "id": row_id,
            "key": issue["key"],
            "project": project["id"],
            "issuetype": self._named("issue_type", issue["type"], f"{where}/type"),
            "status": status,
            "summary": issue["summary"],
            "description": _document(issue.get("description")),
            "environment": None,
            "priority": self._named("priority", issue.get("priority", seed_defaults.PRIORITY), f"{where}/priority"),
            "labels": issue.get("labels", []),
            "assignee": self._named("user", issue["assignee"], f"{where}/assignee") if issue.get("assignee") else None,
            "reporter": reporter,
            "creator": reporter,
            "parent": self._named("issue", issue["parent"], f"{where}/parent") if "parent" in issue else None,
            "duedate": issue.get("duedate"),
            **times(issue),
            **self._parts_of(issue, project["key"], where),
            "resolution": self._named("resolution", resolution, f"{where}/resolution") if resolution else None,
            "created": created,
            "updated": created,
            "resolutiondate": created if resolution else None,
            "statuscategorychangedate": created,
            **({SPRINT: [self._named("sprint", issue["sprint"], f"{where}/sprint")]} if "sprint" in issue else {}),
            **custom,
        }

    def _custom(self, name: str, value: Any, where: str) -> tuple[str, Any]:
        """A custom field's column and its value as rows keep it: rich text as ADF, a user by account id."""
        field_id = self._named("field", name, where)
        kind = (self._layer.get("field", field_id) or {})["type"]
        if kind == "textarea":
            return field_id, _document(value)
        return field_id, self._named("user", value, where) if kind == "user" else value

    def _field_id(self, name: str, where: str) -> str:
        """The id of a field that can be set: a custom one by its name, any other is called by its id."""
        return name if name in seed_defaults.SETTABLE_FIELDS else self._named("field", name, where)

    def _spaces(self) -> None:
        author = self._layer.ids("user")[0]
        for at, space in enumerate(self._document.get("spaces", [])):
            where = f"/spaces/{at}"
            space_id = self._new_id("space")
            self._name("space", space["key"], space_id, f"{where}/key")
            home = {"title": f"{space['name']} Home", **space.get("homepage", {})}
            titles: set[str] = set()
            homepage = self._page(space_id, None, home, 0, author, titles, f"{where}/homepage")
            self._pages(space_id, homepage, space.get("pages", []), author, titles, f"{where}/pages")
            self._put(
                "space",
                {
                    "id": space_id,
                    "key": space["key"],
                    "alias": space["key"],
                    "name": space["name"],
                    "type": space.get("type", "global"),
                    "status": "current",
                    "description": space.get("description", ""),
                    "homepage": homepage,
                    "author": author,
                    "createdAt": self._clock,
                    **permissions.seeded(space, self._named, where),
                },
            )
            self._properties(space, {"space": space_id}, author)

    def _properties(self, described: dict[str, Any], owner: Row, author: str) -> None:
        properties = described.get("properties", {})
        self._put_all(property_rows(properties, owner, author, self._new_id, self._clock))

    def _pages(
        self, space: str, parent: str, pages: list[dict[str, Any]], author: str, titles: set[str], where: str
    ) -> None:
        """Writes a level of the page tree and what is under it, parents first."""
        for at, page in enumerate(pages):
            page_id = self._page(space, parent, page, at, author, titles, f"{where}/{at}")
            self._pages(space, page_id, page.get("children", []), author, titles, f"{where}/{at}/children")

    def _page(
        self,
        space: str,
        parent: str | None,
        page: dict[str, Any],
        at: int,
        author: str,
        titles: set[str],
        where: str,
    ) -> str:
        if page["title"].lower() in titles:
            raise SeedError(f"seed {where}/title: {page['title']!r} is there twice in the space")
        titles.add(page["title"].lower())
        page_id = self._new_id("page")
        body = page.get("body", "")
        if reason := storage.validate(body):
            raise SeedError(f"seed {where}/body: {reason}")
        comments = PageComments(page_id, body, self._named, self._new_id, self._clock)
        self._put_all(comments.rows(page.get("comments", []), f"{where}/comments"))
        body = comments.body
        self._properties(page, {"page": page_id}, author)
        self._put(
            "page",
            {
                "id": page_id,
                "space": space,
                "parent": parent,
                "title": page["title"],
                "title_key": page["title"].lower(),
                "status": page.get("status", "current"),
                "body": body,
                "subtype": None,
                "author": author,
                "owner": author,
                "position": at,
                "createdAt": self._clock,
                "versionNumber": 1,
                "versionMessage": "",
                "versionAuthor": author,
                "versionCreatedAt": self._clock,
            },
        )
        version = {"number": 1, "title": page["title"], "body": body, "message": "", "author": author}
        self._put("page_version", {"id": f"{page_id}:1", "page": page_id, **version, "createdAt": self._clock})
        self._put_all(label_rows(page.get("labels", []), page_id, self._names.setdefault("label", {}), self._new_id))
        people = page.get("restrictions", {})
        self._put_all(restrictions.seeded(people, page_id, self._named, f"{where}/restrictions"))
        files = page.get("attachments", [])
        try:
            for table, row in page_files(files, page_id, author, self._clock, self._layer, self._new_id):
                self._put(table, row)
        except ValueError as error:
            raise SeedError(f"seed {where}/attachments: {error}") from None
        return page_id


def _document(text: Any) -> Any:
    """Rich text of a seed: an ADF document as it is, plain text as paragraphs."""
    return adf.from_text(text) if isinstance(text, str) else text
