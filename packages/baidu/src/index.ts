/** Public surface of @peerway/baidu: the plugin, its options, and the typed escape hatch. */
export { baidu, baidu as default } from './plugin.js';
export { BaiduOptions } from './options.js';
export { BAIDU_REGIONS } from './regions.js';
export { UNBOUND_PORT } from './linkDriver.js';
export {
  baiduEt,
  baiduEtGateway,
  baiduEtGatewayRecord,
  baiduPeerconn,
  baiduPeerconnRecord,
  baiduRoute,
  baiduRouteRuleRecord,
  baiduVpc,
  baiduVpcRecord,
} from './native.js';
export type { WirePage } from './answers.js';
export type { CreatePeerConn, ListQuery, PeerConnApi, TokenOption, UpdatePeerConn } from './api/peerconn.js';
export type { CreateRouteRule, NextHopRecord, RouteApi, UpdateRouteRule } from './api/route.js';
export type { CreateSubnet, CreateVpc, VpcApi } from './api/vpc.js';
export type { CreateEtGateway, EtApi, EtGatewayApi, EtGatewayHealthCheck, UpdateEtGateway } from './api/etGateway.js';
export type * from './api/records.js';
/** For those who sign requests of their own. */
export { bceDate, sign } from './signer.js';
export type { SignableRequest, Signature, SigningKeys } from './signer.js';
