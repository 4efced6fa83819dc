"""Drives the Baidu side of the emulator with the vendor's own Python SDK, endpoint changed and nothing else.

Reads one JSON object from the first argument:
  {"bj": endpoint, "gz": endpoint, "a": {"ak", "sk", "id"}, "b": {...}, "vpcs": {"web", "data", "far", "foreign"}, "line"}
Prints one JSON line per call: {"step", "ok": bool, "answer": {...}} or {"step", "ok": false, "status", "code"}.
Every lifecycle must have ended by the next request (emulator profile "instant"): nothing here waits.
"""
import json
import sys

from baidubce.auth.bce_credentials import BceCredentials
from baidubce.bce_client_configuration import BceClientConfiguration
from baidubce.exception import BceHttpClientError
from baidubce.services.bcc.bcc_model import TagModel
from baidubce.services.et.et_client import EtClient
from baidubce.services.etGateway.et_gateway_client import EtGatewayClient
from baidubce.services.route.route_client import RouteClient
from baidubce.services.subnet.subnet_client import SubnetClient
from baidubce.services.vpc.peerconn_client import PeerConnClient
from baidubce.services.vpc.peerconn_model import Billing
from baidubce.services.vpc.vpc_client import VpcClient

world = json.loads(sys.argv[1])
vpcs = world["vpcs"]


def client(kind, account, region):
    keys = world[account]
    return kind(BceClientConfiguration(credentials=BceCredentials(keys["ak"], keys["sk"]), endpoint=world[region]))


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "__dict__"):
        return {name: plain(member) for name, member in vars(value).items() if name not in ("metadata", "raw_data")}
    return value


def step(label, function, /, *args, **kwargs):
    try:
        answer = plain(function(*args, **kwargs))
        print(json.dumps({"step": label, "ok": True, "answer": answer}))
        return answer
    except BceHttpClientError as error:
        last = error.last_error
        print(json.dumps({"step": label, "ok": False, "status": last.status_code, "code": last.code}))
        return {}


def peerings():
    mine, theirs = client(PeerConnClient, "a", "bj"), client(PeerConnClient, "b", "bj")
    tags = [TagModel("team", "net")]
    same = step(
        "create", mine.create_peerconn, 10, vpcs["web"], vpcs["data"], "bj",
        description="by python", local_if_name="left", peer_if_name="right", tags=tags, client_token="token-1",
    )["peer_conn_id"]
    step("create again with the token", mine.create_peerconn, 10, vpcs["web"], vpcs["data"], "bj",
         description="by python", local_if_name="left", peer_if_name="right", tags=tags, client_token="token-1")
    step("create a second link", mine.create_peerconn, 10, vpcs["web"], vpcs["data"], "bj")
    step("list", mine.list_peerconns, vpcs["web"], max_keys=1)
    step("get without role", mine.get_peerconn, same)
    local = step("get initiator", mine.get_peerconn, same, role="initiator")
    step("get acceptor", mine.get_peerconn, same, role="acceptor")
    step("update", mine.update_peerconn, same, local["local_if_id"], description="changed", local_if_name="renamed")
    step("get updated", mine.get_peerconn, same, role="initiator")
    step("resize", mine.resize_peerconn, same, 20)
    step("get resized", mine.get_peerconn, same, role="initiator")
    step("renew postpaid", mine.purchase_reserved_peerconn, same)
    step("refund postpaid", mine.refund_peerconn, same)
    step("accept same account", mine.handle_peerconn, same, "accept")
    step("open dns", mine.open_peerconn_dns_sync, same, "initiator")
    step("get dns open", mine.get_peerconn, same, role="initiator")
    step("close dns", mine.close_peerconn_dns_sync, same, "initiator")
    step("get dns closed", mine.get_peerconn, same, role="initiator")
    step("protect", mine.update_peerconn_delete_protect, same, True)
    step("release protected", mine.delete_peerconn, same)
    step("unprotect", mine.update_peerconn_delete_protect, same, False)
    step("release", mine.delete_peerconn, same)
    step("get released", mine.get_peerconn, same, role="initiator")

    for action in ("reject", "accept"):
        cross = step("request to " + action, mine.create_peerconn, 10, vpcs["web"], vpcs["foreign"], "bj",
                     peer_account_id=world["b"]["id"])["peer_conn_id"]
        step("get request to " + action, theirs.get_peerconn, cross, role="acceptor")
        step("get initiator before " + action, mine.get_peerconn, cross, role="initiator")
        step("own " + action, mine.handle_peerconn, cross, action)
        step(action, theirs.handle_peerconn, cross, action)
        step("get after " + action, mine.get_peerconn, cross, role="initiator")
        step("acceptor's release after " + action, theirs.delete_peerconn, cross)
        step("release after " + action, mine.delete_peerconn, cross)

    prepaid = step("create prepaid", mine.create_peerconn, 10, vpcs["web"], vpcs["far"], "gz",
                   billing=Billing("Prepaid", 1))["peer_conn_id"]
    step("get prepaid", mine.get_peerconn, prepaid, role="initiator")
    step("get prepaid in its region", client(PeerConnClient, "a", "gz").get_peerconn, prepaid, role="acceptor")
    step("renew prepaid", mine.purchase_reserved_peerconn, prepaid, billing=Billing(None, 2))
    step("shrink prepaid", mine.resize_peerconn, prepaid, 5)
    step("release prepaid", mine.delete_peerconn, prepaid)
    step("refund prepaid", mine.refund_peerconn, prepaid)


