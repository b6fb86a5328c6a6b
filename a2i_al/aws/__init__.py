"""The real A2I, and the one way to reach either: boto3 clients, which differ by an endpoint and never by a branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2i_al.lazy import lazy

if TYPE_CHECKING:
    from a2i_al.aws.diagnosis import Diagnosis, diagnose
    from a2i_al.aws.plans import Plan
    from a2i_al.aws.policy_documents import policies
    from a2i_al.aws.provisioning import provision
    from a2i_al.aws.removal import cleanup

_HOME = {
    "Diagnosis": "a2i_al.aws.diagnosis",
    "Plan": "a2i_al.aws.plans",
    "cleanup": "a2i_al.aws.removal",
    "diagnose": "a2i_al.aws.diagnosis",
    "policies": "a2i_al.aws.policy_documents",
    "provision": "a2i_al.aws.provisioning",
}

__all__ = ["Diagnosis", "Plan", "cleanup", "diagnose", "policies", "provision"]

__getattr__, __dir__ = lazy(__name__, _HOME)
