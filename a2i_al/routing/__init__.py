"""One prediction in, whether a person should see it out. Pure; numpy and pandas load with the first table."""

from __future__ import annotations

from a2i_al.routing.activation import ActivationConditions
from a2i_al.routing.column import Column
from a2i_al.routing.confidence import Confidence, Margin
from a2i_al.routing.decision import Decision
from a2i_al.routing.joined import And, Or
from a2i_al.routing.lists import Always, Never
from a2i_al.routing.percentage import Percentage
from a2i_al.routing.router import Router
from a2i_al.routing.rule import Rule
from a2i_al.routing.verdict import Verdict

__all__ = [
    "ActivationConditions",
    "Always",
    "And",
    "Column",
    "Confidence",
    "Decision",
    "Margin",
    "Never",
    "Or",
    "Percentage",
    "Router",
    "Rule",
    "Verdict",
]
