import { channelTopic, createInProcessBus } from '@aerogram/bus';
import { createFaultyBus, type FaultyBus } from '@aerogram/bus/testing';
import type { BoxEvent, BoxHint, Origin } from '@aerogram/domain';
import { createFakeClock, createMetrics, seededRandom, silentLogger } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import type { UpdatePusher } from '../src/live-session.ts';
import { createUpdatePusher } from '../src/updates/pusher.ts';
import type { ChannelSource } from '../src/updates/update-source.ts';
import { FakeBoxes, FakeSession } from './fake-boxes.ts';

const CHANNEL_ID = 7n;
const CHANNEL = -1_000_000_000_007n;
const ACTIONS = 400;

/** A channel with many sessions, in which everything happens at random. */
class Storm {
  readonly random;
  readonly boxes = new FakeBoxes();
  readonly clock = createFakeClock();
  readonly bus: FaultyBus;
  readonly pusher: UpdatePusher & AsyncDisposable;
  /** Sessions that are online, with the pts at which each was attached. */
  readonly online = new Map<FakeSession, number>();
  readonly pending: Promise<unknown>[] = [];
  isCalm = false;
  #sessions = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.bus = createFaultyBus(createInProcessBus(), () => (this.#isRare(6) ? 'drop' : 'deliver'));
    const { boxes } = this;
    const everybody: ChannelSource = {
      listFollowed: () => Promise.resolve([{ peerId: CHANNEL, joinedPts: 1 }]),
      readPositions: (peerIds) => Promise.resolve(new Map(peerIds.map((peerId) => [peerId, boxes.position(peerId)]))),
      listEventsSince: (peerId, pts, limit) => boxes.listEventsSince(peerId, { pts, looseSeq: 0, loosePts: 0 }, limit),
      projectEvents: async (viewerId, _peerId, events) => {
        if (this.#isRare(10)) throw new Error('the database is away');
        return boxes.projectEvents(viewerId, events);
      },
      projectClasses: async (viewerIds, _peerId, events) => {
        if (this.#isRare(10)) throw new Error('the database is away');
        if (this.#isRare(5)) return undefined;
        const others = viewerIds.filter(() => this.#isRare(4));
        const viewers = viewerIds.filter((viewerId) => !others.includes(viewerId));
        const updates = await boxes.projectEvents(0n, events);
        return { classes: [{ updates, marks: [], viewers, own: Buffer.alloc(0) }], others };
      },
      projectTransient: (viewerId, _peerId, update) => boxes.projectTransient(viewerId, update),
      projectTooLong: () => Promise.resolve(undefined),
      fillHole: (_peerId, pts, pts_count): tl.Update => ({ _: 'updateDeleteChannelMessages', channel_id: CHANNEL_ID, messages: [], pts, pts_count }),
    };
    this.pusher = createUpdatePusher({ source: boxes, channels: everybody, bus: this.bus, clock: this.clock, log: silentLogger, metrics: createMetrics() });
  }

  #isRare(of: number): boolean {
    return !this.isCalm && this.random.uint31() % of === 0;
  }

  pick(): FakeSession | undefined {
    return [...this.online.keys()][this.random.uint31() % Math.max(1, this.online.size)];
  }

  async come(): Promise<void> {
    const session = new FakeSession(BigInt(1 + (this.#sessions % 9)), BigInt(100 + this.#sessions++));
    const from = this.boxes.pts(CHANNEL);
    await this.pusher.attach(session);
    // The pushes begin somewhere between the two.
    this.online.set(session, session.got.length > 0 ? Math.min(...session.got) - 1 : Math.max(from, this.boxes.pts(CHANNEL)));
  }

  go(): void {
    const session = this.pick();
    if (session === undefined || this.online.size < 4) return;
    this.online.delete(session);
    this.pusher.detach(session);
  }

  /** Somebody posts; the answer comes now or later. */
  post(): void {
    const session = this.random.uint31() % 2 === 0 ? undefined : this.pick();
    const event: BoxEvent = this.boxes.append(CHANNEL);
    this.#publish(event, session?.origin);
    if (session === undefined) return;
    const turns = this.random.uint31() % 6;
    this.pending.push((async () => {
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      await this.pusher.answered(session, [{ owner: CHANNEL, pts: event.pts, ptsCount: 1 }]);
      session.got.push(event.pts);
    })());
  }

  #publish(event: BoxEvent, origin: Origin | undefined): void {
    const hint: BoxHint = { kind: 'box', owner: CHANNEL, pts: event.pts, ptsCount: 1, looseCount: 0, origin, events: [event] };
    this.bus.publish(channelTopic(CHANNEL_ID), hint);
  }

  async act(): Promise<void> {
    const choice = this.random.uint31() % 20;
    if (choice < 11) this.post();
    else if (choice < 14) await this.come();
    else if (choice < 15) this.go();
    else if (choice < 16) await this.clock.advance(500);
    else if (choice < 17) void this.pusher.repairAll();
    else await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets everything end that is under way, without further faults. */
  async calm(): Promise<void> {
    this.isCalm = true;
    await Promise.all(this.pending);
    for (let round = 0; round < 6; round++) {
      await this.clock.advance(2000);
      await this.pusher.repairAll();
      for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

describe('the feed of a channel', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('brings every event to every session, in order, whatever is lost, late or fails (%i)', async (seed) => {
    const storm = new Storm(seed);
    await using _pusher = storm.pusher;
    for (let n = 0; n < 5; n++) await storm.come();
    for (let n = 0; n < ACTIONS; n++) await storm.act();
    await storm.calm();
    const last = storm.boxes.pts(CHANNEL);
    expect(last).toBeGreaterThan(100);
    for (const [session, from] of storm.online) {
      const firsts = [...new Set(session.got)].filter((pts) => pts > from);
      expect(firsts.toSorted((a, b) => a - b), `session ${session.sessionId}`).toEqual(Array.from({ length: last - from }, (_, n) => from + 1 + n));
    }
  });

  test.each(['alone', 'beside another one'])('brings a session what was posted between the difference that it asked for first and its attaching: %s', async (where) => {
    const storm = new Storm(1);
    storm.isCalm = true;
    await using pusher = storm.pusher;
    if (where !== 'alone') await storm.come();
    for (let n = 0; n < 3; n++) storm.post();
    const told = storm.boxes.pts(CHANNEL);
    for (let n = 0; n < 2; n++) storm.post();
    const session = new FakeSession(20n, 200n);
    await pusher.attach(session);
    await pusher.answered(session, [{ owner: CHANNEL, pts: told, ptsCount: 0, looseSeq: 0 }]);
    await storm.calm();
    expect(session.got).toEqual([told + 1, told + 2]);
  });
});
