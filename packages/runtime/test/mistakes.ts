/** Every mistake that a config file can hold, and the one message that it must give: `line:column path | message | remedy`. */

export const TOP = `version: 1
stack: shop
providers:
  ali: { use: ./cloud.js, region: cn-hangzhou }
networks:
  web: { provider: ali, id: vpc-1 }
  data: { provider: ali, id: vpc-2 }
  logs: { provider: ali, id: vpc-3 }
`;

const connection = (text: string): string => `${TOP}connections:\n  - { name: x, ${text} }\n`;
const link = (text: string): string =>
  `${TOP}links:\n  - { name: idc, network: web, port: pc-1, destinations: [192.168.0.0/16], vlan: 30, cloudIp: 10.255.0.1/30, customerIp: 10.255.0.2 }\n`.replace(
    text.split(' => ')[0]!,
    text.split(' => ')[1]!,
  );
const entry = (text: string): string => TOP.replace('region: cn-hangzhou', `region: cn-hangzhou, ${text}`);

/** With a selection beside the networks. */
const selecting = (text: string, connection = 'hub: web, spokes: [spokes]'): string =>
  `${TOP}  spokes: { provider: ali, ${text} }\nconnections:\n  - { name: core, ${connection} }\n`;
const SPOKES = 'select: { name: "prod-*" }';
/** With a network of somebody else's. */
const peering = (text: string, connection = 'between: [web, far]'): string =>
  `${TOP}  far: { provider: ali, ${text} }\nconnections:\n  - { name: core, ${connection} }\n`;
const FAR = 'peer: { account: 1, region: r, id: vpc-9 }';
const NEEDS_ONE = 'Name a network that has an id:; a selection can be among spokes: or in a mesh:.';

