import { hasNats } from '@aerogram/bus/testing';
import { startTestCluster, type TestCluster } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLERS, CHANNELS, FILES, PEOPLE } from './decision-rows.ts';
import { type DecisionRow, DecisionStage } from './decision-stage.ts';

const ROWS: readonly DecisionRow[] = [...PEOPLE, ...CHANNELS, ...CALLERS, ...FILES];

describe.runIf(hasNats)(`decisions on one node hold on another when they are answered${hasNats ? '' : ' (skipped: nats-server)'}`, () => {
  let cluster: TestCluster;
  let stage: DecisionStage;
  beforeAll(async () => {
    cluster = await startTestCluster(2);
    stage = new DecisionStage(cluster);
  }, 60_000);
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });

  /** Does the decisions at the same time, and tries each at the other node at once. @returns those that did not hold */
  async function listFailures(rows: readonly DecisionRow[]): Promise<string[]> {
    const outcomes = await Promise.all(
      rows.map(async ({ title, prepare }) => {
        const { decide, isAdmitted } = await prepare(stage);
        if (!(await isAdmitted())) return `${title}: not admitted before`;
        await decide();
        return (await isAdmitted()) ? `${title}: still admitted` : '';
      }),
    );
    return outcomes.filter((outcome) => outcome !== '');
  }

  test('with NATS', async () => {
    expect(await listFailures(ROWS)).toEqual([]);
  });

  test('without NATS', async () => {
    await cluster.killNats();
    expect(await listFailures(ROWS)).toEqual([]);
  });

  test('without a link between the nodes', async () => {
    for (const { parts } of cluster.nodes) await parts.links![Symbol.asyncDispose]();
    expect(await listFailures(ROWS.filter(({ usesLink }) => usesLink !== true))).toEqual([]);
  });
});
