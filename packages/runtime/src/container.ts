/**
 * The composition root, and the only file that knows the container: plain classes are bound by explicit identifiers, so
 * nothing else carries a decorator or asks a container for anything.
 */
import { Provider, toPeerwayError, type Clock, type Environment } from '@peerway/core';
import { Engine, type StackSpec } from '@peerway/engine';
import { Container, ContainerModule } from 'inversify';
import type { Config } from './config/model.js';
import { EventHub } from './events.js';
import type { PeerwayParts } from './parts.js';
import type { ReadyEntry } from './plugins/entries.js';
import { buildStack } from './stack.js';
import { CLOCK, CONFIG, ENGINE, ENVIRONMENT, EVENTS, PARTS, PROVIDER, STACK } from './tokens.js';

export interface Given {
  readonly config: Config;
  readonly text: string;
  readonly entries: readonly ReadyEntry[];
  readonly environment: Environment;
  /** `file:line:column` of a provider entry, for errors of its creation. */
  readonly placeOf: (entry: string) => string;
}

const byName = (providers: readonly Provider[]): ReadonlyMap<string, Provider> =>
  new Map(providers.map((provider) => [provider.name, provider]));

/** What the caller gave, as it is. */
const givenModule = ({ config, environment }: Given): ContainerModule =>
  new ContainerModule(({ bind }) => {
    bind(CONFIG).toConstantValue(config);
    bind(ENVIRONMENT).toConstantValue(environment);
    bind(CLOCK).toConstantValue(environment.clock);
    bind(EVENTS).toConstantValue(new EventHub());
  });

/** One provider entry: its driver is made on first use and closed with the container. */
const entryModule = ({ name, plugin, context, identity, callsPerSecond }: ReadyEntry, place: string): ContainerModule =>
  new ContainerModule(({ bind }) => {
    bind(PROVIDER)
      .toResolvedValue(
        async (environment: Environment) => {
          try {
            const { region, account, endpoint } = context;
            const settings = {
              name,
              region,
              credentials: identity,
              ...(account === undefined ? {} : { account }),
              ...(endpoint === undefined ? {} : { endpoint }),
              ...(callsPerSecond === undefined ? {} : { callsPerSecond }),
            };
            return new Provider(plugin, await plugin.create(context), settings, environment);
          } catch (thrown) {
            throw toPeerwayError(thrown, { place, provider: plugin.id });
          }
        },
        [ENVIRONMENT],
      )
      .inSingletonScope()
      .onDeactivation((provider: Provider) => provider.close());
  });

const rootModule = (container: Container, given: Given): ContainerModule =>
  new ContainerModule(({ bind }) => {
    const everyProvider = { serviceIdentifier: PROVIDER, isMultiple: true } as const;
    bind(STACK)
      .toResolvedValue(
        (config: Config, providers: Provider[]) => buildStack(config, byName(providers)),
        [CONFIG, everyProvider],
      )
      .inSingletonScope();
    bind(ENGINE)
      .toResolvedValue(
        (stack: StackSpec, clock: Clock, events: EventHub) => new Engine({ stack, clock, onEvent: events.emit }),
        [STACK, CLOCK, EVENTS],
      )
      .inSingletonScope();
    bind(PARTS)
      .toResolvedValue(
        (providers: Provider[], stack: StackSpec, engine: Engine, events: EventHub) => ({
          config: given.config,
          source: { text: given.text, redactor: given.environment.redactor },
          providers: byName(providers),
          stack,
          engine,
          clock: given.environment.clock,
          events,
          close: () => container.unbindAllAsync(),
        }),
        [everyProvider, STACK, ENGINE, EVENTS],
      )
      .inSingletonScope();
  });

/** @throws PeerwayError what a provider's `create` refused; every driver made until then is closed */
export async function compose(given: Given): Promise<PeerwayParts> {
  const container = new Container({ defaultScope: 'Singleton' });
  container.load(
    givenModule(given),
    ...given.entries.map((entry) => entryModule(entry, given.placeOf(entry.name))),
    rootModule(container, given),
  );
  try {
    return await container.getAsync(PARTS);
  } catch (thrown) {
    await container.unbindAllAsync();
    throw toPeerwayError(thrown);
  }
}
