"""A function's address takes two permissions, that for the address and that for the function behind it, both of the
caller's policies and of the function's own, also from another account; and the function is told who called.

https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
"""

from ministack.core import iam_evaluator as evaluator
from ministack.services import apigateway, lambda_svc

_enforce = evaluator.enforce
_event = lambda_svc._build_function_url_event


def _policy_of(arn: str) -> tuple[dict, str] | None:
    """The function's own policy and its account, whoever asks."""
    parts = arn.split(":", 7)
    if len(parts) < 7 or parts[5] != "function":
        return None
    function = lambda_svc._functions.get_scoped(parts[4], parts[3], parts[6])
    return (function["policy"], parts[4]) if function else None


def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    denied = _enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
    by_url = iam_action == "lambda:InvokeFunctionUrl"
    if denied or not by_url or (service_context or {}).get("lambda:FunctionUrlAuthType") != "AWS_IAM":
        return denied
    if not access_key_id:
        return None  # It is refused for having no signature.
    keys = {"lambda:InvokedViaFunctionUrl": "true"}
    return _enforce(access_key_id, "lambda:InvokeFunction", service, region, resource_arn, keys)


def _build_event(url_id, account_id, region, method, path, headers, body, query_params, **more):
    event = _event(url_id, account_id, region, method, path, headers, body, query_params, **more)
    caller = None if more.get("anonymous") else apigateway._iam_caller_identity_v2(headers, query_params)
    if caller:
        event["requestContext"]["authorizer"] = {"iam": caller}
    return event


lambda_svc.function_policy_for_arn = _policy_of
lambda_svc._build_function_url_event = _build_event
evaluator.enforce = enforce
