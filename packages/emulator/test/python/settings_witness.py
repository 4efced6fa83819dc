"""Runs the settings that the emulator prints for Python as they are, and prints which hosts were asked for."""
import json
import socket
import sys

from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_vpc20160428 import models as vpc
from alibabacloud_vpc20160428.client import Client
from baidubce.auth.bce_credentials import BceCredentials
from baidubce.bce_client_configuration import BceClientConfiguration
from baidubce.services.vpc.vpc_client import VpcClient

hosts = set()
resolve = socket.getaddrinfo


def only_loopback(host, *rest, **named):
    hosts.add(host)
    if host != "127.0.0.1":
        raise OSError(f"{host} is not loopback")
    return resolve(host, *rest, **named)


socket.getaddrinfo = only_loopback
acs, request_settings, *configs, bce = sys.argv[1].split("\n")
answers = []

request = CommonRequest(domain=None, version="2016-04-28", action_name="DescribeVpcs", product="Vpc")
request.set_method("POST")
request.add_query_param("RegionId", "cn-hangzhou")
exec(request_settings)
answers.append(json.loads(eval(acs).do_action_with_exception(request))["PageNumber"])
answers.append(Client(eval("".join(configs))).describe_vpcs(vpc.DescribeVpcsRequest(region_id="cn-hangzhou")).body.page_number)
answers.append(VpcClient(eval(bce)).list_vpcs().max_keys)
print(json.dumps({"hosts": sorted(hosts), "answers": answers}))
