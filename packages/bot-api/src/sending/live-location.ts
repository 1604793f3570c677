import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { type PLACE_PARAMS, readPlace } from '../params/geo-point.ts';
import type { Params } from '../params/params.ts';

/** Parameters of a location that moves. */
export const LIVE_PARAMS = ['live_period', 'heading', 'proximity_alert_radius'] as const;

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
