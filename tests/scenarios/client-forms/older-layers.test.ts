import { LAYER } from '@aerogram/tl';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { ClientName } from '../client-boot/layer-client.ts';
import { type Scenario, startScenario } from '../scenario.ts';
import { readForms } from './forms.ts';
import { NOT_YET, NOT_YET_IN_LAYER } from './not-yet.ts';
import { playForms } from './play-forms.ts';
import { stageForms } from './stage-forms.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ kit: { hasLimits: () => false } });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Whose way to connect is taken; Android connects as TDLib does. */
const CLIENTS: Readonly<Record<string, ClientName>> = { web_a: 'web_a', web_k: 'web_k', desktop: 'tdesktop', tdlib: 'tdlib', android: 'tdlib' };

const { layers, forms } = readForms();
const older = Object.entries(layers).filter(([, layer]) => layer < LAYER);

test.each(older)('what %s sends is answered in its own layer, %i, as it expects', async (app, layer) => {
  const own = forms.filter(({ apps }) => apps.includes(app) || apps.includes('all'));
  const stage = await stageForms(scenario.server.info, scenario.world, app);
  const { failed, ...counts } = await playForms(scenario, stage, own, { layer, client: CLIENTS[app]! });
  console.log(`${app}, layer ${layer}: ${JSON.stringify(counts)}, in the list ${failed.size}`);
  const listed = { ...NOT_YET, ...NOT_YET_IN_LAYER[layer] };
  expect([...failed].filter(([name]) => !(name in listed))).toEqual([]);
  expect(Object.keys(NOT_YET_IN_LAYER[layer] ?? {}).filter((name) => !failed.has(name))).toEqual([]);
  expect(counts.sent).toBe(counts.fine + counts.handled + failed.size);
  expect(counts.sent).toBeGreaterThan(100);
});
