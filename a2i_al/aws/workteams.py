"""An ARN or nothing comes in; the ARN of a work team that is there goes out."""

from __future__ import annotations

from a2i_al.aws.connection import Connection
from a2i_al.errors import InvalidInput, service_errors

_PRIVATE = "workteam/private-crowd/"


def find_workteam(connection: Connection, arn: str | None) -> str:
    """Return the given work team's ARN once it is known to be there, or that of the Region's only private one.

    Raises
    ------
    InvalidInput
        If none is given and there is not exactly one.
    NotFound
        If the given private one is not there.
    """
    if arn is not None:
        # Public and vendor teams belong to other accounts: they cannot be looked up here.
        if _PRIVATE in arn:
            team = arn.rsplit("/", 1)[-1]
            with service_errors(f"looking up work team {team!r}"):
                connection.sagemaker.describe_workteam(WorkteamName=team)
        return arn
    with service_errors("listing work teams"):
        pages = connection.sagemaker.get_paginator("list_workteams").paginate()
        arns = [team["WorkteamArn"] for page in pages for team in page["Workteams"]]
    if len(arns) != 1:
        names = ", ".join(arn.rsplit("/", 1)[-1] for arn in arns) or "none"
        raise InvalidInput(
            f"there are {len(arns)} work teams in this Region: {names}",
            expected="one, or workteam_arn=",
            fix="make a private one in the SageMaker console, Ground Truth, Labeling workforces"
            if not arns
            else "say which one with workteam_arn=",
        )
    return str(arns[0])
