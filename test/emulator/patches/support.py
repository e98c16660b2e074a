"""Small things that several patches need."""

import json

from ministack.services import iam


def as_list(value) -> list:
    """A policy writes one thing as itself and several as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def json_object(body: bytes | None) -> dict:
    """The body of a request in JSON; an empty object for any other."""
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def role_by_arn(arn: str) -> dict | None:
    """The stored role of an ARN with the account and the path in it."""
    parts = str(arn).split(":", 5)
    if len(parts) < 6 or not parts[5].startswith("role/"):
        return None
    role = iam._roles.get_scoped(parts[4], None, arn.rsplit("/", 1)[-1])
    return role if role is not None and role["Arn"] == arn else None
