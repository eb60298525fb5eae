"""Where a site's sequences of ids start."""

from __future__ import annotations

import zlib

_SPREAD = 50_000


def first_id(salt: int, sequence: str) -> int:
    """The first number of a sequence: apart for each sequence, and different under each seed's salt.

    So the ids of a page and of a space say nothing about each other, and none can be learnt by heart.
    A sequence that counts within something ("issue-number:WEB") starts at 1.
    """
    return 1 if ":" in sequence else salt + zlib.crc32(f"{salt}/{sequence}".encode()) % _SPREAD
