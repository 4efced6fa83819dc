/** The driver over a stub of the wire: what a verb sends, in order and whole, and what it makes of the answers. */
import { afterEach } from '@jest/globals';
import { createCall, accountId, isPeerwayError, type Call, type PeerwayError } from '@peerway/core';
import { FakeCloud, providerAt, type Reply } from './fakeCloud.js';

export const OWN = accountId('253460731706911258');
export const OTHER = accountId('1210123456123456');

type Asked = Record<string, string>;
type Settings = NonNullable<Parameters<typeof providerAt>[1]>;
/** An answer without its request id, a refusal by its code, or the one or the other by what was asked. */
export type Said = object | ((asked: Asked, times: number) => object);

const isAsked = (said: Said): said is (asked: Asked, times: number) => object => typeof said === 'function';

/** HTTP 400 with a code of the service. */
export class Refusal {
  constructor(
    readonly code: string,
    readonly status = 400,
  ) {}
}

/** What every request bears, and no verb decides. */
const COMMON = new Set(
  'Action Format Version AccessKeyId SecurityToken Signature SignatureMethod SignatureNonce SignatureVersion Timestamp'.split(
    ' ',
  ),
);

export class Stub {
  readonly #cloud: FakeCloud;
  readonly driver: Awaited<ReturnType<typeof providerAt>>['driver'];
  readonly provider: Awaited<ReturnType<typeof providerAt>>['provider'];
  readonly clock: Awaited<ReturnType<typeof providerAt>>['clock'];

  private constructor(cloud: FakeCloud, made: Awaited<ReturnType<typeof providerAt>>) {
    this.#cloud = cloud;
    this.driver = made.driver;
    this.provider = made.provider;
    this.clock = made.clock;
  }

  /** @param answers by operation; what is not there is answered with nothing but a request id */
  static async over(answers: Readonly<Record<string, Said>>, more: Settings = {}): Promise<Stub> {
    const times = new Map<string, number>();
    const cloud = await FakeCloud.start(({ parameters }): Reply => {
      const action = parameters['Action'] ?? '';
      const said = answers[action] ?? {};
      const count = times.get(action) ?? 0;
      times.set(action, count + 1);
      const answer = isAsked(said) ? said(parameters, count) : said;
      if (answer instanceof Refusal)
        return { status: answer.status, body: { RequestId: 'R', Code: answer.code, Message: 'no' } };
      return { body: { RequestId: 'R', ...answer } };
    });
    return new Stub(cloud, await providerAt(cloud.endpoint, { account: OWN, ...more }));
  }

  /** A call as core makes it. */
  get call(): Call {
    return createCall('alibaba', { signal: new AbortController().signal, readOnly: false });
  }

  /** Everything that was asked so far, without what every request bears; asking again gives what came since. */
  sent(): (readonly [string, Asked])[] {
    return this.#cloud.seen
      .splice(0)
      .map(({ parameters }) => [
        parameters['Action'] ?? '',
        Object.fromEntries(Object.entries(parameters).filter(([name]) => !COMMON.has(name))),
      ]);
  }

  async close(): Promise<void> {
    await this.driver.close();
    await this.#cloud.close();
  }
}

export async function refusal(work: Promise<unknown>): Promise<PeerwayError> {
  try {
    await work;
  } catch (error) {
    if (isPeerwayError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The same way to open a stub, which is closed after the test. */
export function closedAfterEach<Given extends readonly unknown[]>(
  open: (...given: Given) => Promise<Stub>,
): (...given: Given) => Promise<Stub> {
  const opened: Stub[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });
  return async (...given) => {
    const stub = await open(...given);
    opened.push(stub);
    return stub;
  };
}
