from __future__ import annotations

import json
import re

import httpx
import pytest

from sandlot_trainer.scenarios import find_scenario
from tests.conftest import LiveServer
from tests.trainer.cli.conftest import Sandlot

NAME = "page-create/1/test/3"
TASK = find_scenario("page-create").task(1, "test", 3)
FACTS = TASK.facts


def test_a_task_is_opened_done_by_hand_and_scored(
    sandlot: Sandlot, elsewhere: list[str], live_server: LiveServer
) -> None:
    opened = sandlot("open", NAME, *elsewhere)
    assert opened.exit_code == 0, opened.output
    told = dict(re.split(r"  +", line, maxsplit=1) for line in opened.output.splitlines())
    assert told["instruction"] == TASK.instruction
    score = ["score", told["site"], *elsewhere]
    assert f"sandlot score {told['site']} --control {live_server.control_url}" in opened.output

    nothing = sandlot(*score)
    assert nothing.exit_code == 0, nothing.output
    assert nothing.output.startswith("reward 0.000 (0% of the goal, shaped)\n")
    with httpx.Client(base_url=told["URL"], auth=(told["e-mail"], told["API token"])) as site:
        text = site.get(f"/rest/api/2/issue/{FACTS['issue']}").json()["fields"][FACTS["fields"][0]]
        parent = site.get("/wiki/api/v2/pages", params={"title": FACTS["parent"]}).json()["results"][0]
        page = {"spaceId": parent["spaceId"], "parentId": parent["id"], "title": FACTS["title"]}
        body = {"representation": "storage", "value": f"<p>{text}</p>"}
        site.post("/wiki/api/v2/pages", json={**page, "body": body}).raise_for_status()
        assert sandlot(*score).output.startswith("reward 1.000 (success, shaped)\n")
        site.post("/wiki/api/v2/pages", json={**page, "title": "Not asked for"}).raise_for_status()
    assert "not asked for: create page" in sandlot(*score).output
    assert sandlot(*score, "--reward", "binary").output.startswith("reward 0.000")
    with httpx.Client(base_url=live_server.control_url, headers=live_server.control_headers) as control:
        assert control.get(f"/sites/{told['site']}/episode").json()["task"] == NAME


@pytest.mark.parametrize(
    "name", ["page-create", "page-create/1/dev/3", "page-create/x/test/3", "page-create/1/test/-1"]
)
def test_a_name_that_is_no_task_is_one_clear_line(sandlot: Sandlot, elsewhere: list[str], name: str) -> None:
    result = sandlot("open", name, *elsewhere)
    assert result.exit_code == 1
    assert f"{name!r} is no task: write scenario/level/" in result.output


def test_open_and_score_need_a_running_server(sandlot: Sandlot) -> None:
    for arguments in (["open", NAME], ["score", "some-site"]):
        result = sandlot(*arguments)
        assert result.exit_code == 2
        assert "needs a running server: --control" in result.output


def test_a_site_without_a_task_cannot_be_scored(sandlot: Sandlot, elsewhere: list[str]) -> None:
    result = sandlot("score", "default", *elsewhere)
    assert result.exit_code == 1
    assert "has no episode record" in result.output


def test_a_person_does_the_task_in_the_terminal(sandlot: Sandlot, elsewhere: list[str]) -> None:
    space = '"xyz"'
    reading = "\n".join(
        [
            f"getIssue issueIdOrKey={FACTS['issue']}",
            json.dumps({"name": "getPages", "arguments": {"title": FACTS["parent"]}}),
            "getPage id=1",
            f"createPage spaceId={space} title",
            "score",
            "help",
        ]
    )
    read = sandlot("play", NAME, *elsewhere, input=reading)
    assert read.exit_code == 0, read.output
    assert TASK.instruction in read.output
    issue = next(json.loads(line) for line in read.output.splitlines() if line.startswith('{"key":'))
    (parent,) = next(json.loads(line) for line in read.output.splitlines() if line.startswith('{"results":'))["results"]
    assert "There is no tool getPage. The tools are getIssue, getPages, createPage." in read.output
    assert "'title' is no argument: write name=value" in read.output
    assert read.output.count("reward 0.000 (0% of the goal, shaped)") == 2
    assert read.output.count("help shows this and the tools") == 2

    body = json.dumps({"representation": "storage", "value": f"<p>{issue[FACTS['fields'][0]]}</p>"})
    place = f"spaceId={parent['spaceId']} parentId={parent['id']}"
    solving = [*reading.splitlines()[:2], f'createPage {place} title="{FACTS["title"]}" body={body}', "done", "help"]
    solved = sandlot("play", NAME, *elsewhere, input="\n".join(solving))
    assert "reward 1.000 (success, shaped)" in solved.output
    assert solved.output.count("help shows this and the tools") == 1
