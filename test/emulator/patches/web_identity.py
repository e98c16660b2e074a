"""`AssumeRoleWithWebIdentity` as AWS does it: the account has to know the issuer, the token has to be for a registered
audience, in time, and signed with a key of the file in `OIDC_JWKS_FILE`, which stands for what the issuer serves.
The claims of GitHub's tokens are condition keys.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

import base64
import json
import os
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from ministack.services import iam, sts

from .support import as_list

_GITHUB_CLAIMS = (
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "workflow",
)

_principal = sts._web_identity_principal
_trust_denied = sts._web_identity_trust_denied


class _Refused(Exception):
    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _parse(token: str) -> tuple[dict, dict, bytes, bytes]:
    try:
        head, claims, signature = token.split(".")
        signed = f"{head}.{claims}".encode()
        return json.loads(_decode(head)), json.loads(_decode(claims)), signed, _decode(signature)
    except ValueError:
        raise _Refused("InvalidIdentityToken", "The ID Token provided is not a valid JWT.") from None


def _host(claims: dict) -> str:
    return str(claims.get("iss", "")).split("://")[-1].rstrip("/")


def _check_signature(head: dict, signed: bytes, signature: bytes) -> None:
    with open(os.environ["OIDC_JWKS_FILE"], encoding="utf-8") as file:
        keys = json.load(file)["keys"]
    key = next((key for key in keys if key["kid"] == head.get("kid")), None)
    try:
        if key is None or head.get("alg") != "RS256":
            raise InvalidSignature
        n, e = (int.from_bytes(_decode(key[part])) for part in ("n", "e"))
        RSAPublicNumbers(e, n).public_key().verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise _Refused("InvalidIdentityToken", "Couldn't verify the signature of the token.") from None


def _check(token: str, account: str) -> None:
    head, claims, signed, signature = _parse(token)
    arn = f"arn:aws:iam::{account}:oidc-provider/{_host(claims)}"
    provider = iam._oidc_providers.get_scoped(account, None, arn)
    if provider is None:
        message = f"No OpenIDConnect provider found in your account for {claims.get('iss')}"
        raise _Refused("InvalidIdentityToken", message)
    if not set(as_list(claims.get("aud"))) & set(provider["ClientIDList"]):
        raise _Refused("InvalidIdentityToken", "Incorrect token audience")
    _check_signature(head, signed, signature)
    if float(claims.get("exp", 0)) < time.time():
        raise _Refused("ExpiredTokenException", "Token expired")


def _refused_or_denied(role_arn, params, use_json):
    try:
        _check(sts._p(params, "WebIdentityToken"), role_arn.split(":")[4])
    except _Refused as refused:
        return sts._error(400, refused.code, str(refused), ns="sts")
    return _trust_denied(role_arn, params, use_json)


def _principal_with_claims(token, provider_id, role_arn):
    principal, keys = _principal(token, provider_id, role_arn)
    _, claims, _, _ = _parse(token)
    github = {f"{_host(claims)}:{name}": str(claims[name]) for name in _GITHUB_CLAIMS if name in claims}
    return principal, {**keys, **github}


sts._web_identity_principal = _principal_with_claims
sts._web_identity_trust_denied = _refused_or_denied
