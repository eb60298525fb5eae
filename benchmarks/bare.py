"""The yardstick: a bare FastAPI application that answers the same issue as the server, from memory: no validation of
answers, no state, no trace. Arguments: port, file with the issue's JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

app = FastAPI()
issue: dict[str, Any] = {}


@app.get("/issue/{key}")
async def get_issue(key: str) -> dict[str, Any]:
    return issue


@app.get("/small/{key}")
async def get_small(key: str) -> dict[str, Any]:
    return {"id": "10001", "key": key}


@app.post("/issue", status_code=201)
async def create_issue(issue: dict[str, Any]) -> dict[str, Any]:
    return {"id": "10001", "key": "WEB-2", "self": "http://127.0.0.1/issue/10001"}


if __name__ == "__main__":
    issue.update(json.loads(Path(sys.argv[2]).read_text()))
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
