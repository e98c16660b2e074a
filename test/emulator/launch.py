"""Starts MiniStack with what the tests need of AWS and it lacks. Its own files stay as they are.

Each patch is a module of its own that says what it adds, and has a probe: a test with an allowed and a refused case.
They reach into the private parts of one release, which requirements.txt pins; a patch whose probe passes without it
has become needless and goes.
"""

import os
import sys
import threading

from ministack import app

import patches.bucket_across_accounts  # noqa: F401
import patches.cloudformation_service_role  # noqa: F401
import patches.cloudformation_types  # noqa: F401
import patches.condition_keys  # noqa: F401
import patches.decisions  # noqa: F401
import patches.event_bridge_across_accounts  # noqa: F401
import patches.events_of_stores  # noqa: F401
import patches.function_url_callers  # noqa: F401
import patches.pass_role  # noqa: F401
import patches.policy_text  # noqa: F401
import patches.principal_arn  # noqa: F401
import patches.role_boundary  # noqa: F401
import patches.secure_transport  # noqa: F401
import patches.web_identity  # noqa: F401


def end_with_parent() -> None:
    """The one who started this process holds the other end of its input, and may die without a word."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    app.main()
