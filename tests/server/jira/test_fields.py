from __future__ import annotations

import httpx


async def test_system_and_custom_fields(jira: httpx.AsyncClient) -> None:
    fields = {field["name"]: field for field in (await jira.get("field")).json()}
    assert fields["Summary"]["schema"] == {"type": "string", "system": "summary"}
    assert fields["Labels"]["schema"] == {"type": "array", "items": "string", "system": "labels"}
    assert fields["Key"]["id"] == "issuekey"
    points = fields["Story Points"]
    number = int(points["id"].removeprefix("customfield_"))
    assert points["schema"] == {
        "type": "number",
        "custom": "com.atlassian.jira.plugin.system.customfieldtypes:float",
        "customId": number,
    }
    assert points["clauseNames"] == [f"cf[{number}]", "Story Points"]


async def test_nobody_sees_no_custom_fields(nobody: httpx.AsyncClient) -> None:
    fields = (await nobody.get("field")).json()
    assert fields
    assert not any(field["custom"] for field in fields)
