"""`iam:PassRole`, with `iam:PassedToService`, wherever a request hands a role to a service; and the role has to trust
that service."""

import json

from ministack.core import iam_evaluator as evaluator
from ministack.core.responses import get_account_id

from .condition_keys import current_request, form_value
from .support import as_list, role_by_arn

_enforce = evaluator.enforce


def _passed(action: str, service: str) -> tuple[str, str]:
    """The role that the request passes, and to whom."""
    body, form = current_request(service)
    if service == "cloudformation":
        return form_value(form, "RoleARN"), "cloudformation.amazonaws.com"
    if action in ("lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"):
        return body.get("Role", ""), "lambda.amazonaws.com"
    return "", ""


def _trusts(role_arn: str, service: str) -> bool:
    document = json.loads((role_by_arn(role_arn) or {}).get("AssumeRolePolicyDocument") or "{}")
    return any(
        statement.get("Effect") == "Allow"
        and isinstance(statement.get("Principal"), dict)
        and service in as_list(statement["Principal"].get("Service"))
        for statement in as_list(document.get("Statement"))
    )


def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    denied = _enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
    role, receiver = _passed(iam_action, service)
    if denied or not role:
        return denied
    keys = {"iam:PassedToService": receiver}
    if _enforce(access_key_id, "iam:PassRole", "iam-pass-role", region, role, keys):
        caller = getattr(evaluator.resolve_principal(access_key_id, get_account_id()), "arn", "")
        message = f"User: {caller} is not authorized to perform: iam:PassRole on resource: {role}"
        return evaluator.AuthError("AccessDenied", message)
    if not _trusts(role, receiver):
        return evaluator.AuthError("ValidationError", f"Role {role} is invalid or cannot be assumed")
    return None


evaluator.enforce = enforce
