"""Settings that a reader of the samples is asked to fill in. Here they come from the test, by environment."""
import os

from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.profile import region_provider

_HOST, _PORT = os.environ["PEERWAY_ENDPOINT"].split(":")
_REGION = os.environ["PEERWAY_REGION"]

region_provider.add_endpoint("Vpc", _REGION, _HOST)

ACS_CLIENT = AcsClient(
    os.environ["PEERWAY_ACCESS_KEY_ID"],
    os.environ["PEERWAY_ACCESS_KEY_SECRET"],
    _REGION,
    auto_retry=False,
    port=int(_PORT),
)

# seconds: how long a state is waited for, and the pause between two looks
TIME_DEFAULT_OUT = 20
DEFAULT_TIME = 0.02

ROUTER_ID = os.environ["PEERWAY_ROUTER_ID"]
ROUTER_ID2 = os.environ["PEERWAY_ROUTER_ID2"]
TABLE_ID = os.environ["PEERWAY_TABLE_ID"]
TABLE_ID2 = os.environ["PEERWAY_TABLE_ID2"]
PC_ID = os.environ["PEERWAY_PC_ID"]
