import type { BoxEvent, BoxPosition, BoxReach, DeviceEvent, DevicePlace, DeviceSlice, KnownDevices, KnownPositions, MovedDevice, Origin } from '@aerogram/domain';
import { decode, LAYER } from '@aerogram/tl';
import type { tl } from '@aerogram/tl';

import type { LiveSession } from '../src/live-session.ts';
import type { ChannelSource, UpdateSource } from '../src/updates/update-source.ts';

/** Message boxes in memory, in place of the database. */
export class FakeBoxes implements UpdateSource {
  readonly events = new Map<bigint, BoxEvent[]>();
  reads = 0;
  /** Owners that the last repair asked about. */
  lastMoved = 0;
  failures = 0;

  /** An update without pts. */
  appendLoose(owner: bigint, id: number): BoxEvent {
    const looseSeq = this.position(owner).looseSeq + 1;
    const update: tl.Update = { _: 'updateDeleteScheduledMessages', peer: { _: 'peerUser', user_id: 5n }, messages: [id] };
    const event: BoxEvent = { kind: 'update', pts: this.pts(owner), ptsCount: 0, date: 0, update, looseSeq };
    this.events.set(owner, [...(this.events.get(owner) ?? []), event]);
    return event;
  }

  position(owner: bigint): BoxPosition {
    return { pts: this.pts(owner), looseSeq: (this.events.get(owner) ?? []).filter(({ ptsCount }) => ptsCount === 0).length };
  }

  pts(owner: bigint): number {
    return this.events.get(owner)?.at(-1)?.pts ?? 1;
  }

  append(owner: bigint): BoxEvent {
    const pts = this.pts(owner) + 1;
    const update: tl.Update = { _: 'updateReadHistoryOutbox', peer: { _: 'peerUser', user_id: 5n }, max_id: pts, pts, pts_count: 1 };
    const event: BoxEvent = { kind: 'update', pts, ptsCount: 1, date: 0, update, looseSeq: 0 };
    this.events.set(owner, [...(this.events.get(owner) ?? []), event]);
    return event;
  }

  /** The logs of devices, by auth key. */
  readonly logs = new Map<bigint, DeviceEvent[]>();

  /** Appends an update to the log of a device. */
  appendToLog(authKeyId: bigint, id: number): DeviceEvent {
    const seq = this.seqOf(authKeyId) + 1;
    const event: DeviceEvent = { seq, date: 0, update: { _: 'updateDeleteScheduledMessages', peer: { _: 'peerUser', user_id: 5n }, messages: [id] } };
    this.logs.set(authKeyId, [...(this.logs.get(authKeyId) ?? []), event]);
    return event;
  }

  seqOf(authKeyId: bigint): number {
    return this.logs.get(authKeyId)?.at(-1)?.seq ?? 0;
  }

  readPosition(owner: bigint, authKeyId: bigint): Promise<BoxPosition & { deviceSeq: number }> {
    return Promise.resolve({ ...this.position(owner), deviceSeq: this.seqOf(authKeyId) });
  }

  async listMovedDevices({ owners, authKeyIds, seqs }: KnownDevices): Promise<MovedDevice[]> {
    await Promise.resolve();
    return authKeyIds.map((authKeyId, at) => ({ owner: owners[at]!, authKeyId, seq: this.seqOf(authKeyId) })).filter(({ seq }, at) => seq > 0 && seq !== seqs[at]);
  }

  async listDeviceEvents({ authKeyId }: DevicePlace, seq: number, limit: number): Promise<DeviceSlice> {
    this.reads++;
    await new Promise((resolve) => setImmediate(resolve));
    const all = (this.logs.get(authKeyId) ?? []).filter((event) => event.seq > seq);
    return { events: all.slice(0, limit), seq: this.seqOf(authKeyId), more: all.length > limit };
  }

  async projectUpdates(_owner: bigint, updates: readonly tl.Update[]): Promise<tl.updates> {
    return { ...(await this.projectEvents(0n, [])), updates: [...updates] };
  }

  async listMoved({ owners, pts, looseSeqs }: KnownPositions): Promise<Map<bigint, BoxPosition>> {
    await Promise.resolve();
    const moved = owners.map((owner) => [owner, this.position(owner)] as const).filter(([, now], at) => now.pts !== pts[at] || now.looseSeq !== looseSeqs[at]);
    this.lastMoved = moved.length;
    return new Map(moved);
  }

  async listEventsSince(owner: bigint, reach: BoxReach, limit: number): ReturnType<UpdateSource['listEventsSince']> {
    this.reads++;
    await new Promise((resolve) => setImmediate(resolve));
    const isNew = (event: BoxEvent): boolean => (event.kind === 'update' && event.ptsCount === 0 ? event.looseSeq > reach.looseSeq : event.pts > reach.pts);
    const events = (this.events.get(owner) ?? []).filter(isNew).slice(0, limit);
    const { pts: boxPts, looseSeq } = this.position(owner);
    const pts = events.length < limit ? boxPts : events.at(-1)!.pts;
    return { events, pts, looseSeq, more: pts < boxPts };
  }

  async projectEvents(_owner: bigint, events: readonly BoxEvent[]): Promise<tl.updates> {
    await Promise.resolve();
    if (this.failures > 0) {
      this.failures--;
      throw new Error('the database is away');
    }
    const updates = events.map((event) => (event as BoxEvent & { kind: 'update' }).update);
    return { _: 'updates', updates, users: [], chats: [], date: 0, seq: 0 };
  }

  projectTransient(owner: bigint, update: tl.Update): Promise<tl.updates> {
    return this.projectEvents(owner, [{ kind: 'update', pts: 0, ptsCount: 0, date: 0, update, looseSeq: 0 }]);
  }
}

/** A client that records the pts of everything it gets, by push and by answer. */
export class FakeSession implements LiveSession {
  readonly authKeyId: bigint;
  readonly sessionId: bigint;
  readonly userId: bigint;
  readonly layer = LAYER;
  readonly receivesUpdates = true;
  readonly connected = true;
  readonly got: number[] = [];
  readonly kinds: string[] = [];
  /** The texts of updates without pts. */
  readonly ids: number[] = [];
  isFull = false;

  constructor(userId: bigint, id: bigint) {
    this.userId = userId;
    this.authKeyId = id;
    this.sessionId = id;
  }

  get origin(): Origin {
    return { authKeyId: this.authKeyId, sessionId: this.sessionId };
  }

  push(body: Uint8Array): 'queued' | 'dropped' {
    if (this.isFull) return 'dropped';
    const updates = decode(body) as tl.Updates;
    this.kinds.push(updates._);
    if (updates._ !== 'updates') return 'queued';
    for (const update of updates.updates) if (update._ === 'updateDeleteScheduledMessages') this.ids.push(...update.messages);
    for (const update of updates.updates) if ('pts' in update && typeof update.pts === 'number') this.got.push(update.pts);
    return 'queued';
  }
}

/** Stands in for the channels in tests that are about users' message boxes. */
export const NO_CHANNELS: ChannelSource = {
  listFollowed: () => Promise.resolve([]),
  readPositions: () => Promise.resolve(new Map()),
  listEventsSince: () => Promise.reject(new Error('there are no channels')),
  projectEvents: () => Promise.resolve(undefined),
  projectClasses: () => Promise.resolve(undefined),
  projectTransient: () => Promise.resolve(undefined),
  projectTooLong: () => Promise.resolve(undefined),
  fillHole: () => ({ _: 'updateConfig' }),
};
