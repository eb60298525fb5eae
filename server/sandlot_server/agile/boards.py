"""Boards: all of them, one, its settings and its projects; creating and deleting one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandlot_server.agile import errors as texts
from sandlot_server.agile.board_rows import columns_of, projects_named, projects_of
from sandlot_server.agile.estimation import estimation_field
from sandlot_server.agile.lookups import board_of
from sandlot_server.agile.views import view_board
from sandlot_server.agile.wire import agile, page
from sandlot_server.call import Answer, Call
from sandlot_server.jira import errors
from sandlot_server.jira.lookups import find_project, row
from sandlot_server.jira.projects import view_project
from sandlot_server.jira.wire import api
from sandlot_server.site.software import RANK
from sandlot_server.site.state import Row

TYPES = ("scrum", "kanban", "simple")
_MOST_NAME = 255


def get_all_boards(call: Call) -> Answer:
    """By name; `orderBy` turns the order round."""
    wanted = _wanted(call)
    boards = [board for board in call.state.all("board") if wanted(board)]
    descending = call.query.get("orderBy", "").strip().startswith("-")
    boards.sort(key=lambda board: board["name"].casefold(), reverse=descending)
    return Answer(200, page(call, boards, lambda board: view_board(call, board)))


def _wanted(call: Call) -> Callable[[Row], bool]:
    """Does a board fit every filter of the query?"""
    query = call.query
    types = [word.strip().lower() for word in query.get("type", "").split(",") if word.strip()]
    for word in types:
        if word not in TYPES:
            raise errors.refusal(400, texts.BAD_TYPE.format(word))
    name = query.get("name", "").casefold()
    project = _asked_project(call, query.get("projectKeyOrId"))
    query_id = query.get("filterId")
    placed = _placed(call)

    def fits(board: Row) -> bool:
        return (
            (not types or board["type"] in types)
            and name in board["name"].casefold()
            and (project is None or project in projects_named(call, board))
            and (query_id is None or board["filter"] == str(query_id))
            and placed(board)
        )

    return fits


def _asked_project(call: Call, id_or_key: str | None) -> Row | None:
    if not id_or_key:
        return None
    found = find_project(call, id_or_key)
    if found is None:
        raise errors.refusal(400, texts.NO_PROJECT.format(id_or_key))
    return found


def _placed(call: Call) -> Callable[[Row], bool]:
    """Does a board stand where the query says, or with `negateLocationFiltering` anywhere else?"""
    query = call.query
    account, kinds = query.get("accountIdLocation"), query.get("projectTypeLocation") or []
    elsewhere: bool = query.get("negateLocationFiltering", False)
    project = _asked_project(call, query.get("projectLocation"))
    if account is None and project is None and not kinds:
        return lambda board: True

    def fits(board: Row) -> bool:
        place = row(call, "project", board["project"]) if board["project"] else None
        return (
            (account is not None and board["user"] == account)
            or (project is not None and place == project)
            or (place is not None and place["projectTypeKey"] in kinds)
        ) != elsewhere

    return fits


def create_board(call: Call) -> Answer:
    body = call.body
    name = (body.get("name") or "").strip()
    if not name:
        raise errors.refusal(400, name=texts.NO_NAME)
    if len(name) >= _MOST_NAME:
        raise errors.refusal(400, name=texts.LONG_NAME.format(_MOST_NAME))
    if body.get("type") not in ("scrum", "kanban"):
        raise errors.refusal(400, type=texts.NO_TYPE)
    if body.get("filterId") is None:
        raise errors.refusal(400, filterId=texts.NO_FILTER_ASKED)
    query = call.state.get("filter", str(body["filterId"]))
    if query is None:
        raise errors.refusal(400, filterId=texts.NO_FILTER.format(body["filterId"]))
    place = _place(call, body.get("location") or {})
    board = {"id": call.state.next_id("board"), "name": name, "type": body["type"], **place, "filter": query["id"]}
    call.state.put("board", board)
    return Answer(201, view_board(call, board))


def _place(call: Call, location: dict[str, Any]) -> dict[str, str | None]:
    """A project, or the caller, who is the place where none is named."""
    if location.get("type") != "project":
        assert call.user is not None  # every operation of this API needs a user
        return {"project": None, "user": call.user["id"]}
    asked = location.get("projectKeyOrId")
    if not asked:
        raise errors.refusal(400, location=texts.NO_LOCATION_PROJECT)
    project = find_project(call, asked)
    if project is None:
        raise errors.refusal(400, location=texts.NO_PROJECT.format(asked))
    return {"project": project["id"], "user": None}


def get_board(call: Call) -> Answer:
    return Answer(200, view_board(call, board_of(call)))


def delete_board(call: Call) -> Answer:
    """The filter, the sprints and the issues stay."""
    call.state.delete("board", board_of(call)["id"])
    return Answer(204)


def get_board_by_filter_id(call: Call) -> Answer:
    """The boards of a filter, in short."""
    asked = call.path["filterId"]
    if call.state.get("filter", asked) is None:
        raise errors.refusal(400, texts.NO_FILTER.format(asked))
    boards = [board for board in call.state.all("board") if board["filter"] == asked]
    return Answer(200, page(call, boards, lambda board: _view_short(call, board)))


def _view_short(call: Call, board: Row) -> dict[str, Any]:
    whole = view_board(call, board)
    return {name: whole[name] for name in ("id", "self", "name")}


def get_configuration(call: Call) -> Answer:
    board = board_of(call)
    root = api(call)
    location = {"type": "user"}
    if board["project"]:
        location = {"type": "project", "projectKeyOrId": row(call, "project", board["project"])["key"]}
    columns = [
        {"name": name, "statuses": [{"id": status, "self": f"{root}/status/{status}"} for status in statuses]}
        for name, statuses in columns_of(call, board)
    ]
    shown = {
        "id": int(board["id"]),
        "name": board["name"],
        "type": board["type"],
        "self": f"{agile(call)}/board/{board['id']}/configuration",
        "location": location,
        "filter": {"id": board["filter"], "self": f"{root}/filter/{board['filter']}"},
        "columnConfig": {"columns": columns, "constraintType": "issueCount"},
        "ranking": {"rankCustomFieldId": int(RANK.removeprefix("customfield_"))},
    }
    estimated = estimation_field(call, board)
    if estimated is not None:
        field = {"fieldId": estimated["id"], "displayName": estimated["name"]}
        shown["estimation"] = {"type": "field", "field": field}
    return Answer(200, shown)


def get_projects(call: Call) -> Answer:
    projects = projects_of(call, board_of(call))
    return Answer(200, page(call, projects, lambda project: view_project(api(call), project)))


OPERATIONS = {
    "jira-software/getAllBoards": get_all_boards,
    "jira-software/createBoard": create_board,
    "jira-software/getBoard": get_board,
    "jira-software/deleteBoard": delete_board,
    "jira-software/getBoardByFilterId": get_board_by_filter_id,
    "jira-software/getConfiguration": get_configuration,
    "jira-software/getProjects": get_projects,
}
