"""The ``sagemaker`` operations around human loops on the wire (JSON 1.1): task UIs, flow definitions, work teams.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from a2i_al.local.api.paging import page
from a2i_al.local.api.resources import Resource, Resources
from a2i_al.local.clock import epoch
from a2i_al.local.home import Home
from a2i_al.local.portal.images import ImageLinks
from a2i_al.local.portal.rendering import preview
from a2i_al.local.wire.call import Call, Refusal, invalid, json_object, json_refusal, json_reply
from a2i_al.local.wire.shapes import check
from a2i_al.local.wire.signatures import presign
from a2i_al.local.wire.signed_json import SignedJson

TEMPLATES = "/human-task-uis"
_CONTENT_TYPE = "application/x-amz-json-1.1"
_TEMPLATE_LINK_SECONDS = 900
_OUTPUT_PATH = re.compile(r"s3://[^/]+/?.*|file:///.+")

Operation = Callable[[dict[str, Any], Call], dict[str, Any]]


class SagemakerApi:
    """The operations on what human loops are started on.

    Parameters
    ----------
    home : Home
        Its key signs links to templates and images, its token opens the portal.
    resources : Resources
        What is there.
    signed : SignedJson
        Opens what is signed for ``sagemaker``.
    images : ImageLinks
        Makes the links that `grant_read_access` puts into pages.
    """

    def __init__(self, home: Home, resources: Resources, signed: SignedJson, images: ImageLinks) -> None:
        self._home, self._resources, self._signed, self._images = home, resources, signed, images
        self._operations: dict[str, Operation] = {
            "CreateHumanTaskUi": self._create_ui,
            "DescribeHumanTaskUi": self._describe_ui,
            "ListHumanTaskUis": self._list_uis,
            "DeleteHumanTaskUi": self._delete_ui,
            "CreateFlowDefinition": self._create_flow,
            "DescribeFlowDefinition": self._describe_flow,
            "ListFlowDefinitions": self._list_flows,
            "DeleteFlowDefinition": self._delete_flow,
            "CreateWorkteam": self._create_team,
            "DescribeWorkteam": self._describe_team,
            "ListWorkteams": self._list_teams,
            "DeleteWorkteam": self._delete_team,
            "RenderUiTemplate": self._render,
            "AddTags": self._add_tags,
            "ListTags": self._list_tags,
            "DeleteTags": self._delete_tags,
        }

    def __call__(self, call: Call) -> Response:
        """Answer a request; every refusal is a JSON error."""
        try:
            body = self._signed.open(call)
            name, operation = self._operation(call)
            request = json_object(body)
            # Where outputs may go is wider here: into a folder of this machine, too.
            check("sagemaker", name, request, skip=frozenset({"outputConfig.s3OutputPath"}))
            return json_reply(operation(request, call), content_type=_CONTENT_TYPE)
        except Refusal as refusal:
            return json_refusal(refusal, content_type=_CONTENT_TYPE)

    def _operation(self, call: Call) -> tuple[str, Operation]:
        name = call.headers.get("x-amz-target", "").removeprefix("SageMaker.")
        if name not in self._operations:
            known = ", ".join(sorted(self._operations))
            raise Refusal("UnknownOperationException", f"The embedded SageMaker has no {name!r}; it has {known}.")
        return name, self._operations[name]

    def template(self, call: Call) -> Response:
        """Answer a request for the link of a DescribeHumanTaskUi: the template's source."""
        try:
            self._signed.open(call)
            source = self._resources.get("human-task-ui", call.path.removeprefix(f"{TEMPLATES}/")).content
        except Refusal as refusal:
            return json_refusal(refusal)
        # Text and no page: it is untrusted, and this origin has a portal.
        return Response(source, 200, {"x-content-type-options": "nosniff"}, "text/plain; charset=utf-8")

    def _create_ui(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        content, tags = request["UiTemplate"]["Content"], request.get("Tags", ())
        return {"HumanTaskUiArn": self._resources.add("human-task-ui", request["HumanTaskUiName"], content, tags=tags)}

    def _describe_ui(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        ui = self._resources.get("human-task-ui", request["HumanTaskUiName"])
        url = f"{call.base_url}{TEMPLATES}/{ui.name}"
        credentials, region = self._home.credentials, self._home.config.region
        link = presign(url, self._signed.service, credentials, region, seconds=_TEMPLATE_LINK_SECONDS)
        digest = hashlib.sha256(ui.content.encode()).hexdigest()
        return {
            "HumanTaskUiName": ui.name,
            "HumanTaskUiArn": ui.arn,
            "HumanTaskUiStatus": "Active",
            "CreationTime": epoch(ui.created),
            "UiTemplate": {"Url": link, "ContentSha256": digest},
        }

    def _list_uis(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        uis, token = page(self._resources.all("human-task-ui"), request)
        keys = ("HumanTaskUiName", "HumanTaskUiArn")
        return {"HumanTaskUiSummaries": [_named(ui, keys) for ui in uis], "NextToken": token}

    def _delete_ui(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        self._resources.delete("human-task-ui", request["HumanTaskUiName"])
        return {}

    def _create_flow(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        human, path = request.get("HumanLoopConfig"), request["OutputConfig"]["S3OutputPath"]
        if human is None or "HumanLoopRequestSource" in request:
            raise invalid("The embedded A2I has custom tasks only: give HumanLoopConfig and no HumanLoopRequestSource.")
        if not _OUTPUT_PATH.fullmatch(path):
            raise invalid(f"S3OutputPath is '{path}': the embedded A2I writes to s3://bucket/prefix or file:///folder.")
        self._resources.get_by_arn("workteam", human["WorkteamArn"])
        ui = self._resources.get_by_arn("human-task-ui", human["HumanTaskUiArn"])
        kept = {name: value for name, value in request.items() if name != "Tags"}
        arn = self._resources.add(
            "flow-definition",
            request["FlowDefinitionName"],
            json.dumps(kept),
            ui_arn=ui.arn,
            tags=request.get("Tags", ()),
        )
        return {"FlowDefinitionArn": arn}

    def _describe_flow(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        flow = self._resources.get("flow-definition", request["FlowDefinitionName"])
        state = {
            "FlowDefinitionArn": flow.arn,
            "FlowDefinitionStatus": "Active",
            "CreationTime": epoch(flow.created),
        }
        return flow.request | state

    def _list_flows(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        flows, token = page(self._resources.all("flow-definition"), request)
        keys = ("FlowDefinitionName", "FlowDefinitionArn")
        summaries = [_named(flow, keys) | {"FlowDefinitionStatus": "Active"} for flow in flows]
        return {"FlowDefinitionSummaries": summaries, "NextToken": token}

    def _delete_flow(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        self._resources.delete("flow-definition", request["FlowDefinitionName"])
        return {}

    def _create_team(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        kept = {name: value for name, value in request.items() if name != "Tags"}
        tags = request.get("Tags", ())
        return {"WorkteamArn": self._resources.add("workteam", request["WorkteamName"], json.dumps(kept), tags=tags)}

    def _describe_team(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        return {"Workteam": self._team(self._resources.get("workteam", request["WorkteamName"]), call)}

    def _list_teams(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        teams, token = page(self._resources.all("workteam"), request)
        return {"Workteams": [self._team(team, call) for team in teams], "NextToken": token}

    def _delete_team(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        self._resources.delete("workteam", request["WorkteamName"])
        return {"Success": True}

    def _team(self, team: Resource, call: Call) -> dict[str, Any]:
        # As in the real one: the portal's address without the scheme.
        portal = f"{call.host}/portal?token={self._home.portal_token}"
        times = {"CreateDate": epoch(team.created), "LastUpdatedDate": epoch(team.created)}
        return team.request | {"WorkteamArn": team.arn, "SubDomain": portal} | times

    def _render(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        if ("UiTemplate" in request) == ("HumanTaskUiArn" in request):
            raise invalid("Give either UiTemplate or HumanTaskUiArn.")
        if "UiTemplate" in request:
            source = request["UiTemplate"]["Content"]
        else:
            source = self._resources.get_by_arn("human-task-ui", request["HumanTaskUiArn"]).content
        html, errors = preview(source, request["Task"]["Input"], self._images.granter(call.base_url))
        return {"RenderedContent": html, "Errors": errors}

    def _add_tags(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        self._resources.add_tags(request["ResourceArn"], request["Tags"])
        return {"Tags": self._resources.tags(request["ResourceArn"])}

    def _list_tags(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        return {"Tags": self._resources.tags(request["ResourceArn"])}

    def _delete_tags(self, request: dict[str, Any], _call: Call) -> dict[str, Any]:
        self._resources.delete_tags(request["ResourceArn"], request["TagKeys"])
        return {}


def _named(resource: Resource, keys: tuple[str, str]) -> dict[str, Any]:
    name, arn = keys
    return {name: resource.name, arn: resource.arn, "CreationTime": epoch(resource.created)}
