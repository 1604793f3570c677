import { describe, expect, it } from 'vitest';

import { distanceOf, findAlert, type SharedLocation } from '../src/proximity/find-alerts.ts';

/** A location on the equator, so many metres east of Greenwich. */
const at = (authorId: bigint, metres: number, radius = 0): SharedLocation => ({ authorId, lat: 0, long: (metres / 6_371_008) * (180 / Math.PI), radius });

describe('the distance of two places', () => {
  it.each([
    ['London and Paris', { lat: 51.5074, long: -0.1278 }, { lat: 48.8566, long: 2.3522 }, 343_600],
    ['places on both sides of the date line', { lat: 0, long: 179.9 }, { lat: 0, long: -179.9 }, 22_239],
    ['opposite places', { lat: 0, long: 0 }, { lat: 0, long: 180 }, 20_015_115],
    ['a place and itself', { lat: 10, long: 20 }, { lat: 10, long: 20 }, 0],
  ])('of %s', (_name, a, b, metres) => {
    expect(Math.abs(distanceOf(a, b) - metres)).toBeLessThanOrEqual(metres * 0.001);
  });
});

describe('the alert of a move', () => {
  it('tells the one who has chosen a radius that the other has come within it, whoever moved', () => {
    expect(findAlert(at(1n, 500), at(1n, 90), at(2n, 0, 100))).toEqual(
      { _: 'messageActionGeoProximityReached', from_id: { _: 'peerUser', user_id: 1n }, to_id: { _: 'peerUser', user_id: 2n }, distance: 90 },
    );
    expect(findAlert(at(1n, 500, 100), at(1n, 90, 100), at(2n, 0))).toEqual(
      { _: 'messageActionGeoProximityReached', from_id: { _: 'peerUser', user_id: 2n }, to_id: { _: 'peerUser', user_id: 1n }, distance: 90 },
    );
    expect(findAlert(at(1n, 500, 100), at(1n, 90, 100), at(2n, 0, 100))).toMatchObject({ from_id: { user_id: 1n } });
    expect(findAlert(at(1n, 500, 100), at(1n, 90, 100), at(2n, 5000, 100))).toBeUndefined();
  });

  it('is not made again while both stay close, nor when they part, nor without a radius', () => {
    expect(findAlert(at(1n, 90), at(1n, 80), at(2n, 0, 100))).toBeUndefined();
    expect(findAlert(at(1n, 90), at(1n, 500), at(2n, 0, 100))).toBeUndefined();
    expect(findAlert(at(1n, 500), at(1n, 90), at(2n, 0))).toBeUndefined();
    expect(findAlert(at(1n, 500), at(1n, 0), at(2n, 0))).toBeUndefined();
  });
});
