"""Notes of every request that a policy decided who asked, for what, and by which statement: a line of JSON each, in the
file that ODMD_DECISIONS names."""

import json
import os

from ministack.core import iam_evaluator as evaluator

from .condition_keys import request_id

_evaluate = evaluator.evaluate
_file = os.environ.get("ODMD_DECISIONS")


def _noting(ctx, policies, *limits):
    result = _evaluate(ctx, policies, *limits)
    line = {
        "principal": ctx.principal_arn,
        "action": ctx.action,
        "resource": ctx.resource_arn,
        "decision": result.decision,
        "statement": result.matched_sid,
        "request": request_id(),
    }
    with open(_file, "a", encoding="utf8") as notes:
        notes.write(json.dumps(line) + "\n")
    return result


if _file:
    evaluator.evaluate = _noting
