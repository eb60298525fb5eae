from __future__ import annotations

import json
import socket
from pathlib import Path

from click.testing import CliRunner

from sandlot_server.cli import main

FREE = ["--port", "0", "--control-port", "0"]


def refusal(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["serve", *arguments])
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.output


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal("--port", str(port), "--control-port", "0", "--data", str(tmp_path))
    assert f"127.0.0.1:{port}: Address already in use; choose another with --port" in said


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "choose another folder with --data" in refusal(*FREE, "--data", str(tmp_path / "file"))


def test_a_bad_seed_is_named_with_the_path_in_it(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    user = {"displayName": "Ada", "emailAddress": "ada@example.com"}
    issue = {"key": "AB-1", "type": "Bug", "summary": "x"}
    seed.write_text(json.dumps({"sandlot": 1, "users": [user], "issues": [issue]}))
    said = refusal(*FREE, "--data", str(tmp_path / "data"), "--seed", str(seed))
    assert f"{seed}: seed /issues/0/key: there is no project 'AB'" in said
