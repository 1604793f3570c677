import { type Bus, createInProcessBus } from '@aerogram/bus';
import { type CodeDelivery, loadLanguages } from '@aerogram/domain';
import { type Clock, type Config, type Endpoint, type Logger, type Random, systemClock, systemRandom } from '@aerogram/runtime';
import { addServing } from './add-serving.ts';
import { openFront, type RunningNode } from './open-front.ts';
import { openStorage } from './open-storage.ts';
import { type TakenDatabase, takeDatabase } from './take-database.ts';
import { startSupervisor } from './workers/start-supervisor.ts';

/** What a test or a tool puts in place of the ordinary parts. */
export interface NodeOverrides {
  clock?: Clock;
  random?: Random;
  log?: Logger;
  bus?: Bus;
  codeDelivery?: CodeDelivery;
  /** Judges the clock that was put in place, as it judges the computer's. */
  watchesClock?: boolean;
}

/**
 * Wires all parts into one node and starts it: storage, the right to serve, keys, domain, dispatcher, sockets, in this order; with more than
 * one worker, a supervisor and the processes that serve (docs/workers.md), which take no overrides but clock and log.
 * `/readyz` answers from the first moment; `server.json` appears when clients may come.
 *
 * @throws whatever part cannot start; everything started before it is closed again
 */
export async function startNode(config: Config, overrides: NodeOverrides & { log: Logger }): Promise<RunningNode> {
  const { clock = systemClock, random = systemRandom, log, bus = createInProcessBus() } = overrides;
  // The processes that serve read them by themselves. Here an operator learns at once, and only once, what is wrong with them.
  await loadLanguages(config.langDir);
  if (config.workers > 1) return startSupervisor(config, { clock, random, log });
  let taken: TakenDatabase | undefined;
  const obstacle = (): string | undefined => (taken?.lease.isAnswering === false ? 'the database does not answer' : undefined);
  const front = await openFront(config, { clock, log, obstacle });
  const { lifecycle, metrics, pages, say } = front;
  try {
    say('starting the database');
    const storage = await openStorage({ config, log, clock, random, metrics, say, gate: () => taken?.lease.gate() });
    lifecycle.own('storage', storage);
    await lifecycle.start();
    const watched = overrides.watchesClock === true ? clock : undefined;
    taken = await takeDatabase(lifecycle, { config, db: storage.db, url: storage.url, watched, log, metrics, say });
    void taken.lease.lost.then((reason) => front.fail(reason));

    const { gateway, domainHandler, publicKeys } = await addServing(lifecycle, {
      config,
      clock,
      random,
      log,
      metrics,
      db: storage.db,
      bus,
      doubt: taken.watch.doubt,
      codeDelivery: overrides.codeDelivery,
      otherRequests: pages,
      say,
      onDomain: () => storage.started(),
    });
    gateway.attachWebSocket(front.httpServer);
    front.serve((request, response) => gateway.handleHttp(request, response) || domainHandler(request, response));
    let mtproto: Endpoint | undefined;
    lifecycle.add({
      name: 'gateway',
      async start() {
        mtproto = await gateway.listen();
      },
      drain: (signal) => gateway.drain(signal),
      stop: async () => gateway[Symbol.asyncDispose](),
    });
    await lifecycle.start();
    return await front.announce(mtproto!, publicKeys);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}
