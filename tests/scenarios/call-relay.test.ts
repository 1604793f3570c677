import { readFile } from 'node:fs/promises';
import { World, type Actor } from '@aerogram/dev-env';
import { startServerProcess, type ServerProcess } from '@aerogram/dev-env/load';
import { readRelayNote } from '@aerogram/node';
import { Long, type tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { TurnClient } from '../../packages/node/test/turn-client.ts';
import { accept, confirm, discard, HANG_UP, type Ring, ring, seesCall } from './call-stage.ts';

const PATIENCE = { timeout: 30_000, interval: 50 };

for (const workers of [1, 2]) {
  describe(`the relay of calls of a server with ${workers === 1 ? 'one process' : 'workers'}`, () => {
    let server: ServerProcess;
    let world: World;
    let alice: Actor;
    let bob: Actor;
    beforeAll(async () => {
      server = await startServerProcess({ env: { AEROGRAM_WORKERS: String(workers) } });
      world = new World(server);
      [alice, bob] = [await world.user('Alice'), await world.user('Bob')];
      await alice.meet(bob);
      await bob.meet(alice);
    });
    afterAll(async () => {
      await world?.[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
    });

    const relayPid = (): number => readRelayNote(server.dataDir)?.pid ?? 0;
    const programOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const isGone = (pid: number): Promise<void> => vi.waitFor(async () => expect(await programOf(pid)).toBe(''), PATIENCE);
    /** Waits for another process than this one. */
    const nextRelay = (pid: number): Promise<number> => vi.waitFor(() => {
      expect([0, pid]).not.toContain(relayPid());
      return relayPid();
    }, PATIENCE);

    let call: Ring;
    let calleeRef: tl.RawInputPhoneCall;
    let relay: tl.RawPhoneConnectionWebrtc;

    /** Two devices with what the call gave them reach each other. */
    async function talk(): Promise<void> {
      const credentials = { user: relay.username, password: relay.password };
      using one = await TurnClient.open(relay.port, credentials);
      using other = await TurnClient.open(relay.port, { ...credentials, over: 'tcp' });
      const [ofOne, ofOther] = [await one.allocate(), await other.allocate()];
      expect(await one.bind(0x4000, ofOther) && (await other.bind(0x4000, ofOne))).toBe(true);
      one.say(0x4000, 'hello');
      expect(await other.hears()).toBe('hello');
    }

    test('begins with the first call, and takes what both devices are given', async () => {
      expect(readRelayNote(server.dataDir)).toBeUndefined();
      call = await ring(alice.main, bob.id);
      ({ ref: calleeRef } = await accept(bob.main, call.id));
      const own = await confirm(alice.main, call, Long.fromNumber(7));
      const [stun, turn] = own.connections as [tl.RawPhoneConnectionWebrtc, tl.RawPhoneConnectionWebrtc];
      expect(stun).toMatchObject({ stun: true, ip: '127.0.0.1', port: turn.port, username: '' });
      expect(turn).toMatchObject({ turn: true, ip: '127.0.0.1' });
      expect((await seesCall(bob.main, call.id, 'phoneCall')).connections).toEqual(own.connections);
      relay = turn;
      expect(await programOf(relayPid())).toContain('relay-worker');
      await talk();
    });

    test('is begun again on the same port after kill -9, and the passwords of the call stay good', async () => {
      const before = relayPid();
      process.kill(before, 'SIGKILL');
      await nextRelay(before);
      await talk();
    });

    test.each(workers > 1 ? ['a worker'] : [])('does not notice the end of %s', async () => {
      const before = relayPid();
      const killed = await server.killWorker(0);
      await isGone(killed);
      await talk();
      expect(relayPid()).toBe(before);
    });

    test('ends with a server that is killed, and is back on its port for calls that go on', async () => {
      const before = relayPid();
      await server.kill('SIGKILL');
      await isGone(before);
      await server.start();
      await nextRelay(before);
      await talk();
    });

    test('is not begun by a server where nobody talks', async () => {
      await discard(bob.main, calleeRef, HANG_UP);
      const before = relayPid();
      await server.stop();
      await isGone(before);
      await server.start();
      await alice.main.call({ _: 'updates.getState' });
      expect(relayPid()).toBe(0);
    });
  });
}
