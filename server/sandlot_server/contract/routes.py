"""A trie of path templates: a literal segment wins over a parameter, as in the real services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Node(Generic[T]):
    """One segment of the templates; `methods` holds what ends here, with the names of its parameters."""

    __slots__ = ("literals", "methods", "parameter")

    def __init__(self) -> None:
        self.literals: dict[str, Node[T]] = {}
        self.parameter: Node[T] | None = None
        self.methods: dict[str, tuple[T, tuple[str, ...]]] = {}


class Routes(Generic[T]):
    def __init__(self) -> None:
        self._root: Node[T] = Node()

    def add(self, method: str, template: str, target: T) -> None:
        """Later additions of the same method and template are ignored: the served contract is added first."""
        node, names = self._root, []
        for segment in _segments(template):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                if node.parameter is None:
                    node.parameter = Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(segment, Node())
        node.methods.setdefault(method, (target, tuple(names)))

    def find(self, path: str) -> tuple[dict[str, tuple[T, tuple[str, ...]]], list[str]] | None:
        """The methods at a path and the values of its parameters, or None where no template fits.

        Doubled and trailing slashes are ignored, as measured on both products.
        """
        return next(self.all(path), None)

    def all(self, path: str) -> Iterator[tuple[dict[str, tuple[T, tuple[str, ...]]], list[str]]]:
        """What `find` finds, then what other templates of the path have: `project/search` is a `project/{key}` too."""
        return ((node.methods, values) for node, values in _descend(self._root, _segments(path), 0))


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _descend(node: Node[T], segments: list[str], at: int) -> Iterator[tuple[Node[T], list[str]]]:
    """The nodes where a path ends, each with the values of its parameters."""
    if at == len(segments):
        if node.methods:
            yield node, []
        return
    literal = node.literals.get(segments[at])
    if literal is not None:
        yield from _descend(literal, segments, at + 1)
    if node.parameter is not None:
        for found, values in _descend(node.parameter, segments, at + 1):
            yield found, [segments[at], *values]
