"""Prints the control API's OpenAPI document as YAML: `openapi/control.yaml` is what this printed last."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import yaml

from sandlot_server.app import Config, create_app


def control_document() -> str:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Config(Path(folder), quiet=True))
        text: str = yaml.safe_dump(app.control.openapi(), sort_keys=False, allow_unicode=True, width=120)
        app.plane.engine.dispose()
    return text


if __name__ == "__main__":
    sys.stdout.write(control_document())