export const MISTAKES: Record<string, [text: string, expected: string]> = {
  'wrong key': [
    connection('betwen: [web, data]').replace('name: x, betwen', 'name: x, between: [web, data], bandwithMbps'),
    '10:38 connections[0].bandwithMbps | the key "bandwithMbps" is not known here | Did you mean "bandwidthMbps"?',
  ],
  'a region that is none': [
    TOP.replace('./cloud.js, region: cn-hangzhou', 'alibaba, region: cn-hangzou'),
    '4:32 providers.ali.region | Alibaba Cloud has no region "cn-hangzou" that is known here | Did you mean "cn-hangzhou"? If it is new, write newRegion: true beside it.',
  ],
  'a region of somebody else’s network that is none': [
    peering('peer: { account: 1, region: cn-hangzou, id: vpc-9 }').replace('./cloud.js', 'alibaba'),
    '9:53 networks.far.peer.region | Alibaba Cloud has no region "cn-hangzou" that is known here | Did you mean "cn-hangzhou"? If it is new, write newRegion: true in ali.',
  ],
  'a key where a name should be': [
    TOP.replace('id: vpc-1', 'id: "${ALIBABA_CLOUD_ACCESS_KEY_SECRET:-x}"').replace('./cloud.js', 'alibaba'),
    '6:29 networks.web.id | ${ALIBABA_CLOUD_ACCESS_KEY_SECRET} holds a key, and is no place for one | Name that variable under credentials: of a provider entry only.',
  ],
  'networks of two clouds': [
    connection('mesh: [web, data, logs]')
      .replace('./cloud.js', 'alibaba')
      .replace('networks:', '  bd: { use: baidu, region: bj }\nnetworks:')
      .replace('provider: ali, id: vpc-3', 'provider: bd, id: vpc-3'),
    '11:34 connections[0].mesh[2] | "web" is a network of Alibaba Cloud, and "logs" one of Baidu AI Cloud | Peer networks of one cloud; between clouds use a link on each side.',
  ],
  'options of one connection where there are none': [
    connection('between: [web, data], options: { tier: 1 }'),
    '10:38 connections[0].options | Fake Cloud takes no options for one connection | Remove them.',
  ],
  'an option of one connection that is not known': [
    connection('between: [web, data], options: { linkTyp: Gold }').replace('./cloud.js', 'alibaba'),
    '10:49 connections[0].options.linkTyp | the key "linkTyp" is not known here | Did you mean "linkType"?',
  ],
  'an option of one link that does not fit': [
    link('vlan: 30 => vlan: 30, options: { circuitCode: "a b" }').replace('./cloud.js', 'alibaba'),
    `10:110 links[0].options.circuitCode | found "a b", but circuitCode must match /^[\\x21-\\x7e]{1,64}$/ regular expression | See the provider's documentation for this option.`,
  ],
  'a protection that is no switch': [
    connection('between: [web, data], deletionProtection: maybe'),
    '10:58 connections[0].deletionProtection | "maybe" is not true or false | Write true or false.',
  ],
  'names of one side': [
    connection('between: [web, data], dnsSync: one'),
    '10:47 connections[0].dnsSync | "one" is not one of both, none or a list of network names | Write both, none, or a list of the networks that open their names, e.g. [web].',
  ],
  'names of a network that is not joined': [
    connection('between: [web, data], dnsSync: [logs]'),
    '10:48 connections[0].dnsSync[0] | the connection does not join "logs" | Use one of web, data.',
  ],
  'a health check of something': [
    link('vlan: 30 => vlan: 30, healthCheck: { every: 3 }'),
    '10:108 links[0].healthCheck.every | the key "every" is not known here | Write one or more of source: and target: (addresses), intervalMs: and failures: (numbers).',
  ],
  'a health check by nothing': [
    link('vlan: 30 => vlan: 30, healthCheck: { failures: 0 }'),
    '10:111 links[0].healthCheck.failures | 0 is not a number of lost probes | Give a whole number, more than 0.',
  ],
  'a rate of nothing': [
    entry('callsPerSecond: 0'),
    '4:64 providers.ali.callsPerSecond | 0 is not a number of requests per second | Give a number from 0.1 to 1000, e.g. 20; without it the limit is learned from the cloud.',
  ],
  'a network and a selection in one': [
    selecting(`id: vpc-4, ${SPOKES}`),
    '9:39 networks.spokes.select | id and select exclude each other | Name one network by id: or peer:, or many by select:.',
  ],
  'neither a network nor a selection': [
    TOP.replace(', id: vpc-3', ''),
    '8:3 networks.logs | "id" is missing | Add `id: …` with an id, or `select: …`, or `peer: …`.',
  ],
  'a selection that says nothing': [
    selecting('select: {}'),
    '9:36 networks.spokes.select | a selection says nothing | Write tags: { key: value }, name: "prod-*", or both.',
  ],
  'a selection by no tag': [
    selecting('select: { tags: {} }'),
    '9:28 networks.spokes.select | no tag is named | Write tags: { key: value }, or leave tags out.',
  ],
  'a selection by something else': [
    selecting('select: { nam: "prod-*" }'),
    '9:43 networks.spokes.select.nam | the key "nam" is not known here | Write tags: { key: value }, name: "prod-*", or both.',
  ],
  'tables of a selection': [
    selecting(`${SPOKES}, routeTables: [vtb-1]`),
    '9:56 networks.spokes.routeTables | the tables of one network say nothing of a selection | Declare a network by its id to name its tables; it keeps them where a selection finds it too.',
  ],
  'a selection as a hub': [
    selecting(SPOKES, 'hub: spokes, spokes: [web]'),
    `11:24 connections[0].hub | "spokes" is a selection, and one network is needed here | ${NEEDS_ONE}`,
  ],
  'a selection as an end': [
    selecting(SPOKES, 'between: [web, spokes]'),
    `11:34 connections[0].between[1] | "spokes" is a selection, and one network is needed here | ${NEEDS_ONE}`,
  ],
  'a selection with a line': [
    link('network: web => network: spokes').replace('links:', `  spokes: { provider: ali, ${SPOKES} }\nlinks:`),
    `11:27 links[0].network | "spokes" is a selection, and one network is needed here | ${NEEDS_ONE}`,
  ],
  'a mesh of one network': [
    connection('mesh: [web]'),
    '10:22 connections[0].mesh | a list of 1 is too short | Name at least two different networks, e.g. [a, b, c].',
  ],
  'a selection by tags where the cloud does not show them': [
    selecting('select: { tags: { role: spoke } }'),
    '9:38 networks.spokes.select.tags | Fake Cloud does not select networks by tags: its provider does not say that it shows them | Select them by name:, or declare each by its id.',
  ],
  'a peer without its account': [
    peering('peer: { region: r, id: vpc-9 }'),
    '9:25 networks.far.peer | "account" is missing | Add account: … of the network, as its owner’s cloud shows it.',
  ],
  'a peer with something else': [
    peering('peer: { account: 1, region: r, id: vpc-9, cidr: 10.0.0.0/8 }'),
    '9:73 networks.far.peer.cidr | the key "cidr" is not known here | Write peer: { account: …, region: …, id: … }, and cidrs: [...] or await: true where they are wanted.',
  ],
  'a peer that is a network of ours': [
    peering(`id: vpc-8, ${FAR}`),
    '9:36 networks.far.peer | id and peer exclude each other | Name one network by id: or peer:, or many by select:.',
  ],
  'tables of a peer': [
    peering(`${FAR}, routeTables: [vtb-1]`),
    '9:69 networks.far.routeTables | the tables of a peer are its owner’s | Remove them.',
  ],
  'a peer in a mesh': [
    peering(FAR, 'mesh: [web, far]'),
    '11:31 connections[0].mesh[1] | "far" is a network of somebody else’s, and in a mesh nobody says who asks | Join it by between: [first the one that asks, then the other].',
  ],
  'two peers': [
    peering(`${FAR} }\n  near: { provider: ali, peer: { account: 1, region: r, id: vpc-8 }`, 'between: [near, far]'),
    '12:28 connections[0].between | both are networks of somebody else’s | Name one that has an id:.',
  ],
  'a peer with a line': [
    link('network: web => network: far').replace('links:', `  far: { provider: ali, ${FAR} }\nlinks:`),
    '11:27 links[0].network | "far" is a network of somebody else’s | Name a network that has an id:.',
  ],
  'wrong key at the top': [
    TOP.replace('stack: shop', 'stack: shop\nnetwork: 1'),
    '3:1 network | the key "network" is not known at the top of the file | Did you mean "networks"?',
  ],
  'key that every object has': [
    connection('between: [web, data], constructor: 1'),
    '10:38 connections[0].constructor | the key "constructor" is not known here | Use one of name, between, hub, spokes, mesh, mechanism, bandwidthMbps, routes, tags, description, deletionProtection, dnsSync, ….',
  ],
  'prototype key': [
    connection('between: [web, data], __proto__: 1'),
    '10:38 connections[0].__proto__ | the key "__proto__" is not known here | Use one of name, between, hub, spokes, mesh, mechanism, bandwidthMbps, routes, tags, description, deletionProtection, dnsSync, ….',
  ],
  'missing key': [TOP.replace('stack: shop\n', ''), '1:1  | "stack" is missing | Add `stack: …` with a name.'],
  'missing key of an entry': [
    TOP.replace(', region: cn-hangzhou', ''),
    '4:3 providers.ali | "region" is missing | Add `region: …` with a region.',
  ],
  'no value': [
    TOP.replace('stack: shop', 'stack:'),
    '2:1 stack | there is no value | Give a value, or remove the key.',
  ],
  'missing network': [
    connection('between: [web, dat]'),
    '10:31 connections[0].between[1] | there is no network "dat" | Did you mean "data"?',
  ],
  'missing provider': [
    TOP.replace('web: { provider: ali', 'web: { provider: alli'),
    '6:20 networks.web.provider | there is no provider "alli" | Did you mean "ali"?',
  ],
  'bad CIDR': [
    connection('between: [web, data], routes: [10.8.0.0/16, 10.8.0.1/16]'),
    '10:60 connections[0].routes[1] | "10.8.0.1/16" has host bits set | Write 10.8.0.0/16, or the single address 10.8.0.1/32.',
  ],
  'no CIDR': [
    connection('between: [web, data], routes: 10.8.0.0/16'),
    '10:46 connections[0].routes | "10.8.0.0/16" is not one of auto, none or a list of CIDR prefixes | Write auto, none, or a list such as [10.8.0.0/16].',
  ],
  'unknown provider package': [
    TOP.replace('./cloud.js', 'alibabba'),
    '4:15 providers.ali.use | there is no provider "alibabba" | Use alibaba or baidu, or install the package: npm install @peerway/alibabba.',
  ],
  'unknown provider file': [
    TOP.replace('./cloud.js', './none.js'),
    '4:15 providers.ali.use | there is no provider "./none.js" | Name the file itself, e.g. ./my-cloud.js, relative to the config file.',
  ],
  'unset variable': [
    TOP.replace('id: vpc-2', 'id: "${NOT_THERE}"'),
    '7:30 networks.data.id | the environment variable NOT_THERE is not set | Set it (export NOT_THERE=…) or give a default: ${NOT_THERE:-value}.',
  ],
  'unset variable of a name that every object has': [
    TOP.replace('id: vpc-2', 'id: "${constructor}"'),
    '7:30 networks.data.id | the environment variable constructor is not set | Set it (export constructor=…) or give a default: ${constructor:-value}.',
  ],
  'malformed variable': [
    TOP.replace('id: vpc-2', 'id: "${NOT THERE}"'),
    '7:30 networks.data.id | a "${" is not followed by a variable name and "}" | Write ${NAME} or ${NAME:-default}; write $${ for a literal "${".',
  ],
  version: [
    TOP.replace('version: 1', 'version: 2'),
    '1:10 version | version 2 is not known | Write `version: 1`; a newer version needs a newer peerway.',
  ],
  'bad name': [
    TOP.replace('stack: shop', 'stack: Shop'),
    '2:8 stack | "Shop" is not a name | Use lower-case letters, digits and "-", starting with a letter or digit, at most 63 characters.',
  ],
  'bad name of an entry': [
    TOP.replace('  logs:', '  Logs.1:'),
    '8:3 networks["Logs.1"] | "Logs.1" is not a name | Use lower-case letters, digits and "-", starting with a letter or digit, at most 63 characters.',
  ],
  'same network twice': [
    TOP.replace('vpc-3', 'vpc-1'),
    '8:30 networks.logs.id | "logs" and "web" are the same network | Keep one name and use it everywhere.',
  ],
  'misspelled shape': [
    connection('betwen: [web, data]'),
    '10:16 connections[0].betwen | the key "betwen" is not known here | Did you mean "between"?',
  ],
  'no shape': [
    connection('routes: none'),
    '10:5 connections[0] | no networks are named | Write exactly one of: between: [a, b]; hub: a with spokes: [b, c]; mesh: [a, b, c].',
  ],
  'two shapes': [
    connection('between: [web, data], mesh: [web, data]'),
    '10:38 connections[0].mesh | between and mesh exclude each other | Write exactly one of: between: [a, b]; hub: a with spokes: [b, c]; mesh: [a, b, c].',
  ],
  'hub alone': [
    connection('hub: web'),
    '10:16 connections[0].hub | "spokes" is missing beside "hub" | Add `spokes: [b, c]`.',
  ],
  'spokes alone': [
    connection('spokes: [web]'),
    '10:16 connections[0].spokes | "hub" is missing beside "spokes" | Add `hub: a`.',
  ],
  'hub among its spokes': [
    connection('hub: web, spokes: [data, web]'),
    '10:41 connections[0].spokes[1] | the hub is named among its own spokes | Remove it from the spokes.',
  ],
  'network with itself': [
    connection('between: [web, web]'),
    '10:31 connections[0].between[1] | "web" stands here twice | Remove one of the two.',
  ],
  'three in a pair': [
    connection('between: [web, data, logs]'),
    '10:25 connections[0].between | 3 networks are named instead of two | Name exactly two different networks, e.g. [web, data]. More than two make a mesh or a hub.',
  ],
  bandwidth: [
    connection('between: [web, data], bandwidthMbps: 1.5'),
    '10:53 connections[0].bandwidthMbps | 1.5 is not a number of megabits per second | Give whole megabits per second, more than 0.',
  ],
  mechanism: [
    connection('between: [web, data], mechanism: vpc-pear'),
    '10:49 connections[0].mechanism | Fake Cloud has no mechanism "vpc-pear" | Did you mean "vpc-peer"?',
  ],
  'our own tag': [
    connection('between: [web, data], tags: { peerway.stack: other }'),
    `10:61 connections[0].tags["peerway.stack"] | the tag "peerway.stack" is Peerway's own mark | Choose a key that does not start with "peerway.".`,
  ],
  'same name twice': [
    `${connection('between: [web, data]')}  - { name: x, between: [web, logs] }\n`,
    '11:13 connections[1].name | the name "x" is taken by connections[0] | Give every connection and link a name of its own.',
  ],
  vlan: [
    link('vlan: 30 => vlan: 4095'),
    '10:82 links[0].vlan | 4095 is not a VLAN | Give a whole number from 0 to 4094.',
  ],
  'cloudIp without length': [
    link('10.255.0.1/30 => 10.255.0.1'),
    '10:95 links[0].cloudIp | "10.255.0.1" is not an address with its prefix length | Write the address of the cloud end with its length, e.g. 10.255.0.1/30.',
  ],
  'customerIp elsewhere': [
    link('customerIp: 10.255.0.2 => customerIp: 10.255.0.9'),
    "10:122 links[0].customerIp | the customer's address is not in the prefix of cloudIp | Give two different addresses of one prefix, e.g. 10.255.0.1/30 and 10.255.0.2.",
  ],
  'a port of an entry that is not there': [
    link('port: pc-1 => port: { provider: alj, id: pc-1 }'),
    '10:50 links[0].port.provider | there is no provider "alj" | Did you mean "ali"?',
  ],
  'a port of another cloud': [
    link('port: pc-1 => port: { provider: bd, id: pc-1 }').replace(
      'networks:',
      '  bd: { use: baidu, region: bj }\nnetworks:',
    ),
    '11:50 links[0].port.provider | "bd" is an entry of another cloud than "web" | Bring each cloud a line of its own.',
  ],
  'a port without its id': [
    link('port: pc-1 => port: { provider: ali }'),
    '10:38 links[0].port | "id" is missing | Write the id of the port, or { provider: the entry that owns it, id: its id }.',
  ],
  'a port with more than that': [
    link('port: pc-1 => port: { provider: ali, id: pc-1, vlan: 3 }'),
    '10:71 links[0].port.vlan | the key "vlan" is not known here | Write the id of the port, or { provider: the entry that owns it, id: its id }.',
  ],
  'a port that is a list': [
    link('port: pc-1 => port: [pc-1]'),
    '10:38 links[0].port | found a list of 1 instead of an id | Copy the id as the cloud shows it, without white space.',
  ],
  'no destinations': [
    link('[192.168.0.0/16] => []'),
    '10:58 links[0].destinations | a list of 0 is too short | Name at least one destination behind the line, e.g. [192.168.0.0/16].',
  ],
  'plain http over a network': [
    entry('endpoint: http://10.0.0.1:80'),
    '4:58 providers.ali.endpoint | plain http to 10.0.0.1 would send requests unprotected over a network | Use https there; plain http is only for this machine.',
  ],
  'endpoint that only looks like loopback': [
    entry('endpoint: http://127.0.0.1.example.com'),
    '4:58 providers.ali.endpoint | plain http to 127.0.0.1.example.com would send requests unprotected over a network | Use https there; plain http is only for this machine.',
  ],
  'password in the endpoint': [
    entry('endpoint: https://me:pass@example.com'),
    '4:58 providers.ali.endpoint | the endpoint holds a user name or password | Remove them; keys come from `credentials:` or the environment.',
  ],
  'unknown option': [
    entry('options: { fast: true }'),
    '4:59 providers.ali.options.fast | the key "fast" is not known here | Remove it: nothing may stand here.',
  ],
  'unknown credential': [
    entry('credentials: { accesKeyId: x }'),
    '4:63 providers.ali.credentials.accesKeyId | the key "accesKeyId" is no credential of Fake Cloud | Did you mean "accessKeyId"?',
  ],
  'a mapping is wanted': [
    TOP.replace('{ provider: ali, id: vpc-2 }', 'vpc-2'),
    '7:9 networks.data | found "vpc-2" instead of a mapping | Write { key: value, … } here.',
  ],
  'a list is wanted': [
    `${TOP}connections: { name: x }\n`,
    '9:14 connections | found a mapping instead of a list | Start every entry with "- ".',
  ],
  'a variable without quotes': [
    TOP.replace('region: cn-hangzhou', 'region: ${REGION}'),
    '4:35  | a variable stands between brackets without quotes | Put every value with ${…} between { } or [ ] in quotes: "${NAME}".',
  ],
  'a tab, and what then does not fit': [
    TOP.replace('  web:', '\tweb:'),
    '6:1  | a tab is used for indentation | Use spaces.',
  ],
  'broken YAML': [`${TOP}connections: [\n`, '9:14  | this [ is not closed | Write the ] that belongs to it.'],
  'key twice': [
    `${TOP}stack: other\n`,
    '9:1  | the same key stands here a second time | Remove or rename one of the two.',
  ],
  'alias to nothing': [
    TOP.replace('stack: shop', 'stack: *shop'),
    '2:8 stack | an alias names no anchor | Define it before with `&name`, or write the value here.',
  ],
  'alias to itself': [
    `${TOP}connections: &a [*a]\n`,
    '9:18 connections[0] | an alias refers to what it stands in | Write the value out.',
  ],
  'empty file': ['', '1:1  | the file is empty | Run `peerway init`, or start with `version: 1`.'],
  'a list as the file': ['- a\n', '1:1  | the file is not a mapping | Start with `version: 1`, then `stack: <name>`.'],
};
