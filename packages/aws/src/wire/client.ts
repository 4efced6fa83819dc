/**
 * The one way to the cloud: one operation of the vendor's SDK, announced, sent once, its answer held to its shape. The SDK signs,
 * keeps session keys fresh and reads XML; it repeats nothing (core does), and none of its errors leaves this file.
 */
import type * as Ec2Sdk from '@aws-sdk/client-ec2';
import type * as StsSdk from '@aws-sdk/client-sts';
import {
  connectionTo,
  isPeerwayError,
  proxyFor,
  retryAfterMs,
  wasNeverSent,
  type Call,
  type Clock,
  type Connection,
  type Redactor,
  type RegionId,
} from '@peerway/core';
import { agentsFor, bytesOf } from './agent.js';
import { readAnswer, withLists, type Answer, type Input, type Operation } from './answers.js';
import { noKeys, type Keys } from './credentials.js';
import { abandoned, errorOf, notTheCloud, unusable, type Failure } from './errors.js';
import type { Endpoints } from './regions.js';

interface ClientSettings {
  /** The user's name for the provider entry. */
  readonly name: string;
  readonly region: RegionId;
  readonly endpoints: Endpoints;
  /** Undefined: the vendor's chain, with the profile where one is named. */
  readonly keys: Keys | undefined;
  readonly profile: string | undefined;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Applied to what the cloud says, which may quote what we sent. */
  readonly redactor: Redactor;
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Sdk {
  readonly ec2: typeof Ec2Sdk;
  readonly sts: typeof StsSdk;
}

/** A command of the SDK; which of its hundreds of types it is matters to nobody here. */
type Command = object;

/** How each operation becomes a command of the SDK. */
const COMMANDS: { readonly [K in Operation]: (sdk: Sdk, input: Input<K>) => Command } = {
  DescribeVpcs: ({ ec2 }, input) => new ec2.DescribeVpcsCommand(input),
  DescribeVpcPeeringConnections: ({ ec2 }, input) => new ec2.DescribeVpcPeeringConnectionsCommand(input),
  CreateVpcPeeringConnection: ({ ec2 }, input) => new ec2.CreateVpcPeeringConnectionCommand(input),
  AcceptVpcPeeringConnection: ({ ec2 }, input) => new ec2.AcceptVpcPeeringConnectionCommand(input),
  RejectVpcPeeringConnection: ({ ec2 }, input) => new ec2.RejectVpcPeeringConnectionCommand(input),
  DeleteVpcPeeringConnection: ({ ec2 }, input) => new ec2.DeleteVpcPeeringConnectionCommand(input),
  ModifyVpcPeeringConnectionOptions: ({ ec2 }, input) => new ec2.ModifyVpcPeeringConnectionOptionsCommand(input),
  CreateTags: ({ ec2 }, input) => new ec2.CreateTagsCommand(input),
  DeleteTags: ({ ec2 }, input) => new ec2.DeleteTagsCommand(input),
  DescribeRouteTables: ({ ec2 }, input) => new ec2.DescribeRouteTablesCommand(input),
  CreateRoute: ({ ec2 }, input) => new ec2.CreateRouteCommand(input),
  DeleteRoute: ({ ec2 }, input) => new ec2.DeleteRouteCommand(input),
  GetCallerIdentity: ({ sts }) => new sts.GetCallerIdentityCommand({}),
};

/** What the cloud answers a dry run that would have passed: an error by form. */
const DRY_RUN_PASSED = 'DryRunOperation';

const isMutating = (operation: Operation, input: object): boolean =>
  !/^(Describe|Get)/.test(operation) && (input as { readonly DryRun?: unknown }).DryRun !== true;

export class AwsClient {
  /** How the cloud is reached. */
  readonly connections: readonly Connection[];
  /** The vendor's client itself, for the escape hatch. */
  readonly ec2: Ec2Sdk.EC2Client;
  readonly #sts: StsSdk.STSClient;
  readonly #sdk: Sdk;
  readonly #settings: ClientSettings;

  /** Loads the SDK, which takes a good part of a second: only who talks to this cloud waits for it. */
  static async open(settings: ClientSettings): Promise<AwsClient> {
    // eight lines of standard error in every command, on a Node that package.json supports
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    const [ec2, sts, { NodeHttpHandler }] = await Promise.all([
      import('@aws-sdk/client-ec2'),
      import('@aws-sdk/client-sts'),
      import('@smithy/node-http-handler'),
    ]);
    const { region, endpoints, keys, profile, redactor, env } = settings;
    const connections: Connection[] = [];
    const configure = (endpoint: string) => {
      const proxy = proxyFor(endpoint, env);
      if (proxy !== undefined) redactor.add(decodeURIComponent(proxy.url.password));
      connections.push(connectionTo(endpoint, proxy));
      return {
        region,
        endpoint,
        maxAttempts: 1,
        requestHandler: new NodeHttpHandler(agentsFor(proxy)),
        streamCollector: async (stream: AsyncIterable<Uint8Array>) => withLists(await bytesOf(stream)),
      };
    };
    const ec2Client = new ec2.EC2Client({
      ...configure(endpoints.ec2),
      ...(keys === undefined ? {} : { credentials: keys }),
      ...(profile === undefined ? {} : { profile }),
    });
    // the same keys, asked for once
    const stsClient = new sts.STSClient({ ...configure(endpoints.sts), credentials: ec2Client.config.credentials });
    return new AwsClient(settings, { ec2, sts }, ec2Client, stsClient, connections);
  }

