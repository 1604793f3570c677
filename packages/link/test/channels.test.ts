import { createMetrics, silentLogger } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import { type Channel, CHANNEL, CHANNEL_WINDOW_BYTES, type ChannelEvents } from '../src/channel.ts';
import { LinkFault } from '../src/frames.ts';
import { type ChannelHandler, LinkChannels } from '../src/link-channels.ts';

interface Sent {
  channel: number;
  body: Uint8Array;
  onSent?: () => void;
}

/** One end of a link whose frames wait until a test delivers them. */
class End {
  readonly sent: Sent[] = [];
  readonly channels: LinkChannels;
  handler: ChannelHandler | undefined;

  constructor(isOpener: boolean, maxChannels = 100) {
    const send = (frame: Sent): void => void this.sent.push(frame);
    this.channels = new LinkChannels({ log: silentLogger, metrics: createMetrics(), limits: { maxChannels }, isOpener, send, nameOf: () => 'other', handler: () => this.handler });
  }

  /** Delivers everything to the other end. @returns how many frames there were */
  deliver(to: End): number {
    let count = 0;
    for (let next = this.sent.shift(); next; next = this.sent.shift()) {
      next.onSent?.();
      to.channels.take(next.channel, next.body);
      count += 1;
    }
    return count;
  }
}

/** Records what comes. */
class Listener implements ChannelEvents {
  readonly bodies: string[] = [];
  bytes = 0;
  rooms = 0;
  ended: string[] = [];
  message(body: Uint8Array): void {
    this.bytes += body.length;
    if (body.length < 100) this.bodies.push(Buffer.from(body).toString());
  }
  room(): void {
    this.rooms += 1;
  }
  closed(by: string): void {
    this.ended.push(by);
  }
}

function openPair(): { a: End; b: End; open: () => { near: Channel; far: Channel; atNear: Listener; atFar: Listener } } {
  const [a, b] = [new End(true), new End(false)];
  const open = (): { near: Channel; far: Channel; atNear: Listener; atFar: Listener } => {
    const [atNear, atFar] = [new Listener(), new Listener()];
    let far: Channel | undefined;
    b.handler = (channel) => {
      far = channel;
      return atFar;
    };
    const near = a.channels.open(Buffer.from('hello'), () => atNear)!;
    a.deliver(b);
    return { near, far: far!, atNear, atFar };
  };
  return { a, b, open };
}

const settle = (a: End, b: End): void => {
  while (a.deliver(b) + b.deliver(a) > 0);
};

test('messages come in order, and the end comes after them', () => {
  const { a, b, open } = openPair();
  const { near, atNear, atFar } = open();
  for (const word of ['one', 'two', 'three']) near.send(Buffer.from(word));
  near.close();
  near.send(Buffer.from('too late'));
  settle(a, b);
  expect(atFar.bodies).toEqual(['one', 'two', 'three']);
  expect([atNear.ended, atFar.ended]).toEqual([['self'], ['other']]);
});

test('one that is not consumed stops at its room, and holds up no other', () => {
  const { a, b, open } = openPair();
  const [slow, quick] = [open(), open()];
  for (let i = 0; i < 100; i++) slow.near.send(new Uint8Array(10_000));
  quick.near.send(Buffer.from('through'));
  settle(a, b);
  expect(quick.atFar.bodies).toEqual(['through']);
  expect(slow.atFar.bytes).toBeGreaterThanOrEqual(CHANNEL_WINDOW_BYTES - 10_000);
  expect(slow.atFar.bytes).toBeLessThan(CHANNEL_WINDOW_BYTES + 10_000);
  slow.far.consumed(slow.atFar.bytes, slow.atFar.bytes / 10_000);
  settle(a, b);
  expect(slow.atNear.rooms).toBe(1);
  expect(slow.atFar.bytes).toBeGreaterThan(CHANNEL_WINDOW_BYTES * 1.8);
});

test('all together have 16 MB, and each one message more', () => {
  const { a, b, open } = openPair();
  const pairs = Array.from({ length: 90 }, () => open());
  for (const { near } of pairs) for (let i = 0; i < 30; i++) near.send(new Uint8Array(10_000));
  settle(a, b);
  const total = pairs.reduce((sum, { atFar }) => sum + atFar.bytes, 0);
  expect(total).toBeLessThan(17 * 1024 * 1024);
  expect(pairs.every(({ atFar }) => atFar.bytes > 0)).toBe(true);
  for (let round = 0; round < 10; round++) {
    for (const { far, atFar } of pairs) {
      far.consumed(atFar.bytes, atFar.bytes / 10_000);
      atFar.bytes = 0;
    }
    settle(a, b);
  }
  expect(pairs.every(({ near }) => near.unsentBytes < 40_000)).toBe(true);
});

