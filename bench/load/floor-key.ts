import { seededRandom } from '@aerogram/runtime';

/** The authorization key of client `index` of the floor, known to both sides without a handshake. */
export function floorKey(index: number): Uint8Array {
  return seededRandom(1_000_000 + index).bytes(256);
}
