/** Public surface of @peerway/aws: the plugin, its options, and the typed escape hatch. */
export { aws, aws as default } from './plugin.js';
export { AwsOptions } from './options.js';
export { awsEc2, awsPeeringRecord, awsRouteRecord, awsVpcRecord } from './native.js';
export type * from './wire/api/records.js';
