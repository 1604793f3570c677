import { describe, expect, test } from 'vitest';
import { findMissingPackages } from '../../tools/cluster/debian-packages.ts';
import { CLUSTER_BLOWS, runClusterCrashes } from '../crash/cluster-crashes.ts';

const missing = findMissingPackages();
/** Ten blows take three minutes on a quiet machine. */
const TIMEOUT_MS = 900_000;

describe.runIf(missing.length === 0)(`crashes of a cluster${missing.map((name) => ` (skipped: ${name})`).join('')}`, () => {
  test('nothing that was acknowledged is lost or doubled when a part is killed, frozen or cut off', async () => {
    const { sent } = await runClusterCrashes({ kills: Object.keys(CLUSTER_BLOWS).length, seed: 20_261_127 });
    expect(sent).toBeGreaterThan(100);
  }, TIMEOUT_MS);
});
