"""Who is named to read a page or to update it: the rows, and those of a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sandlot_server.site.layers import Row


def restriction(page_id: str, operation: str, *, user: str | None = None, group: str | None = None) -> Row:
    """The row that names a person or a group, for the operation `read` or `update`."""
    kind, subject = ("group", group) if user is None else ("user", user)
    return {
        "id": f"{page_id}:{operation}:{kind}:{subject}",
        "page": page_id,
        "operation": operation,
        "user": user,
        "group": group,
    }


def seeded(
    people: Mapping[str, list[str]], page_id: str, named: Callable[[str, str, str], str], where: str
) -> Iterator[tuple[str, Row]]:
    """The rows of a seed's page with their table: it names people by e-mail, under `read` and `update`."""
    for operation, emails in people.items():
        for at, email in enumerate(emails):
            user = named("user", email, f"{where}/{operation}/{at}")
            yield "page_restriction", restriction(page_id, operation, user=user)
