import { seededRandom } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { agreeOnVersion, readGreeting, readRefusal, readRequest, writeGreeting, writeRefusal, writeRequest } from '../src/bodies.ts';
import { type Frame, FRAME, FrameReader, LinkFault, MAX_PIECE_BYTES, writeHeader } from '../src/frames.ts';
import { Inbox } from '../src/inbox.ts';
import { Outbox } from '../src/outbox.ts';

const encode = (frame: Frame): Buffer => Buffer.concat([writeHeader(frame), frame.body]);
const random = seededRandom('frames of links');
const below = (n: number): number => random.uint31() % n;

function someFrame(): Frame {
  const length = [0, 1, below(100), below(3000), MAX_PIECE_BYTES][below(5)]!;
  return { kind: 1 + below(6), channel: random.uint31() * 2, body: random.bytes(length), isPart: below(2) === 0 };
}

test('frames are read as they were written, however the bytes are cut', () => {
  for (let round = 0; round < 6; round++) {
    const frames = Array.from({ length: 20 }, someFrame);
    const bytes = Buffer.concat(frames.map(encode));
    const reader = new FrameReader();
    const found: Frame[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + below([3, 20, 100_000][below(3)]!);
      found.push(...reader.read(bytes.subarray(at, at + size)));
      at += size;
    }
    expect(found.map(({ body, ...rest }) => ({ ...rest, body: Buffer.from(body) }))).toEqual(frames.map(({ body, ...rest }) => ({ ...rest, body: Buffer.from(body) })));
  }
});

test('a length that is too long is refused when its four bytes are there, and an unknown kind with the fifth', () => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(MAX_PIECE_BYTES + 1);
  const reader = new FrameReader();
  expect([...reader.read(length.subarray(0, 3))]).toEqual([]);
  expect(() => [...reader.read(length.subarray(3))]).toThrow('a frame is too long');
  expect(() => [...new FrameReader().read(Buffer.of(0, 0, 0, 0, 77))]).toThrow('unknown kind');
});

test('bytes of a stranger never do anything but make frames within bounds, or a fault', () => {
  for (let round = 0; round < 500; round++) {
    const bytes = Buffer.concat([encode(someFrame()), encode(someFrame()), random.bytes(below(200))]);
    for (let change = below(4); change > 0; change--) bytes[below(Math.min(bytes.length, 40))] = below(256);
    const reader = new FrameReader();
    const inbox = new Inbox({ maxBodyBytes: 100_000, maxBytes: 200_000 });
    try {
      for (const frame of reader.read(bytes)) {
        expect(frame.body.length).toBeLessThanOrEqual(MAX_PIECE_BYTES);
        const body = inbox.take(frame);
        if (body && frame.kind === FRAME.call) readRequest(body);
        if (body && frame.kind === FRAME.refusal) readRefusal(body);
        if (body && frame.kind === FRAME.greeting) readGreeting(body);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(LinkFault);
    }
  }
});

test('bodies are what they were, and what is none is refused', () => {
  const greeting = { newest: 3, oldest: 2, name: 'a', token: 9_007_199_254_740_993n };
  expect(readGreeting(writeGreeting(greeting))).toEqual(greeting);
  for (const text of ['', 'null', '1', '{}', '{"newest":1,"oldest":1,"name":"a","token":1}', '{"newest":"1","oldest":1,"name":"a","token":"1"}', '{"newest":1,"oldest":0,"name":"a","token":"1"}']) {
    expect(() => readGreeting(Buffer.from(text)), text).toThrow(LinkFault);
  }
  const { kind, body } = readRequest(writeRequest('quota', Buffer.from('x')));
  expect([kind, String(Buffer.from(body))]).toEqual(['quota', 'x']);
  expect(() => readRequest(Buffer.of(3, 65, 66))).toThrow(LinkFault);
  expect(() => readRequest(Buffer.of())).toThrow(LinkFault);
  expect(readRefusal(writeRefusal('refused', 'no'))).toEqual({ reason: 'refused', words: 'no' });
  expect(readRefusal(Buffer.of(200))).toEqual({ reason: 'failed', words: '' });
});

test('the lower version is spoken, unless one end does not know it any more', () => {
  expect(agreeOnVersion({ newest: 3, oldest: 1 }, { newest: 2, oldest: 2 })).toBe(2);
  expect(() => agreeOnVersion({ newest: 3, oldest: 3 }, { newest: 2, oldest: 1 })).toThrow(LinkFault);
  expect(() => agreeOnVersion({ newest: 2, oldest: 1 }, { newest: 4, oldest: 3 })).toThrow(LinkFault);
});

test('a long body is sent in pieces between which others take their turns, and is put together again', () => {
  const outbox = new Outbox();
  const long = random.bytes(3 * MAX_PIECE_BYTES + 5);
  const sent: string[] = [];
  outbox.add({ kind: FRAME.answer, channel: 1, body: long, onSent: () => sent.push('long') });
  outbox.add({ kind: FRAME.tell, channel: 0, body: Buffer.from('first') });
  outbox.add({ kind: FRAME.tell, channel: 0, body: Buffer.from('second'), onSent: () => sent.push('second') });
  outbox.addUrgent(FRAME.beat, new Uint8Array());
  const frames = [...new FrameReader().read(outbox.take(Infinity)!)];
  expect(frames.map(({ kind, isPart }) => [kind, isPart])).toEqual([
    [FRAME.beat, false], [FRAME.answer, true], [FRAME.tell, false], [FRAME.answer, true], [FRAME.tell, false], [FRAME.answer, true], [FRAME.answer, false],
  ]);
  expect(sent).toEqual(['second', 'long']);
  expect([outbox.bytes, outbox.take(Infinity)]).toEqual([0, undefined]);
  const inbox = new Inbox({ maxBodyBytes: 300_000, maxBytes: 300_000 });
  const bodies = frames.map((frame) => inbox.take(frame)).filter((body) => body !== undefined);
  expect(Buffer.from(bodies[3]!).equals(long)).toBe(true);
});

test('pieces without end are a fault, of one body and of many', () => {
  const part = (channel: number, bytes: number): Frame => ({ kind: FRAME.call, channel, body: new Uint8Array(bytes), isPart: true });
  const take = (count: number, make: (at: number) => Frame) => (): void => {
    const inbox = new Inbox({ maxBodyBytes: 100_000, maxBytes: 150_000 });
    for (let at = 0; at < count; at++) inbox.take(make(at));
  };
  expect(take(2, () => part(1, 50_001))).toThrow('a body is too long');
  expect(take(1000, () => part(1, 0))).toThrow('a body is too long');
  expect(take(3, (at) => part(at, 50_001))).toThrow('too many bodies at once');
  expect(take(3000, (at) => part(at, 0))).toThrow('too many bodies at once');
});
