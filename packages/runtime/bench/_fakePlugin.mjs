/** The text of a provider module that does nothing; members are replaced by source text. */
import { LINK_FEATURES, PEERING_FEATURES, ROUTE_FEATURES } from '@peerway/runtime';

export function fakePlugin(over) {
  const features = (names) =>
    `Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, { status: 'supported', checkedOn: '2026-11-20' }]))`;
  const parts = {
    apiVersion: '2',
    id: "'fake'",
    displayName: "'Fake Cloud'",
    options: 'class Options {}',
    credentials: `[
      { key: 'accessKeyId', env: ['FAKE_KEY_ID'], help: '', secret: false },
      { key: 'accessKeySecret', env: ['FAKE_KEY_SECRET'], help: '', secret: true },
    ]`,
    capabilities: `{
      networksPerRead: 10,
      mechanisms: [{ name: 'vpc-peer', handshake: 'shared', autoAcceptSameAccount: true, deletableBy: 'either', occupiesPairWhen: [],
        duplicate: 'refused', dead: 'deletable', dnsSwitch: 'resolves-other', dryRunShows: 'creation',
        bandwidth: 'optional', limits: {}, features: ${features(PEERING_FEATURES)} }],
      routes: { limits: {}, features: ${features(ROUTE_FEATURES)} },
      links: { limits: {}, features: ${features(LINK_FEATURES)} },
    }`,
    create: '() => ({})',
    ...over,
  };
  return `export default { ${Object.entries(parts)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} };`;
}
