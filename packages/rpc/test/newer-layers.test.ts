import type { Logger } from '@aerogram/runtime';
import { LAYER } from '@aerogram/tl';
import { expect, test } from 'vitest';

import { NewerLayers } from '../src/newer-layers.ts';

test('a newer layer is told of once, with what is served instead, and only so many are', () => {
  const told: { event: string; layer: number; served: number }[] = [];
  const layers = new NewerLayers({ warn: (fields: (typeof told)[0]) => told.push(fields) } as unknown as Logger);
  for (const layer of [144, LAYER, LAYER + 2, LAYER + 1, LAYER + 2]) layers.note(layer);
  expect(told).toEqual([{ event: 'newer_layer', layer: LAYER + 2, served: LAYER }, { event: 'newer_layer', layer: LAYER + 1, served: LAYER }]);
  for (let layer = LAYER; layer < LAYER + 100; layer++) layers.note(layer);
  expect(told).toHaveLength(16);
});
