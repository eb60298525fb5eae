"""API tokens of a site's users. The seed's caller has the site's own; every other user's follows from it."""

from __future__ import annotations

import hashlib
import hmac

from sandlot_server.site.layers import Row
from sandlot_server.site.sites import Site


def token_of(site: Site, account_id: str) -> str:
    """A user's API token: it names the site and, without the site's own token, cannot be made."""
    if account_id == site.seed.account_id:
        return site.record.token
    key, message = site.record.token.encode(), f"{site.name}/{account_id}".encode()
    return f"{site.name}.{hmac.new(key, message, hashlib.sha256).hexdigest()[:32]}"


def site_named_by(token: str) -> str:
    """The site whose name a user's token begins with."""
    return token.rpartition(".")[0]


def owner_of(site: Site, token: str) -> Row | None:
    """The site's user whose token it is, if they may still log in."""
    if hmac.compare_digest(token.encode(), site.record.token.encode()):
        return site.layer.get("user", site.seed.account_id)
    for account_id in site.layer.ids("user"):
        if hmac.compare_digest(token.encode(), token_of(site, account_id).encode()):
            user = site.layer.get("user", account_id)
            return user if user and user["active"] else None
    return None
