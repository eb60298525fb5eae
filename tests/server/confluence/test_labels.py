from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.confluence.conftest import Rows, v1_error, v2_error

CONTENT = "/wiki/rest/api/content"


def labels_of(rows: Rows, page_id: str) -> list[tuple[str, str]]:
    return [(row["prefix"], row["name"]) for row in rows.all("label") if row["content"] == page_id]


async def test_labels_of_a_page(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"/wiki/api/v2/pages/{rows.page('Restore a backup')['id']}/labels"
    answer = (await atlassian.get(url)).json()
    assert [(label["name"], label["prefix"]) for label in answer["results"]] == [
        ("runbook", "global"),
        ("database", "global"),
    ]
    assert set(answer["results"][0]) == {"id", "name", "prefix"}
    by_name = (await atlassian.get(url, params={"sort": "name", "limit": 1})).json()
    assert [label["name"] for label in by_name["results"]] == ["database"]
    assert "next" in by_name["_links"]
    assert (await atlassian.get(url, params={"prefix": "my"})).json()["results"] == []
    assert v2_error(await atlassian.get("/wiki/api/v2/pages/999/labels"))[2] == "Cannot find a page with id [999]"
    assert v2_error_code(await atlassian.post(url, json={"name": "x"})) == "METHOD_NOT_ALLOWED"


def v2_error_code(answer: httpx.Response) -> str:
    assert answer.status_code == 405
    code: str = answer.json()["errors"][0]["code"]
    return code


async def test_labels_are_added_once(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    url = f"{CONTENT}/{page['id']}/label"
    one = await atlassian.post(url, json={"prefix": "global", "name": "Choice"})
    assert one.status_code == 200
    (label,) = one.json()["results"]
    assert label == {"prefix": "global", "name": "choice", "id": label["id"], "label": "choice"}
    many = await atlassian.post(url, json=[{"name": "choice"}, {"prefix": "my", "name": "todo"}, {"name": "new"}])
    assert [label["name"] for label in many.json()["results"]] == ["choice", "todo", "new"]
    assert many.json()["size"] == 3
    assert labels_of(rows, page["id"]) == [("global", "choice"), ("my", "todo"), ("global", "new")]
    assert rows.get("page", page["id"])["versionNumber"] == 1


async def test_blanks_and_commas_part_labels(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    await atlassian.post(
        f"{CONTENT}/{page['id']}/label", json=[{"name": "Runbook Two"}, {"name": "a,b"}, {"name": "ci/cd "}]
    )
    assert [name for _, name in labels_of(rows, page["id"])] == ["runbook", "two", "a", "b", "ci/cd"]


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ({"name": "my:foo"}, "label.contains.invalid.chars"),
        ({"name": "v1.2"}, "label.contains.invalid.chars"),
        ({"name": "é" * 256}, "label.name.is.too.long"),
        ({"name": "\U0001f600" * 128}, "label.name.is.too.long"),
        ({"name": ""}, "label.name.is.empty"),
        ({"prefix": "bogus", "name": "x"}, "Could not convert label prefixes :[bogus]"),
    ],
)
async def test_labels_that_are_refused(
    atlassian: httpx.AsyncClient, rows: Rows, label: dict[str, Any], key: str
) -> None:
    page = rows.page("Decisions")
    answer = await atlassian.post(f"{CONTENT}/{page['id']}/label", json=[{"name": "good"}, label])
    assert v1_error(answer) == (400, key)
    assert labels_of(rows, page["id"]) == []


async def test_the_longest_label(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Decisions")
    answer = await atlassian.post(f"{CONTENT}/{page['id']}/label", json={"name": "é" * 255})
    assert answer.status_code == 200


async def test_labels_are_removed_both_ways(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    page = rows.page("Restore a backup")
    url = f"{CONTENT}/{page['id']}/label"
    by_query = await atlassian.delete(url, params={"name": "Runbook"})
    assert (by_query.status_code, by_query.content) == (204, b"")
    assert labels_of(rows, page["id"]) == [("global", "database")]
    assert (await atlassian.delete(f"{url}/database")).status_code == 204
    assert labels_of(rows, page["id"]) == []
    for again in (
        await atlassian.delete(f"{url}/database"),
        await atlassian.delete(url, params={"name": "database"}),
    ):
        assert v1_error(again) == (404, "No label found with name: database")
    assert (await atlassian.delete(url)).status_code == 400


async def test_of_two_labels_with_one_name_the_personal_one_goes_first(
    atlassian: httpx.AsyncClient, rows: Rows
) -> None:
    page = rows.page("Decisions")
    url = f"{CONTENT}/{page['id']}/label"
    await atlassian.post(url, json=[{"name": "twice"}, {"prefix": "my", "name": "twice"}])
    await atlassian.delete(url, params={"name": "twice"})
    assert labels_of(rows, page["id"]) == [("global", "twice")]


async def test_older_list_of_labels(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Restore a backup')['id']}/label"
    answer = (await atlassian.get(url)).json()
    assert [label["label"] for label in answer["results"]] == ["runbook", "database"]
    assert (answer["limit"], answer["size"]) == (200, 2)
    assert (await atlassian.get(url, params={"prefix": "my"})).json()["results"] == []
    bad = await atlassian.get(url, params={"prefix": "global,bogus"})
    assert v1_error(bad) == (400, "Could not convert label prefixes :[global, bogus]")
    zero = await atlassian.get(url, params={"limit": 0})
    assert zero.json() == {"statusCode": 400, "message": "java.lang.IllegalArgumentException: null"}


async def test_labels_of_an_unknown_page(atlassian: httpx.AsyncClient) -> None:
    url = f"{CONTENT}/999/label"
    answers = [
        await atlassian.get(url),
        await atlassian.get(url, params={"limit": 0}),
        await atlassian.post(url, json={"name": "x"}),
        await atlassian.delete(url, params={"name": "x"}),
    ]
    for answer in answers:
        assert v1_error(answer) == (404, "No content found with id : 999")
        assert answer.json()["data"]["errors"] == [
            {"message": {"translation": "No content found with id : 999", "args": []}}
        ]
    attachment = await atlassian.get(f"{CONTENT}/att123/label")
    assert attachment.json()["message"].endswith("NotFoundException: null")


async def test_labels_of_the_site_each_once(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = "/wiki/api/v2/labels"
    decisions = rows.page("Decisions")["id"]
    await atlassian.post(f"{CONTENT}/{decisions}/label", json=[{"name": "database"}, {"prefix": "my", "name": "todo"}])

    async def names(**params: Any) -> list[str]:
        answer = await atlassian.get(url, params=params)
        assert answer.status_code == 200, answer.text
        return [label["name"] for label in answer.json()["results"]]

    assert await names() == ["runbook", "database", "todo"]
    assert await names(sort="-name") == ["todo", "runbook", "database"]
    assert await names(prefix=["my", "team"]) == ["todo"]
    assert await names(prefix="global", limit=1) == ["runbook"]
    label_id = (await atlassian.get(url, params={"sort": "name"})).json()["results"][0]["id"]
    assert await names(**{"label-id": [label_id, "1"]}) == ["database"]
    (carried,) = (await atlassian.get(f"/wiki/api/v2/pages/{decisions}/labels?prefix=global")).json()["results"]
    assert carried["id"] == label_id
    assert (await atlassian.get(f"{CONTENT}/{decisions}/label")).json()["results"][0]["id"] == label_id
    assert v2_error(await atlassian.get(url, params={"label-id": "x"}))[0] == 400
    await atlassian.delete(f"/wiki/api/v2/pages/{decisions}")
    assert await names() == ["runbook", "database"]


async def test_pages_with_a_label(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    labels = (await atlassian.get("/wiki/api/v2/labels")).json()["results"]
    runbook = next(label["id"] for label in labels if label["name"] == "runbook")
    url = f"/wiki/api/v2/labels/{runbook}/pages"

    async def titles(**params: Any) -> list[str]:
        answer = await atlassian.get(url, params=params)
        assert answer.status_code == 200, answer.text
        return [page["title"] for page in answer.json()["results"]]

    assert await titles() == ["Runbooks", "Restore a backup"]
    assert await titles(sort="title") == ["Restore a backup", "Runbooks"]
    assert await titles(**{"space-id": rows.space("Help")["id"]}) == []
    assert await titles(**{"space-id": [rows.space("Help")["id"], rows.space()["id"]], "limit": 1}) == ["Runbooks"]
    bodies = (await atlassian.get(url, params={"body-format": "storage"})).json()["results"]
    assert bodies[1]["body"]["storage"]["value"] == "<p>Stop the writers.</p>"
    await atlassian.delete(f"/wiki/api/v2/pages/{rows.page('Runbooks')['id']}")
    assert await titles() == ["Restore a backup"]
    missing = await atlassian.get("/wiki/api/v2/labels/999/pages")
    assert v2_error(missing) == (404, "NOT_FOUND", "Cannot find a label with id [999]")


async def test_labels_of_a_space(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"/wiki/api/v2/spaces/{rows.space()['id']}"
    await atlassian.post(f"{CONTENT}/{rows.page('Decisions')['id']}/label", json={"prefix": "my", "name": "todo"})

    async def names(place: str, **params: Any) -> list[str]:
        answer = await atlassian.get(f"{url}/{place}", params=params)
        assert answer.status_code == 200, answer.text
        return [label["name"] for label in answer.json()["results"]]

    assert await names("content/labels", sort="name") == ["database", "runbook", "todo"]
    assert await names("content/labels", prefix="my") == ["todo"]
    assert await names("labels") == []
    other = await atlassian.get(f"/wiki/api/v2/spaces/{rows.space('Help')['id']}/content/labels")
    assert other.json()["results"] == []
    for place in ("labels", "content/labels"):
        assert v2_error(await atlassian.get(f"/wiki/api/v2/spaces/999/{place}"))[0] == 404
        assert v2_error(await atlassian.get(f"{url}/{place}", params={"prefix": "global"}))[0] == 400


async def test_a_label_that_nothing_carries_is_gone(atlassian: httpx.AsyncClient, rows: Rows) -> None:
    url = f"{CONTENT}/{rows.page('Decisions')['id']}/label"
    first = (await atlassian.post(url, json={"name": "fleeting"})).json()["results"][0]["id"]
    await atlassian.delete(f"{url}/fleeting")
    assert (await atlassian.get(f"/wiki/api/v2/labels/{first}/pages")).status_code == 404
    assert (await atlassian.post(url, json={"name": "fleeting"})).json()["results"][0]["id"] != first
