/** Stand-in until the cloud is written: opens its listeners and refuses everything. */
import type { Cloud } from '../cloud.js';
import { WireError } from '../wireError.js';

const refusal = (): WireError => new WireError('NotImplemented', 501, 'This cloud is not served yet.');

export const baiduCloud: Cloud = {
  name: 'baidu',
  rules: {},
  delays: {},
  create: (services) => ({
    listeners: ['bj', 'gz'],
    operations: [],
    wire: 'text',
    newRequestId: () => services.random.uuid(),
    parse: () => {
      throw refusal();
    },
    authenticate: () => {
      throw refusal();
    },
    find: () => {
      throw refusal();
    },
    forbidden: refusal,
    refuse: refusal,
    throttled: refusal,
    failure: refusal,
    tokens: { lifetimeMs: () => 0, sliding: false, mismatch: refusal },
    answer: () => ({ status: 200, headers: {}, body: '' }),
    error: (error) => ({ status: error.status, headers: {}, body: error.code }),
    seedNetwork: (seed) => ({ id: seed.id ?? 'vpc', routeTable: seed.routeTable ?? 'rt' }),
    seedPort: () => undefined,
  }),
};
