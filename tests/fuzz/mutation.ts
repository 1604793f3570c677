import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Random, seededRandom } from '@aerogram/runtime';

/** The run's seed; FUZZ_SEED repeats a failed run. */
export const FUZZ_SEED = process.env['FUZZ_SEED'] ?? '1';

/**
 * Number of iterations of a fuzz test.
 * @param brief the number for `npm test`; FUZZ_ITERATIONS asks for more.
 * @param weight how many cheap iterations one of this test costs, so that one number suits all tests.
 */
export function fuzzIterations(brief: number, weight = 1): number {
  const wanted = process.env['FUZZ_ITERATIONS'];
  return wanted === undefined ? brief : Math.max(brief, Math.ceil(Number(wanted) / weight));
}

/** Random numbers of one test, derived from the run's seed, which is printed. */
export function fuzzRandom(name: string): Random {
  console.log(`fuzz ${name}: FUZZ_SEED=${FUZZ_SEED}`);
  return seededRandom(`${FUZZ_SEED}/${name}`);
}

/** A number in 0 … limit − 1. */
export function below(random: Random, limit: number): number {
  return random.uint31() % limit;
}

/** One of the items. */
export function pick<T>(random: Random, items: readonly T[]): T {
  return items[below(random, items.length)]!;
}

/** Cuts bytes into copies of random size, like the chunks of a socket. */
export function* pieces(random: Random, bytes: Uint8Array, largest: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + below(random, largest);
    yield bytes.slice(at, at + length);
    at += length;
  }
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Changes, inserts, removes, repeats or cuts off some bytes. */
export function mutate(random: Random, bytes: Uint8Array): Uint8Array {
  let result = Uint8Array.from(bytes);
  for (let changes = 1 + below(random, 3); changes > 0; changes--) {
    const at = below(random, result.length + 1);
    const length = below(random, 9);
    const before = result.subarray(0, at);
    const after = result.subarray(at);
    switch (below(random, 7)) {
      case 0:
        if (at < result.length) result[at]! ^= 1 << below(random, 8);
        break;
      case 1:
        if (at < result.length) result[at] = pick(random, [0, 1, 0x7f, 0x80, 0xfe, 0xff]);
        break;
      case 2:
        result = join(before, random.bytes(length), after);
        break;
      case 3:
        result = join(before, after.subarray(length));
        break;
      case 4:
        result = before.slice();
        break;
      case 5:
        result = join(before, result.subarray(at, at + 64), after);
        break;
      default:
        result.set(random.bytes(Math.min(length, after.length)), at);
    }
  }
  return result;
}

let collect: (() => void) | undefined;

/** Memory in use after a garbage collection: heap and buffers, in bytes. V8 frees buffers a little later, so a high figure may fall when this is asked again. */
export function memoryInUse(): number {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
