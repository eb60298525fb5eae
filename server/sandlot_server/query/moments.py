"""Points in time as queries name them: dates, periods before or after now, and the bounds of days, weeks and so on.

All results are epoch milliseconds; days begin where the searcher's time zone says.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandlot_server.site.state import Row

_DATE = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?")
_PERIOD = re.compile(r"([+-]?)((?:\d+[yMwdhm] ?)+)")
_PART = re.compile(r"(\d+)([yMwdhm])")
_BOUND = re.compile(r"(start|end)of(day|week|month|year)")
_UNITS = {"day": "d", "week": "w", "month": "M", "year": "y"}


class Calendar:
    """Now, and the time zone of who searches (None = an anonymous caller)."""

    def __init__(self, now_ms: int, user: Row | None) -> None:
        self.now = now_ms
        self.zone: tzinfo
        try:
            self.zone = ZoneInfo((user or {}).get("timeZone") or "Etc/UTC")
        except (ZoneInfoNotFoundError, ValueError):
            self.zone = ZoneInfo("Etc/UTC")

    def date(self, text: str) -> int | None:
        """Of "2026-03-01" or "2026/3/1 10:00"; None if the text is no such date."""
        match = _DATE.fullmatch(text.strip())
        if match is None:
            return None
        year, _, month, day, hour, minute = match.groups(default="0")
        try:
            return _ms(datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=self.zone))
        except ValueError:
            return None

    def period(self, text: str) -> int | None:
        """Of "-7d" or "4w 2d", that long before or after now; None if the text is no period."""
        try:
            moment = self._moved(text)
            return None if moment is None else _ms(moment)
        except (OverflowError, ValueError):
            return None

    def bound(self, name: str, argument: str | None) -> int | None:
        """Of startOfDay() to endOfYear("-1"), the name in any case; None if name or argument are none of these.

        An argument without a unit counts in the function's own. Weeks begin on Sunday, as in the en-US locale
        that every user of a site has.
        """
        match = _BOUND.fullmatch(name.lower())
        if match is None:
            return None
        edge, unit = match.groups()
        if argument is not None and re.fullmatch(r"[+-]?\d+", argument):
            argument += _UNITS[unit]
        try:
            moment = self._moved(argument or "0d")
            if moment is None:
                return None
            start = _start(moment, unit)
            return _ms(start) if edge == "start" else _ms(_start(_shifted(start, _UNITS[unit], 1), unit)) - 1
        except (OverflowError, ValueError):
            return None

    def day(self, moment: int) -> str:
        """The date of a moment, as ISO text."""
        return self._local(moment).date().isoformat()

    def day_of(self, moment: int) -> tuple[int, int]:
        """When the day of a moment starts, and when the next one does."""
        start = _start(self._local(moment), "day")
        return _ms(start), _ms(_shifted(start, "d", 1))

    def _local(self, moment: int) -> datetime:
        return datetime.fromtimestamp(moment / 1000, self.zone)

    def _moved(self, text: str) -> datetime | None:
        match = _PERIOD.fullmatch(text.strip())
        if match is None:
            return None
        moment = self._local(self.now)
        sign = -1 if match[1] == "-" else 1
        for count, unit in _PART.findall(match[2]):
            moment = _shifted(moment, unit, sign * int(count))
        return moment


def _ms(moment: datetime) -> int:
    if not 1000 <= moment.year <= 9000:
        raise ValueError("so far away that its days cannot be reckoned with")
    return round(moment.timestamp() * 1000)


def _shifted(moment: datetime, unit: str, count: int) -> datetime:
    if unit in "yM":
        months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
    return (
        moment
        + {
            "w": timedelta(weeks=count),
            "d": timedelta(days=count),
            "h": timedelta(hours=count),
            "m": timedelta(minutes=count),
        }[unit]
    )


def _start(moment: datetime, unit: str) -> datetime:
    start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match unit:
        case "week":
            return start - timedelta(days=(start.weekday() + 1) % 7)
        case "month":
            return start.replace(day=1)
        case "year":
            return start.replace(month=1, day=1)
    return start
