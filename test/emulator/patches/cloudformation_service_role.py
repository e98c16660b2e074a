"""CloudFormation acts with the role it was given (and remembers it for the stack), or with the permissions of whoever
called it: for the types below, what it creates, changes or deletes is authorized as that call would be. Other types,
and what is inside one resource beyond its main action, pass unchecked."""

from contextvars import ContextVar
from dataclasses import dataclass

from ministack import app
from ministack.core import iam_evaluator as evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudformation, iam
from ministack.services.cloudformation import handlers, stacks

from .condition_keys import form_value
from .support import as_list


@dataclass(frozen=True)
class _Type:
    create: str
    update: str
    delete: str
    """`{n}` is the resource's name, `{r}` the region, `{a}` the account, `{p}` the path."""
    arn: str
    name: str = ""


_TYPES = {
    "AWS::DynamoDB::Table": _Type(
        "dynamodb:CreateTable",
        "dynamodb:UpdateTable",
        "dynamodb:DeleteTable",
        "arn:aws:dynamodb:{r}:{a}:table/{n}",
        "TableName",
    ),
    "AWS::Events::EventBus": _Type(
        "events:CreateEventBus",
        "events:UpdateEventBus",
        "events:DeleteEventBus",
        "arn:aws:events:{r}:{a}:event-bus/{n}",
        "Name",
    ),
    "AWS::Events::Rule": _Type(
        "events:PutRule", "events:PutRule", "events:DeleteRule", "arn:aws:events:{r}:{a}:rule/{n}", "Name"
    ),
    "AWS::IAM::ManagedPolicy": _Type(
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "arn:aws:iam::{a}:policy{p}{n}",
        "ManagedPolicyName",
    ),
    "AWS::IAM::Role": _Type(
        "iam:CreateRole", "iam:UpdateRole", "iam:DeleteRole", "arn:aws:iam::{a}:role{p}{n}", "RoleName"
    ),
    "AWS::IAM::User": _Type(
        "iam:CreateUser", "iam:UpdateUser", "iam:DeleteUser", "arn:aws:iam::{a}:user{p}{n}", "UserName"
    ),
    "AWS::Lambda::Function": _Type(
        "lambda:CreateFunction",
        "lambda:UpdateFunctionConfiguration",
        "lambda:DeleteFunction",
        "arn:aws:lambda:{r}:{a}:function:{n}",
        "FunctionName",
    ),
    "AWS::Logs::LogGroup": _Type(
        "logs:CreateLogGroup",
        "logs:PutRetentionPolicy",
        "logs:DeleteLogGroup",
        "arn:aws:logs:{r}:{a}:log-group:{n}",
        "LogGroupName",
    ),
    "AWS::S3::Bucket": _Type(
        "s3:CreateBucket", "s3:PutBucketTagging", "s3:DeleteBucket", "arn:aws:s3:::{n}", "BucketName"
    ),
    "AWS::SNS::Topic": _Type(
        "sns:CreateTopic", "sns:SetTopicAttributes", "sns:DeleteTopic", "arn:aws:sns:{r}:{a}:{n}", "TopicName"
    ),
    "AWS::SQS::Queue": _Type(
        "sqs:CreateQueue", "sqs:SetQueueAttributes", "sqs:DeleteQueue", "arn:aws:sqs:{r}:{a}:{n}", "QueueName"
    ),
    "AWS::SSM::Parameter": _Type(
        "ssm:PutParameter", "ssm:PutParameter", "ssm:DeleteParameter", "arn:aws:ssm:{r}:{a}:parameter/{n}", "Name"
    ),
}

_caller_key: ContextVar[str] = ContextVar("caller_key", default="")
_actor: ContextVar[evaluator.PrincipalInfo | None] = ContextVar("actor", default=None)
_change_set_roles: dict[tuple, str] = {}
_enforce = evaluator.enforce


def _remembering_caller(access_key_id, *rest, **more):
    _caller_key.set(access_key_id or "")
    return _enforce(access_key_id, *rest, **more)


def _service_session(role_arn: str) -> evaluator.PrincipalInfo:
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    return evaluator.PrincipalInfo(
        arn=f"arn:aws:sts::{account}:assumed-role/{name}/AWSCloudFormation",
        type="AssumedRole",
        account=account,
        policies=evaluator._gather_role_policies(name, account),
        limits=evaluator._permissions_boundary(iam._roles, name, account),
    )


