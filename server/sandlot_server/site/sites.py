"""The sites: made from seeds, loaded when they are called, put away when they are idle."""

from __future__ import annotations

import secrets
import uuid
from collections import OrderedDict
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from sandlot_server.site.blobs import Blobs
from sandlot_server.site.layers import Layer
from sandlot_server.site.seed import Seed
from sandlot_server.trace.tables import (
    ExchangeRecord,
    LayerRecord,
    RowRecord,
    SeedRecord,
    SiteRecord,
    SnapshotRecord,
    exchange_id,
    seq_of,
)
from sandlot_server.trace.writer import Statement, insert

CLOUD_NAMESPACE = uuid.UUID("5c5e6f36-6c8f-4e0e-9c35-0d2f4a1be8d3")
# The site that is there from the first start on.
DEFAULT_SITE = "default"
# One call takes one second of a site's own time.
TICK_MS = 1000
# The snapshots of a site that is no more.
_DROP_SNAPSHOTS = "DELETE FROM snapshot WHERE site = ?"
# The bytes of every generation of a site, but for what a site or a snapshot still stands on.
_DROP_BLOBS = """
WITH RECURSIVE
  gone(number) AS (
    SELECT layer FROM site WHERE site = ?
    UNION SELECT layer.base FROM layer JOIN gone ON layer.number = gone.number
  ),
  held(number) AS (
    SELECT layer FROM site WHERE current
    UNION SELECT layer FROM snapshot
    UNION SELECT layer.base FROM layer JOIN held ON layer.number = held.number
  )
DELETE FROM blob WHERE layer IN (SELECT number FROM gone) AND layer NOT IN (SELECT number FROM held)
"""


class UnknownSite(Exception):
    """No site, seed or snapshot of that name; the message says which."""


class Site:
    """A site in memory: its newest layer, and how many exchanges it has had in this generation.

    What every call reads is copied out of the record: attributes of a mapped class cost a call each.
    """

    __slots__ = (
        "blobs",
        "clock",
        "cloud_id",
        "in_flight",
        "layer",
        "layer_number",
        "name",
        "number",
        "record",
        "seed",
        "seq",
    )

    def __init__(self, record: SiteRecord, seed: Seed, layer: Layer, seq: int, blobs: Blobs) -> None:
        self.record = record
        self.blobs = blobs
        self.name = record.site
        self.number = record.number
        self.clock = record.clock
        self.layer_number = record.layer
        self.layer = layer
        self.seed = seed
        self.seq = seq
        self.in_flight = 0
        self.cloud_id = cloud_id_of(record.site)

    def now(self) -> int:
        """The site's clock at the exchange under way, in epoch milliseconds."""
        return self.clock + (self.seq + 1) * TICK_MS

    def last_time(self) -> int:
        """The site's clock at the last exchange, in epoch milliseconds."""
        return self.clock + self.seq * TICK_MS


def cloud_id_of(site: str) -> str:
    return str(uuid.uuid5(CLOUD_NAMESPACE, site))


