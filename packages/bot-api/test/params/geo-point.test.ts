import { expect, test } from 'vitest';

import { readPlace, readPlaceFields } from '../../src/params/geo-point.ts';
import { JsonFields } from '../../src/params/json-fields.ts';
import { paramsOf } from '../../src/params/params.ts';

test.each([
  ['parameters', (given: object) => readPlace(paramsOf(given))],
  ['the fields of an object', (given: object) => readPlaceFields(new JsonFields(given))],
])('a place is read in the same way from %s, and no more exact than the bot says', (_, read) => {
  const accuracyOf = (horizontal_accuracy: unknown): number | undefined => read({ latitude: '52.5', longitude: -13.4, horizontal_accuracy }).accuracy_radius;
  expect(read({ latitude: '52.5', longitude: -13.4 })).toEqual({ _: 'inputGeoPoint', lat: 52.5, long: -13.4 });
  expect([3, 3.2, '0.5', 1499.5, 5000, 0, -1, undefined].map(accuracyOf)).toEqual([3, 4, 1, 1500, 1500, undefined, undefined, undefined]);
});
