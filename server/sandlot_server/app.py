"""create_app: the only place where the server's parts are put together."""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI

from sandlot_server import agile, confluence, jira
from sandlot_server.access import Access
from sandlot_server.access_log import AccessLog
from sandlot_server.call import Handler
from sandlot_server.contract.contract import Contract, ContractError, load_contract
from sandlot_server.control import description, seeds, sites, traces
from sandlot_server.control.plane import Plane, authorized
from sandlot_server.gate import Gate
from sandlot_server.gateway import Gateway
from sandlot_server.pipeline import Pipeline
from sandlot_server.site.seed import Seed
from sandlot_server.site.sites import DEFAULT_SITE, Sites
from sandlot_server.trace.database import open_database
from sandlot_server.trace.tables import SeedRecord
from sandlot_server.trace.writer import TraceWriter, insert

TOKEN_FILE = "control-token"


@dataclass(frozen=True)
class Config:
    """`data` holds the trace and the control token; `seed` (bytes of a seed document) is the default site's."""

    data: Path
    seed: bytes | None = None
    default_token: str = "token"
    public_url: str | None = None
    host_suffix: str | None = None
    quiet: bool = False
    strict_bearer: bool = False


@dataclass(frozen=True)
class App:
    """Two ASGI applications over one state: `atlassian` for agents, `control` (whose lifespan starts both)."""

    atlassian: Gate
    control: FastAPI
    plane: Plane


def create_app(config: Config) -> App:
    contract = load_contract()
    handlers = _handlers(contract)
    engine = open_database(config.data)
    known = Sites(engine)
    content = config.seed or files("sandlot_server.site").joinpath("acme.json").read_bytes()
    default_seed = None if DEFAULT_SITE in known else Seed(content)
    writer = TraceWriter(engine, on_failure=known.forget)
    access_log = AccessLog(sys.stderr, quiet=config.quiet)
    plane = Plane(engine, known, writer, contract, control_token(config.data), config.public_url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        writer.start(asyncio.get_running_loop())
        if default_seed is not None:
            await _make_default_site(plane, config, default_seed, content)
        _calm_garbage_collection()
        try:
            yield
        finally:
            writer.stop()
            access_log.flush()
            engine.dispose()

    control = FastAPI(title="Sandlot control API", version="1", lifespan=lifespan)
    control.state.plane = plane
    for router in (seeds.router, sites.router, traces.router, description.router):
        control.include_router(router, dependencies=[authorized])
    control.include_router(description.health)
    access = Access(known, writer, config.host_suffix, config.strict_bearer)
    gateway = Gateway(contract, access, access_log.note)
    pipeline = Pipeline(contract, handlers, access, writer, access_log.note)
    return App(Gate(gateway, pipeline, config.public_url), control, plane)


def control_token(data: Path) -> str:
    """SANDLOT_CONTROL_TOKEN, or the one kept in the data folder, made (mode 600) if there is none."""
    given = os.environ.get("SANDLOT_CONTROL_TOKEN")
    if given:
        return given
    path = data / TOKEN_FILE
    data.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        token = secrets.token_hex(24)
        file.write(token + "\n")
    return token


def _handlers(contract: Contract) -> dict[str, Handler]:
    """Every served operation's handler. An operation without one, or one without an operation, is an error."""
    handlers: dict[str, Handler] = {**jira.OPERATIONS, **agile.OPERATIONS, **confluence.OPERATIONS}
    served = contract.served()
    if missing := sorted(served - set(handlers)):
        raise ContractError(f"the contract has operations without a handler: {', '.join(missing)}")
    if unknown := sorted(set(handlers) - served):
        raise ContractError(f"handlers are bound to operations that the contract does not have: {', '.join(unknown)}")
    return handlers


async def _make_default_site(plane: Plane, config: Config, seed: Seed, content: bytes) -> None:
    """The site that is there from the first start on: a believable small company, or the configured seed."""
    plane.sites.keep_seed(seed)
    statements = plane.sites.create(DEFAULT_SITE, seed, token=config.default_token)
    await plane.writer.execute(DEFAULT_SITE, [insert(SeedRecord(sha256=seed.sha256, content=content)), *statements])


def _calm_garbage_collection() -> None:
    """What is loaded at start stays: without this, full collections alone took the 99th percentile to 184 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
