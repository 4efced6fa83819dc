"""Drives the Alibaba side with the vendor's newer Python SDKs (ACS3 signatures), endpoint changed and nothing else.

Reads one JSON object from the first argument:
  {"endpoint": "127.0.0.1:PORT", "a": {"ak", "sk", "id"}, "b": {...}, "vpcs": {"web", "data", "foreign"}, "tables": {"web"},
   "routers": {"web", "data"}, "port": id, "access_point": id, "group": id}
Prints one JSON line per call: {"step", "ok": true, "answer": {...}} or {"step", "ok": false, "status", "code"}.
Every lifecycle must have ended by the next request (emulator profile "instant"): nothing here waits.
"""
import json
import sys

from alibabacloud_tea_openapi.models import Config
from alibabacloud_vpc20160428 import models as vpc
from alibabacloud_vpc20160428.client import Client as VpcClient
from alibabacloud_vpcpeer20220101 import models as peer
from alibabacloud_vpcpeer20220101.client import Client as PeerClient
from Tea.exceptions import TeaException

world = json.loads(sys.argv[1])
REGION = "cn-hangzhou"


def client(kind, account):
    keys = world[account]
    return kind(Config(access_key_id=keys["ak"], access_key_secret=keys["sk"], endpoint=world["endpoint"], protocol="HTTP", region_id=REGION))


def step(label, function, request):
    try:
        answer = function(request).body.to_map()
        print(json.dumps({"step": label, "ok": True, "answer": answer}))
        return answer
    except TeaException as error:
        print(json.dumps({"step": label, "ok": False, "status": error.data.get("statusCode"), "code": error.code}))
        return {}


def peerings():
    mine, theirs = client(PeerClient, "a"), client(PeerClient, "b")
    ends = dict(region_id=REGION, vpc_id=world["vpcs"]["web"], accepting_region_id=REGION)
    across = dict(ends, accepting_ali_uid=int(world["b"]["id"]), accepting_vpc_id=world["vpcs"]["foreign"])
    tag = peer.CreateVpcPeerConnectionRequestTag("team", "net ops")
    created = step("create", mine.create_vpc_peer_connection, peer.CreateVpcPeerConnectionRequest(**across, name="by-python", tag=[tag], client_token="t-1"))
    instance = created["InstanceId"]
    step("create again", mine.create_vpc_peer_connection, peer.CreateVpcPeerConnectionRequest(**across, name="by-python", tag=[tag], client_token="t-1"))
    step("create a second", mine.create_vpc_peer_connection, peer.CreateVpcPeerConnectionRequest(**across))
    step("dry run", mine.create_vpc_peer_connection, peer.CreateVpcPeerConnectionRequest(**dict(ends, accepting_ali_uid=int(world["a"]["id"]), accepting_vpc_id=world["vpcs"]["data"]), dry_run=True))
    get = peer.GetVpcPeerConnectionAttributeRequest(instance_id=instance)
    step("get waiting", mine.get_vpc_peer_connection_attribute, get)
    step("accept", theirs.accept_vpc_peer_connection, peer.AcceptVpcPeerConnectionRequest(instance_id=instance))
    step("get active", theirs.get_vpc_peer_connection_attribute, get)
    step("modify", mine.modify_vpc_peer_connection, peer.ModifyVpcPeerConnectionRequest(instance_id=instance, description="changed"))
    step("list pair", mine.list_vpc_peer_connections, peer.ListVpcPeerConnectionsRequest(region_id=REGION, vpc_id=[world["vpcs"]["web"], world["vpcs"]["foreign"]]))
    step("list by tag", mine.list_vpc_peer_connections, peer.ListVpcPeerConnectionsRequest(region_id=REGION, tags=[peer.ListVpcPeerConnectionsRequestTags("team", "net ops")]))
    common = dict(region_id=REGION, resource_type="PeerConnection", resource_id=[instance])
    step("tag", theirs.tag_resources, peer.TagResourcesRequest(**common, tag=[peer.TagResourcesRequestTag("owner", "b")]))
    step("list tags", theirs.list_tag_resources, peer.ListTagResourcesRequest(**common))
    step("untag", theirs.un_tag_resources, peer.UnTagResourcesRequest(**common, all=True))
    step("move", mine.move_resource_group, peer.MoveResourceGroupRequest(region_id=REGION, resource_id=instance, resource_type="PeerConnection", new_resource_group_id=world["group"]))
    step("delete", mine.delete_vpc_peer_connection, peer.DeleteVpcPeerConnectionRequest(instance_id=instance, force=True))
    step("get deleted", mine.get_vpc_peer_connection_attribute, get)
    second = step("create to reject", mine.create_vpc_peer_connection, peer.CreateVpcPeerConnectionRequest(**across))
    step("reject", theirs.reject_vpc_peer_connection, peer.RejectVpcPeerConnectionRequest(instance_id=second["InstanceId"]))
    stranger = PeerClient(Config(access_key_id=world["a"]["ak"], access_key_secret="wrong", endpoint=world["endpoint"], protocol="HTTP"))
    step("wrong secret", stranger.get_vpc_peer_connection_attribute, get)


