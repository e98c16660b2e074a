"""CloudFormation gives a role the permissions boundary that its template names."""

from ministack.services import iam
from ministack.services.cloudformation import provisioners

_role = provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"]


def _bounded(name: str, props: dict) -> None:
    role = iam._roles[name]
    role.pop("PermissionsBoundary", None)
    if props.get("PermissionsBoundary"):
        role["PermissionsBoundary"] = props["PermissionsBoundary"]


def _create(logical_id, props, stack):
    made = _role["create"](logical_id, props, stack)
    _bounded(made[0], props)
    return made


def _update(physical_id, old, new, *rest):
    made = _role["update"](physical_id, old, new, *rest)
    _bounded(made[0], new)
    return made


provisioners._RESOURCE_HANDLERS["AWS::IAM::Role"] = {**_role, "create": _create, "update": _update}
