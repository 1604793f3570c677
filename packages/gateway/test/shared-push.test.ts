import type { BoxEvent, PushClass, PushClasses } from '@aerogram/domain';
import { codecFor } from '@aerogram/tl-compat';
import { decode, type tl } from '@aerogram/tl';
import { describe, expect, test } from 'vitest';

import type { LiveSession } from '../src/live-session.ts';
import { Crowd, type Follower, type Push } from '../src/updates/crowd.ts';
import { pushShared } from '../src/updates/shared-push.ts';

interface Session {
  viewerId: bigint;
  layer: number;
  body: Uint8Array | undefined;
}

const MARK = 0x1122_3344_5566_7788n;
const AUTHOR = 7n;
const EVENTS: BoxEvent[] = [];

const author = (access_hash: bigint, more: Partial<tl.user> = {}): tl.user => ({ _: 'user', id: AUTHOR, access_hash, first_name: 'Alice', ...more });
const hashOf = (viewerId: bigint): bigint => -viewerId * 1_000_003n;
const container = (users: tl.User[], text = 'news'): tl.updates => ({
  _: 'updates',
  updates: [{ _: 'updateNewChannelMessage', pts: 4, pts_count: 1, message: { _: 'message', id: 3, peer_id: { _: 'peerChannel', channel_id: 5n }, date: 1, message: text } }],
  users,
  chats: [],
  date: 1,
  seq: 0,
});
const hashes = (viewers: bigint[]): Pick<PushClass, 'viewers' | 'own'> => ({ viewers, own: new Uint8Array(BigInt64Array.from(viewers, hashOf).buffer) });
const nothing = (viewers: bigint[]): Pick<PushClass, 'viewers' | 'own'> => ({ viewers, own: Buffer.alloc(0) });

/** Pushes to sessions. @returns how often something was encoded, the number of classes, and how many sessions got their push in each turn of the event loop */
async function pushTo(sessions: Session[], classes: PushClasses | undefined): Promise<{ encodings: number; counted: number; turns: number[] }> {
  let [encodings, counted, inTurn] = [0, 0, 0];
  const turns: number[] = [];
  const encode = (layer: number, updates: tl.Updates): Uint8Array => {
    encodings++;
    return codecFor(layer).encode(updates);
  };
  const hand = ({ session }: Follower, body: Uint8Array): void => {
    if (inTurn++ === 0) setImmediate(() => (turns.push(inTurn), (inTurn = 0)));
    (session as unknown as Session).body = body;
  };
  const source = { projectClasses: () => Promise.resolve(classes) };
  const crowd = new Crowd();
  for (const session of sessions) crowd.add({ session: session as unknown as LiveSession, viewerId: session.viewerId });
  const push: Push = { events: EVENTS, fromPts: 3, isShared: true, project: (viewerId) => Promise.resolve(container([author(hashOf(viewerId))], 'alone')) };
  const run = crowd.begin(push);
  await pushShared(source, crowd, run, { encode, hand, onHidden: () => {}, onClasses: (count) => (counted += count) });
  expect(crowd.end(run)).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  return { encodings, counted, turns };
}

const online = (count: number, layerOf: (n: number) => number = () => 228): Session[] =>
  Array.from({ length: count }, (_, n) => ({ viewerId: BigInt(n + 1), layer: layerOf(n), body: undefined }));
const idsOf = (sessions: readonly Session[]): bigint[] => sessions.map(({ viewerId }) => viewerId);
const read = (session: Session): tl.updates => decode(session.body!) as tl.updates;

describe('a push to many members', () => {
  test('that names nobody is encoded once per layer, and sent in slices', async () => {
    const sessions = online(1000, (n) => (n % 2 === 0 ? 228 : 144));
    const one: PushClass = { updates: container([]), marks: [], ...nothing(idsOf(sessions)) };
    const { encodings, counted, turns } = await pushTo(sessions, { classes: [one], others: [] });
    expect([encodings, counted]).toEqual([2, 1]);
    expect(turns.reduce((sum, n) => sum + n, 0)).toBe(1000);
    expect(Math.max(...turns)).toBeLessThanOrEqual(64);
    expect(new Set(sessions.map(({ body }) => body)).size).toBe(2);
  });

  test('gives each member the own access hash of whom it names', async () => {
    const sessions = online(100, (n) => (n % 2 === 0 ? 228 : 204));
    const contacts = idsOf(sessions.slice(0, 10));
    const strangers = idsOf(sessions.slice(10, 99));
    const classes: PushClass[] = [
      { updates: container([author(MARK, { first_name: 'My Alice', contact: true })]), marks: [{ value: MARK, bytes: 8 }], ...hashes(contacts) },
      { updates: container([author(MARK)]), marks: [{ value: MARK, bytes: 8 }], ...hashes(strangers) },
    ];
    const { encodings, counted } = await pushTo(sessions, { classes, others: [100n] });
    expect([encodings, counted]).toEqual([4 + 1, 2 + 1]);
    for (const session of sessions.filter(({ layer }) => layer === 228)) {
      const isContact = session.viewerId <= 10n;
      expect(read(session).users).toMatchObject([{ id: AUTHOR, access_hash: BigInt.asIntN(64, hashOf(session.viewerId)), first_name: isContact ? 'My Alice' : 'Alice' }]);
      expect(read(session).updates).toMatchObject([{ message: { message: session.viewerId === 100n ? 'alone' : 'news' } }]);
    }
  });

  test('is projected for each member if a mark occurs in the text, too', async () => {
    const sessions = online(3);
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(0x4142_4344_4546_4748n);
    const one: PushClass = { updates: container([author(0x4142_4344_4546_4748n)], bytes.toString()), marks: [{ value: 0x4142_4344_4546_4748n, bytes: 8 }], ...hashes(idsOf(sessions)) };
    await pushTo(sessions, { classes: [one], others: [] });
    for (const session of sessions) {
      expect(read(session)).toMatchObject({ updates: [{ message: { message: 'alone' } }], users: [{ access_hash: hashOf(session.viewerId) }] });
    }
  });

  test('goes to nobody who is in no class', async () => {
    const sessions = online(2);
    await pushTo(sessions, { classes: [{ updates: container([]), marks: [], ...nothing([1n]) }], others: [] });
    expect(sessions.map(({ body }) => body !== undefined)).toEqual([true, false]);
  });
});
