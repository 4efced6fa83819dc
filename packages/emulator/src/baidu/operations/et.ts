/** Physical lines and their channels: read only, people order them. Source: docs/facts/baidu.md 3.6, checked 2026-11. */
import { isoSeconds, rule } from '../context.js';
import type { BaiduCall, BaiduContext, Handler } from '../context.js';
import { bceError } from '../errors.js';
import { page, rowOf } from './paging.js';
import type { ChannelRecord, LineRecord } from '../records.js';
import { BAIDU_RULES } from '../rules.js';

/** A line is seen by its owner and by accounts that may use one of its channels. */
function isVisible(context: BaiduContext, call: BaiduCall, line: LineRecord): boolean {
  const isHere = line.region === call.region || rule(context, BAIDU_RULES.linesEverywhere);
  return isHere && line.account === call.account;
}

const showLine = (line: LineRecord): Readonly<Record<string, unknown>> => ({
  id: line.id,
  name: line.name,
  description: line.description,
  status: line.status,
  expireTime: isoSeconds(line.createdAt + 365 * 86_400_000),
  isp: line.isp,
  intfType: line.intfType,
  apType: line.apType,
  apAddr: line.apAddr,
  linkDelay: 2,
  userName: line.userName,
  userPhone: line.userPhone,
  userEmail: line.userEmail,
  userIdc: line.userIdc,
  tags: [],
});

export const queryLines: Handler = (context, call) => {
  const status = call.input.optionalText('status');
  return page(context, call, {
    member: 'ets',
    table: context.tables.lines,
    isVisible: (line) => isVisible(context, call, line),
    rows: (line) => rowOf(line, status === undefined || line.status === status, showLine),
  });
};

function demandLine(context: BaiduContext, id: string, isAllowed: (line: LineRecord) => boolean): LineRecord {
  const line = context.tables.lines.get(id);
  if (line === undefined || !isAllowed(line)) throw bceError('NoSuchObject', `The line ${id} does not exist.`);
  return line;
}

export const queryLine: Handler = (context, call) =>
  showLine(demandLine(context, call.input.text('dcphyId'), (line) => isVisible(context, call, line)));

const showChannel = (channel: ChannelRecord): Readonly<Record<string, unknown>> => ({
  id: channel.id,
  name: channel.name,
  description: channel.description,
  status: channel.status,
  bgpStatus: channel.routeType === 'bgp' && channel.status === 'established' ? 'up' : 'down',
  ipv6BgpStatus: 'down',
  baiduAddress: channel.baiduAddress,
  customerAddress: channel.customerAddress,
  authorizedUsers: channel.authorizedUsers,
  networks: channel.networks,
  routeType: channel.routeType,
  vlanId: channel.vlanId,
  bgpAsn: channel.bgpAsn,
  enableIpv6: 0,
  tags: [],
});

/** Not paged. The owner of the line sees every channel, another account those that are shared with it. */
export const queryChannels: Handler = (context, call) => {
  const etId = call.input.text('etId');
  const asked = call.input.optionalText('etChannelId');
  const mayUse = (channel: ChannelRecord): boolean =>
    channel.account === call.account || channel.authorizedUsers.includes(call.account);
  const channels = [...call.view(context.tables.channels).values()].filter(
    (channel) => channel.lineId === etId && mayUse(channel) && (asked === undefined || channel.id === asked),
  );
  demandLine(context, etId, (line) => isVisible(context, call, line) || channels.length > 0);
  return { etChannels: channels.map(showChannel) };
};