  private constructor(
    settings: ClientSettings,
    sdk: Sdk,
    ec2: Ec2Sdk.EC2Client,
    sts: StsSdk.STSClient,
    connections: readonly Connection[],
  ) {
    this.#settings = settings;
    this.#sdk = sdk;
    this.ec2 = ec2;
    this.#sts = sts;
    this.connections = connections;
  }

  /** @throws PeerwayError by the tables of `errors.ts` and `answers.ts`; `Canceled` when the call's signal aborts */
  async send<K extends Operation>(operation: K, input: Input<K>, call: Call): Promise<Answer<K>> {
    const { clock } = this.#settings;
    await this.#requireKeys(); // before the queue: the SDK signs when the turn has come
    const mutating = isMutating(operation, input);
    const ended = await call.admit({ nativeOperation: operation, mutating });
    const start = clock.now();
    let seen: Failure = { operation, mutating };
    try {
      const answer = await this.#exchange(operation, input, call);
      seen = { ...seen, ...metadataOf(answer) };
      return readAnswer(operation, answer, seen);
    } catch (thrown) {
      if (!isForeign(thrown)) throw thrown;
      seen = this.#failureOf(seen, thrown);
      throw this.#errorOf(seen, thrown, call);
    } finally {
      const { httpStatus, requestId, nativeCode } = seen;
      ended({
        ...(httpStatus === undefined ? {} : { httpStatus }),
        ...(requestId === undefined ? {} : { requestId }),
        ...(nativeCode === undefined ? {} : { nativeCode }),
        durationMs: clock.now() - start,
      });
    }
  }

  /** As `send` with `DryRun`, which the cloud answers by an error when all would be well. */
  async dryRun(input: Input<'CreateVpcPeeringConnection'>, call: Call): Promise<void> {
    try {
      await this.send('CreateVpcPeeringConnection', { ...input, DryRun: true }, call);
    } catch (error) {
      if ((error as { details?: { nativeCode?: unknown } }).details?.nativeCode !== DRY_RUN_PASSED) throw error;
    }
  }

  close(): void {
    this.ec2.destroy();
    this.#sts.destroy();
  }

  /** Keys of the chain are secrets like any others; the SDK keeps them until they are about to expire. */
  async #requireKeys(): Promise<void> {
    const { redactor, name, profile, keys } = this.#settings;
    if (keys !== undefined) return;
    try {
      const found = await this.ec2.config.credentials();
      redactor.add(found.secretAccessKey);
      redactor.add(found.sessionToken);
    } catch {
      // the text of the cause may quote a file or an answer
      const where = profile === undefined ? 'in the vendor’s chain' : `in the profile ${JSON.stringify(profile)}`;
      throw noKeys(`No keys for ${name} in the config file or the environment, nor ${where}`);
    }
  }

  /** The limit is on the whole: the SDK's own ends when the first byte of an answer is there. */
  async #exchange<K extends Operation>(operation: K, input: Input<K>, call: Call): Promise<unknown> {
    const client = operation === 'GetCallerIdentity' ? this.#sts : this.ec2;
    const send = client.send.bind(client) as (command: Command, options: object) => Promise<unknown>;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#settings.timeoutMs);
    try {
      const abortSignal = AbortSignal.any([call.signal, late.signal]);
      return await send(COMMANDS[operation](this.#sdk, input), { abortSignal });
    } finally {
      clearTimeout(timer);
    }
  }

  #failureOf(sent: Failure, thrown: object): Failure {
    const { redactor, clock } = this.#settings;
    const { name, Code, message, $fault, $response } = thrown as SdkError;
    const code = Code ?? ($fault !== undefined && name !== 'Unknown' ? name : undefined);
    const wait = retryAfterMs($response?.headers?.['retry-after'], clock.now());
    return {
      ...sent,
      mutating: sent.mutating && !wasNeverSent((thrown as { code?: string }).code),
      ...metadataOf(thrown),
      ...(typeof code === 'string' && code !== '' ? { nativeCode: code } : {}),
      ...(typeof message === 'string' && code !== undefined ? { message: redactor.redact(message) } : {}),
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    };
  }

  #errorOf(failure: Failure, thrown: object, call: Call): Error {
    const { httpStatus, nativeCode, operation } = failure;
    const { $fault, code, name } = thrown as SdkError;
    if ($fault !== undefined && httpStatus !== undefined) {
      if (nativeCode === undefined && httpStatus < 500) return notTheCloud({ ...failure, httpStatus });
      return errorOf({ ...failure, httpStatus });
    }
    if (call.signal.aborted) return abandoned(failure);
    return unusable(failure, `${operation}: no usable answer (${code ?? name ?? 'no code'})`);
  }
}

/** What the SDK throws, as far as it is looked at; the object itself may hold the signed request. */
interface SdkError {
  readonly name?: string;
  /** The service's own word; only of a refusal. */
  readonly Code?: string;
  readonly message?: string;
  readonly $fault?: string;
  /** Of Node, where no answer came. */
  readonly code?: string;
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

function metadataOf(object: unknown): Pick<Failure, 'httpStatus' | 'requestId'> {
  const { httpStatusCode, requestId } =
    (object as { $metadata?: { httpStatusCode?: number; requestId?: string } }).$metadata ?? {};
  return {
    ...(httpStatusCode === undefined ? {} : { httpStatus: httpStatusCode }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** True for what the SDK threw, and not our own reader of answers. */
const isForeign = (thrown: unknown): thrown is object =>
  typeof thrown === 'object' && thrown !== null && !isPeerwayError(thrown);
