import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawAccount } from '@aerogram/dev-env/load';
import { runPaced } from './deliveries.ts';
import type { Outcome } from './outcome.ts';

/** How long a notice may take after the last message, in milliseconds. While a push service hangs, what is for it waits 30 s for a place. */
const PATIENCE_MS = 45_000;

/** A push service of simple push that can be made to hang. It knows a device by the path of its token. */
export class SimplePushService implements Disposable {
  /** Called with the path of each notice that is taken. */
  onTaken: (path: string) => void = () => {};
  #isHanging = false;
  readonly #held: (() => void)[] = [];
  readonly #server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (this.#isHanging) this.#held.push(() => this.#take(request.url!, response));
      else this.#take(request.url!, response);
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  set isHanging(isHanging: boolean) {
    this.#isHanging = isHanging;
    if (isHanging) return;
    for (const answer of this.#held.splice(0)) answer();
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take(path: string, response: ServerResponse): void {
    // Whoever has given up meanwhile asks again, and is counted then.
    if (response.destroyed) return;
    this.onTaken(path);
    response.writeHead(201).end();
  }
}

/** People whose only device is away, half of them at each of two push services. */
export interface AwayPeople {
  senders: readonly RawAccount[];
  receivers: readonly RawAccount[];
  services: readonly [SimplePushService, SimplePushService];
}

/** Registers the devices of the receivers, and closes their connections. */
export async function putAway(senders: readonly RawAccount[], receivers: readonly RawAccount[]): Promise<AwayPeople> {
  const services = [new SimplePushService(), new SimplePushService()] as const;
  const origins = [await services[0].start(), await services[1].start()];
  for (const [n, receiver] of receivers.entries()) {
    await receiver.call<'account.registerDevice'>({ _: 'account.registerDevice', token_type: 4, token: `${origins[n % 2]}/${n}`, app_sandbox: false, secret: new Uint8Array(), other_uids: [] });
    await receiver.call<'account.updateStatus'>({ _: 'account.updateStatus', offline: true });
    receiver.disconnect();
  }
  return { senders, receivers, services };
}

/**
 * Writes to people who are away. Half of them are at a push service that answers, and those of the other half may be at one that does not.
 * @param perSecond messages in all
 * @returns with the times until the first push service had each notice
 */
export async function tellAway({ senders, receivers, services }: AwayPeople, { ms, perSecond, isHanging }: { ms: number; perSecond: number; isHanging: boolean }): Promise<Outcome> {
  const [answers, other] = services;
  /** For each device, by the path of its token: when the messages were sent of which it has not been told yet, the oldest first. */
  const open = new Map<string, number[]>();
  const [ackMs, deliveredMs]: [number[], number[]] = [[], []];
  const taken = (path: string): number | undefined => open.get(path)?.shift();
  answers.onTaken = (path) => {
    const sent = taken(path);
    if (sent !== undefined) deliveredMs.push(performance.now() - sent);
  };
  other.onTaken = (path) => void taken(path);
  other.isHanging = isHanging;
  const started = performance.now();
  await runPaced(started + ms, perSecond, async (n) => {
    const to = n % receivers.length;
    const at = performance.now();
    const path = `/${to}`;
    open.set(path, [...(open.get(path) ?? []), at]);
    await senders[to]!.send(receivers[to]!, `message ${n} of ${started.toFixed(0)}`);
    ackMs.push(performance.now() - at);
  });
  const isOpen = (half: 0 | 1): boolean => [...open].some(([path, times]) => times.length > 0 && Number(path.slice(1)) % 2 === half);
  await waitWhile(() => isOpen(0));
  const elapsedMs = performance.now() - started;
  other.isHanging = false;
  await waitWhile(() => isOpen(1));
  return { operations: ackMs.length, elapsedMs, ackMs, deliveredMs };
}

async function waitWhile(isSo: () => boolean): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (isSo()) {
    if (performance.now() > until) throw new Error(`a device was not told within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
