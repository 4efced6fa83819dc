/** Route table and route rule operations, as data. */
import { ALL_SDKS, describe, description, ignored, paging, required, text } from './parameters.js';
import type { BaiduOperation, Sketch } from './parameters.js';
import type { ParameterDescription } from '../../machine/description.js';

const FACTS = 'docs/facts/baidu.md 3.4 (vendor pages VPC/s/Ljwvyugpl and jjwvyuh0v, SDK models), checked 2026-11';
const RULE = '/v1/route/rule/{routeRuleId}';

/** docs/facts/baidu.md 3.4, table of next hops; `defaultGateway` (without an id) is from bce-python-sdk 0.9.79, route_client.py. */
const NEXT_HOP_TYPES = [
  'custom',
  'vpn',
  'nat',
  'dcGateway',
  'peerConn',
  'ipv6gateway',
  'enic',
  'havip',
  'defaultGateway',
] as const;

const where: readonly ParameterDescription[] = [text('routeTableId'), text('vpcId')];
const nexthopType = text('nexthopType', { values: NEXT_HOP_TYPES });

const operation = (name: string, sketch: Omit<Sketch, 'source'>): BaiduOperation =>
  describe('route', name, { ...sketch, source: FACTS });

export const ROUTE_OPERATIONS = {
  QueryRoutingTable: operation('QueryRoutingTable', {
    method: 'GET',
    path: '/v1/route',
    query: where,
    sdks: ALL_SDKS,
  }),
  QueryRoutingRules: operation('QueryRoutingRules', {
    method: 'GET',
    path: '/v1/route/rule',
    query: [...where, ...paging],
    sdks: ALL_SDKS,
  }),
  CreateRoutingRules: operation('CreateRoutingRules', {
    method: 'POST',
    path: '/v1/route/rule',
    body: [
      required(text('routeTableId')),
      required(text('sourceAddress')),
      required(text('destinationAddress')),
      nexthopType,
      text('nexthopId'),
      {
        name: 'nextHopList',
        type: 'list',
        min: 2,
        max: 8,
        item: {
          name: '',
          type: 'object',
          fields: [
            required(text('nexthopId')),
            required(nexthopType),
            required(text('pathType', { values: ['ecmp', 'ha:active', 'ha:standby'] })),
          ],
        },
      },
      description,
      // the Go documents show 4, its tests "IPv4", and the Java SDK always sends the number
      ignored('ipVersion'),
    ],
    sdks: ALL_SDKS,
  }),
  UpdateRoutingRules: operation('UpdateRoutingRules', {
    method: 'PUT',
    path: RULE,
    body: [text('sourceAddress'), text('destinationAddress'), text('nexthopId'), description],
  }),
  DeleteRoutingRules: operation('DeleteRoutingRules', {
    method: 'DELETE',
    path: RULE,
    sdks: ALL_SDKS,
  }),
  ActiveStandbySwitchover: operation('ActiveStandbySwitchover', {
    method: 'PUT',
    path: RULE,
    flag: 'switchRouteHA',
    // the Go SDK drops the flag, which has no value, from its query
    sdks: ['python', 'java'],
  }),
} as const;
