/**
 * VPCs and route tables: IPv6 prefixes as a test wants them (moto draws them), prefixes spelled otherwise, pages, words of states, and
 * black holes, which moto never says: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html, checked 2026-11.
 */
import type { LoggedRequest, Manner, ProxiedRequest } from '@peerway/conformance';
import type { Ledger } from './ledger.js';
import { answerOf, asking, fieldsOf, refusal, withFields } from './query.js';
import { at, child, element, items, parse, put, textAt, type Element } from './xml.js';

/** What tests make the cloud say of networks and routes. */
export class Overlay {
  /** A prefix that moto drew → the one that stands for it. */
  readonly prefixes = new Map<string, string>();
  /** VPC → the prefixes that it was made with. */
  readonly made = new Map<string, readonly string[]>();
  /** VPC → all its prefixes as the cloud spells them. */
  readonly spelled = new Map<string, readonly string[]>();
  /** `vpc destination` → the destination as the cloud spells it. */
  readonly destinations = new Map<string, string>();
  readonly vpcStates = new Map<string, string>();
  /** `vpc destination` → state of the route. */
  readonly routeStates = new Map<string, string>();
}

const LISTS: Readonly<Record<string, string>> = {
  DescribeVpcs: 'vpcSet',
  DescribeRouteTables: 'routeTableSet',
  DescribeVpcPeeringConnections: 'vpcPeeringConnectionSet',
};

/** No page holds more than this: the cloud may give fewer than were asked for. */
export const PAGE = 20;

/** Pages: the token is the number of those that came before. Asked with ids, the cloud takes no page size. */
export const pages: Manner = async (request, forward) => {
  const fields = fieldsOf(request);
  const list = LISTS[fields.get('Action') ?? ''];
  const size = Math.min(Number(fields.get('MaxResults') ?? Infinity), PAGE);
  if (list === undefined || fields.get('MaxResults') === null) return forward(request);
  const from = Number(fields.get('NextToken') ?? 0);
  if (!Number.isInteger(from)) return refusal(400, 'InvalidNextToken', 'The token is invalid');
  const whole = withFields(request, (sent) => {
    sent.delete('MaxResults');
    sent.delete('NextToken');
  });
  const answer = await forward(whole);
  if (answer.status !== 200) return answer;
  const root = parse(String(answer.body));
  const set = child(root, list);
  if (set === undefined) return answer;
  const all = set.children;
  set.children = all.slice(from, from + size);
  if (from + size < all.length) put(root, element('nextToken', String(from + size)));
  return answerOf(root);
};

export const networks =
  (overlay: Overlay, ledger: Ledger): Manner =>
  async (request, forward) => {
    const action = fieldsOf(request).get('Action') ?? '';
    const answer = await forward(request);
    if (answer.status !== 200 || LISTS[action] === undefined) return answer;
    let text = String(answer.body);
    for (const [drawn, wanted] of overlay.prefixes) text = text.replaceAll(drawn, wanted);
    const root = parse(text);
    for (const vpc of items(root, 'vpcSet')) dressVpc(vpc, overlay);
    for (const peering of items(root, 'vpcPeeringConnectionSet'))
      for (const end of ['requesterVpcInfo', 'accepterVpcInfo']) dressEnd(at(peering, end), overlay);
    for (const table of items(root, 'routeTableSet'))
      for (const route of items(table, 'routeSet')) dressRoute(route, textAt(table, 'vpcId'), overlay, ledger);
    return answerOf(root);
  };

function dressVpc(vpc: Element, overlay: Overlay): void {
  const id = textAt(vpc, 'vpcId');
  const state = overlay.vpcStates.get(id);
  if (state !== undefined) put(vpc, element('state', state));
  const prefixes = overlay.spelled.get(id);
  if (prefixes === undefined) return;
  const associated = (member: string, all: readonly string[]): Element[] =>
    all.map((prefix) =>
      element('item', [element(member, prefix), element(`${member}State`, [element('state', 'associated')])]),
    );
  const fours = prefixes.filter((prefix) => !prefix.includes(':'));
  put(vpc, element('cidrBlock', fours[0] ?? ''));
  put(vpc, element('cidrBlockAssociationSet', associated('cidrBlock', fours)));
  const sixes = prefixes.filter((prefix) => prefix.includes(':'));
  put(vpc, element('ipv6CidrBlockAssociationSet', associated('ipv6CidrBlock', sixes)));
}

/** moto tells the primary prefix of an end; the cloud all of them (API_VpcPeeringConnectionVpcInfo.html, checked 2026-11). */
function dressEnd(end: Element | undefined, overlay: Overlay): void {
  const prefixes = end && overlay.made.get(textAt(end, 'vpcId'));
  if (end === undefined || prefixes === undefined || child(end, 'cidrBlock') === undefined) return;
  const set = (member: string, all: readonly string[]): Element =>
    element(
      `${member}Set`,
      all.map((prefix) => element('item', [element(member, prefix)])),
    );
  put(
    end,
    set(
      'cidrBlock',
      prefixes.filter((prefix) => !prefix.includes(':')),
    ),
  );
  const sixes = prefixes.filter((prefix) => prefix.includes(':'));
  if (sixes.length > 0) put(end, set('ipv6CidrBlock', sixes));
}

function dressRoute(route: Element, vpc: string, overlay: Overlay, ledger: Ledger): void {
  const member = child(route, 'destinationCidrBlock') ?? child(route, 'destinationIpv6CidrBlock');
  if (member === undefined) return;
  const key = `${vpc} ${member.text}`;
  const peering = at(route, 'vpcPeeringConnectionId')?.text;
  const entry = peering === undefined ? undefined : ledger.find(peering);
  const dead = entry !== undefined && ledger.stateOf(entry) !== 'active';
  put(route, element('state', overlay.routeStates.get(key) ?? (dead ? 'blackhole' : textAt(route, 'state'))));
  member.text = overlay.destinations.get(key) ?? member.text;
}

/** A second IPv6 route to one destination, which moto takes in the place of the first: `RouteAlreadyExists`, as for IPv4. */
export const routesOnce: Manner = async (request, forward) => {
  const fields = fieldsOf(request);
  const destination = fields.get('DestinationIpv6CidrBlock');
  if (fields.get('Action') !== 'CreateRoute' || destination === null) return forward(request);
  const asked = asking(request, 'DescribeRouteTables', 'RouteTableId', fields.get('RouteTableId') ?? '');
  const [table] = items(parse(String((await forward(asked)).body)), 'routeTableSet');
  const taken =
    table !== undefined &&
    items(table, 'routeSet').some((one) => textAt(one, 'destinationIpv6CidrBlock') === destination);
  return taken
    ? refusal(400, 'RouteAlreadyExists', `The route identified by ${destination} already exists.`)
    : forward(request);
};

/** How the harness's own requests are told from the driver's. */
export const SOMEBODY_ELSE = 'somebody-else';

/** What a request is, for the log: a dry run changes nothing. */
export function describeRequest(request: ProxiedRequest): LoggedRequest | undefined {
  if (request.headers['user-agent']?.includes(SOMEBODY_ELSE) === true) return undefined;
  const fields = fieldsOf(request);
  const operation = fields.get('Action') ?? `${request.method} ${request.path}`;
  return { operation, mutating: !/^(Describe|Get)/.test(operation) && fields.get('DryRun') !== 'true' };
}
