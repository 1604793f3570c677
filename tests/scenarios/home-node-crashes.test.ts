import { hasNats } from '@aerogram/bus/testing';
import { describe, expect, test } from 'vitest';
import { runHomeNodeCrashes } from '../crash/home-node-crashes.ts';

describe.runIf(hasNats)(`a data centre whose nodes are killed and frozen${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  test('what its people and those of another one have written is there once and in order', async () => {
    const { sent } = await runHomeNodeCrashes({ kills: 6, seed: 45 });
    expect(sent).toBeGreaterThan(100);
  }, 400_000);
});
