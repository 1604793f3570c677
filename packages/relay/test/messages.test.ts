import { expect, test } from 'vitest';
import { readAck, readBatch, readHello, readHint, readPlace, writeAck, writeBatch, writeHello, writeHint, writePlace } from '../src/wire/bodies.ts';
import { MESSAGE, type Message, MessageReader, RelayFault, writeMessage } from '../src/wire/messages.ts';

test.each([1, 2, 7, 1000, 100_000])('messages are read from pieces of %i bytes', (size) => {
  const bodies = [Buffer.alloc(0), Buffer.from('a'), Buffer.alloc(5000, 'b'), Buffer.from('c')];
  const all = Buffer.concat(bodies.map((body) => writeMessage(MESSAGE.frames, body)));
  const reader = new MessageReader();
  const read: Message[] = [];
  for (let at = 0; at < all.length; at += size) read.push(...reader.read(all.subarray(at, at + size)));
  expect(read.map(({ kind, body }) => [kind, body.toString()])).toEqual(bodies.map((body) => [MESSAGE.frames, body.toString()]));
});

test('a message that is too long is refused before it has come', () => {
  const reader = new MessageReader(10);
  expect(reader.read(writeMessage(MESSAGE.frames, Buffer.alloc(10)))).toHaveLength(1);
  expect(() => reader.read(writeMessage(MESSAGE.frames, Buffer.alloc(11)).subarray(0, 5))).toThrow(RelayFault);
});

test('what is written is read again', () => {
  const batch = { epoch: 1n << 40n, seq: 7n, frames: [Buffer.from('one'), Buffer.alloc(0), Buffer.from('three')] };
  expect(readBatch(Buffer.concat(writeBatch(batch)))).toEqual(batch);
  const hello = { epoch: 3n, applied: new Map([[1n, 2n], [3n, 4n]]), former: new Map([[5n, 6n]]) };
  expect(readHello(writeHello(hello))).toEqual(hello);
  expect(readAck(writeAck({ handled: 2 ** 40, epoch: 2n, seq: 3n }))).toEqual({ handled: 2 ** 40, epoch: 2n, seq: 3n });
  expect(readPlace(writePlace({ epoch: 2n, seq: 3n }))).toEqual({ epoch: 2n, seq: 3n });
  expect(readHint(Buffer.concat(writeHint('typing', Buffer.from('x'))))).toEqual({ name: 'typing', body: Buffer.from('x') });
});

test('bodies that are cut, too long, or negative are refused', () => {
  const batch = Buffer.concat(writeBatch({ epoch: 1n, seq: 1n, frames: [Buffer.from('abc')] }));
  for (let length = 0; length < batch.length; length++) expect(() => readBatch(batch.subarray(0, length)), `${length} bytes`).toThrow(RelayFault);
  expect(() => readBatch(Buffer.concat([batch, Buffer.of(0)]))).toThrow(RelayFault);
  expect(() => readBatch(Buffer.concat(writeBatch({ epoch: 1n, seq: 0n, frames: [Buffer.of(1)] })))).toThrow(RelayFault);
  expect(() => readBatch(Buffer.concat(writeBatch({ epoch: 1n, seq: 1n, frames: [] })))).toThrow(RelayFault);
  expect(() => readPlace(writePlace({ epoch: -1n, seq: 1n }))).toThrow(RelayFault);
});
