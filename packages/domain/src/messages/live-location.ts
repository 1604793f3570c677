import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

/** Period of a live location that is shared until its owner stops it. */
export const FOREVER_S = 0x7fffffff;

const PERIOD_MIN_S = 60;
const PERIOD_MAX_S = 86_400;
/** An edit may add at most this many seconds to the period of a live location. */
const EXTENSION_MAX_S = 86_400;
/** The new end of a live location may be at most this many seconds from now. */
const AHEAD_MAX_S = 90 * 86_400;

const HEADING_MAX = 360;
const PROXIMITY_MAX_M = 100_000;
const ACCURACY_MAX_M = 1500;

/**
 * Validates a client's geo point and builds the one to store.
 * @throws RpcError GEO_POINT_INVALID
 */
export function prepareGeoPoint(random: Random, point: tl.InputGeoPoint | undefined): tl.geoPoint {
  if (point?._ !== 'inputGeoPoint') throw rpcError('GEO_POINT_INVALID');
  const { lat, long, accuracy_radius: accuracy } = point;
  // Written so that NaN fails too.
  if (!(Math.abs(lat) <= 90 && Math.abs(long) <= 180)) throw rpcError('GEO_POINT_INVALID');
  const radius = accuracy !== undefined && accuracy > 0 ? Math.min(accuracy, ACCURACY_MAX_M) : undefined;
  return { _: 'geoPoint', lat, long, access_hash: random.int64(), accuracy_radius: radius };
}

/**
 * Builds the media of a new live location.
 * @throws RpcError GEO_POINT_INVALID, MEDIA_INVALID (period, heading or radius out of bounds)
 */
export function prepareLiveLocation(random: Random, input: tl.inputMediaGeoLive): tl.messageMediaGeoLive {
  const { period } = input;
  const isPeriod = period !== undefined && (period === FOREVER_S || (period >= PERIOD_MIN_S && period <= PERIOD_MAX_S));
  if (input.stopped === true || !isPeriod) throw rpcError('MEDIA_INVALID');
  return { _: 'messageMediaGeoLive', geo: prepareGeoPoint(random, input.geo_point), period, ...prepareDirection(input) };
}

/** Whether a live location is still shared. Dates are unix seconds. */
export function isLive({ period }: tl.messageMediaGeoLive, sentDate: number, nowDate: number): boolean {
  return period === FOREVER_S || sentDate + period > nowDate;
}

/**
 * A live location after its owner moved, prolonged or stopped it. When stopped, its period ends now.
 * @param dates unix seconds
 * @throws RpcError MESSAGE_EDIT_TIME_EXPIRED (no longer shared), GEO_POINT_INVALID, MEDIA_INVALID
 */
export function moveLiveLocation(
  random: Random,
  live: tl.messageMediaGeoLive,
  input: tl.inputMediaGeoLive,
  dates: { sentDate: number; nowDate: number },
): tl.messageMediaGeoLive {
  const { sentDate, nowDate } = dates;
  if (!isLive(live, sentDate, nowDate)) throw rpcError('MESSAGE_EDIT_TIME_EXPIRED');
  const stays = input.stopped === true && input.geo_point._ === 'inputGeoPointEmpty';
  const geo = stays ? live.geo : prepareGeoPoint(random, input.geo_point);
  if (input.stopped === true) return { _: 'messageMediaGeoLive', geo, period: Math.max(nowDate - sentDate, 1) };
  return { _: 'messageMediaGeoLive', geo, period: input.period === undefined ? live.period : extend(live.period, input.period, dates), ...prepareDirection(input) };
}

function extend(period: number, wanted: number, { sentDate, nowDate }: { sentDate: number; nowDate: number }): number {
  if (wanted === FOREVER_S) return wanted;
  const ends = sentDate + wanted;
  const tooLong = period !== FOREVER_S && wanted > period + EXTENSION_MAX_S;
  if (wanted <= 0 || ends <= nowDate || ends > nowDate + AHEAD_MAX_S || tooLong) throw rpcError('MEDIA_INVALID');
  return wanted;
}

function prepareDirection(input: tl.inputMediaGeoLive): Pick<tl.messageMediaGeoLive, 'heading' | 'proximity_notification_radius'> {
  const { heading = 0, proximity_notification_radius: radius = 0 } = input;
  if (heading < 0 || heading > HEADING_MAX || radius < 0 || radius > PROXIMITY_MAX_M) throw rpcError('MEDIA_INVALID');
  return { heading: heading === 0 ? undefined : heading, proximity_notification_radius: radius === 0 ? undefined : radius };
}
