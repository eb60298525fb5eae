"""The base of the failures that a user can do something about: the command shows them as one line."""

from __future__ import annotations


class SandlotError(RuntimeError):
    """Its message names the file, the operation or the setting, and what to do."""
