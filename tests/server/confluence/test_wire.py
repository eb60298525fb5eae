from __future__ import annotations

import pytest

from sandlot_server.confluence.wire import iso, tiny_link


def test_times_have_milliseconds() -> None:
    assert iso(1772442000000) == "2026-03-02T09:00:00.000Z"
    assert iso(1772442001042) == "2026-03-02T09:00:01.042Z"


@pytest.mark.parametrize(("page_id", "link"), [("2097154", "/x/AgAg"), ("10000", "/x/ECc"), ("65535", "/x/--8")])
def test_the_short_link_is_the_id_in_base64(page_id: str, link: str) -> None:
    assert tiny_link(page_id) == link
