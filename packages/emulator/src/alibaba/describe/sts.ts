/** Sts 2015-04-01 (docs/facts/alibaba.md 7). The vendor serves it over https only; on loopback http has to do. */
import { describe, integer, required, text } from './parameters.js';

const SOURCE = 'vendor metadata of July 2024 (docs/facts/alibaba.md 7)';

export const stsDescriptions = describe('Sts', 'sts', {
  AssumeRole: {
    mutating: false,
    source: SOURCE,
    evidence: { clients: ['@alicloud/pop-core'], negativeTested: true },
    parameters: [
      required(text('RoleArn', { pattern: /^acs:ram::\d+:role\/.+$/, codes: { pattern: 'InvalidParameter.RoleArn' } })),
      required(
        text('RoleSessionName', {
          min: 2,
          max: 64,
          pattern: /^[A-Za-z0-9.@_-]+$/,
          codes: { range: 'InvalidParameter.RoleSessionName', pattern: 'InvalidParameter.RoleSessionName' },
        }),
      ),
      integer('DurationSeconds', {
        min: 900,
        max: 43_200,
        codes: { range: 'InvalidParameter.DurationSeconds', type: 'InvalidParameter.DurationSeconds' },
      }),
      text('Policy', { max: 2_048, codes: { range: 'InvalidParameter.PolicySize' } }),
      text('ExternalId', { min: 2, max: 1_224, codes: { range: 'InvalidParameter.ExternalId' } }),
    ],
  },
  GetCallerIdentity: {
    mutating: false,
    source: SOURCE,
    evidence: { clients: ['@alicloud/pop-core'], negativeTested: false },
    parameters: [],
  },
});