test('the end of the link is the end of its channels', () => {
  const { a, b, open } = openPair();
  const { near, atNear } = open();
  a.channels.end();
  expect(atNear.ended).toEqual(['link']);
  near.send(Buffer.from('nowhere'));
  expect(a.deliver(b)).toBe(0);
  expect(a.channels.open(Buffer.alloc(0), () => new Listener())).toBeUndefined();
});

test('a node that refuses a channel, or has too many, closes it', () => {
  const [a, b] = [new End(true), new End(false, 1)];
  const listeners = [new Listener(), new Listener()];
  b.handler = (_, hello) => (Buffer.from(hello).toString() === 'come' ? new Listener() : undefined);
  a.channels.open(Buffer.from('come'), () => listeners[0]!);
  a.channels.open(Buffer.from('come'), () => listeners[1]!);
  settle(a, b);
  expect(listeners.map(({ ended }) => ended)).toEqual([[], ['other']]);
});

test('a node that sends more than there is room for, or takes numbers of the other end, has no link any more', () => {
  const { b, open } = openPair();
  const { near } = open();
  const flood = (): void => {
    for (let i = 0; i < 40; i++) b.channels.take(near.id, Buffer.concat([Buffer.of(CHANNEL.message), new Uint8Array(10_000)]));
  };
  expect(flood).toThrow(LinkFault);
  expect(() => b.channels.take(2, Buffer.of(CHANNEL.open))).toThrow(LinkFault);
});

/** Two ends with `count` open channels whose messages are consumed at once, unless `isRead` says otherwise. */
function crowd(count: number, isRead: (at: number) => boolean): { near: End; far: End; channels: Channel[]; got: number[] } {
  const [near, far] = [new End(true, count), new End(false, count)];
  const got: number[] = [];
  far.handler = (channel) => {
    const at = got.push(0) - 1;
    return {
      message(body) {
        got[at]! += body.length;
        if (isRead(at)) channel.consumed(body.length);
      },
      room() {},
      closed() {},
    };
  };
  const channels = Array.from({ length: count }, () => near.channels.open(new Uint8Array(1), () => ({ message() {}, room() {}, closed() {} }))!);
  near.deliver(far);
  return { near, far, channels, got };
}

test('thousands of channels that are read never block each other, however little each has had', () => {
  const { near, far, channels, got } = crowd(3000, () => true);
  for (let round = 0; round < 40; round++) {
    for (const channel of channels) channel.send(new Uint8Array(500));
    while (near.deliver(far) + far.deliver(near) > 0);
  }
  expect(new Set(got)).toEqual(new Set([20_000]));
});

test('channels that nobody reads leave room for those that are read', () => {
  const { near, far, channels, got } = crowd(201, (at) => at === 200);
  for (const channel of channels) for (let i = 0; i < 300; i++) channel.send(new Uint8Array(1000));
  while (near.deliver(far) + far.deliver(near) > 0);
  expect(got[200]).toBe(300_000);
});

test('a listener that fails at the end does not keep other channels from ending', () => {
  const { near, channels } = crowd(3, () => true);
  const ended: number[] = [];
  for (const [at, channel] of channels.entries()) {
    channel.listen({
      message() {},
      room() {},
      closed() {
        ended.push(at);
        if (at === 0) throw new Error('failed');
      },
    });
  }
  near.channels.end();
  expect(ended).toEqual([0, 1, 2]);
});

test('each end may open so many channels, whatever the other one has opened', () => {
  const [a, b] = [new End(true, 3), new End(false, 3)];
  for (const end of [a, b]) end.handler = () => new Listener();
  const open = (end: End): Listener | undefined => {
    const events = new Listener();
    return end.channels.open(Buffer.from('hello'), () => events) && events;
  };
  for (const end of [a, b]) for (let at = 0; at < 3; at++) expect(open(end)).toBeDefined();
  settle(a, b);
  expect(open(a)).toBeUndefined();
  // One who does not keep to it is refused.
  const greedy = new End(true, 4);
  const opened = Array.from({ length: 4 }, () => open(greedy));
  const other = new End(false, 3);
  other.handler = () => new Listener();
  settle(greedy, other);
  expect(opened.map((events) => events!.ended)).toEqual([[], [], [], ['other']]);
  // A channel that has ended makes room.
  expect(open(greedy)).toBeDefined();
});
