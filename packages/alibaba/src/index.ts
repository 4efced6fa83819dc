/** Public surface of @peerway/alibaba: the plugin, its options, its escape hatches and the types of the native operations. */
export { alibaba, alibaba as default } from './plugin.js';
export { AlibabaOptions, LINK_TYPES } from './options.js';
export type { LinkType } from './options.js';
export {
  alibabaBorderRouter,
  alibabaRouteEntry,
  alibabaRouterInterfaces,
  alibabaRpc,
  alibabaVpc,
  alibabaVpcPeer,
} from './native.js';
export type { AlibabaRpc, NativeOptions } from './native.js';
export type { VpcOperations } from './client.js';
export { ERROR_RULES, ruleFor } from './errors.js';
export type { ErrorRule } from './errors.js';
export { REGIONS } from './endpoints.js';
export type * from './api/common.js';
export type * from './api/network.js';
export type * from './api/routerInterface.js';
export type * from './api/borderRouter.js';
export type * from './api/vpcPeer.js';
