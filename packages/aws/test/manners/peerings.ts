/**
 * How EC2 treats peerings where moto 5.2.5 does not: it has time, tag sets of each side, duplicates that are answered with what is there,
 * dead ones that cannot be deleted, and dry runs that do nothing. Sources: docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 * and create-vpc-peering-connection.html, the API reference of the operations, and what was recorded of the real cloud (docs/facts/aws.md).
 */
import type { Forward, Manner, ProxiedAnswer, ProxiedRequest } from '@peerway/conformance';
import { placeKey, samePlace, type Entry, type Ledger, type Place } from './ledger.js';
import { answerOf, asking, done, fieldsOf, listed, refusal, tagsIn, withFields } from './query.js';
import { at, child, element, items, parse, put, textAt, type Element } from './xml.js';

type Handler = (
  fields: URLSearchParams,
  place: Place,
  request: ProxiedRequest,
  forward: Forward,
) => Promise<ProxiedAnswer>;

const notFound = (id: string): ProxiedAnswer =>
  refusal(400, 'InvalidVpcPeeringConnectionID.NotFound', `The vpcPeeringConnection ID '${id}' does not exist`);
const wrongState = (id: string, state: string): ProxiedAnswer =>
  refusal(400, 'InvalidStateTransition', `Invalid state transition for ${id}, attempted to transition from ${state}`);

const LIVING: readonly string[] = ['initiating-request', 'pending-acceptance', 'provisioning', 'active'];
const AGREED: readonly string[] = ['provisioning', 'active'];

