"""What a batch needs of the workflow that asked: less than a workflow is, so that a batch knows no workflow."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import pandas as pd

from a2i_al.aws.connection import Connection
from a2i_al.aws.flows import FlowDefinition
from a2i_al.harvest.read import Harvest
from a2i_al.loops.bookkeeping.ledger import Ledger
from a2i_al.loops.calling.rate import RateController


class Asker(Protocol):
    """What a batch needs of the workflow that asked."""

    arn: str
    ledger: Ledger
    connection: Connection
    rate: RateController

    @property
    def definition(self) -> FlowDefinition:
        """The flow definition."""

    @property
    def fields(self) -> dict[str, str]:
        """Form field to the kind of its answers."""

    def loops(self) -> pd.DataFrame:
        """Return the loops table as the service has it now."""

    def harvest(self, human_loop_names: Collection[str] | None = None) -> Harvest:
        """Read the outputs of these loops."""
