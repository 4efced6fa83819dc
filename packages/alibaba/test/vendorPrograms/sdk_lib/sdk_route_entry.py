"""Creates and deletes one route, and waits until that is done."""
import json

from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkvpc.request.v20160428 import CreateRouteEntryRequest
from aliyunsdkvpc.request.v20160428 import DeleteRouteEntryRequest
from aliyunsdkvpc.request.v20160428 import DescribeRouteEntryListRequest

from sdk_lib.check_status import CheckStatus
from sdk_lib.consts import DEFAULT_TIME, TIME_DEFAULT_OUT
from sdk_lib.exception import ExceptionHandler


class RouteEntry(object):
    def __init__(self, client):
        self.client = client

    def create_route_entry(self, params):
        request = CreateRouteEntryRequest.CreateRouteEntryRequest()
        request.set_NextHopType(params["nexthop_type"])
        return self._change(request, params, "Available")

    def delete_route_entry(self, params):
        request = DeleteRouteEntryRequest.DeleteRouteEntryRequest()
        return self._change(request, params, "")

    def _change(self, request, params, wanted):
        request.set_RouteTableId(params["route_table_id"])
        request.set_DestinationCidrBlock(params["destination_cidr_block"])
        request.set_NextHopId(params["nexthop_id"])
        answer = self._send(request)
        if CheckStatus.check_status(TIME_DEFAULT_OUT, DEFAULT_TIME, self._status, wanted, params):
            return answer

    def _status(self, params):
        request = DescribeRouteEntryListRequest.DescribeRouteEntryListRequest()
        request.set_RouteTableId(params["route_table_id"])
        request.set_DestinationCidrBlock(params["destination_cidr_block"])
        entries = self._send(request)["RouteEntrys"]["RouteEntry"]
        return entries[0]["Status"] if entries else ""

    def _send(self, request):
        try:
            return json.loads(self.client.do_action_with_exception(request))
        except ServerException as error:
            ExceptionHandler.server_exception(error)
        except ClientException as error:
            ExceptionHandler.client_exception(error)