def interfaces():
    mine = client(VpcClient, "a")
    vbr = step("create vbr", mine.create_virtual_border_router, vpc.CreateVirtualBorderRouterRequest(
        region_id=REGION, physical_connection_id=world["port"], vlan_id=30, local_gateway_ip="10.255.0.1",
        peer_gateway_ip="10.255.0.2", peering_subnet_mask="255.255.255.252"))["VbrId"]
    def create(role, spec, router, kind, other, **more):
        return step(f"create {role}", mine.create_router_interface, vpc.CreateRouterInterfaceRequest(
            region_id=REGION, role=role, spec=spec, router_id=router, router_type=kind, opposite_region_id=REGION,
            opposite_router_type=other, **more))["RouterInterfaceId"]
    initiator = create("InitiatingSide", "Large.2", vbr, "VBR", "VRouter", access_point_id=world["access_point"])
    acceptor = create("AcceptingSide", "Negative", world["routers"]["web"], "VRouter", "VBR", opposite_access_point_id=world["access_point"])
    for one, other, router, kind in ((initiator, acceptor, world["routers"]["web"], "VRouter"), (acceptor, initiator, vbr, "VBR")):
        step("modify", mine.modify_router_interface_attribute, vpc.ModifyRouterInterfaceAttributeRequest(
            region_id=REGION, router_interface_id=one, opposite_interface_id=other, opposite_router_id=router,
            opposite_router_type=kind, opposite_interface_owner_id=int(world["a"]["id"])))
    step("connect", mine.connect_router_interface, vpc.ConnectRouterInterfaceRequest(region_id=REGION, router_interface_id=initiator))
    key = vpc.DescribeRouterInterfacesRequestFilter("RouterInterfaceId", [initiator])
    step("interfaces", mine.describe_router_interfaces, vpc.DescribeRouterInterfacesRequest(region_id=REGION, filter=[key]))
    step("interface", mine.describe_router_interface_attribute, vpc.DescribeRouterInterfaceAttributeRequest(region_id=REGION, instance_id=acceptor))
    route = dict(route_table_id=world["tables"]["web"], destination_cidr_block="192.168.0.0/16")
    step("route", mine.create_route_entry, vpc.CreateRouteEntryRequest(region_id=REGION, **route, next_hop_type="RouterInterface", next_hop_id=acceptor))
    step("routes", mine.describe_route_entry_list, vpc.DescribeRouteEntryListRequest(region_id=REGION, route_table_id=world["tables"]["web"], route_entry_type="Custom"))
    step("reword route", mine.modify_route_entry, vpc.ModifyRouteEntryRequest(region_id=REGION, **route, description="another word"))
    step("routes reworded", mine.describe_route_entry_list, vpc.DescribeRouteEntryListRequest(region_id=REGION, route_table_id=world["tables"]["web"], route_entry_type="Custom"))
    step("tables", mine.describe_route_table_list, vpc.DescribeRouteTableListRequest(region_id=REGION, router_type="VBR"))
    step("delete referred", mine.delete_router_interface, vpc.DeleteRouterInterfaceRequest(region_id=REGION, router_interface_id=acceptor))
    step("unroute", mine.delete_route_entry, vpc.DeleteRouteEntryRequest(region_id=REGION, **route, next_hop_id=acceptor))
    step("resize", mine.modify_router_interface_spec, vpc.ModifyRouterInterfaceSpecRequest(region_id=REGION, router_interface_id=initiator, spec="Small.5"))
    for one in (initiator, acceptor):
        step("deactivate", mine.deactivate_router_interface, vpc.DeactivateRouterInterfaceRequest(region_id=REGION, router_interface_id=one))
    step("activate", mine.activate_router_interface, vpc.ActivateRouterInterfaceRequest(region_id=REGION, router_interface_id=initiator))
    step("deactivate", mine.deactivate_router_interface, vpc.DeactivateRouterInterfaceRequest(region_id=REGION, router_interface_id=initiator))
    for one in (initiator, acceptor):
        step("delete interface", mine.delete_router_interface, vpc.DeleteRouterInterfaceRequest(region_id=REGION, router_interface_id=one))
    step("terminate", mine.terminate_virtual_border_router, vpc.TerminateVirtualBorderRouterRequest(region_id=REGION, vbr_id=vbr))
    step("recover", mine.recover_virtual_border_router, vpc.RecoverVirtualBorderRouterRequest(region_id=REGION, vbr_id=vbr))
    step("rename vbr", mine.modify_virtual_border_router_attribute, vpc.ModifyVirtualBorderRouterAttributeRequest(region_id=REGION, vbr_id=vbr, name="line"))
    step("vbrs", mine.describe_virtual_border_routers, vpc.DescribeVirtualBorderRoutersRequest(region_id=REGION))
    step("lines", mine.describe_physical_connections, vpc.DescribePhysicalConnectionsRequest(region_id=REGION))
    step("delete vbr", mine.delete_virtual_border_router, vpc.DeleteVirtualBorderRouterRequest(region_id=REGION, vbr_id=vbr))


