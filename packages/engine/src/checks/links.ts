/** What would stand in the way of a declared link: in the declaration, and on the port, where people ready things. */
import { isPeerwayError, type PeerwayError, type Provider } from '@peerway/core';
import type { DiffInput, PlanDraft } from '../diff/planDraft.js';
import { lineCarries } from '../world/destinations.js';
import { linksOf } from '../world/linkEntries.js';
import { linkWork } from '../world/linkFacts.js';
import type { SeenNetwork } from '../world/seen.js';
import type { LinkSpec } from '../declaration/stack.js';
import { byText, type Plan, type Problem } from '../plan/plan.js';

export function checkLink(input: DiffInput, draft: PlanDraft, spec: LinkSpec): void {
  const network = input.world.networks.get(spec.network);
  if (network === undefined) return;
  const { name } = spec;
  if (spec.destinations.length === 0)
    draft.error('link', name, `${name} names nothing behind the line`, 'Add destinations.');
  for (const key of Object.keys(spec.tags ?? {}))
    if (key.startsWith('peerway.'))
      draft.error('tags', name, `The tag ${key} is ours to set`, 'Remove it, or choose another key.');
  if (!checkPortEntry(input, draft, spec, network)) return;
  try {
    network.provider.links.validated(linkWork(spec, network, input.stack.name));
  } catch (error) {
    if (!isPeerwayError(error)) throw error;
    draft.problems.push(problemOf(name, error));
    return;
  }
  for (const prefix of spec.destinations.filter((one) => !lineCarries(spec)(one)))
    draft.error(
      'route-prefix',
      name,
      `No route can be written to ${prefix}: the line has addresses of the other family (${spec.cloudIp})`,
      `Remove it from the destinations of ${name}.`,
    );
}

/** A port of another entry: whether the cloud brings it to that network at all. */
function checkPortEntry(
  { world }: DiffInput,
  draft: PlanDraft,
  { name, port, portProvider }: LinkSpec,
  { provider }: SeenNetwork,
): boolean {
  if (portProvider === undefined || portProvider.name === provider.name) return true;
  if (portProvider.id !== provider.id) {
    draft.error(
      'link',
      name,
      `${port} is a port of ${portProvider.displayName}, and the network is in ${provider.displayName}`,
      'Bring each cloud a line of its own.',
    );
    return false;
  }
  const { features } = provider.capabilities.links;
  const accountOf = (entry: Provider): string => String(world.accounts.get(entry.name) ?? entry.name);
  const lacking = [
    { differs: portProvider.region !== provider.region, support: features.otherRegion, what: 'region' },
    { differs: accountOf(portProvider) !== accountOf(provider), support: features.otherAccount, what: 'account' },
  ].find(({ differs, support }) => differs && support.status !== 'supported');
  if (lacking === undefined) return true;
  const why = lacking.support.status === 'supported' ? '' : `: ${lacking.support.reason}`;
  draft.error(
    'unsupported',
    name,
    `${provider.displayName} brings no port of another ${lacking.what} to a network${why}`,
    `Use a port of the network’s own ${lacking.what}.`,
  );
  return false;
}

/** The plan with what the ports of its new and unfinished links lack. Reads only; a plan that makes no link asks nothing. */
export async function checkPorts(
  plan: Plan,
  readers: ReadonlyMap<string, Provider>,
  options: { readonly signal?: AbortSignal },
): Promise<Plan> {
  const found = await Promise.all(
    plan.steps.map(async ({ connection, work }): Promise<Problem | undefined> => {
      if (work.verb !== 'link.create' && work.verb !== 'link.settle') return undefined;
      try {
        const [provider, other] = [readers.get(work.provider), readers.get(work.other ?? '')];
        if (provider !== undefined)
          await linksOf({ provider, ...(other === undefined ? {} : { other }) }).check(work.request, options);
        return undefined;
      } catch (error) {
        if (!isPeerwayError(error)) throw error;
        if (!TELLING.has(error.code)) throw error;
        return problemOf(connection, error);
      }
    }),
  );
  const known = new Set(plan.problems.map(({ object, message }) => `${object} ${message}`));
  const more = found.filter((one) => one !== undefined).filter((one) => !known.has(`${one.object} ${one.message}`));
  if (more.length === 0) return plan;
  const problems = [...plan.problems, ...more].sort((a, b) => byText(a.object, b.object) || byText(a.kind, b.kind));
  return { ...plan, problems };
}

/** What `LinkDriver.check` says about the port; anything else is a failure to ask. */
const TELLING: ReadonlySet<string> = new Set(['NotFound', 'InvalidArgument', 'FailedPrecondition', 'Unsupported']);

const problemOf = (name: string, { code, message, details }: PeerwayError): Problem => ({
  severity: 'error',
  kind: code === 'Unsupported' ? 'unsupported' : 'link',
  object: name,
  message,
  remedy: details.remedy ?? 'Correct the link.',
});
