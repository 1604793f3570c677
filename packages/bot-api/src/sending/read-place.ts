import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import type { Params } from '../params/params.ts';

/** Parameters of a point on earth. */
export const POINT_PARAMS = ['latitude', 'longitude'] as const;

/** Parameters of a place on earth. */
export const PLACE_PARAMS = [...POINT_PARAMS, 'horizontal_accuracy'] as const;

/** Parameters of a location that moves. */
export const LIVE_PARAMS = ['live_period', 'heading', 'proximity_alert_radius'] as const;

/** Reads a point on earth. Whether it is one is checked by the send. @throws BotError 400 `latitude is empty`, `longitude is empty` */
export function readPoint(params: Params<(typeof POINT_PARAMS)[number]>): tl.inputGeoPoint {
  for (const name of POINT_PARAMS) if (!params.has(name)) throw badRequest(`${name} is empty`);
  return { _: 'inputGeoPoint', lat: params.number('latitude') ?? 0, long: params.number('longitude') ?? 0 };
}

/** Reads a point on earth, and how exact it is. @throws BotError as {@link readPoint} */
export function readPlace(params: Params<(typeof PLACE_PARAMS)[number]>): tl.inputGeoPoint {
  const accuracy = params.number('horizontal_accuracy');
  return {
    ...readPoint(params),
    accuracy_radius: accuracy === undefined ? undefined : Math.trunc(Math.max(0, Math.min(accuracy, ACCURACY_MAX_M))),
  };
}

const ACCURACY_MAX_M = 1500;

/** A location that is shared until the bot stops it. */
const FOREVER_S = 0x7fffffff;

/** Checks how long a new location is shared, and what else is said about it. @throws BotError 400 */
export function checkLiveLocation({ period = 0, heading = 0, proximity_notification_radius: radius = 0 }: tl.inputMediaGeoLive): void {
  if (period !== FOREVER_S && (period < 60 || period > 86_400)) throw badRequest('wrong live location period specified');
  if (heading < 0 || heading > 360) throw badRequest('wrong live location heading specified');
  if (radius < 0 || radius > 100_000) throw badRequest('wrong live location proximity alert radius specified');
}

/** Reads a location that moves for a while. @throws BotError as {@link readPlace} */
export function readLiveLocation(params: Params<(typeof PLACE_PARAMS)[number] | (typeof LIVE_PARAMS)[number]>): tl.inputMediaGeoLive {
  return {
    _: 'inputMediaGeoLive',
    geo_point: readPlace(params),
    period: params.int('live_period') || undefined,
    heading: params.int('heading') || undefined,
    proximity_notification_radius: params.int('proximity_alert_radius') || undefined,
  };
}
