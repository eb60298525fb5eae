"""Reads `openapi/` into one OpenAPI document for each of Atlassian's own.

The files of a product's folder share one set of components, and those of the agile API have Jira's. A path says
which document its operations belong to. The documents are parsed once and kept, by the hash of the files, in the
user's cache folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import orjson
import yaml

Document = dict[str, Any]

# The folders, each with the one that its components stand with.
PRODUCTS = {"jira": "jira", "agile": "jira", "confluence": "confluence"}
# The order matters: the first prefix that a path starts with decides.
DOCUMENT_OF_PREFIX = (
    ("/rest/api/3/", "jira"),
    ("/rest/agile/1.0/", "jira-software"),
    ("/rest/software/1.0/", "jira-software"),
    ("/rest/greenhopper/1.0/", "jira-software"),
    ("/wiki/api/v2/", "confluence"),
    ("/wiki/", "confluence-v1"),
)
RICH_TEXT = "RichText"


class ContractError(Exception):
    """The contract cannot be loaded; the message names the file and the place in it."""


def contract_folder() -> Path:
    """`openapi/` as it lies in an installed wheel, or else in the repository."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "openapi"
    return installed if installed.is_dir() else package.parent.parent / "openapi"


def document_of(path: str) -> str:
    for prefix, name in DOCUMENT_OF_PREFIX:
        if path.startswith(prefix):
            return name
    raise ContractError(f"{path}: no document of Atlassian's has paths of this form")


def load_documents(folder: Path) -> dict[str, Document]:
    """The served documents by name: `jira`, `jira-software`, `confluence`, `confluence-v1`."""
    files = sorted(path for product in PRODUCTS for path in (folder / product).glob("*.yaml"))
    if not files:
        raise ContractError(f"{folder}: no contract files (expected {', '.join(PRODUCTS)} with *.yaml)")
    contents = [path.read_bytes() for path in files]
    key = hashlib.sha256(Path(__file__).read_bytes() + b"\0".join(contents)).hexdigest()
    cached = _cache_folder() / f"contract-{key[:32]}.json"
    try:
        parsed: dict[str, Document] = orjson.loads(cached.read_bytes())
        return parsed
    except (OSError, orjson.JSONDecodeError):
        documents = _merged(folder, files, contents)
        _keep(cached, orjson.dumps(documents))
        return documents


def _merged(folder: Path, files: list[Path], contents: list[bytes]) -> dict[str, Document]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    components: dict[str, dict[str, dict[str, Any]]] = {product: {} for product in PRODUCTS.values()}
    documents: dict[str, Document] = {}
    for path, content in zip(files, contents, strict=True):
        name = path.relative_to(folder).as_posix()
        try:
            parsed = yaml.load(content, loader) or {}
        except yaml.YAMLError as error:
            raise ContractError(f"openapi/{name}: not YAML: {error}") from error
        shared = components[PRODUCTS[path.parent.name]]
        for kind, entries in (parsed.get("components") or {}).items():
            for key, value in entries.items():
                if key in shared.setdefault(kind, {}):
                    raise ContractError(f"openapi/{name}: components.{kind}.{key} stands in another file too")
                shared[kind][key] = value
        for url, item in (parsed.get("paths") or {}).items():
            document = documents.setdefault(
                document_of(url),
                {
                    "openapi": "3.0.3",
                    "info": {"title": document_of(url), "version": "1"},
                    "paths": {},
                    "components": shared,
                },
            )
            if url in document["paths"]:
                raise ContractError(f"openapi/{name}: {url} stands in another file too")
            document["paths"][url] = item
    return documents


def jira_v2(jira: Document) -> Document:
    """The v2 document of Jira's API: the paths of v3, with wiki markup where v3 has an ADF document."""
    schemas = {**jira["components"]["schemas"], RICH_TEXT: {"type": "string", "nullable": True}}
    return {
        **jira,
        "paths": {path.replace("/rest/api/3/", "/rest/api/2/", 1): item for path, item in jira["paths"].items()},
        "components": {**jira["components"], "schemas": schemas},
    }


def _cache_folder() -> Path:
    return Path(os.environ.get("SANDLOT_CACHE") or Path.home() / ".cache" / "sandlot")


def _keep(cached: Path, content: bytes) -> None:
    """Best effort: a read-only home only means that the next start parses the YAML again."""
    try:
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cached.parent, delete=False) as file:
            file.write(content)
        os.replace(file.name, cached)
    except OSError:
        return
