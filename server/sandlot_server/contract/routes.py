"""A trie of path templates: a literal segment wins over a parameter, as in the real services."""

from __future__ import annotations

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
        values: list[str] = []
        node = _descend(self._root, _segments(path), 0, values)
        return None if node is None else (node.methods, values)


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _descend(node: Node[T], segments: list[str], at: int, values: list[str]) -> Node[T] | None:
    if at == len(segments):
        return node if node.methods else None
    literal = node.literals.get(segments[at])
    if literal is not None:
        found = _descend(literal, segments, at + 1, values)
        if found is not None:
            return found
    if node.parameter is not None:
        values.append(segments[at])
        found = _descend(node.parameter, segments, at + 1, values)
        if found is not None:
            return found
        values.pop()
    return None
