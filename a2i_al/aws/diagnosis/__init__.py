"""A session, and a flow definition if there is one, come in; one table of checks goes out, each with what fixes it."""

from a2i_al.aws.diagnosis.diagnose import diagnose
from a2i_al.aws.diagnosis.report import Check, Diagnosis

__all__ = ["Check", "Diagnosis", "diagnose"]