export function peerings(ledger: Ledger, placeOf: (request: ProxiedRequest) => Place): Manner {
  let last: Promise<unknown> = Promise.resolve();
  const handlers: Readonly<Record<string, Handler>> = {
    CreateVpcPeeringConnection: create,
    DescribeVpcPeeringConnections: describe,
    AcceptVpcPeeringConnection: accept,
    RejectVpcPeeringConnection: reject,
    DeleteVpcPeeringConnection: end,
    ModifyVpcPeeringConnectionOptions: modify,
    CreateTags: tag,
    DeleteTags: untag,
  };
  return (request, forward) => {
    const fields = fieldsOf(request);
    const handler = handlers[fields.get('Action') ?? ''];
    return handler === undefined ? forward(request) : handler(fields, placeOf(request), request, forward);
  };

  /** One after the other: two requests for one pair at the same time must not both find it free. */
  function create(...asked: Parameters<Handler>): Promise<ProxiedAnswer> {
    const next = last.then(() => createOne(...asked));
    last = next.catch(() => undefined);
    return next;
  }

  async function createOne(fields: URLSearchParams, place: Place, request: ProxiedRequest, forward: Forward) {
    if (fields.get('DryRun') === 'true')
      return refusal(412, 'DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
    const [from, to] = [fields.get('VpcId') ?? '', fields.get('PeerVpcId') ?? ''];
    const there = ledger
      .all()
      .find((one) => one.requester.vpc === from && one.accepter.vpc === to && LIVING.includes(ledger.stateOf(one)));
    if (there !== undefined) {
      const seen = await read(there.id, request, forward);
      dress(seen, there, place);
      return answerOf(
        element('CreateVpcPeeringConnectionResponse', [requestIdOf(seen), { ...seen, name: 'vpcPeeringConnection' }]),
      );
    }
    const answer = await forward(request);
    if (answer.status !== 200) return answer;
    const root = parse(String(answer.body));
    const made = child(root, 'vpcPeeringConnection');
    if (made === undefined) return answer;
    const end = (name: string) => ({
      vpc: textAt(made, name, 'vpcId'),
      account: textAt(made, name, 'ownerId'),
      region: textAt(made, name, 'region'),
    });
    const entry = ledger.add({
      id: textAt(made, 'vpcPeeringConnectionId'),
      requester: end('requesterVpcInfo'),
      accepter: end('accepterVpcInfo'),
    });
    entry.tags.set(placeKey(place), tagsIn(fields, 'TagSpecification.1.'));
    dress(made, entry, place);
    return answerOf(root);
  }

  async function describe(fields: URLSearchParams, place: Place, request: ProxiedRequest, forward: Forward) {
    const asked = listed(fields, 'VpcPeeringConnectionId');
    const unknown = asked.find((id) => ledger.shown(id, place) === undefined);
    if (unknown !== undefined) return notFound(unknown);
    // what the place does not see the server is not asked for: it shows everything that ever was, for ever
    const seen = asked.length > 0 ? asked : ledger.shownTo(place).map(({ id }) => id);
    if (seen.length === 0) return answerOf(NO_PEERINGS());
    const narrowed = withFields(request, (sent) => {
      for (const [at, id] of seen.entries()) sent.set(`VpcPeeringConnectionId.${at + 1}`, id);
    });
    const root = parse(String((await forward(narrowed)).body));
    for (const item of items(root, 'vpcPeeringConnectionSet')) {
      const entry = ledger.find(textAt(item, 'vpcPeeringConnectionId'));
      if (entry !== undefined) dress(item, entry, place);
    }
    return answerOf(root);
  }

  async function accept(fields: URLSearchParams, place: Place, request: ProxiedRequest, forward: Forward) {
    const id = fields.get('VpcPeeringConnectionId') ?? '';
    const entry = ledger.shown(id, place);
    if (entry === undefined) return notFound(id);
    if (!samePlace(entry.accepter, place)) return forward(request);
    const state = ledger.stateOf(entry);
    if (state !== 'pending-acceptance') return wrongState(id, state);
    const pair = new Set([entry.requester.vpc, entry.accepter.vpc]);
    const joined = ledger
      .all()
      .find((one) => pair.has(one.requester.vpc) && pair.has(one.accepter.vpc) && AGREED.includes(ledger.stateOf(one)));
    if (joined !== undefined)
      return refusal(400, 'VpcPeeringConnectionAlreadyExists', `A peering connection ${joined.id} already exists`);
    const answer = await forward(request);
    if (answer.status === 200) entry.acceptedAt = ledger.now();
    return answer;
  }

  async function reject(fields: URLSearchParams, place: Place, request: ProxiedRequest, forward: Forward) {
    const id = fields.get('VpcPeeringConnectionId') ?? '';
    const entry = ledger.shown(id, place);
    if (entry === undefined) return notFound(id);
    if (!samePlace(entry.accepter, place)) return forward(request);
    const state = ledger.stateOf(entry);
    if (state !== 'pending-acceptance') return wrongState(id, state);
    const answer = await forward(request);
    if (answer.status === 200) entry.ended = { how: 'rejected', at: ledger.now(), by: place };
    return answer;
  }

  async function end(fields: URLSearchParams, place: Place, request: ProxiedRequest, forward: Forward) {
    const id = fields.get('VpcPeeringConnectionId') ?? '';
    const entry = ledger.shown(id, place);
    if (entry === undefined) return notFound(id);
    const state = ledger.stateOf(entry);
    if (!LIVING.includes(state)) return wrongState(id, state);
    if (state === 'pending-acceptance' && !samePlace(entry.requester, place)) return wrongState(id, state);
    const answer = await forward(request);
    if (answer.status === 200) entry.ended = { how: 'deleted', at: ledger.now(), by: place };
    return answer;
  }

  async function modify(fields: URLSearchParams, place: Place, request: ProxiedRequest, forward: Forward) {
    const id = fields.get('VpcPeeringConnectionId') ?? '';
    const entry = ledger.shown(id, place);
    if (entry === undefined) return notFound(id);
    if (ledger.stateOf(entry) !== 'active')
      return refusal(
        400,
        'OperationNotPermitted',
        `${id} is not active. Peering options can be added only to active peerings.`,
      );
    const other = samePlace(entry.requester, place) ? 'AccepterPeering' : 'RequesterPeering';
    const both = samePlace(entry.requester, place) && samePlace(entry.accepter, place);
    if (!both && [...fields.keys()].some((name) => name.startsWith(other)))
      return refusal(
        400,
        'OperationNotPermitted',
        `User (${place.account}) cannot modify the options of the other side`,
      );
    return forward(request);
  }

  async function tag(fields: URLSearchParams, place: Place, request: ProxiedRequest, forward: Forward) {
    return tagged(fields, place, request, forward, (tags) => Object.assign(tags, tagsIn(fields)));
  }

  async function untag(fields: URLSearchParams, place: Place, request: ProxiedRequest, forward: Forward) {
    return tagged(fields, place, request, forward, (tags) => {
      for (const key of listed(fields, 'Tag', '.Key')) delete tags[key];
    });
  }

  async function tagged(
    fields: URLSearchParams,
    place: Place,
    request: ProxiedRequest,
    forward: Forward,
    change: (tags: Record<string, string>) => void,
  ): Promise<ProxiedAnswer> {
    const ids = listed(fields, 'ResourceId');
    if (!ids.every((id) => id.startsWith('pcx-'))) return forward(request);
    for (const id of ids) {
      const entry = ledger.shown(id, place);
      // whether a tombstone takes tags is not documented [unverified]
      if (entry === undefined || ledger.stateOf(entry) === 'deleted') return notFound(id);
      const tags = { ...entry.tags.get(placeKey(place)) };
      change(tags);
      entry.tags.set(placeKey(place), tags);
    }
    return done(fields.get('Action') ?? '');
  }

  /** The peering as the server knows it. */
  async function read(id: string, request: ProxiedRequest, forward: Forward): Promise<Element> {
    const asked = asking(request, 'DescribeVpcPeeringConnections', 'VpcPeeringConnectionId', id);
    const [item] = items(parse(String((await forward(asked)).body)), 'vpcPeeringConnectionSet');
    if (item === undefined) throw new Error(`the server does not know ${id}`);
    return item;
  }

  /** State, expiry and tags, as the place sees them; the accepter's prefixes only once it has agreed. */
  function dress(item: Element, entry: Entry, place: Place): void {
    const state = ledger.stateOf(entry);
    put(item, element('status', [element('code', state), element('message', state)]));
    const tags = Object.entries(entry.tags.get(placeKey(place)) ?? {});
    put(
      item,
      element(
        'tagSet',
        tags.map(([key, value]) => element('item', [element('key', key), element('value', value)])),
      ),
    );
    if (state === 'initiating-request' || state === 'pending-acceptance') {
      put(item, element('expirationTime', new Date(ledger.expiresAt(entry)).toISOString()));
      const theirs = at(item, 'accepterVpcInfo');
      if (theirs !== undefined)
        theirs.children = theirs.children.filter(({ name }) => name !== 'cidrBlock' && name !== 'peeringOptions');
    }
  }
}

const NO_PEERINGS = (): Element =>
  element('DescribeVpcPeeringConnectionsResponse', [
    element('requestId', 'proxy'),
    element('vpcPeeringConnectionSet', []),
  ]);

const requestIdOf = (_: Element): Element => element('requestId', 'proxy');
