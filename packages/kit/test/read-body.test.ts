import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { ByteBudget } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { readJsonBody } from '../src/control/read-body.ts';

const MIB = 2 ** 20;

/** A request with a body that has come already. */
function requestOf(body: Buffer): IncomingMessage {
  return Object.assign(Readable.from([body], { objectMode: false }), { headers: { 'content-type': 'application/json', 'content-length': String(body.length) } }) as unknown as IncomingMessage;
}

/** Reads a body, and counts how often others had their turn meanwhile. */
async function read(body: Buffer): Promise<{ value: unknown; turns: number }> {
  let [turns, isOver] = [0, false];
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const value = await readJsonBody(requestOf(body), new ByteBudget(64 * MIB)).finally(() => (isOver = true));
  return { value, turns };
}

test('others have their turn between the steps of reading a long body', async () => {
  const text = '\u{1f600}\u00e9'.repeat(700_000);
  const { value, turns } = await read(Buffer.from(JSON.stringify({ text })));
  expect(value).toEqual({ text });
  expect(turns).toBeGreaterThanOrEqual(4);
});

test('a byte order mark is passed over, and what is no UTF-8 is refused', async () => {
  expect((await read(Buffer.from('\uFEFF{"a":1}'))).value).toEqual({ a: 1 });
  for (const body of [Buffer.from([0x22, 0xff, 0x22]), Buffer.from(''), Buffer.from('{')]) await expect(read(body)).rejects.toThrow('not JSON in UTF-8');
});
