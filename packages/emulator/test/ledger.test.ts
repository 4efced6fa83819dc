/** Whether the ledger is complete and the page made from it is current, and whether anything in scope is left unsaid. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { format } from 'prettier';
import { CODES } from '../src/alibaba/errorCodes.js';
import { ALIBABA_DECLINED } from '../src/alibaba/declined.js';
import { ALIBABA_FAULT_ONLY, ALIBABA_STRUCK, ALIBABA_UNLISTED } from '../src/alibaba/faultOnly.js';
import { BAIDU_DECLINED } from '../src/baidu/declined.js';
import { alibabaCloud, baiduCloud, replayEvidence, type Evidence } from '../../parity/src/index.js';
import { alibabaCodeRows, alibabaSources, baiduCodeRows, evidenceFiles, limitsPage } from './ledger.js';

const PAGE = new URL('../../../docs/emulator/limits.md', import.meta.url);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await Emulator.start({ seed: 1 });
});
afterAll(() => emulator.close());

const served = (cloud: 'alibaba' | 'baidu') => emulator.operations(cloud).map(({ description }) => description);

describe('the evidence ledger', () => {
  it('is what docs/emulator/limits.md says', async () => {
    const page = await format(limitsPage(emulator), { parser: 'markdown', printWidth: 120 });
    if (process.env['PEERWAY_WRITE_DOCS'] === '1') {
      mkdirSync(new URL('.', PAGE), { recursive: true });
      writeFileSync(PAGE, page);
    }
    // a long difference helps nobody: the page says how to refresh it
    expect(existsSync(PAGE) && readFileSync(PAGE, 'utf8') === page ? 'current' : 'stale').toBe('current');
  });

  it('moves a rule that a live account has shown from unverified to seen, with date and region', async () => {
    const evidence: Evidence = {
      version: 1,
      provider: 'alibaba',
      run: 'p00000001',
      date: '2026-12-03',
      regions: { a: 'cn-hangzhou' },
      accounts: {},
      defaults: {},
      times: {},
      sittings: [
        {
          startedAt: '2026-12-03T08:00:00.000Z',
          networks: [],
          probes: [
            {
              name: 'peerings that cannot be',
              exchanges: [],
              readings: {
                'alibaba.vpcPeer.selfPeeringCode': { value: 'InvalidParameter' },
                'alibaba.vpcPeer.unknownVpcCode': { value: 'ResourceNotFound.Vpc' },
                'alibaba.vpcPeer.sameRegionBandwidthCode': { hidden: 'it did not show' },
              },
            },
          ],
        },
      ],
    };
    const count = (page: string): number => Number(/(\d+) of \d+ rules have an unverified default/.exec(page)?.[1]);
    const [before, after] = [limitsPage(emulator, []), limitsPage(emulator, [evidence])];
    expect(count(before) - count(after)).toBe(2);
    const row = (name: string): string => after.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    expect(row('alibaba.vpcPeer.selfPeeringCode')).toContain('| seen live, 2026-12-03 (cn-hangzhou) |');
    expect(row('alibaba.vpcPeer.unknownVpcCode')).toContain('(cn-hangzhou): ResourceNotFound.Vpc, and not the default');
    expect(row('alibaba.vpcPeer.sameRegionBandwidthCode')).toContain('unverified');
  });

  it('takes only evidence that today’s probes read as it says', async () => {
    for (const evidence of evidenceFiles()) {
      const cloud = evidence.provider === 'alibaba' ? alibabaCloud : baiduCloud;
      expect([evidence.run, (await replayEvidence(cloud, evidence)).changed]).toEqual([evidence.run, []]);
    }
  });

  it('names a source for every operation, and one outside client for nearly all', () => {
    const all = [...served('alibaba'), ...served('baidu')];
    expect(all.filter(({ source }) => source === '').map(({ name }) => name)).toEqual([]);
    const undriven = all.filter(({ evidence }) => evidence.clients.length === 0).map(({ name }) => name);
    expect(undriven).toEqual([]);
  });

  it('says how each of Alibaba’s codes comes about, and no more than the sources hold', () => {
    const listed = Object.values(CODES).flat() as readonly string[];
    const only = ALIBABA_FAULT_ONLY.flatMap(({ codes }) => codes);
    expect(new Set(only).size).toBe(only.length);
    expect(only.filter((code) => !listed.includes(code))).toEqual([]);
    expect(Object.keys(ALIBABA_UNLISTED).filter((code) => listed.includes(code))).toEqual([]);
    const sources = alibabaSources();
    const answered = new Set(listed.filter((code) => sources.includes(`'${code}'`)));
    // a code that the sources answer must not be called impossible, and the other way round
    expect(only.filter((code) => answered.has(code) && !ALIBABA_STRUCK.includes(code))).toEqual([]);
    expect(listed.filter((code) => !answered.has(code) && !only.includes(code))).toEqual([]);
  });

  it('calls no code possible that a test does not bring about', () => {
    const rows = alibabaCodeRows(emulator).filter(({ way, tested }) => way !== 'fault' && !tested);
    expect(rows.map(({ code }) => code)).toEqual([]);
  });

  it('can provoke at least 95 % of the codes of served operations, most of them without a fault', () => {
    const alibaba = alibabaCodeRows(emulator);
    const possible = alibaba.length + Object.keys(ALIBABA_UNLISTED).length;
    expect(alibaba.length / possible).toBeGreaterThanOrEqual(0.95);
    expect(alibaba.filter(({ way }) => way !== 'fault').length / alibaba.length).toBeGreaterThan(0.6);
    expect(baiduCodeRows().filter(({ way }) => way !== 'fault').length / baiduCodeRows().length).toBeGreaterThan(0.6);
  });
});

describe('drift from the vendors’ SDKs', () => {
  // @alicloud/vpc20160428 and bce-python-sdk are compared action by action in alibaba.python and baidu.python
  it('every declined operation has a reason that says something', () => {
    const all = [...Object.values(ALIBABA_DECLINED), ...Object.values(BAIDU_DECLINED)];
    expect(all.filter((reason) => reason.length < 20)).toEqual([]);
    expect(Object.keys(ALIBABA_DECLINED).length).toBeGreaterThan(50);
  });

  it('VpcPeer has exactly the eleven actions of its metadata, and peerconn the thirteen of its schema', () => {
    expect(served('alibaba').filter(({ product }) => product === 'VpcPeer')).toHaveLength(11);
    const peerconn = [
      'CreatePeerConn', 'ListPeerConn', 'GetPeerConn', 'UpdatePeerConn', 'AcceptPeerConn', 'RejectPeerConn', 'ReleasePeerConn',
      'UpdatePeerConnBandwidth', 'RenewPeerConn', 'RefundPeerConn', 'OpenPeerConnSyncDns', 'ClosePeerConnSyncDns',
      'UpdatePeerConnDeleteProtect',
    ]; // prettier-ignore
    const names = served('baidu').map(({ name }) => name);
    expect(peerconn.filter((name) => !names.includes(name) && !(name in BAIDU_DECLINED))).toEqual([]);
    expect(names.filter((name) => name in BAIDU_DECLINED)).toEqual([]);
  });

  it('refuses what it declines as the cloud refuses an unknown action', async () => {
    const { alibabaRequest } = await import('../bench/_signers.mjs');
    const { DEFAULT_WORLD } = await import('@peerway/emulator');
    for (const action of Object.keys(ALIBABA_DECLINED).slice(0, 5)) {
      const { path, method } = alibabaRequest(DEFAULT_WORLD.alibaba.accounts.a, '2016-04-28', action, {});
      const answer = await fetch(`${emulator.alibaba.endpoint}${path}`, { method });
      expect([answer.status, await answer.json()]).toMatchObject([404, { Code: 'InvalidAction.NotFound' }]);
    }
    expect(emulator.crashes).toEqual([]);
  });
});
