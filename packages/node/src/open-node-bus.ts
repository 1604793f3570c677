import { type Bus, createNatsBus, readNatsSettings } from '@aerogram/bus';
import type { LinkHub } from '@aerogram/link';
import { type Config, type Lifecycle, type Logger, type Metrics, systemClock } from '@aerogram/runtime';
import { type Database, findDatabaseId, type Membership } from '@aerogram/storage';
import { busWithLosses } from './bus-with-losses.ts';
import { Settling } from './settle-decisions.ts';

interface NodeBusDeps {
  config: Pick<Config, 'natsUrl' | 'natsCredentials' | 'natsCa'>;
  db: Pick<Database, 'q'>;
  lease: Pick<Membership, 'self' | 'members' | 'peers' | 'onBarrier' | 'onChange' | 'raiseBarrier' | 'lost'>;
  links: LinkHub;
  /** How many names of the dictionary of hints all nodes know. */
  hintNames: number;
  log: Logger;
  metrics: Metrics;
}

/**
 * Opens the bus of a node that serves beside others. Decisions are settled over the links. Hints also count as lost when all nodes must drop what they have read.
 * @throws OperatorError when a setting is wrong, or NATS refuses this server
 */
export async function openNodeBus(lifecycle: Lifecycle, { config, db, lease, links, hintNames, log, metrics }: NodeBusDeps): Promise<Bus> {
  const servers = readNatsSettings({ url: config.natsUrl!, credentialsFile: config.natsCredentials, caFile: config.natsCa });
  const databaseId = (await findDatabaseId(db))!;
  const others = (): string[] => lease.members.map(({ name }) => name).filter((name) => name !== lease.self);
  const bus = createNatsBus({ servers, databaseId, node: lease.self, others, dictionary: hintNames, metrics, log });
  lifecycle.own('bus', bus);
  await lifecycle.start();
  await bus.opened;
  const losses = busWithLosses(bus, (topic, hint) => settling.decide(topic, hint));
  lifecycle.own('barrier', lease.onBarrier(() => losses.tell()));
  const settling = new Settling({ bus, links, lease, losses, clock: systemClock, metrics, log });
  lifecycle.own('settling of decisions', settling);
  return losses.bus;
}
