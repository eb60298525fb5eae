from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlmodel import Session, select

from sandlot_server.site.state import Change
from sandlot_server.trace.database import TraceError, open_database
from sandlot_server.trace.tables import ExchangeRecord, RowRecord, exchange_id, seq_of
from sandlot_server.trace.writer import Exchange, TraceUnavailable, TraceWriter


def exchange(seq: int, changes: list[Change] | None = None) -> Exchange:
    values = (
        exchange_id(1, seq),
        0,
        0.0,
        5,
        "jira/getIssue",
        3,
        "GET",
        "/x",
        "",
        200,
        None,
        None,
        None,
        None,
        None,
    )
    return Exchange(layer=1, values=values, changes=changes or [])


async def test_what_is_awaited_is_on_disk(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    writer = TraceWriter(engine, on_failure=lambda sites: None)
    writer.start(asyncio.get_running_loop())
    change = Change("issue", "7", None, b'{"id":"7"}')
    await asyncio.gather(*(writer.exchange("a", exchange(seq, [change])) for seq in range(1, 50)))
    with Session(engine) as session:
        kept = session.exec(select(ExchangeRecord)).all()
        assert [seq_of(record.id) for record in kept] == list(range(1, 50))
        assert kept[0].changes == b'[{"table":"issue","id":"7","before":null,"after":{"id":"7"}}]'
        assert [row.content for row in session.exec(select(RowRecord)).all()] == [b'{"id":"7"}']
    writer.stop()
    engine.dispose()


async def test_a_failed_commit_fails_all_that_waits_and_the_writer_goes_on(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    lost: list[set[str]] = []
    writer = TraceWriter(engine, on_failure=lost.append)
    writer.start(asyncio.get_running_loop())
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE exchange RENAME TO hidden")
    with pytest.raises(TraceUnavailable):
        await writer.exchange("a", exchange(1))
    assert lost == [{"a"}]
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO exchange")
    await writer.exchange("a", exchange(1))
    writer.stop()
    engine.dispose()


def test_a_trace_of_another_version_is_refused(tmp_path: Path) -> None:
    engine = open_database(tmp_path)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    engine.dispose()
    with pytest.raises(TraceError, match="schema version 99"):
        open_database(tmp_path)


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TraceError, match="choose another folder with --data"):
        open_database(tmp_path / "file")
