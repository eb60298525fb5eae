from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from sandlot_server.app import Config, create_app
from tests.contract.fuzz_server import Fuzzed, logged_faults
from tests.contract.fuzz_site import SEED_BYTES


@pytest.fixture
async def fuzzed(tmp_path: Path) -> AsyncIterator[Fuzzed]:
    """A server for strange requests; a test ends with `fuzzed.check()`."""
    app = create_app(Config(tmp_path / "data", seed=SEED_BYTES, quiet=True))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.control.router.lifespan_context(app.control))
        fuzzed = Fuzzed(app, stack.enter_context(logged_faults()))
        await fuzzed.start()
        yield fuzzed
    # Many megabytes that nobody will look at.
    for file in (tmp_path / "data").iterdir():
        file.unlink()
