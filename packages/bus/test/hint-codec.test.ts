import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '@aerogram/runtime';
import { describe, expect, test } from 'vitest';
import { HintReader, HintWriter } from '../src/hint-codec.ts';

/** Hints as read at the other end of a pipe. */
function carry(writer: HintWriter, reader: HintReader, hints: readonly unknown[]): unknown[] {
  for (const [index, hint] of hints.entries()) writer.add(`user:${index}`, hint);
  const { names, bytes } = writer.take();
  if (names.length > 0) reader.learn(names.join('\n').split('\n'));
  const read = [...reader.read(Buffer.from(bytes), () => true)];
  expect(read.map(({ topic }) => topic)).toEqual(hints.map((_, index) => `user:${index}`));
  // Results must not share memory with the frame.
  bytes.fill(0xff);
  return read.map(({ hint }) => hint);
}

describe('encoded hints', () => {
  test('are decoded unchanged', () => {
    const values = [
      undefined, null, true, false, 0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 1.5, Number.NaN, Infinity,
      0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 2n ** 70n,
      '', 'a', 'ÿ', 'ü'.repeat(255), 'a'.repeat(256), 'Ā', '\ud800', '🙂'.repeat(300), 'nul\0',
      Uint8Array.of(), Uint8Array.of(1, 2, 3), Buffer.from('buffer'), new Uint8Array(200_000).fill(7),
      [], [[]], [undefined], {}, { a: { a: { b: [1, { c: null }] } } }, { none: undefined },
      new Map([[1, new Set(['x'])]]), new Date(5),
    ];
    const [writer, reader] = [new HintWriter(), new HintReader()];
    expect(isDeepStrictEqual(carry(writer, reader, values), values)).toBe(true);
    expect(isDeepStrictEqual(carry(writer, reader, values), values), 'with the names known').toBe(true);
  });

  test('are decoded whatever their shape', () => {
    const random = seededRandom(4);
    const below = (n: number): number => random.uint31() % n;
    const leaves: (() => unknown)[] = [
      () => below(1000), () => -below(2 ** 31), () => Math.sqrt(below(1000)), () => BigInt(below(2 ** 31)) << BigInt(below(60)),
      () => 'ab\u00e9'.repeat(below(120)), () => '🙂\ud800'.repeat(below(9)), () => new Uint8Array(below(3000)).fill(below(256)), () => null,
    ];
    const make = (depth: number): unknown => {
      const count = below(6);
      switch (depth > 0 ? below(4) : 3) {
        case 0:
          return Array.from({ length: count }, () => make(depth - 1));
        case 1:
        case 2:
          return Object.fromEntries(Array.from({ length: count }, () => [`name${below(300)}`, make(depth - 1)]));
        default:
          return leaves[below(leaves.length)]!();
      }
    };
    const [writer, reader] = [new HintWriter(), new HintReader()];
    for (let frame = 0; frame < 300; frame++) {
      const hints = Array.from({ length: 1 + below(20) }, () => make(5));
      expect(isDeepStrictEqual(carry(writer, reader, hints), hints), `frame ${frame}`).toBe(true);
    }
  });

  test('of unwanted topics are skipped, and the names sent with them are kept', () => {
    const [writer, reader] = [new HintWriter(), new HintReader()];
    writer.add('user:1', { first: 1 });
    writer.add('user:2', { first: 2, second: [2] });
    const { names, bytes } = writer.take();
    reader.learn(names);
    expect([...reader.read(bytes, (topic) => topic === 'user:2')]).toEqual([{ topic: 'user:2', hint: { first: 2, second: [2] } }]);
    expect(carry(writer, reader, [{ second: 3 }])).toEqual([{ second: 3 }]);
  });

  test('a value that cannot be sent leaves no trace, and too many names do no harm', () => {
    let [writer, reader] = [new HintWriter(), new HintReader()];
    expect(() => writer.add('user:1', { good: 'x'.repeat(100_000), bad: () => {} })).toThrow();
    expect(writer.length).toBe(0);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`name ${index}`, index]));
    expect(carry(writer, reader, [{ good: 1 }, many, { good: many }])).toStrictEqual([{ good: 1 }, many, { good: many }]);
    [writer, reader] = [new HintWriter(), new HintReader()];
    const strange = JSON.parse('{"__proto__":1,"a":2}') as object;
    expect(carry(writer, reader, [strange, { 'two\nlines': 1 }])).toStrictEqual([strange, { 'two\nlines': 1 }]);
  });
});
