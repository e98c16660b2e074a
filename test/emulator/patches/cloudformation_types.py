"""Types of resources that CloudFormation has and the emulator's refuses: the identity provider of an account, the policy
of an event bus, and a policy put into a role from outside."""

import json

from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge, iam
from ministack.services.cloudformation import provisioners


def _create_provider(_logical_id, props, _stack):
    url = props["Url"]
    arn = f"arn:aws:iam::{get_account_id()}:oidc-provider/{url.split('://')[-1].rstrip('/')}"
    if arn in iam._oidc_providers:
        raise ValueError(f"Provider with url {url} already exists.")
    iam._oidc_providers[arn] = _provider(arn, props)
    return arn, {"Arn": arn}


def _update_provider(arn, _old, props, _stack, _logical_id=None):
    iam._oidc_providers[arn] = _provider(arn, props)
    return arn, {"Arn": arn}


def _provider(arn, props):
    return {
        "Arn": arn,
        "Url": props["Url"],
        "ClientIDList": props.get("ClientIdList", []),
        "ThumbprintList": props.get("ThumbprintList", []),
        "Tags": props.get("Tags", []),
        "CreateDate": iam._now(),
    }


def _put_bus_policy(_logical_id, props, _stack):
    bus = (props.get("EventBusName") or "default").rsplit("/", 1)[-1]
    sid = props["StatementId"]
    short = {
        "Effect": "Allow",
        "Principal": props.get("Principal"),
        "Action": props.get("Action"),
        "Resource": f"arn:aws:events:{get_region()}:{get_account_id()}:event-bus/{bus}",
    }
    statement = {"Sid": sid, **(props.get("Statement") or short)}
    policy = eventbridge._event_bus_policies.get(bus) or {"Version": "2012-10-17", "Statement": []}
    others = [other for other in policy["Statement"] if other.get("Sid") != sid]
    eventbridge._event_bus_policies[bus] = {**policy, "Statement": [*others, statement]}
    return f"{bus}|{sid}", {}


def _remove_bus_policy(physical_id, _props):
    bus, sid = physical_id.split("|")
    eventbridge._remove_permission({"EventBusName": bus, "StatementId": sid})


def _put_role_policy(_logical_id, props, _stack):
    role = iam._roles.get(props["RoleName"])
    if role is None:
        raise ValueError(f"The role with name {props['RoleName']} cannot be found.")
    role["InlinePolicies"][props["PolicyName"]] = json.dumps(props.get("PolicyDocument", {}))
    return f"{props['PolicyName']}|{props['RoleName']}", {}


def _remove_role_policy(physical_id, _props):
    policy, role = physical_id.split("|")
    if role in iam._roles:
        iam._roles[role]["InlinePolicies"].pop(policy, None)


provisioners._RESOURCE_HANDLERS.update(
    {
        "AWS::IAM::OIDCProvider": {
            "create": _create_provider,
            "update": _update_provider,
            "delete": lambda arn, _props: iam._oidc_providers.pop(arn, None),
        },
        "AWS::Events::EventBusPolicy": {"create": _put_bus_policy, "delete": _remove_bus_policy},
        "AWS::IAM::RolePolicy": {"create": _put_role_policy, "delete": _remove_role_policy},
    }
)
