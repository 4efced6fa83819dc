/** Every operation with the code that does it: a total table, so that a described operation without code does not compile. */
import type { Handler } from '../context.js';
import {
  bindGateway,
  createGateway,
  createHealthCheck,
  getGateway,
  listGateways,
  releaseGateway,
  unbindGateway,
  updateGateway,
} from './etGateway.js';
import { queryChannels, queryLine, queryLines } from './et.js';
import { GATEWAY_OPERATIONS } from '../describe/etGateway.js';
import { PEERCONN_OPERATIONS } from '../describe/peerconn.js';
import { ROUTE_OPERATIONS } from '../describe/route.js';
import { VPC_OPERATIONS } from '../describe/vpc.js';
import { refundPeerConn, renewPeerConn } from './peerconn/billing.js';
import {
  acceptPeerConn,
  closeDnsSync,
  openDnsSync,
  rejectPeerConn,
  resizePeerConn,
  updateDeleteProtect,
  updatePeerConn,
} from './peerconn/change.js';
import { createPeerConn } from './peerconn/create.js';
import { getPeerConn, listPeerConn } from './peerconn/read.js';
import { releasePeerConn } from './peerconn/release.js';
import {
  createRoutingRules,
  deleteRoutingRules,
  queryRoutingRules,
  queryRoutingTable,
  switchRouteHa,
  updateRoutingRules,
} from './route.js';
import { createSubnet, deleteSubnet, querySpecifiedSubnet, querySubnetList, updateSubnet } from './subnet.js';
import {
  closeVpcRelay,
  createVpc,
  deleteVpc,
  openVpcRelay,
  querySpecifiedVpc,
  queryVpcList,
  updateVpc,
} from './vpc.js';

export const BAIDU_OPERATIONS = {
  ...PEERCONN_OPERATIONS,
  ...VPC_OPERATIONS,
  ...ROUTE_OPERATIONS,
  ...GATEWAY_OPERATIONS,
} as const;

export type BaiduOperationName = keyof typeof BAIDU_OPERATIONS;

export const HANDLERS: Readonly<Record<BaiduOperationName, Handler>> = {
  CreatePeerConn: createPeerConn,
  ListPeerConn: listPeerConn,
  GetPeerConn: getPeerConn,
  UpdatePeerConn: updatePeerConn,
  AcceptPeerConn: acceptPeerConn,
  RejectPeerConn: rejectPeerConn,
  ReleasePeerConn: releasePeerConn,
  UpdatePeerConnBandwidth: resizePeerConn,
  RenewPeerConn: renewPeerConn,
  RefundPeerConn: refundPeerConn,
  OpenPeerConnSyncDns: openDnsSync,
  ClosePeerConnSyncDns: closeDnsSync,
  UpdatePeerConnDeleteProtect: updateDeleteProtect,
  CreateVpc: createVpc,
  QueryVpcList: queryVpcList,
  QuerySpecifiedVpc: querySpecifiedVpc,
  UpdateVpc: updateVpc,
  DeleteVpc: deleteVpc,
  OpenVpcRelay: openVpcRelay,
  CloseVpcRelay: closeVpcRelay,
  CreateSubnet: createSubnet,
  QuerySubnetList: querySubnetList,
  QuerySpecifiedSubnet: querySpecifiedSubnet,
  UpdateSubnet: updateSubnet,
  DeleteSubnet: deleteSubnet,
  QueryRoutingTable: queryRoutingTable,
  QueryRoutingRules: queryRoutingRules,
  CreateRoutingRules: createRoutingRules,
  UpdateRoutingRules: updateRoutingRules,
  DeleteRoutingRules: deleteRoutingRules,
  ActiveStandbySwitchover: switchRouteHa,
  CreateDedicatedGateway: createGateway,
  QueryTheListOfDedicatedLineGateways: listGateways,
  QueryTheDetailsOfTheDedicatedGateway: getGateway,
  UpdateDedicatedGateway: updateGateway,
  BindPhysicalDedicatedLine: bindGateway,
  UnbindPhysicalDedicatedLine: unbindGateway,
  ReleaseDedicatedGateway: releaseGateway,
  CreateDedicatedGatewayHealthCheck: createHealthCheck,
  QueryDedicatedLines: queryLines,
  QueryDedicatedLineDetail: queryLine,
  QueryDedicatedChannel: queryChannels,
};
