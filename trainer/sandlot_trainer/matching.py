"""The best one-to-one pairing of rows with columns (the Hungarian method)."""

from __future__ import annotations

from math import inf


def best_pairs(gain: list[list[float]]) -> dict[int, int]:
    """Pair each row with a column of its own so that the sum of `gain[row][column]` is greatest.

    Rows and columns may differ in number; pairs that gain nothing are left out. O(n^3).
    """
    rows, columns = len(gain), max((len(line) for line in gain), default=0)
    size = max(rows, columns)
    cost = [[-gain[r][c] if r < rows and c < columns else 0.0 for c in range(size)] for r in range(size)]
    row_price, column_price = [0.0] * (size + 1), [0.0] * (size + 1)
    row_of = [size] * (size + 1)  # the row paired with a column; `size` stands for none
    for row in range(size):
        row_of[size] = row
        column, came_from = size, [size] * (size + 1)
        slack, seen = [inf] * (size + 1), [False] * (size + 1)
        while row_of[column] != size or column == size:
            seen[column] = True
            here, delta, nearest = row_of[column], inf, size
            for candidate in range(size):
                if seen[candidate]:
                    continue
                reduced = cost[here][candidate] - row_price[here] - column_price[candidate]
                if reduced < slack[candidate]:
                    slack[candidate], came_from[candidate] = reduced, column
                if slack[candidate] < delta:
                    delta, nearest = slack[candidate], candidate
            for candidate in range(size + 1):
                if seen[candidate]:
                    row_price[row_of[candidate]] += delta
                    column_price[candidate] -= delta
                else:
                    slack[candidate] -= delta
            column = nearest
        while column != size:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    pairs = {row_of[column]: column for column in range(columns) if row_of[column] < rows}
    return {row: column for row, column in sorted(pairs.items()) if gain[row][column] > 0}
