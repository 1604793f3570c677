import { createLogger } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { methods } from '../../src/index.ts';
import { RandomRequests } from './random-schema.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const SEED = process.env['AEROGRAM_TEST_SEED'] ?? 'random-requests';
const ROUNDS = Number(process.env['AEROGRAM_TEST_ROUNDS'] ?? 10);

describe(`requests that no sane client sends (AEROGRAM_TEST_SEED=${SEED})`, () => {
  let world: RpcWorld;
  let requests: RandomRequests;
  let failures: string[];
  let user: bigint;
  let guest: bigint;

  beforeAll(async () => {
    const log = createLogger({ level: 'error', destination: { write: (line) => void failures.push(line) } });
    failures = [];
    world = await createRpcWorld(SEED, log);
    const alice = await world.signUp('9996610001', 'Alice');
    const bob = await world.signUp('9996620002', 'Bob');
    user = alice.authKeyId;
    guest = await world.newKey();
    const { accessHashes } = world.domain;
    const ids = [alice.userId, bob.userId, accessHashes.of('user', alice.userId, bob.userId), accessHashes.of('user', alice.userId, 777000n)];
    requests = new RandomRequests((n) => world.random.uint31() % n, ids);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  // Those that log the caller out would leave nobody to make the rest of the calls.
  const names = methods.map((method) => method.method).filter((name) => name !== 'auth.logOut' && name !== 'account.deleteAccount');

  it.each(names)('%s answers, or says what is wrong with them', async (name) => {
    for (let round = 0; round < ROUNDS; round++) {
      const request = requests.make(name) as tl.AnyMethod;
      for (const key of [user, guest]) {
        failures = [];
        const { error } = await world.call(key, request);
        expect({ error: error === 'INTERNAL' ? failures : 'none', request }).toEqual({ error: 'none', request });
      }
    }
  });
});
