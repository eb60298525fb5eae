from __future__ import annotations

from datetime import datetime

import pytest

from sandlot_server.query.moments import Calendar


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


NOW = ms("2026-03-02T09:30:00+00:00")  # a Monday
UTC = Calendar(NOW, None)
BERLIN = Calendar(NOW, {"timeZone": "Europe/Berlin"})


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", "2026-01-31T00:00+00:00"),
        ("2026/1/5 7:05", "2026-01-05T07:05+00:00"),
        ("2026-01-31 10:00", "2026-01-31T10:00+00:00"),
    ],
)
def test_dates(text: str, moment: str) -> None:
    assert UTC.date(text) == ms(moment)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-01/05", "31.1.2026", "today", "", "0000-01-01", "9999-12-31"])
def test_what_is_no_date(text: str) -> None:
    assert UTC.date(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("-7d", "2026-02-23T09:30+00:00"),
        ("7d", "2026-03-09T09:30+00:00"),
        ("-1w 2d", "2026-02-21T09:30+00:00"),
        ("+90m", "2026-03-02T11:00+00:00"),
        ("-1M", "2026-02-02T09:30+00:00"),
    ],
)
def test_periods(text: str, moment: str) -> None:
    assert UTC.period(text) == ms(moment)


@pytest.mark.parametrize("text", ["7", "d", "-7 d", "7s", "-99999999999d", "9999y"])
def test_what_is_no_period(text: str) -> None:
    assert UTC.period(text) is None


@pytest.mark.parametrize(
    ("name", "argument", "moment"),
    [
        ("startOfDay", None, "2026-03-02T00:00+00:00"),
        ("STARTOFDAY", "-1", "2026-03-01T00:00+00:00"),
        ("endOfDay", "+1d", "2026-03-03T23:59:59.999+00:00"),
        ("startOfWeek", None, "2026-03-01T00:00+00:00"),
        ("endOfWeek", "-1", "2026-02-28T23:59:59.999+00:00"),
        ("startOfMonth", "-1", "2026-02-01T00:00+00:00"),
        ("endOfMonth", "-1M", "2026-02-28T23:59:59.999+00:00"),
        ("startOfYear", "1", "2027-01-01T00:00+00:00"),
        ("endOfYear", None, "2026-12-31T23:59:59.999+00:00"),
    ],
)
def test_bounds(name: str, argument: str | None, moment: str) -> None:
    assert UTC.bound(name, argument) == ms(moment)


def test_what_is_no_bound() -> None:
    assert UTC.bound("startOfHour", None) is None
    assert UTC.bound("startOfDay", "soon") is None
    assert UTC.bound("endOfYear", "99999y") is None


def test_days_begin_where_the_searcher_is() -> None:
    assert BERLIN.bound("startOfDay", None) == ms("2026-03-01T23:00+00:00")
    assert BERLIN.date("2026-07-01") == ms("2026-06-30T22:00+00:00")
    assert BERLIN.day(ms("2026-03-01T23:30+00:00")) == "2026-03-02"
    assert BERLIN.day_of(ms("2026-03-29T12:00+00:00")) == (ms("2026-03-28T23:00+00:00"), ms("2026-03-29T22:00+00:00"))


def test_an_unknown_zone_is_utc() -> None:
    assert Calendar(NOW, {"timeZone": "Moon/Base"}).bound("startOfDay", None) == UTC.bound("startOfDay", None)
