"""`aws:PrincipalArn` of a session is the ARN of its role, with its path, and not that of the session.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
"""

from ministack.core import iam_evaluator as evaluator
from ministack.services import iam

_resolve = evaluator._resolve_condition_key


def _resolve_principal(key, context):
    value = _resolve(key, context)
    if key.lower() != "aws:principalarn" or ":assumed-role/" not in str(value):
        return value
    _, _, _, _, account, session = value.split(":", 5)
    role = iam._roles.get_scoped(account, None, session.split("/")[1])
    return role["Arn"] if role else value


evaluator._resolve_condition_key = _resolve_principal
