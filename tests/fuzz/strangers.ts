import type { Socket } from 'node:net';
import type { RawClient } from '@aerogram/mtproto/client';
import { type Random } from '@aerogram/runtime';
import { expect } from 'vitest';
import { call, GatewayStage } from '../../packages/gateway/test/gateway-stage.ts';
import { below, fuzzIterations, fuzzRandom, memoryInUse } from './mutation.ts';

/** What an attacker without a key sends over its own socket. */
export type Attack = (random: Random, stage: GatewayStage, stranger: RawClient) => Promise<Socket>;

/** Serves one client over `transport` while others attack one after another, and checks that hardly any memory is left in use. */
export async function serveBesideStrangers(transport: 'http' | 'websocket', attack: Attack): Promise<void> {
  const random = fuzzRandom(transport);
  await using stage = await GatewayStage.open();
  const witness = await stage.connect({ transport });
  const iterations = fuzzIterations(300, 10);
  let before = 0;
  for (let i = 0; i < iterations; i++) {
    if (i === Math.floor(iterations / 3)) before = memoryInUse();
    await using stranger = await stage.connect({ transport });
    const socket = await attack(random, stage, stranger);
    expect(await witness.call(call(i))).toEqual(call(i));
    if (below(random, 2) === 0) socket.end();
    else socket.destroy();
    stage.store.records.delete(stranger.session.key.id);
    stage.dispatcher.calls.length = 0;
  }
  await stage.clock.advance(60_000);
  await expect.poll(() => memoryInUse() - before).toBeLessThan(20_000_000);
}
