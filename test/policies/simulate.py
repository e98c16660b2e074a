"""Decides requests as IAM does, by the evaluator of MiniStack: identity policies below a boundary, and the policy of the
resource where it has one. Reads one JSON object from its input and writes the decisions as a list of JSON.

`policies` are documents by name, `actors` who asks by name, `cases` the requests, each with the names of what meets in it.
"""

import json
import sys
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "emulator"))

from ministack.core import iam_evaluator as evaluator  # noqa: E402

import patches.policy_text  # noqa: E402, F401

# Where a role of the same account is let in by the role's own policy only.
_REQUIRED = ("sts", "kms")


def decide(case: dict, principal: dict, documents: dict, about) -> list:
    action = case["action"]
    context = evaluator.EvalContext(
        principal_arn=principal["arn"],
        principal_type="AssumedRole",
        principal_account=principal["arn"].split(":")[4],
        action=action,
        resource_arn=case["resource"],
        region=case["region"],
        source_ip="192.0.2.1",
        secure_transport=True,
        service_context={name.lower(): value for name, value in case.get("context", {}).items()},
        principal_keys={f"aws:principaltag/{name}".lower(): value for name, value in principal["tags"].items()},
    )
    limits = [[about(principal["boundary"], action)]] if "boundary" in principal else []
    result = evaluator.evaluate(context, [about(name, action) for name in principal["policies"]], *limits)
    result = evaluator.combine_resource_policy(
        result,
        context,
        documents.get(case.get("resourcePolicy")),
        case["owner"],
        required=action.split(":")[0] in _REQUIRED,
        limits=limits,
    )
    return [result.decision == "Allow", result.matched_sid]


def main() -> None:
    request = json.load(sys.stdin)
    documents = request["policies"]
    parsed = {name: evaluator.parse_policy_document(document) for name, document in documents.items()}
    actors = request["actors"]

    @cache
    def about(name: str, action: str) -> list:
        """The statements of a policy that are about an action: most are not, and most of the time goes into them."""
        return [one for one in parsed[name] if evaluator._action_matches(action, one.actions, one.not_actions)]

    json.dump([decide(case, actors[case["actor"]], documents, about) for case in request["cases"]], sys.stdout)


if __name__ == "__main__":
    main()
