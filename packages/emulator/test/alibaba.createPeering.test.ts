/** How each of the 24 codes of CreateVpcPeerConnection (docs/facts/alibaba.md 11.3) comes about: by its situation, or by a rule. */
import { describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { alibabaRules } from '../src/alibaba/rules.js';
import { DOCUMENTS } from './alibabaDocuments.js';
import { activePair } from './alibabaInterfaces.js';
import { active, between, create, far } from './alibabaPeerings.js';
import {
  a,
  asA,
  asB,
  b,
  codeOf,
  data,
  emulator,
  emulatorPerFile,
  foreign,
  jobs,
  REGION,
  vpc,
  web,
} from './alibabaWire.js';
import { alibabaCodeRows } from './ledger.js';

emulatorPerFile(24);

const FAR_REGION = 'cn-beijing';
const ACCOUNTS = { a: a.id, b: b.id };
let blocks = 0;

/** One more VPC of an account in a region, ready to use. */
function another(account: 'a' | 'b', region: string): typeof web {
  const cidrs = [`10.${String(100 + ((blocks += 1) % 100))}.0.0/16`];
  const { id } = emulator.world.network({ cloud: 'alibaba', account: ACCOUNTS[account], region, cidrs });
  return { ...web, id, account, region } as typeof web;
}

/** Peers so many new VPCs of an account and region with one VPC, one after the other. */
async function peerWith(to: typeof web, count: number, region: string, account: 'a' | 'b' = 'a'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await create(between(another(account, region), to), account === 'a' ? asA : asB);
    emulator.clock.advance(10_000);
  }
}

const refused = (from: typeof web, to: typeof web, more: object = {}, as = asA) =>
  codeOf(create({ ...between(from, to), ...more }, as));

const SITUATIONS: Readonly<Record<string, () => Promise<string>>> = {
  'OperationFailed.CrossBorderCdtNotOpened': () => refused(web, another('a', 'us-east-1')),
  'IncorrectStatus.Vpc': async () => {
    await create(between(web, data));
    return refused(web, jobs);
  },
  'IncorrectStatus.AcceptingVpc': async () => {
    const { VpcId } = await vpc('CreateVpc');
    return refused(web, { ...web, id: String(VpcId) });
  },
  'ResourceAlreadyExist.RouterInterface': async () => {
    await activePair();
    return refused(web, data);
  },
  'ResourceAlreadyExist.VpcPeer': async () => {
    await active();
    return refused(web, data);
  },
  'QuotaExceeded.VpcPeerCountPerVpc': async () => {
    await peerWith(web, 20, FAR_REGION);
    await peerWith(web, 10, REGION);
    return refused(another('b', REGION), web, {}, asB);
  },
  UnsupportedRegion: () => refused(web, { ...far, region: 'cn-atlantis' as typeof far.region }),
  'QuotaExceeded.VpcPeerCountPerUserPerRegion': async () => {
    await peerWith(data, 20, FAR_REGION);
    return refused(far, jobs);
  },
  'OperationFailed.NotExist.ResourceGroup': () => refused(web, data, { ResourceGroupId: 'rg-unknown' }),
  'OperationFailed.ViolativeVpcPeer': () => refused(web, another('a', 'cn-shanghai-finance-1')),
  'QuotaExceeded.CrossRegionVpcPeerCountPerVpc': async () => {
    await peerWith(web, 20, FAR_REGION);
    return refused(another('b', FAR_REGION), web, {}, asB);
  },
  'QuotaExceeded.IntraRegionVpcPeerCountPerVpc': async () => {
    await peerWith(web, 10, REGION);
    return refused(data, web);
  },
  'OperationFailed.InterRegionLinkTypeNotSupported': () => refused(web, data, { LinkType: 'Gold' }),
  'OperationFailed.SpecificLinkTypeNotSupported': () => refused(web, far, { LinkType: 'Silver' }),
};

const CODES = Object.keys(DOCUMENTS.references['11.3'].errors);
const BY_RULE = CODES.filter((code) => SITUATIONS[code] === undefined);

describe('the codes of CreateVpcPeerConnection', () => {
  it.each(Object.entries(SITUATIONS))('%s comes by the situation itself', async (code, situation) => {
    expect(await situation()).toBe(code);
  });

  it.each(BY_RULE)('%s comes by a rule only', async (code) => {
    const rule = Object.values(alibabaRules).find((one) => 'code' in one && one.code === code);
    expect(rule?.default).toEqual(expect.any(Boolean));
    const abroad = another('b', 'us-east-1');
    const other = !(rule?.default as boolean);
    emulator.rules.set({ [String(rule?.name)]: other, 'alibaba.cdt.crossBorderOpened': true });
    // a peering across accounts, regions and the border has every condition that a rule is about
    expect(await refused(web, abroad, { LinkType: 'Gold' })).toBe(code);
    emulator.rules.reset();
    expect(await create(between(web, foreign))).toMatchObject({ InstanceId: expect.any(String) as unknown });
  });

  it('are counted so in the ledger', async () => {
    const own = await Emulator.start({ seed: 1 });
    const ways = new Map(alibabaCodeRows(own).map(({ code, way }) => [code, way]));
    await own.close();
    expect(CODES.map((code) => [code, ways.get(code)])).toEqual(
      CODES.map((code) => [code, SITUATIONS[code] === undefined ? 'rule' : 'request']),
    );
    expect([Object.keys(SITUATIONS).length, BY_RULE.length]).toEqual([14, 10]);
  });
});
