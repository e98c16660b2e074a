"""What a request names, for its policies: each parameter of a batch, each event, the path of a role, and condition keys
that come from the request's content."""

import re
from contextvars import ContextVar

from ministack.core import iam_actions as actions
from ministack.core import iam_evaluator as evaluator
from ministack.core.responses import get_account_id
from ministack.services import iam

from .support import json_object

_request: ContextVar[tuple[str, dict, dict] | None] = ContextVar("request", default=None)
_action_of = actions.extract_iam_action
_resource_of = actions.extract_resource_arn
_enforce = evaluator.enforce


def current_request(service: str) -> tuple[dict, dict]:
    """The JSON and the form of the request that is being authorized, both empty for another service."""
    request = _request.get()
    return request[1:] if request is not None and request[0] == service else ({}, {})


def request_id() -> int:
    """The same for everything that is asked about one request."""
    return id(_request.get())


def form_value(form: dict, name: str) -> str:
    value = form.get(name) or ""
    return value[0] if isinstance(value, list) else value


# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
_OF_BATCH = {
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}


def _extract_iam_action(*args, **named):
    """There are no permissions for batches of messages: who may send one may send many."""
    action = _action_of(*args, **named)
    return _OF_BATCH.get(action, action)


def _extract_resource_arn(service, method, path, headers, body, params, region, account):
    is_json = "json" in headers.get("content-type", "")
    _request.set((service, json_object(body) if is_json else {}, params))
    arn = _resource_of(service, method, path, headers, body, params, region, account)
    if service == "iam" and ":role/" in arn:
        name = arn.rsplit("/", 1)[-1]
        role = iam._roles.get(name)
        return role["Arn"] if role else f"arn:aws:iam::{account}:role{form_value(params, 'Path') or '/'}{name}"
    if service == "ssm":
        return _unversioned(arn)
    return arn


def _unversioned(arn: str) -> str:
    """`/path:3` and `/path:label` are the parameter `/path`."""
    return re.sub(r"(:parameter/[^:]*):.*$", r"\1", arn)


def _parameter(name: str, region: str, account: str) -> str:
    arn = name if name.startswith("arn:") else f"arn:aws:ssm:{region}:{account}:parameter/{name.lstrip('/')}"
    return _unversioned(arn)


def _bus(name: str | None, region: str, account: str) -> str:
    if name and name.startswith("arn:"):
        return name
    return f"arn:aws:events:{region}:{account}:event-bus/{name or 'default'}"


def _checks(action: str, service: str, region: str) -> list[tuple[str | None, dict]]:
    """Resources and further condition keys; None for the resource that was found already."""
    body, form = current_request(service)
    account = get_account_id()
    if action in ("ssm:GetParameters", "ssm:DeleteParameters"):
        return [(_parameter(name, region, account), {}) for name in body.get("Names", [])]
    if action == "ssm:GetParametersByPath":
        recursive = "true" if body.get("Recursive") else "false"
        return [(_parameter(body.get("Path", ""), region, account), {"ssm:Recursive": recursive})]
    if action == "events:PutEvents":
        return [
            (
                _bus(entry.get("EventBusName"), region, account),
                {"events:source": entry.get("Source"), "events:detail-type": entry.get("DetailType")},
            )
            for entry in body.get("Entries", [])
        ]
    if service == "cloudformation" and (role := form_value(form, "RoleARN")):
        return [(None, {"cloudformation:RoleArn": role})]
    if service == "iam":
        return [(None, _iam_keys(action, form))]
    return []


def _iam_keys(action: str, form: dict) -> dict:
    """The boundary is that of the request where one is given, and otherwise that of the role."""
    given = form_value(form, "PermissionsBoundary")
    role = iam._roles.get(form_value(form, "RoleName")) or {}
    boundary = given or ("" if action == "iam:CreateRole" else role.get("PermissionsBoundary"))
    keys = {"iam:PermissionsBoundary": boundary, "iam:PolicyARN": form_value(form, "PolicyArn")}
    return {name: value for name, value in keys.items() if value}


def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    for resource, keys in _checks(iam_action, service, region) or [(None, {})]:
        context = {**(service_context or {}), **keys}
        denied = _enforce(access_key_id, iam_action, service, region, resource or resource_arn, context)
        if denied:
            return denied
    return None


actions.extract_iam_action = _extract_iam_action
actions.extract_resource_arn = _extract_resource_arn
evaluator.enforce = enforce
