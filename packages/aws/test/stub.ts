/** A server that says what a test wants said, in the cloud's form; no moto, no manners. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  accountId,
  Provider,
  Redactor,
  regionId,
  seededRandom,
  VirtualClock,
  type ProviderContext,
  type ProviderDriver,
} from '@peerway/core';
import { aws, AwsOptions } from '../src/index.js';

export interface Said {
  readonly status?: number;
  readonly body: string;
  /** Default: numbered, as the cloud does. `none`: as something on the way. */
  readonly requestId?: 'none';
  readonly headers?: Readonly<Record<string, string>>;
}

/** No answer at all, or one that comes a byte at a time for ever. */
type Slow = 'hang' | 'trickle';

export class Stub {
  /** `Action` of every request, in order. */
  readonly asked: URLSearchParams[] = [];
  #answers: (Said | Slow)[] = [];
  #always: Said | Slow = { body: '' };

  private constructor(
    readonly endpoint: string,
    readonly server: Server,
  ) {}

  static async start(): Promise<Stub> {
    const server = createServer();
    server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const stub = new Stub(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        stub.asked.push(new URLSearchParams(body));
        const said = stub.#answers.shift() ?? stub.#always;
        if (said === 'hang') return;
        if (said === 'trickle') {
          response.writeHead(200, { 'content-type': 'text/xml', 'x-amzn-requestid': 'req' });
          const timer = setInterval(() => response.write(' '), 20);
          return void response.on('close', () => clearInterval(timer));
        }
        response.writeHead(said.status ?? 200, {
          'content-type': 'text/xml',
          ...(said.requestId === 'none' ? {} : { 'x-amzn-requestid': `req-${stub.asked.length}` }),
          ...said.headers,
        });
        response.end(said.body);
      });
    });
    return stub;
  }

  /** Says these in turn, the last one for ever. */
  says(...answers: (Said | Slow)[]): void {
    this.asked.length = 0;
    this.#always = answers.at(-1) ?? { body: '' };
    this.#answers = answers.slice(0, -1);
  }

  get actions(): string[] {
    return this.asked.map((fields) => fields.get('Action') ?? '');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export const SECRET = 'not-a-real-secret/for+tests';

export interface Rig {
  readonly provider: Provider;
  readonly driver: ProviderDriver;
  readonly clock: VirtualClock;
}

export async function rig(endpoint: string, changes: Partial<ProviderContext> = {}): Promise<Rig> {
  const clock = new VirtualClock({ start: Date.UTC(2026, 10, 26) });
  const redactor = new Redactor();
  const random = seededRandom(3);
  const settings = { name: 'us', region: regionId('us-east-1'), account: accountId('111111111111') };
  const driver = await aws.create({
    ...settings,
    endpoint,
    options: new AwsOptions(),
    credentials: { accessKeyId: 'AKIASTUB', secretAccessKey: SECRET },
    env: {},
    clock,
    random,
    redactor,
    ...changes,
  });
  return { provider: new Provider(aws, driver, settings, { clock, random, redactor }), driver, clock };
}

/** An answer of EC2 with these members inside its root. */
export const answer = (action: string, members: string): Said => ({
  body: `<?xml version="1.0" encoding="UTF-8"?><${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>${members}</${action}Response>`,
});

export const failure = (status: number, code: string, message = 'no'): Said => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r</RequestID></Response>`,
});

interface Told {
  readonly id?: string;
  readonly state?: string;
  readonly requester?: readonly [account: string, region: string, vpc: string];
  readonly accepter?: readonly [account: string, region: string, vpc: string];
  readonly tags?: Readonly<Record<string, string>>;
}

/** The members of one peering. */
export function peering({
  id = 'pcx-1',
  state = 'active',
  requester = ['111111111111', 'us-east-1', 'vpc-1'],
  accepter = ['111111111111', 'us-east-1', 'vpc-2'],
  tags = {},
}: Told = {}): string {
  const end = (name: string, [owner, region, vpc]: readonly [string, string, string]): string =>
    `<${name}><ownerId>${owner}</ownerId><vpcId>${vpc}</vpcId><region>${region}</region></${name}>`;
  const tagged = Object.entries(tags)
    .map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`)
    .join('');
  return `<vpcPeeringConnectionId>${id}</vpcPeeringConnectionId>${end('requesterVpcInfo', requester)}${end('accepterVpcInfo', accepter)}<status><code>${state}</code></status><tagSet>${tagged}</tagSet>`;
}

export const peeringList = (...all: readonly Told[]): Said =>
  answer(
    'DescribeVpcPeeringConnections',
    `<vpcPeeringConnectionSet>${all.map((one) => `<item>${peering(one)}</item>`).join('')}</vpcPeeringConnectionSet>`,
  );