class Sites:
    """Every site's record, and the loaded ones. Changes come back as statements for the trace writer.

    `loaded_limit` bounds the sites held in memory; the least recently called leave first and are read back
    from the trace when they are called again.
    """

    def __init__(self, engine: Engine, loaded_limit: int = 4096) -> None:
        self._engine = engine
        self._blobs = Blobs(engine)
        self._loaded_limit = loaded_limit
        self._loaded: OrderedDict[str, Site] = OrderedDict()
        self._seeds: OrderedDict[str, Seed] = OrderedDict()
        self._layers: OrderedDict[int, Layer] = OrderedDict()
        with Session(engine) as session:
            current = session.exec(select(SiteRecord).where(col(SiteRecord.current).is_(True))).all()
            for record in current:
                session.expunge(record)
            self._next_number = (session.exec(select(func.max(SiteRecord.number))).one() or 0) + 1
            self._next_layer = (session.exec(select(func.max(LayerRecord.number))).one() or 0) + 1
        self._records: dict[str, SiteRecord] = {record.site: record for record in current}
        self._of_token = {record.token: record.site for record in current}
        self._of_cloud = {cloud_id_of(record.site): record.site for record in current}

    def names(self) -> list[str]:
        return list(self._records)

    def by_token(self, token: str) -> str | None:
        return self._of_token.get(token)

    def by_cloud(self, cloud_id: str) -> str | None:
        return self._of_cloud.get(cloud_id)

    def record(self, site: str) -> SiteRecord:
        if site not in self._records:
            raise UnknownSite(f"there is no site {site!r}")
        return self._records[site]

    def __contains__(self, site: str) -> bool:
        return site in self._records

    def load(self, name: str) -> Site:
        """The site, read back from the trace where it is not in memory."""
        site = self._loaded.get(name)
        if site is not None:
            self._loaded.move_to_end(name)
            return site
        record = self.record(name)
        with Session(self._engine) as session:
            of_site = col(ExchangeRecord.id).between(
                exchange_id(record.number, 0), exchange_id(record.number + 1, 0) - 1
            )
            last = session.exec(select(func.max(ExchangeRecord.id)).where(of_site)).one()
        site = Site(record, self.seed(record.seed), self._read_layer(record.layer), seq_of(last or 0), self._blobs)
        self._loaded[name] = site
        self._put_idle_away()
        return site

    def forget(self, names: set[str]) -> None:
        """Drop what memory holds of these sites: the next call reads them back as the trace has them."""
        for name in names:
            self._loaded.pop(name, None)

    def seed(self, sha256: str) -> Seed:
        if sha256 in self._seeds:
            self._seeds.move_to_end(sha256)
            return self._seeds[sha256]
        with Session(self._engine) as session:
            record = session.get(SeedRecord, sha256)
        if record is None:
            raise UnknownSite(f"there is no seed {sha256}: upload it with PUT /seeds/{sha256} first")
        seed = Seed(record.content)
        self.keep_seed(seed)
        return seed

    def keep_seed(self, seed: Seed) -> None:
        self._seeds[seed.sha256] = seed
        if len(self._seeds) > 256:
            self._seeds.popitem(last=False)

    def create(self, name: str, seed: Seed, *, token: str | None = None) -> list[Statement]:
        """A new site at its seed's state."""
        layer = self._new_layer(0, seed.sha256)
        record = self._new_record(name, 1, layer.number, seed.sha256, token or secrets.token_hex(16), seed.clock)
        self._enter(record, seed, Layer(seed.layer))
        return [insert(layer), insert(record)]

    def reset(self, name: str) -> list[Statement]:
        """A new generation at the seed's state; the old one's trace stays."""
        old = self.record(name)
        seed = self.seed(old.seed)
        layer = self._new_layer(0, seed.sha256)
        record = self._new_record(name, old.generation + 1, layer.number, seed.sha256, old.token, seed.clock)
        old.current = False
        statements = [insert(old), insert(layer), insert(record), (_DROP_BLOBS, (name,))]
        self._enter(record, seed, Layer(seed.layer))
        return statements

    def delete(self, name: str) -> list[Statement]:
        """The site answers no more, and its files are gone; its trace stays readable by nobody but the database."""
        record = self.record(name)
        record.current = False
        self._records.pop(name)
        self._of_token.pop(record.token, None)
        self._of_cloud.pop(cloud_id_of(name), None)
        self._loaded.pop(name, None)
        return [insert(record), (_DROP_SNAPSHOTS, (name,)), (_DROP_BLOBS, (name,))]

    def snapshot(self, name: str) -> tuple[SnapshotRecord, list[Statement]]:
        """Freeze the site's rows; the site goes on in a new layer above them."""
        site = self.load(name)
        frozen = site.record.layer
        self._layers[frozen] = site.layer
        above = self._new_layer(frozen, site.record.seed)
        site.record.layer = site.layer_number = above.number
        site.layer = Layer(site.layer)
        snapshot = SnapshotRecord(
            id=secrets.token_hex(8), site=name, layer=frozen, seed=site.record.seed, clock=site.last_time()
        )
        return snapshot, [insert(above), insert(site.record), insert(snapshot)]

    def fork(self, name: str, snapshot: SnapshotRecord) -> list[Statement]:
        """A new site that starts from a snapshot, with an empty trace."""
        layer = self._new_layer(snapshot.layer, snapshot.seed)
        record = self._new_record(name, 1, layer.number, snapshot.seed, secrets.token_hex(16), snapshot.clock)
        self._enter(record, self.seed(snapshot.seed), Layer(self._frozen_layer(snapshot.layer)))
        return [insert(layer), insert(record)]

    def _enter(self, record: SiteRecord, seed: Seed, layer: Layer) -> None:
        name = record.site
        self._records[name] = record
        self._of_token[record.token] = name
        self._of_cloud[cloud_id_of(name)] = name
        self._loaded[name] = Site(record, seed, layer, 0, self._blobs)
        self._put_idle_away()

    def _new_record(self, name: str, generation: int, layer: int, seed: str, token: str, clock: int) -> SiteRecord:
        number, self._next_number = self._next_number, self._next_number + 1
        return SiteRecord(
            number=number,
            site=name,
            generation=generation,
            layer=layer,
            seed=seed,
            token=token,
            clock=clock,
            current=True,
        )

    def _new_layer(self, base: int, seed: str) -> LayerRecord:
        number, self._next_layer = self._next_layer, self._next_layer + 1
        return LayerRecord(number=number, base=base, seed=seed)

    def _frozen_layer(self, number: int) -> Layer:
        if number not in self._layers:
            self._layers[number] = self._read_layer(number)
            if len(self._layers) > 256:
                self._layers.popitem(last=False)
        return self._layers[number]

    def _read_layer(self, number: int) -> Layer:
        with Session(self._engine) as session:
            record = session.get(LayerRecord, number)
            assert record is not None, f"layer {number} is not in the trace"
            rows = session.exec(select(RowRecord).where(RowRecord.layer == number)).all()
        base = self._frozen_layer(record.base) if record.base else self.seed(record.seed).layer
        layer = Layer(base)
        for row in rows:
            layer.load(row.row_table, row.row_id, row.content)
        return layer

    def _put_idle_away(self) -> None:
        for name in list(self._loaded):
            if len(self._loaded) <= self._loaded_limit:
                return
            if not self._loaded[name].in_flight:
                del self._loaded[name]


def describe(site: Site, base_url: str) -> dict[str, Any]:
    """A site as the control API answers it."""
    record = site.record
    return {
        "site": record.site,
        "generation": record.generation,
        "cloudId": site.cloud_id,
        "baseUrl": base_url,
        "email": site.seed.email,
        "token": record.token,
        "seed": record.seed,
        "clock": site.last_time(),
    }
