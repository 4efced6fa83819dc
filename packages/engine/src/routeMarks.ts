/** The mark on one route, written or taken off outside a plan: by `adopt` and `release`. */
import { isPeerwayError, type Provider, type Route } from '@peerway/core';

/** Writes a description where the cloud lets it be changed; a route that has gone by now needs none. */
export async function describeRoute(
  provider: Provider,
  route: Route,
  text: string,
  options: { readonly signal?: AbortSignal },
): Promise<void> {
  if (provider.capabilities.routes.features.relabel.status !== 'supported') return;
  try {
    await provider.routes.describe(route, text, options);
  } catch (error) {
    if (!isPeerwayError(error, 'NotFound')) throw error;
  }
}
