"""Events go to a bus of another account or region, sent there or by a rule, when the policy of that bus lets the sender
in.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
"""

import json

from ministack import app
from ministack.core import iam_evaluator as evaluator
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import eventbridge

from .support import as_list

_put = eventbridge._put_events
_to_bus = eventbridge._dispatch_to_event_bus


def _foreign(bus: str | None) -> tuple[str, str, str] | None:
    """Account, region and name of a bus that is not of the caller's account and region."""
    parts = str(bus or "").split(":", 5)
    if parts[0] != "arn" or len(parts) < 6 or (parts[4], parts[3]) == (get_account_id(), get_region()):
        return None
    return parts[4], parts[3], parts[5].split("/", 1)[-1]


def _lets_in(bus: str, sender: str, event: dict) -> bool:
    """Asked in the scope of the bus."""
    account, region = get_account_id(), get_region()
    if sender == account or not app.AUTH:
        return True
    context = evaluator.EvalContext(
        principal_arn=f"arn:aws:iam::{sender}:root",
        principal_type="Root",
        principal_account=sender,
        action="events:PutEvents",
        resource_arn=f"arn:aws:events:{region}:{account}:event-bus/{bus}",
        region=region,
        service_context={
            "events:source": event.get("Source"),
            "events:detail-type": event.get("DetailType"),
        },
    )
    policy = eventbridge._event_bus_policies.get(bus) or {}
    statements = [_with_principal(statement) for statement in as_list(policy.get("Statement"))]
    return evaluator.evaluate_resource_policy({"Statement": statements}, context).decision == "Allow"


def _with_principal(statement: dict) -> dict:
    """PutPermission stores the bare number of an account."""
    principal = statement.get("Principal")
    return {**statement, "Principal": {"AWS": principal}} if isinstance(principal, str) else statement


def _send(entry: dict, bus: str, sender: str) -> dict:
    if bus != "default" and bus not in eventbridge._event_buses:
        return {"ErrorCode": "ResourceNotFoundException", "ErrorMessage": f"Event bus {bus} does not exist."}
    if not _lets_in(bus, sender, entry):
        return {"ErrorCode": "AccessDeniedException", "ErrorMessage": f"The policy of {bus} does not let {sender} in."}
    answer = json.loads(_put({"Entries": [{**entry, "EventBusName": bus}]})[2])
    return answer["Entries"][0]


def _put_events(data, allow_aws_source=False):
    entries = data.get("Entries", [])
    if len(entries) > 10 or not any(_foreign(entry.get("EventBusName")) for entry in entries):
        return _put(data, allow_aws_source)
    sender = get_account_id()
    results = []
    for entry in entries:
        place = _foreign(entry.get("EventBusName"))
        if place is None:
            results += json.loads(_put({**data, "Entries": [entry]}, allow_aws_source)[2])["Entries"]
            continue
        account, region, bus = place
        with request_scope(account, region):
            results.append(_send(entry, bus, sender))
    failed = sum("ErrorCode" in result for result in results)
    return eventbridge.json_response({"FailedEntryCount": failed, "Entries": results})


def _dispatch(target, event, *rest):
    sender = get_account_id()
    with request_scope(target.account_id, target.region):
        bus = target.resource.split("/", 1)[-1]
        if _lets_in(bus, sender, event):
            return _to_bus(target, event, *rest)
    eventbridge.logger.warning("the policy of %s does not let %s in", target, sender)
    return None


eventbridge._put_events = _put_events
eventbridge._dispatch_to_event_bus = _dispatch
