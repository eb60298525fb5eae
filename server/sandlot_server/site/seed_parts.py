"""The components and versions of a seed's projects, and the issues that name them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandlot_server.site import seed_defaults
from sandlot_server.site.seed_names import Names, SeedError

_OF_ISSUE = (("components", "component"), ("fixVersions", "version"), ("versions", "version"))


class Parts(Names):
    def _parts(self, project: dict[str, Any], project_id: str, where: str) -> None:
        """A project's components and versions."""
        for kind, key in (("component", "components"), ("version", "versions")):
            for at, part in enumerate(project.get(key, [])):
                path = f"{where}/{key}/{at}"
                row_id = self._new_id(kind)
                self._name(f"{kind} of {project['key']}", part["name"], row_id, f"{path}/name")
                row = {**seed_defaults.PARTS[kind], **part, "id": row_id, "project": project_id}
                if "lead" in part:
                    row["lead"] = self._named("user", part["lead"], f"{path}/lead")
                for name in ("startDate", "releaseDate"):
                    _check_day(part.get(name), f"{path}/{name}")
                self._put(kind, row)

    def _parts_of(self, issue: dict[str, Any], project_key: str, where: str) -> dict[str, list[str]]:
        """The columns of an issue that name its project's components and versions."""
        return {
            name: [self._named(f"{kind} of {project_key}", one, f"{where}/{name}") for one in issue.get(name, [])]
            for name, kind in _OF_ISSUE
        }


def _check_day(text: str | None, path: str) -> None:
    try:
        date.fromisoformat(text or "2026-01-01")
    except ValueError:
        raise SeedError(f"seed {path}: {text!r} is no date") from None
