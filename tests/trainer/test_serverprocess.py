"""A server of one's own: it comes up, it goes, and it says why it did not come."""

from __future__ import annotations

import sys

import pytest

from sandlot_trainer.client import Control, EnvironmentFailure
from sandlot_trainer.serverprocess import started_server


async def test_server_comes_up_and_goes() -> None:
    async with started_server() as (url, token), Control(url, token) as control:
        assert "page" in await control.tables()
    async with Control(url, token) as control:
        with pytest.raises(EnvironmentFailure, match="no connection"):
            await control.tables()


async def test_failure_to_start_is_told_with_its_last_words() -> None:
    for command, words in (
        ([sys.executable, "-c", "raise SystemExit('no luck')"], "no luck"),
        (["/nowhere"], "/nowhere"),
    ):
        with pytest.raises(EnvironmentFailure, match=words):
            async with started_server(command=command):
                pass
