import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

/** Mean radius of the Earth in metres. */
const EARTH_M = 6_371_008;

/** A live location of somebody in a chat. */
export interface SharedLocation {
  /** Marked peer that is shown as its author. */
  authorId: bigint;
  lat: number;
  long: number;
  /** Its author wants to know who comes closer than this many metres; 0: nobody. */
  radius: number;
}

/** The live location in the media of a message; undefined if there is none. Pure. */
export function sharedLocationOf(authorId: bigint, media: tl.MessageMedia | undefined): SharedLocation | undefined {
  if (media?._ !== 'messageMediaGeoLive' || media.geo._ !== 'geoPoint') return undefined;
  return { authorId, lat: media.geo.lat, long: media.geo.long, radius: media.proximity_notification_radius ?? 0 };
}

/** The distance between two places on the surface of the Earth in metres. Pure. */
export function distanceOf(a: Pick<SharedLocation, 'lat' | 'long'>, b: Pick<SharedLocation, 'lat' | 'long'>): number {
  const rad = (degrees: number): number => (degrees * Math.PI) / 180;
  const [sinLat, sinLong] = [Math.sin(rad(b.lat - a.lat) / 2), Math.sin(rad(b.long - a.long) / 2)];
  const h = sinLat ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * sinLong ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * The alert that somebody's move causes when one of two people has come within the radius that the other has chosen; undefined if there is none. If each has
 * come within the radius of the other, the one who has moved is named first. Pure.
 * @param other the live location of the other
 */
export function findAlert(before: SharedLocation, after: SharedLocation, other: SharedLocation): tl.messageActionGeoProximityReached | undefined {
  const [was, is] = [distanceOf(before, other), distanceOf(after, other)];
  const alert = (watcher: SharedLocation, traveller: SharedLocation): tl.messageActionGeoProximityReached | undefined =>
    watcher.radius > 0 && was > watcher.radius && is <= watcher.radius
      ? { _: 'messageActionGeoProximityReached', from_id: unmarkPeer(traveller.authorId), to_id: unmarkPeer(watcher.authorId), distance: Math.round(is) }
      : undefined;
  return alert(other, after) ?? alert(after, other);
}
