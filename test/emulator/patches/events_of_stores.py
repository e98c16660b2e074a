"""Parameter Store and CloudFormation tell the default bus of their account and region what changed.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-event-bridge.html
"""

import json

from ministack.services import eventbridge, ssm
from ministack.services.cloudformation import changesets, handlers, stacks

_put, _delete, _delete_many = ssm._put_parameter, ssm._delete_parameter, ssm._delete_parameters
_add_event = stacks._add_event


def _tell(source: str, kind: str, detail: dict, resource: str) -> None:
    entry = {"Source": source, "DetailType": kind, "Detail": json.dumps(detail), "Resources": [resource]}
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def _tell_parameter(operation: str, name: str, kind: str) -> None:
    detail = {"operation": operation, "name": name, "type": kind}
    _tell("aws.ssm", "Parameter Store Change", detail, ssm._param_arn(name))


def _put_parameter(data):
    name = data.get("Name")
    existed = name in ssm._parameters
    answer = _put(data)
    if answer[0] < 300:
        kind = ssm._parameters[name].get("Type", "String")
        _tell_parameter("Update" if existed else "Create", name, kind)
    return answer


def _deleting(names_of, delete):
    def handle(data):
        kinds = {name: ssm._parameters[name]["Type"] for name in names_of(data) if name in ssm._parameters}
        answer = delete(data)
        for name, kind in kinds.items():
            if name not in ssm._parameters:
                _tell_parameter("Delete", name, kind)
        return answer

    return handle


def _add_and_tell(stack_id, stack, logical_id, kind, status, reason="", *rest, **more):
    _add_event(stack_id, stack, logical_id, kind, status, reason, *rest, **more)
    if kind == "AWS::CloudFormation::Stack" and logical_id == stack:
        detail = {"stack-id": stack_id, "status-details": {"status": status, "status-reason": reason}}
        _tell("aws.cloudformation", "CloudFormation Stack Status Change", detail, stack_id)


ssm._put_parameter = _put_parameter
ssm._delete_parameter = _deleting(lambda data: [data.get("Name")], _delete)
ssm._delete_parameters = _deleting(lambda data: data.get("Names", []), _delete_many)
for _module in (stacks, handlers, changesets):
    _module._add_event = _add_and_tell
