/** Public surface of @peerway/alibaba: the plugin, its options, its escape hatches and the types of the native operations. */
export { alibaba, alibaba as default } from './plugin.js';
export { AlibabaOptions, LINK_TYPES } from './options.js';
export type { LinkType } from './options.js';
export {
  alibabaBorderRouter,
  alibabaLinkInterfaces,
  alibabaRouteEntry,
  alibabaRouterInterfaces,
  alibabaRpc,
  alibabaVpc,
  alibabaVpcPeer,
} from './native.js';
export type { AlibabaRpc, NativeOptions } from './native.js';
export type { VpcOperations } from './wire/api/vpc.js';
export { ERROR_RULES, ruleFor } from './wire/errors.js';
export type { ErrorRule } from './wire/errors.js';
export { REGIONS } from './wire/regions.js';
export type * from './wire/api/common.js';
export type * from './wire/api/network.js';
export type * from './wire/api/routerInterface.js';
export type * from './wire/api/borderRouter.js';
export type * from './wire/api/vpcPeer.js';
