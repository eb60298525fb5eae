"""The wire of a case: a site, what cases know of it, and a connection on which requests go out as they are spelt."""

from __future__ import annotations

import base64
import http.client
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

Case = dict[str, Any]
Known = dict[str, Any]

NAME = re.compile(r"\$\{([\w-]+)\}")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Site:
    """A site of a server under its path, and what cases know of it."""

    prefix: str
    known: Known
    credentials: dict[str, str | None]


class Wire:
    """One connection to the Atlassian port, on which a request goes out exactly as a case spells it."""

    def __init__(self, url: str) -> None:
        self.netloc = urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.netloc, timeout=30)

    def close(self) -> None:
        self.connection.close()

    def send(self, site: Site, step: Case) -> Answer:
        method, _, path = step["request"].partition(" ")
        target = path if path.startswith("/ex/") else site.prefix + path
        if "query" in step:
            target += "?" + urlencode(step["query"], doseq=True)
        headers = {"Accept": "application/json", "Authorization": credential(site, step.get("as", "caller"))}
        body = b""
        if "json" in step:
            body = json.dumps(step["json"]).encode()
            headers["Content-Type"] = "application/json"
        elif "raw" in step:
            body = step["raw"] if isinstance(step["raw"], bytes) else step["raw"].encode()
        headers |= step.get("headers", {})
        self.connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            if value is not None:
                self.connection.putheader(name, value)
        if body or method in ("POST", "PUT"):
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body or None)
        response = self.connection.getresponse()
        received = {name.lower(): ", ".join(response.headers.get_all(name, ())) for name in response.headers}
        return Answer(response.status, received, response.read())


def credential(site: Site, name: Any) -> str | None:
    return basic(name["basic"]) if isinstance(name, dict) else site.credentials[name]


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def described(description: dict[str, str], users: list[dict[str, str]]) -> Site:
    email, token, cloud_id = description["email"], description["token"], description["cloudId"]
    prefix = f"/s/{description['site']}"
    base = description["baseUrl"].removesuffix(prefix) + prefix
    other = next(user for user in users if user["token"] != token)
    known = {
        "site": description["site"],
        "base": base,
        "realm": quote(base, safe=""),
        "gateway": f"/ex/jira/{cloud_id}",
        "gateway-confluence": f"/ex/confluence/{cloud_id}",
        "cloudId": cloud_id,
        "email": email,
        "token": token,
        "account": next(user["accountId"] for user in users if user["token"] == token),
        "other": other["accountId"],
    }
    credentials = {
        "caller": basic(f"{email}:{token}"),
        "other": basic(f"{other['emailAddress']}:{other['token']}"),
        "bearer": f"Bearer {token}",
        "nobody": None,
        "wrong secret": basic(f"{email}:wrong"),
        "other's token": basic(f"{email}:{other['token']}"),
    }
    return Site(prefix, known, credentials)


def filled(value: Any, known: Known) -> Any:
    """A value with every ${name} in it replaced; one that is nothing else keeps the type of what it names."""
    if isinstance(value, str):
        whole = NAME.fullmatch(value)
        return known[whole[1]] if whole else NAME.sub(lambda found: str(known[found[1]]), value)
    if isinstance(value, dict):
        return {filled(name, known): filled(one, known) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, known) for one in value]
    return value
