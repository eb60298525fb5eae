from __future__ import annotations

import json
from typing import Any

import pytest

from sandlot_server.site.seed import Seed, SeedError


def seed(**restrictions: Any) -> Seed:
    page = {"title": "Plans", "restrictions": restrictions}
    users = [{"displayName": "Ada", "emailAddress": "ada@example.com", "accountId": "ada"}]
    spaces = [{"key": "OPS", "name": "Operations", "pages": [page]}]
    return Seed(json.dumps({"sandlot": 1, "users": users, "spaces": spaces}).encode())


def test_a_seed_restricts_pages() -> None:
    layer = seed(read=["ada@example.com"], update=["ada@example.com"]).layer
    rows = [layer.get("page_restriction", row_id) or {} for row_id in layer.ids("page_restriction")]
    (page,) = {row["page"] for row in rows}
    assert (layer.get("page", page) or {})["title"] == "Plans"
    assert sorted((row["operation"], row["user"], row["group"]) for row in rows) == [
        ("read", "ada", None),
        ("update", "ada", None),
    ]


def test_a_seed_that_names_nobody_is_refused() -> None:
    with pytest.raises(SeedError, match="seed /spaces/0/pages/0/restrictions/read/0: there is no user 'bo'"):
        seed(read=["bo"])
    with pytest.raises(SeedError, match="seed /spaces/0/pages/0/restrictions: "):
        seed(delete=["ada@example.com"])
