/** Answers that lie: an answer that does not hold what it must is an error that says so, and never "nothing there". */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { linkId, networkId, peeringId, routeTableId, type Unreadable } from '@peerway/core';
import { baiduEt, baiduRoute } from '../src/index.js';
import { caught, collect } from './asking.js';
import { rig, Stub, type Rig } from './stub.js';

let stub: Stub;
let made: Rig;
beforeAll(async () => {
  stub = await Stub.start();
  made = await rig(stub.endpoint);
});
afterAll(async () => {
  await made.provider.close();
  await stub.close();
});

const VPC = networkId('vpc-1');
const LINK = peeringId('peerconn-1');

const READS: readonly [operation: string, read: (rig: Rig) => Promise<unknown>][] = [
  ['ListPeerConn', ({ provider }) => collect(provider.peerings.list())],
  ['QueryVpcList', ({ provider }) => provider.networks.getMany([VPC])],
  ['QueryRoutingTable', ({ provider }) => provider.routes.tables(VPC)],
  ['QueryRoutingRules', ({ provider }) => collect(provider.routes.list(VPC, routeTableId('rt-1')))],
  ['QueryTheListOfDedicatedLineGateways', ({ provider }) => collect(provider.links.list({ network: VPC }))],
];

const LIES: readonly [body: unknown, wrong: RegExp][] = [
  [undefined, /it is empty/],
  [{}, /(s|Id) is missing/],
  [{ success: false }, /it says that it was no success/],
  ['<html>', /it is no JSON, or was cut off/],
  ['null', /it is null and not an object/],
  [[], /it is a list and not an object/],
];

describe.each(READS)('%s', (operation, read) => {
  it.each(LIES)('%j', async (body, wrong) => {
    stub.says({ body });
    const error = await caught(read(made));
    expect(error.code).toBe('Unavailable');
    expect(error.message).toMatch(wrong);
    expect(error.message).toContain(`Unexpected answer to ${operation}`);
    expect(error.details.nativeOperation).toBe(operation);
    expect(error.details.requestId).toMatch(/^req-/);
    expect(error.details.remedy).toContain('proxy');
  });
});

const side = {
  peerConnId: 'peerconn-1',
  role: 'initiator',
  status: 'active',
  localIfId: 'qpif-1',
  localVpcId: 'vpc-1',
  localRegion: 'bj',
  peerVpcId: 'vpc-2',
  peerRegion: 'bj',
  tags: [],
};

describe('the items of a list', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'peerConns[1] is null and not an object'],
    ['a number for a state', { ...side, status: 7 }, 'peerConns[1].status is a number and not an id'],
    ['no network', { ...side, peerVpcId: undefined }, 'peerConns[1].peerVpcId is missing'],
    [
      'no bandwidth',
      { ...side, bandwidthInMbps: 0 },
      'peerConns[1].bandwidthInMbps is a number and not a whole number from 1 to 100000000',
    ],
    ['a text for the tags', { ...side, tags: 'none' }, 'peerConns[1].tags is another text and not a list'],
    [
      'a text for a switch',
      { ...side, deleteProtect: 'no' },
      'peerConns[1].deleteProtect is another text and not true or false',
    ],
  ])('%s', async (_, item, wrong) => {
    stub.says({ body: { peerConns: [side, item] } });
    expect((await caught(collect(made.provider.peerings.list()))).message).toBe(
      `Unexpected answer to ListPeerConn: ${wrong}`,
    );
  });
});

describe('an answer that contradicts itself', () => {
  it('a page that is cut and names no next one', async () => {
    stub.says({ body: { peerConns: [side], isTruncated: true } });
    expect((await caught(collect(made.provider.peerings.list()))).message).toMatch('truncated and has no nextMarker');
  });

  it('the marker that was sent', async () => {
    stub.says({ body: { peerConns: [side], isTruncated: true, nextMarker: 'again' } });
    const error = await caught(collect(made.provider.peerings.list()));
    expect(error.message).toMatch('its nextMarker is the marker that was sent');
    expect(stub.asked.length).toBeLessThan(10);
  });

  it('a next marker without the word that the page is cut is followed', async () => {
    stub.says({ body: { peerConns: [side], nextMarker: 'more' } }, { body: { peerConns: [] } });
    expect(await collect(made.provider.peerings.list())).toHaveLength(1);
    expect(stub.asked).toHaveLength(2);
  });
});

