"""Notes of every request that a policy decided who asked, for what, and by which statement: a line of JSON each, in the
file that ODMD_DECISIONS names. Requests of root users are noted too, though no policy decides about them.

Where a file `<that name>.hold` names somebody and an action, AWS stands still at the next such request, after it was
noted and before it is carried out, until the file is gone: whoever asked can be killed meanwhile.
"""

import json
import os
import time
from contextvars import ContextVar

from ministack.core import iam_evaluator as evaluator

from .condition_keys import request_id

_evaluate, _resolve, _enforce = evaluator.evaluate, evaluator.resolve_principal, evaluator.enforce
_principal: ContextVar[evaluator.PrincipalInfo | None] = ContextVar("principal", default=None)
_file = os.environ.get("ODMD_DECISIONS")


def _note(principal: str, action: str, resource: str, decision: str, statement: str) -> None:
    line = {
        "principal": principal,
        "action": action,
        "resource": resource,
        "decision": decision,
        "statement": statement,
        "request": request_id(),
    }
    with open(_file, "a", encoding="utf8") as notes:
        notes.write(json.dumps(line) + "\n")
    _stand_still(principal, action)


def _stand_still(principal: str, action: str) -> None:
    hold = f"{_file}.hold"
    try:
        with open(hold, encoding="utf8") as wanted:
            expected = json.load(wanted)
    except (FileNotFoundError, ValueError):  # not there, or not written to its end
        return
    if expected["principal"] not in principal or expected["action"] != action:
        return
    reached = f"{_file}.reached"
    open(reached, "w", encoding="utf8").close()
    while os.path.exists(hold):
        time.sleep(0.002)
    os.remove(reached)


def _noting(ctx, policies, *limits):
    result = _evaluate(ctx, policies, *limits)
    _note(ctx.principal_arn, ctx.action, ctx.resource_arn, result.decision, result.matched_sid)
    return result


def _remembering(*args, **named):
    principal = _resolve(*args, **named)
    _principal.set(principal)
    return principal


def _noting_root(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    _principal.set(None)
    denied = _enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
    principal = _principal.get()
    if denied is None and isinstance(principal, evaluator.PrincipalInfo) and principal.policies is None:
        _note(principal.arn, iam_action, resource_arn, "Allow", "")
    return denied


if _file:
    evaluator.evaluate = _noting
    evaluator.resolve_principal = _remembering
    evaluator.enforce = _noting_root
