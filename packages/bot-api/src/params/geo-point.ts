import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import type { JsonFields } from './json-fields.ts';
import type { Params } from './params.ts';

/** Parameters of a point on earth. */
export const POINT_PARAMS = ['latitude', 'longitude'] as const;

/** Parameters of a point on earth, and of how exact it is. */
export const PLACE_PARAMS = [...POINT_PARAMS, 'horizontal_accuracy'] as const;

const ACCURACY_MAX_M = 1500;

/** Reads a point on earth from parameters. Whether it is one is checked by the send. @throws BotError 400 `latitude is empty`, `longitude is empty` */
export function readPoint(params: Params<(typeof POINT_PARAMS)[number]>): tl.inputGeoPoint {
  for (const name of POINT_PARAMS) if (!params.has(name)) throw badRequest(`${name} is empty`);
  return geoPointOf(params.number('latitude') ?? 0, params.number('longitude') ?? 0);
}

/** Reads a point on earth, and how exact it is, from parameters. @throws BotError as {@link readPoint} */
export function readPlace(params: Params<(typeof PLACE_PARAMS)[number]>): tl.inputGeoPoint {
  const { lat, long } = readPoint(params);
  return geoPointOf(lat, long, params.number('horizontal_accuracy'));
}

/** Reads a point on earth, and how exact it is, from the fields of an object. @throws BotError 400 for fields that are absent or no numbers */
export function readPlaceFields(fields: JsonFields): tl.inputGeoPoint {
  const accuracy = fields.has('horizontal_accuracy') ? fields.neededNumber('horizontal_accuracy') : 0;
  return geoPointOf(fields.neededNumber('latitude'), fields.neededNumber('longitude'), accuracy);
}

/** @param accuracyM the radius in which the place is, in metres. It is rounded up: a smaller circle might not have the place in it. */
function geoPointOf(lat: number, long: number, accuracyM = 0): tl.inputGeoPoint {
  return { _: 'inputGeoPoint', lat, long, accuracy_radius: accuracyM > 0 ? Math.ceil(Math.min(accuracyM, ACCURACY_MAX_M)) : undefined };
}
