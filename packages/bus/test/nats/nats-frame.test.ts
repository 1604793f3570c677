import { describe, expect, test } from 'vitest';
import { HintReader, HintWriter } from '../../src/hint-codec.ts';
import { DICTIONARY } from '../../src/nats/dictionary.ts';
import { KIND, readFrame, writeFrame } from '../../src/nats/nats-frame.ts';
import { createSubjects } from '../../src/nats/subjects.ts';

const head = { kind: KIND.hint, dictionary: 700, sender: 2n ** 64n - 3n, sequence: 2 ** 40 + 5 };

describe('a message on NATS', () => {
  test('is read as it was written', () => {
    expect(readFrame(writeFrame(head, Buffer.from('body')))).toEqual({ ...head, body: Buffer.from('body') });
  });

  test('of another format, or cut off, is told from one that can be read', () => {
    const frame = writeFrame(head, Buffer.alloc(0));
    for (let length = 0; length < frame.length; length++) expect(readFrame(frame.subarray(0, length))).toBe('malformed');
    frame[0] = 1;
    expect(readFrame(frame)).toBe('format');
    expect(readFrame(new Uint8Array(9 * 1024 * 1024).fill(2))).toBe('malformed');
  });
});

describe('hints with a fixed dictionary', () => {
  const read = (bytes: Uint8Array, names: readonly string[]): unknown[] => {
    const reader = new HintReader();
    reader.learn(names);
    return [...reader.read(Buffer.from(bytes), () => true)].map(({ hint }) => hint);
  };
  const hint = { kind: 'x', neverHeardOf: [{ owner: 5n, 'with\nbreak': null }], owner: { ['__proto__']: 1, own: true } };

  test('need no names that are told, and spell out those that are not in it', () => {
    const writer = new HintWriter(DICTIONARY);
    writer.add('user:1', hint);
    const { names, bytes } = writer.take();
    expect(names).toEqual([]);
    expect(read(bytes, DICTIONARY)).toEqual([hint]);
  });

  test('of a newer version are understood by an older one if they use no more names than it has', () => {
    const writer = new HintWriter(DICTIONARY.slice(0, 3));
    writer.add('user:1', { reason: 1, [DICTIONARY[0]!]: 2 });
    expect(read(writer.take().bytes, DICTIONARY.slice(0, 3))).toEqual([{ reason: 1, [DICTIONARY[0]!]: 2 }]);
  });

  test('have no name twice, and a length that fits into the version', () => {
    expect(new Set(DICTIONARY).size).toBe(DICTIONARY.length);
    expect(DICTIONARY.length).toBeLessThan(2 ** 16);
    expect(DICTIONARY.filter((name) => !/^[A-Za-z_]\w*$/.test(name) || name === '__proto__')).toEqual([]);
  });

  test('that are cut off anywhere, or have other bytes, are an error and nothing else', () => {
    const writer = new HintWriter(DICTIONARY);
    writer.add('user:1', { kind: 'message', pts: 5, message: { id: 2 ** 40, text: 'Ā'.repeat(300), bytes: Uint8Array.of(1, 2) } });
    const bytes = Buffer.from(writer.take().bytes);
    for (let length = 1; length < bytes.length; length++) expect(() => read(bytes.subarray(0, length), DICTIONARY), `${length}`).toThrow();
    const long = Buffer.from(bytes);
    // The number of properties.
    long.writeUInt32LE(0xffff_ffff, bytes.indexOf(12) + 1);
    expect(() => read(long, DICTIONARY)).toThrow();
  });
});

test('subjects of two databases do not meet, and hold nothing that has a meaning on NATS', () => {
  const [one, other] = [createSubjects('a.>'), createSubjects('b *')];
  const names = (of: typeof one): string[] => [of.all, of.beat, of.of('user:5'), of.of('channels:5'), of.of('bot:5')];
  const both = [...names(one), ...names(other)];
  expect(new Set(both).size).toBe(10);
  expect(both.filter((subject) => !/^ag\.[0-9a-f]{16}\.(all|beat|[ucb]\.5)$/.test(subject))).toEqual([]);
});
