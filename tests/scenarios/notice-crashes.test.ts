import { setTimeout as delay } from 'node:timers/promises';
import { RawAccount, type ServerProcess, startServerProcess } from '@aerogram/dev-env/load';
import { seededRandom, systemRandom } from '@aerogram/runtime';
import { sizeOf } from '@aerogram/storage/testing';
import { expect, test, vi } from 'vitest';
import { connectPatiently, isRetryable, killBoth } from '../crash/power-cut.ts';
import { PushService, Subscription } from './push-service.ts';

/** Those who write, the people to whom each of them writes, and the messages for each of these: fewer than a device gets in a minute. */
const [SENDERS, RECEIVERS, MESSAGES] = [8, 5, sizeOf({ short: 10, full: 50 })];
const KILLS = sizeOf({ short: 2, full: 8 });
/** Of all notices, those that may come twice. */
const DOUBLED_MAX = 0.01;

/** Sends a message until the server has answered, like a client. */
async function sendPatiently(server: ServerProcess, from: RawAccount, to: RawAccount, text: string): Promise<void> {
  for (const randomId = systemRandom.int63(); ; ) {
    try {
      await from.send(to, text, randomId);
      return;
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await connectPatiently(from, server);
    }
  }
}

test(`${KILLS} kill -9 of server and database lose no notice of ${SENDERS * RECEIVERS * MESSAGES} messages`, { timeout: 900_000 }, async () => {
  await using service = await PushService.start();
  await using server = await startServerProcess();
  const accountAt = (n: number): Promise<RawAccount> => RawAccount.signUp(server.info, { name: `Account ${n}`, phone: `99966${n % 10}${1000 + n}`, code: String(n % 10).repeat(5) });
  const pairs: { from: RawAccount; to: RawAccount; subscription: Subscription; path: string }[] = [];
  for (let n = 0; n < SENDERS; n++) {
    const from = await accountAt(n);
    for (let at = 0; at < RECEIVERS; at++) {
      const path = `/${n}-${at}`;
      const [to, subscription] = [await accountAt(SENDERS + n * RECEIVERS + at), new Subscription(`${service.origin}${path}`)];
      await from.meet(to);
      await to.call<'account.registerDevice'>({ _: 'account.registerDevice', token_type: 10, token: subscription.token, app_sandbox: false, secret: new Uint8Array(), other_uids: [] });
      await to.call<'account.updateStatus'>({ _: 'account.updateStatus', offline: true });
      to.disconnect();
      pairs.push({ from, to, subscription, path });
    }
  }
  let sent = 0;
  const all = pairs.length * MESSAGES;
  const sending = Array.from({ length: SENDERS }, async (_, n) => {
    const own = pairs.slice(n * RECEIVERS, (n + 1) * RECEIVERS);
    for (let message = 0; message < MESSAGES; message++) {
      for (const { from, to, path } of own) {
        await sendPatiently(server, from, to, `${path} ${message}`);
        sent++;
      }
    }
  });
  const random = seededRandom('notices');
  for (let kill = 1; kill <= KILLS; kill++) {
    while (sent < (kill * all) / (KILLS + 1)) await Promise.race([delay(20), ...sending]);
    // At any moment: while it is decided who is told, while notices are sent, and in between.
    await delay(random.uint31() % 2500);
    await killBoth(server, undefined, random);
    await server.restart();
  }
  await Promise.all(sending);

  /** The names under which devices got each text, which a second notice of the same message replaces. */
  const readAll = (): Map<string, string[]> => {
    const names = new Map<string, string[]>();
    for (const { path, subscription } of pairs) {
      for (const pushed of service.got) {
        if (pushed.path !== path) continue;
        const text = String(subscription.read(pushed)['description']);
        names.set(text, [...(names.get(text) ?? []), String(pushed.headers['topic'])]);
      }
    }
    return names;
  };
  await vi.waitFor(() => expect(readAll().size).toBe(all), { timeout: 180_000, interval: 1000 });
  const names = [...readAll().values()];
  expect(names.every((each) => new Set(each).size === 1)).toBe(true);
  const doubled = names.filter((each) => each.length > 1).length;
  console.log(`${all} messages, ${KILLS} kills: ${doubled} notices came twice`);
  expect(doubled).toBeLessThanOrEqual(Math.max(1, DOUBLED_MAX * all));
});
