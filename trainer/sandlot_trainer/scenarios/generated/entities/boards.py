"""What Jira Software plans with: boards, their filters and sprints."""

from __future__ import annotations

from typing import Any, ClassVar

from sandlot_trainer.scenarios.base import Call
from sandlot_trainer.scenarios.generated.entities.base import Choosing, Entity, Facts, Operations, listed

_BOARDS = "jira-software/getAllBoards"


class Board(Entity):
    """A scrum board; after an issue one that shows it."""

    kind = "board"
    operations: ClassVar[Operations] = (_BOARDS,)
    type: ClassVar[str] = "scrum"

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        issue = choosing.last("issue")
        boards = [board for board in choosing.company.boards if board["type"] == self.type]
        fitting = [board for board in boards if issue is None or issue["key"].startswith(f"{board['project']}-")]
        board = choosing.rng.choice(fitting)
        facts = choosing.keep("board", {"board": board["name"], "project": board["project"]})
        return f'the board "{board["name"]}"', facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "getAllBoards", {"name": facts["board"]}, name=facts["board"]))["id"]

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return (await listed(call, "getAllBoards", {"name": facts["board"]}, projectKeyOrId=facts["project"]))["id"]


class KanbanBoard(Board):
    kind, narrows = "kanbanBoard", "board"
    type = "kanban"


class Filter(Board):
    """The filter of one of the world's boards."""

    kind = "filter"
    operations = (_BOARDS, "jira-software/getConfiguration")

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        text, facts = super().choose(choosing)
        return f"the filter of {text}", facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._of(await super().find(facts, call, found), call)

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._of(await super().find_otherwise(facts, call, found), call)

    async def _of(self, board: Any, call: Call) -> Any:
        return (await call("getConfiguration", boardId=int(board))).body["filter"]["id"]


class Sprint(Board):
    """A sprint that has not begun, named with its board; a second one is of the same board."""

    kind = "sprint"
    operations = (_BOARDS, "jira-software/getAllSprints")

    def choose(self, choosing: Choosing) -> tuple[str, Facts]:
        before = choosing.last("sprint")
        sprints = [
            {"board": board["name"], "project": board["project"], "name": sprint["name"]}
            for board in choosing.company.boards
            for sprint in board.get("sprints", ())
            if before is None or (board["name"] == before["board"] and sprint["name"] != before["name"])
        ]
        facts = choosing.keep("board", choosing.keep("sprint", choosing.rng.choice(sprints)))
        return f'the sprint "{facts["name"]}" of the board "{facts["board"]}"', facts

    async def find(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._on(await super().find(facts, call, found), facts, call)

    async def find_otherwise(self, facts: Facts, call: Call, found: Facts) -> Any:
        return await self._on(await super().find_otherwise(facts, call, found), facts, call)

    async def _on(self, board: Any, facts: Facts, call: Call) -> Any:
        return (await listed(call, "getAllSprints", {"name": facts["name"]}, boardId=int(board)))["id"]
