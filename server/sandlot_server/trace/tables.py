"""The tables of the trace database, and the version of their form.

`row` is the durable truth of every site; `exchange`, with the changes it made, is its history. What belongs to
one site lies together, so that it is read in one sweep however many others there are.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary
from sqlmodel import Field, SQLModel

# Raised when a table changes; a database of another version is refused, never half understood.
SCHEMA_VERSION = 1


def _blob() -> Column[bytes]:
    return Column(LargeBinary, nullable=True)


class SeedRecord(SQLModel, table=True):
    """A seed as it was uploaded, by the SHA-256 of its bytes."""

    __tablename__ = "seed"
    sha256: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LayerRecord(SQLModel, table=True):
    """A layer of rows: over another layer, or (base 0) directly over a seed."""

    __tablename__ = "layer"
    number: int = Field(primary_key=True)
    base: int
    seed: str


class SiteRecord(SQLModel, table=True):
    """One generation of a site. `number` is what the trace knows it by; a reset makes a new one."""

    __tablename__ = "site"
    number: int = Field(primary_key=True)
    site: str = Field(index=True)
    generation: int
    layer: int
    seed: str
    token: str
    clock: int
    current: bool


class SnapshotRecord(SQLModel, table=True):
    """A frozen state: the layer that a fork stands on, and the site's clock (epoch ms) at that moment."""

    __tablename__ = "snapshot"
    id: str = Field(primary_key=True)
    site: str
    layer: int
    seed: str
    clock: int


class EpisodeRecord(SQLModel, table=True):
    """What a policy's harness says of its episode on a generation of a site (JSON)."""

    __tablename__ = "episode"
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RefusedRecord(SQLModel, table=True):
    """A request that named no site, kept apart from every site's trace."""

    __tablename__ = "refused"
    id: int | None = Field(default=None, primary_key=True)
    wall: float
    method: str
    path: str
    status: int
    reason: str


class ExchangeRecord(SQLModel, table=True):
    """One request and its answer. `time` is the site's clock in epoch ms, `wall` the real one in seconds.

    `changes` is a JSON list of {"table", "id", "before", "after"}, absent where no row changed.
    """

    __tablename__ = "exchange"
    id: int = Field(sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True))
    time: int
    wall: float
    microseconds: int
    operation: str | None
    version: int
    method: str
    path: str
    query: str
    status: int
    user: str | None
    request_type: str | None
    request: bytes | None = Field(sa_column=_blob())
    response_type: str | None
    response: bytes | None = Field(sa_column=_blob())
    changes: bytes | None = Field(sa_column=_blob())


def exchange_id(number: int, seq: int) -> int:
    """An exchange's key: the number of its site's generation, then its place in that generation.

    One integer that ascends within a site, so that a site's trace lies together in the table and no second
    index has to be kept: half the cost of an insert.
    """
    return number << 32 | seq


def seq_of(exchange: int) -> int:
    return exchange & 0xFFFFFFFF


class RowRecord(SQLModel, table=True):
    """The newest content of a row in a layer; no content where the row was deleted in it."""

    __tablename__ = "row"
    __table_args__ = {"sqlite_with_rowid": False}
    layer: int = Field(primary_key=True)
    row_table: str = Field(primary_key=True)
    row_id: str = Field(primary_key=True)
    content: bytes | None = Field(sa_column=_blob())


class BlobRecord(SQLModel, table=True):
    """The bytes of a file that rows of a layer name, by their SHA-256."""

    __tablename__ = "blob"
    sha256: str = Field(primary_key=True)
    layer: int = Field(primary_key=True, index=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