def _need(action: str, arn: str, **keys: str | None) -> None:
    actor = _actor.get()
    if actor is None or actor.policies is None:
        return
    context = evaluator.EvalContext(
        principal_arn=actor.arn,
        principal_type=actor.type,
        principal_account=actor.account,
        action=action,
        resource_arn=arn,
        region=get_region(),
        service_context={name.lower().replace("__", ":"): value for name, value in keys.items() if value},
        principal_keys=actor.keys,
    )
    if evaluator.evaluate(context, actor.policies, *actor.limits).decision != "Allow":
        message = f"User: {actor.arn} is not authorized to perform: {action} on resource: {arn}"
        raise ValueError(f'Resource handler returned message: "{message}" (HandlerErrorCode: AccessDenied)')


def _check(verb: str, kind: str, props: dict, stack: str | None, logical_id: str | None, physical_id: str = ""):
    if kind in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy"):
        return _check_policy(verb, props)
    described = _TYPES.get(kind)
    if described is None:
        return None
    known = physical_id if physical_id and not physical_id.startswith(("arn:", "http")) else ""
    name = known or props.get(described.name) or f"{stack}-{logical_id}-XXXXXXXXXXXX"
    arn = described.arn.format(
        r=get_region(), a=get_account_id(), n=str(name).lstrip("/"), p=props.get("Path", "/")
    )
    boundary = props.get("PermissionsBoundary") if kind in ("AWS::IAM::Role", "AWS::IAM::User") else None
    _need(getattr(described, verb), arn, iam__permissionsboundary=boundary)
    if verb != "delete":
        _check_inside(kind, props, arn, boundary)
    return None


def _check_inside(kind: str, props: dict, arn: str, boundary: str | None) -> None:
    if kind == "AWS::IAM::Role":
        if props.get("Policies"):
            _need("iam:PutRolePolicy", arn, iam__permissionsboundary=boundary)
        for policy in props.get("ManagedPolicyArns", []):
            _need("iam:AttachRolePolicy", arn, iam__permissionsboundary=boundary, iam__policyarn=policy)
    if kind == "AWS::Lambda::Function" and props.get("Role"):
        _need("iam:PassRole", props["Role"], iam__passedtoservice="lambda.amazonaws.com")


def _check_policy(verb: str, props: dict) -> None:
    for name in as_list(props.get("Roles")) + as_list(props.get("RoleName")):
        role = iam._roles.get(name) or {}
        arn = role.get("Arn", f"arn:aws:iam::{get_account_id()}:role/{name}")
        action = "iam:DeleteRolePolicy" if verb == "delete" else "iam:PutRolePolicy"
        _need(action, arn, iam__permissionsboundary=role.get("PermissionsBoundary"))


_provision, _change, _remove = stacks._provision_resource, stacks._update_resource, stacks._delete_resource


def _provision_resource(kind, logical_id, props, stack):
    _check("create", kind, props, stack, logical_id)
    return _provision(kind, logical_id, props, stack)


def _update_resource(kind, physical_id, old, new, stack, logical_id=None, attributes=None):
    if old != new:
        _check("update", kind, new, stack, logical_id, physical_id)
    return _change(kind, physical_id, old, new, stack, logical_id, attributes)


def _delete_resource(kind, physical_id, props, stack=None, logical_id=None):
    _check("delete", kind, props, stack, logical_id, physical_id)
    return _remove(kind, physical_id, props, stack, logical_id)


def _short(name_or_arn: str) -> str:
    return name_or_arn.split("/")[1] if name_or_arn.startswith("arn:") else name_or_arn


def _acting(action: str, handle):
    def handle_as_actor(params):
        stack = _short(form_value(params, "StackName"))
        change_set = (get_account_id(), get_region(), stack, _short(form_value(params, "ChangeSetName")))
        remembered = (cloudformation._stacks.get(stack) or {}).get("_service_role")
        role = form_value(params, "RoleARN")
        if action == "ExecuteChangeSet":
            role = _change_set_roles.get(change_set, "")
        role = role or remembered
        caller = evaluator.resolve_principal(_caller_key.get(), get_account_id())
        _actor.set(_service_session(role) if role else caller)
        answer = handle(params)
        if role and answer[0] < 300:
            _change_set_roles[change_set] = role
            if action != "CreateChangeSet" and stack in cloudformation._stacks:
                cloudformation._stacks[stack]["_service_role"] = role
        return answer

    return handle_as_actor


if app.AUTH:
    evaluator.enforce = _remembering_caller
    stacks._provision_resource = _provision_resource
    stacks._update_resource = _update_resource
    stacks._delete_resource = _delete_resource
    for _name in (
        "CreateStack",
        "UpdateStack",
        "DeleteStack",
        "CreateChangeSet",
        "ExecuteChangeSet",
        "ContinueUpdateRollback",
        "RollbackStack",
    ):
        handlers._ACTION_HANDLERS[_name] = _acting(_name, handlers._ACTION_HANDLERS[_name])
