import { createLogger } from '@aerogram/runtime';
import { encode, LAYER, METHODS, readResult, TlReader } from '@aerogram/tl';
import { LAYERS } from '@aerogram/tl-codegen';
import { methods } from '@aerogram/rpc-handlers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRpcWorld, type RpcWorld } from '../../packages/rpc-handlers/test/db/rpc-world.ts';
import { loadSchema } from '../../packages/tl-compat/test/schemas.ts';
import { HostileTl } from './hostile-tl.ts';
import { below, FUZZ_SEED, fuzzIterations, fuzzRandom, memoryInUse, pick } from './mutation.ts';

/** Methods that end the calling account. They are called rarely, because creating a new account is slow. */
const ENDING = new Set(['auth.logOut', 'account.deleteAccount', 'auth.resetAuthorizations', 'account.resetAuthorization']);
/** Maximum time for an answer, in milliseconds, on a machine that is busy. */
const SLOW_MS = 5_000;

/** Values that let requests pass their first checks. */
const PLAUSIBLE: [string, unknown][] = [
  ['phone_number', '9996610001'], ['phone_number', '9996620002'], ['phone_code', '11111'], ['lang_pack', 'android'], ['lang_code', 'en'],
  ['msg_id', 1], ['msg_id', 2], ['msg_id', 3], ['folder_id', 0], ['folder_id', 1], ['limit', 20], ['emoticon', '👍'], ['username', 'some_name'],
];

interface Person {
  authKeyId: bigint;
  userId: bigint;
}

describe('requests of every method, well-formed and hostile, on a real database', () => {
  const random = fuzzRandom('requests');
  const faults: string[] = [];
  const loose: unknown[] = [];
  let world: RpcWorld;
  let people: Person[];
  let numbers = 0;
  const note = (reason: unknown): void => void loose.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    const log = createLogger({ level: 'error', destination: { write: (line) => void faults.push(line) } });
    world = await createRpcWorld(FUZZ_SEED, log);
    people = [await signUp(), await signUp(), await signUp()];
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await world?.[Symbol.asyncDispose]();
  });

  function signUp(): Promise<Person> {
    numbers += 1;
    return world.signUp(`99966${(numbers % 3) + 1}${String(numbers).padStart(4, '0')}`, `Person ${numbers}`);
  }

  /** A log-in of the first account that waits for its password. */
  async function pendingKey(): Promise<bigint> {
    const key = await world.newKey();
    const pending = { pending_user_id: people[0]!.userId, pending_date: Math.floor(Date.now() / 1000) };
    await world.db.q.updateTable('auth_keys').set(pending).where('auth_key_id', '=', key).execute();
    return key;
  }

  function meet(makers: Iterable<HostileTl>, one: Person): void {
    const known = people.map(({ userId }) => ({ userId, accessHash: world.domain.accessHashes.of('user', one.userId, userId) }));
    for (const maker of makers) maker.meet(known);
  }

  /** Wraps a request like the first call of a client, in bytes, because its content may not be expressible as an object. */
  function wrapped(layer: number, request: Uint8Array): Uint8Array {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(0xda9b0d0d, 0);
    head.writeInt32LE(layer, 4);
    return Uint8Array.from(Buffer.concat([head, request]));
  }

  it('is answered with a result or with an error that says what is wrong', { timeout: 0 }, async () => {
    const nowS = Math.floor(Date.now() / 1000);
    const names = methods.map((method) => method.method);
    const makers = new Map([229, 228, 214, 185, 144].map((layer) => [layer, new HostileTl(loadSchema(layer), random, nowS)]));
    expect(LAYERS).toEqual(expect.arrayContaining([...makers.keys()]));
    meet(makers.values(), people[0]!);
    for (const maker of makers.values()) for (const [name, value] of PLAUSIBLE) maker.keep(name, value);
    let guest = await world.newKey();
    let pending = await pendingKey();
    const findings = new Map<string, string>();
    const outcomes = new Map<string, number>();
    const calls = fuzzIterations(12 * names.length, 20);
    let before = 0;
    let slowest = { ms: 0, method: '' };
    for (let i = 0; i < calls; i++) {
      if (i === Math.floor(calls / 2)) before = memoryInUse();
      const method = names[i % names.length]!;
      if (ENDING.has(method) && below(random, 4) > 0) continue;
      if (i % 200 === 0) [guest, pending] = [await world.newKey(), await pendingKey()];
      const caller = pick(random, ['user', 'user', 'user', 'other', 'guest', 'pending']);
      const key = { user: people[0]!.authKeyId, other: people[1]!.authKeyId, guest, pending }[caller]!;
      const layer = below(random, 4) > 0 ? LAYER : pick(random, [...makers.keys()]);
      const maker = loadSchema(layer).byName.has(method) ? makers.get(layer)! : makers.get(LAYER)!;
      const request = maker.request(method);
      faults.length = 0;
      const startedMs = performance.now();
      const { error, body, caller: state } = await world.callBytes(key, wrapped(layer, request));
      const tookMs = performance.now() - startedMs;
      if (tookMs > slowest.ms) slowest = { ms: Math.round(tookMs), method };
      const what = { seed: FUZZ_SEED, call: i, method, caller, layer, request: Buffer.from(request).toString('hex').slice(0, 2_000) };
      const wrong = [...faults, ...loose.splice(0).map((reason) => `unhandled: ${String(reason)}`)];
      if (error !== undefined && !/^[A-Z0-9_]+(%d)?$/.test(error)) wrong.push(`odd error: ${error}`);
      if (/^(INTERNAL|WORKER_BUSY)/.test(error ?? '')) wrong.push(error!);
      if (tookMs > SLOW_MS) wrong.push('too slow');
      // One error of each kind is enough.
      if (wrong.length > 0 && !findings.has(`${method} ${wrong.at(-1)}`)) findings.set(`${method} ${wrong.at(-1)}`, JSON.stringify({ wrong, ...what }));
      outcomes.set(error ?? 'OK', (outcomes.get(error ?? 'OK') ?? 0) + 1);
      if (error === undefined && layer === LAYER) {
        for (const one of makers.values()) one.learn(readResult(new TlReader(body), METHODS[method].result));
      }
      if (caller === 'user' && state.userId === undefined) {
        people[0] = await signUp();
        meet(makers.values(), people[0]);
      } else if (caller === 'other' && state.userId === undefined) {
        people[1] = await signUp();
      }
    }
    const ok = outcomes.get('OK') ?? 0;
    console.log(`${calls} calls of ${names.length} methods, ${ok} answered by results, slowest ${slowest.method}: ${slowest.ms} ms`);
    if (process.env['FUZZ_VERBOSE']) console.log([...outcomes].sort((a, b) => b[1] - a[1]).slice(0, 60));
    expect([...findings.values()]).toEqual([]);
    expect(ok).toBeGreaterThan(calls / 10);
    await expect.poll(() => memoryInUse() - before).toBeLessThan(64_000_000);

    // Everything that was stored can still be read by all recipients.
    for (const person of people) {
      for (const request of [
        { _: 'messages.getDialogs', offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' }, limit: 100, hash: 0n },
        { _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offset_id: 0, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n },
        { _: 'updates.getDifference', pts: 1, date: 1, qts: 0 },
        { _: 'contacts.getContacts', hash: 0n },
        { _: 'users.getFullUser', id: { _: 'inputUserSelf' } },
      ] as const) {
        for (const layer of makers.keys()) expect({ request, error: (await world.callBytes(person.authKeyId, wrapped(layer, encode(request)))).error }).toEqual({ request, error: undefined });
      }
    }
  });
});
