import { startTestServer } from '@aerogram/dev-env';
import { RawAccount } from '@aerogram/dev-env/load';
import { startStandbys, startSwitchingProxy, testEngine } from '@aerogram/storage/testing';
import { describe, expect, test } from 'vitest';
import { isRetryable } from '../crash/power-cut.ts';

describe('a server whose database fails over to a standby', () => {
  test('goes on without a restart: what it acknowledged is there, each message once', async () => {
    await using servers = await startStandbys(1, testEngine());
    await using proxy = await startSwitchingProxy(servers.primary);
    await using server = await startTestServer({ env: { AEROGRAM_DATABASE_URL: proxy.url }, onLogLine: () => {} });
    const people: RawAccount[] = [];
    for (let n = 0; n < 2; n++) people.push(await RawAccount.signUp(server.info, { name: `Person ${n}`, phone: `99966${n}000${n}`, code: String(n).repeat(5) }));
    const [alice, bob] = people as [RawAccount, RawAccount];
    await alice.meet(bob);

    const acknowledged = new Map<number, string>();
    let [lastKey, refused] = [0n, 0];
    const send = async (): Promise<void> => {
      const key = ++lastKey;
      for (;;) {
        const answer = await alice.send(bob, `text ${key}`, key).catch((error: unknown) => {
          if (!isRetryable(error)) throw error;
        });
        if (answer) return void acknowledged.set(answer.id, `text ${key}`);
        refused++;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    let isOver = false;
    const lanes = Array.from({ length: 8 }, async () => {
      for (let rest = 2; rest > 0; rest -= isOver ? 1 : 0) await send();
    });
    await expect.poll(() => acknowledged.size, { interval: 10 }).toBeGreaterThan(20);
    const [next] = servers.standbys;
    await servers.primary.kill();
    proxy.lead(undefined);
    await next!.promote();
    proxy.lead(next);
    const before = acknowledged.size;
    await expect.poll(() => acknowledged.size, { interval: 10 }).toBeGreaterThan(before + 20);
    isOver = true;
    await Promise.all(lanes);

    const stored = await next!.run<{ msg_id: number; body: string }>(`SELECT msg_id, text AS body FROM messages WHERE owner_id = ${alice.userId} AND text LIKE 'text %'`);
    expect(new Map(stored.map((row) => [row.msg_id, row.body]))).toEqual(acknowledged);
    expect(stored.length).toBe(acknowledged.size);
    console.log(`${acknowledged.size} sent, ${refused} refused meanwhile`);
    for (const person of people) person.disconnect();
  });
});
