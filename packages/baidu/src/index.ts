/** Public surface of @peerway/baidu: the plugin, its options, and the typed escape hatch. */
export { baidu, baidu as default } from './plugin.js';
export { BaiduOptions } from './options.js';
export { BAIDU_REGIONS } from './wire/regions.js';
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
export type { CreatedRoute, WirePage } from './wire/answers.js';
export type { CreatePeerConn, ListQuery, PeerConnApi, TokenOption, UpdatePeerConn } from './wire/api/peerconn.js';
export type { CreateRouteRule, NextHopRecord, RouteApi, UpdateRouteRule } from './wire/api/route.js';
export type { CreateSubnet, CreateVpc, VpcApi } from './wire/api/vpc.js';
export type {
  CreateEtGateway,
  EtApi,
  EtGatewayApi,
  EtGatewayHealthCheck,
  UpdateEtGateway,
} from './wire/api/etGateway.js';
export type * from './wire/api/records.js';
/** For those who sign requests of their own. */
export { bceDate, sign } from './wire/signer.js';
export type { SignableRequest, Signature, SigningKeys } from './wire/signer.js';
