"""The yardstick: a bare FastAPI application, with an async endpoint that answers a small issue, no state, no trace."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI

app = FastAPI()
ISSUE: dict[str, Any] = {
    "id": "10001",
    "key": "WEB-2",
    "fields": {"summary": "Pay with a saved card", "labels": ["a"]},
}


@app.get("/issue/{key}")
async def get_issue(key: str) -> dict[str, Any]:
    return ISSUE


@app.post("/issue", status_code=201)
async def create_issue(issue: dict[str, Any]) -> dict[str, Any]:
    return {"id": "10001", "key": "WEB-2", "self": "http://127.0.0.1/issue/10001"}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