def networks():
    mine = client(VpcClient, "a")
    made = step("create vpc", mine.create_vpc, vpc.CreateVpcRequest(region_id=REGION, cidr_block="192.168.0.0/16", vpc_name="py"))
    switch = step("create vswitch", mine.create_vswitch, vpc.CreateVSwitchRequest(region_id=REGION, vpc_id=made["VpcId"], zone_id=f"{REGION}-h", cidr_block="192.168.1.0/24"))
    step("vpcs", mine.describe_vpcs, vpc.DescribeVpcsRequest(region_id=REGION, vpc_id=made["VpcId"]))
    step("vpc", mine.describe_vpc_attribute, vpc.DescribeVpcAttributeRequest(region_id=REGION, vpc_id=made["VpcId"]))
    step("vswitches", mine.describe_vswitches, vpc.DescribeVSwitchesRequest(region_id=REGION, vpc_id=made["VpcId"]))
    step("vrouters", mine.describe_vrouters, vpc.DescribeVRoutersRequest(region_id=REGION, vrouter_id=made["VRouterId"]))
    step("regions", mine.describe_regions, vpc.DescribeRegionsRequest())
    step("old tables", mine.describe_route_tables, vpc.DescribeRouteTablesRequest(region_id=REGION, vrouter_id=made["VRouterId"]))
    entry = dict(dst_cidr_block="10.9.0.0/16", next_hop="pcc-x", route_table_id=made["RouteTableId"])
    step("routes at once", mine.create_route_entries, vpc.CreateRouteEntriesRequest(region_id=REGION, route_entries=[vpc.CreateRouteEntriesRequestRouteEntries(**entry, next_hop_type="VpcPeer")]))
    step("unroute at once", mine.delete_route_entries, vpc.DeleteRouteEntriesRequest(region_id=REGION, route_entries=[vpc.DeleteRouteEntriesRequestRouteEntries(**entry)]))
    table = step("create table", mine.create_route_table, vpc.CreateRouteTableRequest(region_id=REGION, vpc_id=made["VpcId"], route_table_name="py"))
    pair = dict(region_id=REGION, route_table_id=table["RouteTableId"], v_switch_id=switch["VSwitchId"])
    step("associate", mine.associate_route_table, vpc.AssociateRouteTableRequest(**pair))
    step("unassociate", mine.unassociate_route_table, vpc.UnassociateRouteTableRequest(**pair))
    step("delete table", mine.delete_route_table, vpc.DeleteRouteTableRequest(region_id=REGION, route_table_id=table["RouteTableId"]))
    step("vpc tag", mine.tag_resources, vpc.TagResourcesRequest(region_id=REGION, resource_type="VPC", resource_id=[made["VpcId"]], tag=[vpc.TagResourcesRequestTag("k", "v")]))
    step("vpc tags", mine.list_tag_resources, vpc.ListTagResourcesRequest(region_id=REGION, resource_type="VPC", resource_id=[made["VpcId"]]))
    step("vpc untag", mine.un_tag_resources, vpc.UnTagResourcesRequest(region_id=REGION, resource_type="VPC", resource_id=[made["VpcId"]], tag_key=["k"]))
    step("delete vswitch", mine.delete_vswitch, vpc.DeleteVSwitchRequest(region_id=REGION, v_switch_id=switch["VSwitchId"]))
    step("delete vpc", mine.delete_vpc, vpc.DeleteVpcRequest(region_id=REGION, vpc_id=made["VpcId"]))



peerings()
interfaces()
networks()
