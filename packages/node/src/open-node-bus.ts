import { type Bus, createNatsBus, readNatsSettings } from '@aerogram/bus';
import type { Config, Lifecycle, Logger, Metrics } from '@aerogram/runtime';
import { type Database, findDatabaseId, type Membership } from '@aerogram/storage';

interface NodeBusDeps {
  config: Pick<Config, 'natsUrl' | 'natsCredentials' | 'natsCa'>;
  db: Pick<Database, 'q'>;
  lease: Pick<Membership, 'self' | 'members'>;
  log: Logger;
  metrics: Metrics;
}

/**
 * Opens the bus of a node that serves beside others.
 * @throws OperatorError when a setting is wrong, or NATS refuses this server
 */
export async function openNodeBus(lifecycle: Lifecycle, { config, db, lease, log, metrics }: NodeBusDeps): Promise<Bus> {
  const servers = readNatsSettings({ url: config.natsUrl!, credentialsFile: config.natsCredentials, caFile: config.natsCa });
  const databaseId = (await findDatabaseId(db))!;
  const others = (): string[] => lease.members.map(({ name }) => name).filter((name) => name !== lease.self);
  const bus = createNatsBus({ servers, databaseId, node: lease.self, others, metrics, log });
  lifecycle.own('bus', bus);
  await lifecycle.start();
  await bus.opened;
  return bus;
}