def networks():
    vpc_client, subnets = client(VpcClient, "a", "bj"), client(SubnetClient, "a", "bj")
    vpc_id = step("create vpc", vpc_client.create_vpc, "python", "192.168.0.0/16", description="d")["vpc_id"]
    step("list vpcs", vpc_client.list_vpcs, max_keys=2)
    step("update vpc", vpc_client.update_vpc, vpc_id, "renamed", secondaryCidr=["172.20.0.0/16"])
    step("open relay", vpc_client.open_relay, vpc_id)
    step("get vpc", vpc_client.get_vpc, vpc_id)
    step("shutdown relay", vpc_client.shutdown_relay, vpc_id)
    subnet_id = step("create subnet", subnets.create_subnet, "s1", "cn-bj-a", "192.168.1.0/24", vpc_id)["subnet_id"]
    step("list subnets", subnets.list_subnets, vpc_id=vpc_id)
    step("get subnet", subnets.get_subnet, subnet_id)
    step("update subnet", subnets.update_subnet, subnet_id, "s2", description="d")
    step("delete vpc in use", vpc_client.delete_vpc, vpc_id)
    step("delete subnet", subnets.delete_subnet, subnet_id)
    step("delete vpc", vpc_client.delete_vpc, vpc_id)
    step("get deleted vpc", vpc_client.get_vpc, vpc_id)


def routes():
    mine, table = client(PeerConnClient, "a", "bj"), client(RouteClient, "a", "bj")
    link = step("create for routes", mine.create_peerconn, 10, vpcs["web"], vpcs["data"], "bj")["peer_conn_id"]
    interface = step("get for routes", mine.get_peerconn, link, role="initiator")["local_if_id"]
    table_id = step("get route table", table.get_route, vpc_id=vpcs["web"])["route_table_id"]
    step("route to the link itself", table.create_route, table_id, "0.0.0.0/0", "172.16.0.0/16", "peerConn", "", link)
    rule = step("create route", table.create_route, table_id, "0.0.0.0/0", "172.16.0.0/16", "peerConn", "mine",
                interface)["route_rule_id"]
    step("create route twice", table.create_route, table_id, "0.0.0.0/0", "172.16.0.0/16", "peerConn", "", interface)
    step("update route", table.update_route, rule, "0.0.0.0/0", "172.17.0.0/16", next_hop_id=interface)
    step("list routes", table.get_route_rule, routeTableId=table_id)
    step("switch a single path", table.switch_route, rule)
    step("delete route", table.delete_route, rule)
    step("release for routes", mine.delete_peerconn, link)


def lines():
    gateways, ets = client(EtGatewayClient, "a", "bj"), client(EtClient, "a", "bj")
    step("list lines", ets.list_et_dcphy)
    step("get line", ets.list_et_dcphy_detail, world["line"])
    channel = step("get channels", ets.get_et_channel, world["line"])["et_channels"][0]["id"]
    gateway = step("create gateway", gateways.create_et_gateway, "gw", vpcs["web"], 100)["et_gateway_id"]
    step("bind", gateways.bind_et, world["line"], gateway, channel, local_cidrs=["10.0.0.0/8"])
    step("health check", gateways.create_health_check, gateway, 3, 2, 2, health_check_source_ip="10.255.0.1")
    step("get gateway", gateways.get_et_gateway, gateway)
    step("update gateway", gateways.update_et_gateway, gateway, name="gw2", speed=200)
    step("list gateways", gateways.list_et_gateway, vpcs["web"])
    step("unbind", gateways.unbind_et, gateway)
    step("release gateway", gateways.delete_et_gateway, gateway)
    step("get released gateway", gateways.get_et_gateway, gateway)


def refusals():
    wrong = dict(world["a"], sk="not-the-secret")
    world["wrong"], world["unknown"] = wrong, {"ak": "nobody", "sk": "x"}
    step("wrong secret", client(VpcClient, "wrong", "bj").list_vpcs)
    step("unknown key", client(VpcClient, "unknown", "bj").list_vpcs)


def methods():
    clients = (PeerConnClient, VpcClient, RouteClient, SubnetClient, EtGatewayClient, EtClient)
    names = {kind.__name__: sorted(name for name, member in vars(kind).items() if callable(member) and name[0] != "_")
             for kind in clients}
    print(json.dumps({"step": "methods", "ok": True, "answer": names}))


methods()
peerings()
networks()
routes()
lines()
refusals()
