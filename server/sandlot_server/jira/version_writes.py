"""Creating, changing and deleting versions."""

from __future__ import annotations

from datetime import date

from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import find_project
from sandlot_server.jira.part_issues import issues_with, replace
from sandlot_server.jira.permissions import require_project_admin
from sandlot_server.jira.versions import version_of, view_whole_version
from sandlot_server.jira.wire import api
from sandlot_server.site.seed_defaults import PARTS
from sandlot_server.site.state import Row

_LONGEST_NAME = 255
_DATES = ("startDate", "releaseDate")
_PLAIN = ("description", "archived", "released")


def create_version(call: Call) -> Answer:
    project = _project(call)
    require_project_admin(call, project["id"], 401)
    columns, wrong = _read(call, project["id"], None)
    if "name" not in columns:
        wrong.setdefault("name", errors.NO_VERSION_NAME)
    if wrong:
        raise errors.field_refusal(wrong)
    version = {**PARTS["version"], **columns, "id": call.state.next_id("version"), "project": project["id"]}
    call.state.put("version", version)
    return Answer(201, view_whole_version(call, version), {"location": f"{api(call)}/version/{version['id']}"})


def update_version(call: Call) -> Answer:
    """What is sent is set. With a release, the issues that are not done may go on to another version."""
    version = version_of(call, call.path["id"])
    require_project_admin(call, version["project"], 401)
    columns, wrong = _read(call, version["project"], version)
    if wrong:
        raise errors.field_refusal(wrong)
    changed = {**version, **columns}
    target = _sent(call).get("moveUnfixedIssuesTo")
    if target and changed["released"]:
        other = _other(call, target.rstrip("/").rpartition("/")[2], version)
        unfixed = [issue for issue in issues_with(call, "fixVersions", version) if issue["resolution"] is None]
        replace(call, "fixVersions", version, other, unfixed)
    call.state.put("version", changed)
    return Answer(200, view_whole_version(call, changed))


def delete_version(call: Call) -> Answer:
    """Issues that name it get the version that the query names instead, or none."""
    version = version_of(call, call.path["id"])
    require_project_admin(call, version["project"], 401)
    for column, name in (("fixVersions", "moveFixIssuesTo"), ("versions", "moveAffectedIssuesTo")):
        target = call.query.get(name)
        other = _other(call, target, version) if target else None
        replace(call, column, version, other, issues_with(call, column, version))
    call.state.delete("version", version["id"])
    return Answer(204)


def _sent(call: Call) -> Row:
    """The members of the body; a null says no more than a member that is not there."""
    return {name: value for name, value in call.body.items() if value is not None}


def _project(call: Call) -> Row:
    """The project that a new version is of, by its id or key."""
    sent = _sent(call)
    named = sent.get("projectId", sent.get("project"))
    if named in (None, ""):
        raise errors.field_refusal({"project": errors.NO_PROJECT_GIVEN})
    project = find_project(call, str(named))
    if project is None:
        raise errors.no_project(str(named))
    return project


def _other(call: Call, version_id: str, version: Row) -> str:
    """Another version of the same project, by its id."""
    other = call.state.get("version", version_id)
    if other is None or other["project"] != version["project"] or other["id"] == version["id"]:
        raise errors.refusal(400, errors.NO_VERSION.format(version_id))
    return str(other["id"])


def _read(call: Call, project_id: str, version: Row | None) -> tuple[Row, dict[str, str]]:
    """The columns that the body sets, and what is wrong with it. `version` is the one that is changed."""
    sent = _sent(call)
    others = call.state.find("version", "project", project_id)
    columns: Row = {name: sent[name] for name in _PLAIN if name in sent}
    wrong: dict[str, str] = {}
    if "name" in sent:
        columns["name"] = sent["name"].strip()
        if not columns["name"]:
            wrong["name"] = errors.NO_VERSION_NAME
        elif len(columns["name"]) > _LONGEST_NAME:
            wrong["name"] = errors.LONG_VERSION_NAME
        elif any(_is_namesake(one, columns["name"], version) for one in others):
            wrong["name"] = errors.VERSION_TAKEN
    for name in _DATES:
        if name in sent:
            columns[name] = sent[name] or None
            if not _is_day(sent[name]):
                wrong[name] = errors.BAD_DATE.format(sent[name])
    start, release = ({**(version or {}), **columns}.get(name) for name in _DATES)
    if not wrong and start and release and start > release:
        wrong["startDate"] = errors.BAD_VERSION_DATES
    return columns, wrong


def _is_namesake(other: Row, name: str, version: Row | None) -> bool:
    return bool(other["name"].lower() == name.lower()) and (version is None or other["id"] != version["id"])


def _is_day(sent: str) -> bool:
    """Whether a date is YYYY-MM-DD, or empty for none."""
    try:
        return not sent or date.fromisoformat(sent).isoformat() == sent
    except ValueError:
        return False


OPERATIONS = {
    "jira/createVersion": create_version,
    "jira/updateVersion": update_version,
    "jira/deleteVersion": delete_version,
}
