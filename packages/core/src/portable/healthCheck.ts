/** What is wrong with the health check of a link, as far as the provider's limits tell. */
import type { HealthCheckLimits } from '../driver/capabilities.js';
import { PeerwayError } from '../errors/error.js';
import { parseAddress } from '../model/cidr.js';
import type { HealthCheck } from '../model/link.js';

/**
 * The first thing that is wrong; undefined: nothing, or there is none.
 * @param customerIp of the line, where it is known
 */
export function healthCheckProblem(
  check: HealthCheck | undefined,
  limits: HealthCheckLimits | undefined,
  provider: string,
  customerIp?: string,
): PeerwayError | undefined {
  if (check === undefined) return undefined;
  const place = 'healthCheck';
  const wrong = (message: string, remedy: string): PeerwayError =>
    new PeerwayError('InvalidArgument', message, { provider, place, remedy });
  if (limits === undefined)
    return new PeerwayError('Unsupported', `${provider} probes no link`, {
      provider,
      place,
      remedy: 'Remove healthCheck.',
    });
  const { source, target } = check;
  if (source === undefined && limits.source === 'required')
    return wrong('The health check names no source', 'Add source: an address of the network that nothing else uses.');
  const bad = [source, target].find((address) => address !== undefined && !isAddress(address));
  if (bad !== undefined) return wrong(`${bad} is no address`, 'Write an address such as 10.8.0.10.');
  if (target !== undefined && customerIp !== undefined && limits.target === 'customer' && target !== customerIp)
    return wrong(
      `The health check goes to ${target}, and the cloud probes the customer's end alone`,
      `Leave target out, or write ${customerIp}.`,
    );
  const { intervalMs, failures } = limits;
  const { min, max, step } = intervalMs;
  const every = check.intervalMs;
  if (every !== undefined && (every < min || every > max || every % step !== 0))
    return wrong(
      `The health check every ${every} ms is not offered`,
      `Give ${min} to ${max}${step === 1 ? '' : `, a multiple of ${step}`}.`,
    );
  const lost = check.failures;
  if (lost !== undefined && (!Number.isInteger(lost) || lost < failures.min || lost > failures.max))
    return wrong(`${lost} failures of the health check are not offered`, `Give ${failures.min} to ${failures.max}.`);
  return undefined;
}

/** Whether a link is probed as declared; what the declaration leaves to the cloud is as it should be. */
export const probesAs = (there: HealthCheck | undefined, wanted: HealthCheck): boolean =>
  there !== undefined &&
  (['source', 'target', 'intervalMs', 'failures'] as const).every(
    (part) => wanted[part] === undefined || there[part] === wanted[part],
  );

function isAddress(text: string): boolean {
  try {
    parseAddress(text);
    return true;
  } catch {
    return false;
  }
}
