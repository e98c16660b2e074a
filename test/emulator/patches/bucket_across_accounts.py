"""The policy of a bucket is asked about the very role that comes from another account, not about that account as a
whole: what it says of `aws:PrincipalArn` counts.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from contextvars import ContextVar
from dataclasses import replace

from ministack.core import iam_evaluator as evaluator
from ministack.services import s3

_from_elsewhere: ContextVar[bool] = ContextVar("from_elsewhere", default=False)
_allows = s3._foreign_bucket_allows
_evaluate = evaluator.evaluate_resource_policy


def _foreign_bucket_allows(*args, **named):
    token = _from_elsewhere.set(True)
    try:
        return _allows(*args, **named)
    finally:
        _from_elsewhere.reset(token)


def _evaluate_resource_policy(policy, context, *args, **named):
    if _from_elsewhere.get() and context.principal_type == "Root":
        context = replace(context, principal_arn=evaluator.caller_arn())
    return _evaluate(policy, context, *args, **named)


s3._foreign_bucket_allows = _foreign_bucket_allows
evaluator.evaluate_resource_policy = _evaluate_resource_policy
