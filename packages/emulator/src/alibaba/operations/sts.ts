/** Sts 2015-04-01: temporary credentials of any account, and who one is. */
import type { Call, Operation, Services } from '../../machine/cloud.js';
import type { Policy } from '../../machine/world.js';
import { stsDescriptions } from '../describe/sts.js';
import { refusal } from '../errors.js';
import { timestamp } from '../state.js';
import { operationsOf } from './handlers.js';

export function stsOperations(services: Services): readonly Operation[] {
  return operationsOf(stsDescriptions, {
    AssumeRole: (call) => assumeRole(services, call),
    GetCallerIdentity: (call) => callerIdentity(call),
  });
}

/** Every role of every account that exists may be assumed; who trusts whom is not modelled. */
function assumeRole(services: Services, call: Call): unknown {
  const { input } = call;
  const { random, world } = services;
  const [, account = '', role = ''] = /^acs:ram::(\d+):role\/(.+)$/.exec(input.text('RoleArn')) ?? [];
  if (!world.hasAccount('alibaba', account)) throw refusal('EntityNotExist.Role');
  const expiresAt = call.now + (input.optionalInteger('DurationSeconds') ?? 3_600) * 1_000;
  const session = input.text('RoleSessionName');
  const arn = `acs:ram::${account}:assumed-role/${role.toLowerCase()}/${session}`;
  const policy = readPolicy(input.optionalText('Policy'));
  const id = `STS.${random.alphanumeric(24)}`;
  const secret = random.alphanumeric(44);
  const token = random.alphanumeric(220);
  world.key({
    cloud: 'alibaba',
    id,
    secret,
    account,
    session: { token, expiresAt, arn },
    ...(policy === undefined ? {} : { policy }),
  });
  return {
    AssumedRoleUser: { Arn: arn, AssumedRoleId: `${random.hex(16)}:${session}` },
    Credentials: { AccessKeyId: id, AccessKeySecret: secret, SecurityToken: token, Expiration: timestamp(expiresAt) },
  };
}

/** The part of a RAM policy that is enforced here: effects and actions. */
function readPolicy(text: string | undefined): Policy | undefined {
  if (text === undefined || text === '') return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw refusal('InvalidParameter.PolicyGrammar');
  }
  const statements = (document as { Statement?: unknown } | null)?.Statement;
  if (!Array.isArray(statements)) throw refusal('InvalidParameter.PolicyGrammar');
  return {
    statements: statements.map((statement: unknown) => {
      const { Effect: effect, Action: action } = (statement ?? {}) as { Effect?: unknown; Action?: unknown };
      const actions = [action].flat();
      const wellFormed =
        (effect === 'Allow' || effect === 'Deny') && actions.every((entry) => typeof entry === 'string');
      if (!wellFormed) throw refusal('InvalidParameter.PolicyGrammar');
      return { effect, actions };
    }),
  };
}

function callerIdentity(call: Call): unknown {
  const { key, account } = call.caller;
  if (key.session === undefined) {
    return {
      AccountId: account,
      UserId: account,
      PrincipalId: account,
      IdentityType: 'Account',
      Arn: `acs:ram::${account}:root`,
    };
  }
  const { arn } = key.session;
  return { AccountId: account, PrincipalId: arn, IdentityType: 'AssumedRoleUser', Arn: arn, RoleId: arn };
}
