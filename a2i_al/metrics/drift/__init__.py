"""Outcomes in the order of time in, whether their rate has changed out: tests that hold however often they are seen."""

from a2i_al.metrics.drift.alarms import Alarm, Drift, detect_change
from a2i_al.metrics.drift.evidence import first_alarm, log_evidence
from a2i_al.metrics.drift.sequences import confidence_sequence

__all__ = ["Alarm", "Drift", "confidence_sequence", "detect_change", "first_alarm", "log_evidence"]