describe('one object', () => {
  it('that is another than the one asked for is an error, and so is one that joins other networks than in the listing', async () => {
    stub.says({ body: { ...side, peerConnId: 'peerconn-2' } });
    expect((await caught(made.provider.peerings.get(LINK))).message).toBe(
      'Unexpected answer to GetPeerConn: it is about peerconn-2, and peerconn-1 was asked for',
    );
    const { tags: _, ...listed } = side;
    stub.says({ body: { peerConns: [listed] } }, { body: { ...side, peerVpcId: 'vpc-9' } });
    expect((await caught(collect(made.provider.peerings.list()))).message).toBe(
      'Unexpected answer to GetPeerConn: peerconn-1 joins other networks than in the listing',
    );
  });

  it('that is active and has no interface cannot be read', async () => {
    const ids: string[] = [];
    stub.says({
      body: {
        peerConns: [
          { ...side, localIfId: '' },
          { ...side, peerConnId: 'peerconn-2' },
        ],
      },
    });
    const list = made.provider.peerings.list({}, { unreadable: ({ id }) => ids.push(id) });
    expect((await collect(list)).map(({ id }) => id)).toEqual(['peerconn-2']);
    expect(ids).toEqual(['peerconn-1']);
  });

  const gateway = { etGatewayId: 'dcgw-2', name: 'g', status: 'running', vpcId: 'vpc-1' };
  const rule = {
    routeTableId: 'rt-2',
    sourceAddress: '0.0.0.0/0',
    destinationAddress: '10.0.0.0/8',
    nexthopType: 'custom',
  };
  it.each<[string, unknown, string, (rig: Rig) => Promise<unknown>]>([
    ['a gateway', gateway, 'dcgw-2, and dcgw-1', ({ provider }) => provider.links.get(linkId('dcgw-1'))],
    [
      'a table',
      { routeTableId: 'rt-1', vpcId: 'vpc-2', routeRules: [] },
      'vpc-2, and vpc-1',
      ({ provider }) => provider.routes.tables(VPC),
    ],
    [
      'a rule',
      { routeTableId: 'rt-1', vpcId: 'vpc-1', routeRules: [rule] },
      'rt-2, and rt-1',
      ({ provider }) => provider.routes.tables(VPC),
    ],
    [
      'a listed rule',
      { routeRules: [rule] },
      'rt-2, and rt-1',
      ({ provider }) => collect(provider.routes.list(VPC, routeTableId('rt-1'))),
    ],
  ])('%s of another id than the one asked for is an error', async (_, body, wrong, read) => {
    stub.says({ body });
    expect((await caught(read(made))).message).toContain(`${wrong} was asked for`);
  });

  it('a rule by a peering that it does not name is an error', async () => {
    stub.says({ body: { routeRules: [{ ...rule, routeTableId: 'rt-1', nexthopType: 'peerConn', nexthopId: '' }] } });
    const list = collect(made.provider.routes.list(VPC, routeTableId('rt-1'), { hops: 'irrelevant' }));
    expect((await caught(list)).message).toContain('by a peerConn, and not by which');
  });

  it('with other members than its id is no sign that it is not there', async () => {
    stub.says({ body: { requestId: 'x' } });
    expect((await caught(made.provider.peerings.find(LINK))).message).toMatch('peerConnId is missing');
  });

  it('a line that is answered with nothing is no missing line', async () => {
    stub.says({});
    expect((await caught(made.provider.native(baiduEt)?.getEt('et-1'))).code).toBe('Unavailable');
  });
});

describe('writes', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no id', {}],
    ['an id of another kind', { routeRuleId: 7 }],
  ])('a rule made and answered with %s: the outcome is unknown', async (_, body) => {
    stub.says({ body });
    const rule = {
      routeTableId: 'rt-1',
      sourceAddress: '0.0.0.0/0',
      destinationAddress: '10.0.0.0/8',
      nexthopType: 'peerConn',
      nexthopId: 'qpif-1',
    };
    const error = await caught(made.provider.native(baiduRoute)?.createRoutingRule(rule));
    expect(error.details).toMatchObject({ outcome: 'unknown', nativeOperation: 'CreateRoutingRules' });
    expect(stub.asked).toHaveLength(1);
  });

  it('an action that says it was no success was none', async () => {
    stub.says({ body: { success: false } });
    const error = await caught(made.provider.native(baiduRoute)?.deleteRoutingRule('rr-1'));
    expect(error.details.outcome).toBe('unknown');
  });
});

it('an answer beyond 64 MB is refused with the bound', async () => {
  stub.says({ body: `{"vpcs":[${' '.repeat(65 * 1024 * 1024)}` });
  const error = await caught(made.provider.networks.getMany([VPC]));
  expect(error.message).toBe('Unexpected answer to QueryVpcList: it is larger than 64 MB');
  expect(stub.asked).toHaveLength(1);
});

describe('a word that no table knows', () => {
  const strange = { ...side, peerConnId: 'peerconn-9', localVpcId: 'vpc-8', peerVpcId: 'vpc-9' };
  const words = [{ status: 'frozen' }, { role: 'bystander' }, { dnsStatus: 'frozen' }];

  it.each(words)('on a stranger’s peering: %j', async (more) => {
    stub.says({ body: { peerConns: [{ ...strange, ...more }, side] } });
    const unreadable: Unreadable[] = [];
    const list = made.provider.peerings.list({}, { unreadable: (item) => unreadable.push(item) });
    expect((await collect(list)).map(({ id }) => id)).toEqual(['peerconn-1']);
    expect(unreadable).toMatchObject([{ id: 'peerconn-9', networks: ['vpc-8', 'vpc-9'] }]);
    expect(unreadable[0]?.error.message).toMatch(`"${Object.values(more)[0]}"`);
    expect((await caught(collect(made.provider.peerings.list()))).code).toBe('Unknown');
  });

  it.each(words)('on the peering that is asked for: %j', async (more) => {
    stub.says({ body: { ...side, ...more } });
    expect((await caught(made.provider.peerings.get(LINK))).code).toBe('Unknown');
  });

  it('on a gateway', async () => {
    stub.says({ body: { etGateways: [{ etGatewayId: 'dcgw-9', name: '', status: 'frozen', vpcId: 'vpc-1' }] } });
    const ids: string[] = [];
    const unreadable = (item: Unreadable) => void ids.push(item.id);
    expect(await collect(made.provider.links.list({ network: VPC }, { unreadable }))).toEqual([]);
    expect(ids).toEqual(['dcgw-9']);
  });
});
