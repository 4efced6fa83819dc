/** Public surface of the template provider: the plugin, by name and as default, and its native tokens. */
export { tiny, tiny as default, TinyOptions } from './plugin.js';
export { tinyClient } from './client.js';
export type { TinyClient } from './client.js';
export { tinyPeering } from './convert.js';
export { Cloud } from './cloud.js';
export { cloudNamed, DEMO, dropCloud, addDemoNetworks } from './clouds.js';
