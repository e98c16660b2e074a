"""`${…}` in the resources and conditions of policies: variables such as `${aws:PrincipalAccount}`, and `${*}`, `${?}`
and `${$}` for the characters themselves. A statement with a variable that has no value applies to nothing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from dataclasses import replace

from ministack.core import iam_evaluator as evaluator

from .support import as_list

# What stands for `*` and `?` themselves where these are wildcards; no text of a request has such characters.
_LITERAL = {"*": "\ue000", "?": "\ue001"}
_WILD = {"*": ".*", "?": ".", "\ue000": r"\*", "\ue001": r"\?"}
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


class _NoValue(Exception):
    pass


def _expand(text: str, context, wildcards: bool) -> str:
    def value_of(match: re.Match) -> str:
        name = match[1]
        value = name if name in ("*", "?", "$") else evaluator._resolve_condition_key(name, context)
        if value is None or isinstance(value, list):
            raise _NoValue(name)
        return "".join(_LITERAL.get(char, char) if wildcards else char for char in str(value))

    return _VARIABLE.sub(value_of, text)


def _compile(pattern: str, ignore_case: bool) -> re.Pattern:
    expression = "".join(_WILD.get(char) or re.escape(char) for char in pattern)
    return re.compile(f"^(?:{expression})$", re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _has_wildcards(operator: str) -> bool:
    return "like" in operator.lower() or "arn" in operator.lower()


_met = evaluator._conditions_met
_first = evaluator._first_match


def _conditions_met(conditions, context):
    try:
        expanded = {
            operator: {
                key: [_expand(str(one), context, _has_wildcards(operator)) for one in as_list(expected)]
                for key, expected in keys.items()
            }
            for operator, keys in (conditions or {}).items()
        }
    except _NoValue:
        return False
    return _met(expanded, context)


def _first_match(context, statements, effect):
    def with_resources():
        for statement in statements:
            try:
                yield replace(
                    statement,
                    resources=[_expand(one, context, True) for one in statement.resources],
                    not_resources=[_expand(one, context, True) for one in statement.not_resources],
                )
            except _NoValue:
                continue

    return _first(context, list(with_resources()), effect)


evaluator._fnmatch_compile = _compile
evaluator._conditions_met = _conditions_met
evaluator._first_match = _first_match
