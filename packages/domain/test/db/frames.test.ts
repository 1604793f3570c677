import { readFileSync } from 'node:fs';
import { dcOfPeer, type OtherHomes } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { type Logger, silentLogger } from '@aerogram/runtime';
import { DatabaseUnavailable } from '@aerogram/storage';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { createFrameSeals, type Effect, type EffectKind, FrameApplier, FrameGap, packPlain, SEAL_BYTES, wireUserId } from '../../src/effects/index.ts';
import { type BoxWriter, createBoxWriter } from '../../src/events/index.ts';
import { insertArrivals } from '../../src/messages/index.ts';
import { createKeyedMac } from '../../src/shared/index.ts';
import { createWorld, type World } from './accounts-world.ts';

interface Note extends Effect {
  kind: 'note';
  text: string;
}

const note: EffectKind<Note> = { kind: 'note', schema: z.object({ kind: z.literal('note'), from: wireUserId, to: wireUserId, text: z.string().max(10) }) };
/** A kind that a newer program has. */
const laterNote: EffectKind<Effect> = { kind: 'later-note', schema: z.object({ kind: z.literal('later-note'), from: wireUserId, to: wireUserId }) };

/** Users of this home and of the other one. */
const [HERE, THERE] = [8001n, 8002n];
const EPOCH = 7n;
const frameSeals = createFrameSeals(createKeyedMac(new Map([[0, Buffer.alloc(32, 1)]]), SEAL_BYTES));

let world: World;
let boxes: BoxWriter;
let applier: FrameApplier;
let woken: number[];
let heard: string[];
let restored: string[];
/** The kinds of which the domain has handlers. */
let kinds: string[];
/** Errors in the log. */
const errors: string[] = [];
let failure: Error | undefined;

beforeAll(async () => {
  const homes: OtherHomes = {
    own: 1,
    others: [2],
    ofNames: 1,
    dcOf: (peerId) => dcOfPeer(peerId, [2]),
    isFull: () => false,
    isBehind: () => false,
    framesWritten: (dc) => void woken.push(dc),
    ask: () => Promise.reject(new Error('nobody is asked')),
    onAsk: () => undefined,
    hint: () => undefined,
    onHint: () => undefined,
  };
  const register = vi.spyOn(FrameApplier.prototype, 'register');
  world = await createWorld({}, { homes });
  kinds = register.mock.calls.map(([{ kind }]) => kind.kind);
  register.mockRestore();
  boxes = createBoxWriter({ ...world, homes, insertArrivals, frameSeals });
  applier = new FrameApplier({ ...world, log: Object.assign(Object.create(silentLogger) as Logger, { error: (_fields: object, text: string) => void errors.push(text) }), homes, frameSeals });
  applier.register({
    kind: note,
    atOnce: 3,
    async apply(tx, dc, effects) {
      if (failure !== undefined) throw failure;
      if (effects.some(({ text }) => text === 'bad')) throw new Error('a bad note');
      tx.afterCommit(() => void heard.push(`${dc}: ${effects.map(({ text }) => text).join(' ')}`));
    },
    async restore(tx, dc, effects) {
      tx.afterCommit(() => void restored.push(`${dc}: ${effects.map(({ text }) => text).join(' ')}`));
    },
  });
});

beforeEach(async () => {
  [woken, heard, restored, failure] = [[], [], [], undefined];
  await world.db.transact('forget-frames', async (tx) => {
    for (const table of ['home_applied', 'home_inbox', 'home_outbox', 'home_streams'] as const) await tx.q.deleteFrom(table).execute();
  });
});

afterAll(() => world[Symbol.asyncDispose]());

const frame = (text: string, fields: Partial<Effect> = {}): Uint8Array => packPlain({ kind: 'note', from: THERE, to: HERE, text, ...fields });
const apply = (seq: number, ...frames: Uint8Array[]): Promise<void> => applier.applyFrames({ dc: 2, epoch: EPOCH, seq: BigInt(seq) }, frames);
const appliedSeq = async (): Promise<bigint | undefined> => (await world.db.q.selectFrom('home_applied').selectAll().executeTakeFirst())?.applied_seq;

test('docs/data-centres.md names the kinds of effects that there are', () => {
  const text = readFileSync(new URL('../../../../docs/data-centres.md', import.meta.url), 'utf8');
  const table = /^\| effect \| .*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(text)![1]!;
  const cells = table.split('\n').flatMap((row) => row.split('|')[1] ?? []);
  expect(new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, kind]) => kind)))).toEqual(new Set(kinds));
});

test('frames are applied in their order, some together, and kept', async () => {
  await apply(1, ...['a', 'b', 'c', 'd'].map((text) => frame(text)));
  expect(heard).toEqual(['2: a b c', '2: d']);
  expect(await appliedSeq()).toBe(4n);
  const kept = await world.db.q.selectFrom('home_inbox').select('seq').orderBy('seq').execute();
  expect(kept.map(({ seq }) => seq)).toEqual([1n, 2n, 3n, 4n]);
});

test('a frame that comes again is applied once, and one that comes too early not at all', async () => {
  await apply(1, frame('a'));
  await apply(1, frame('a'));
  await expect(apply(3, frame('c'))).rejects.toThrow(FrameGap);
  await apply(1, frame('a'), frame('b'));
  expect(heard).toEqual(['2: a', '2: b']);
  expect(await appliedSeq()).toBe(2n);
});

test('a frame that cannot be read, or fails alone, is left out, and those around it are applied', async () => {
  await apply(1, frame('a'), frame('bad'), frame('c'), frame('much too long'), packPlain({ kind: 'No kind' }), Buffer.from('{'), frame('g'));
  expect(heard).toEqual(['2: a', '2: c', '2: g']);
  expect(await appliedSeq()).toBe(7n);
  expect(await world.metrics.render()).toContain('aerogram_effects_left_out_total{dc="2"} 4\n');
});

test('before a frame of a kind that is not known the stream stands still, until a program knows it', async () => {
  const frames = [frame('a'), packPlain({ kind: 'later-note', from: THERE, to: HERE, text: 'b' }), frame('c')];
  await expect(apply(1, ...frames)).rejects.toMatchObject({ name: 'UnknownKind', kind: 'later-note' });
  await expect(apply(1, ...frames)).rejects.toThrow('later-note');
  expect([heard, await appliedSeq()]).toEqual([['2: a'], 1n]);

  const newer = new FrameApplier({ ...world, log: silentLogger, homes: { dcOf: (peerId) => dcOfPeer(peerId, [2]) } });
  newer.register({ kind: note, atOnce: 1, restore: 'stays lost', apply: (_tx, _dc, [effect]) => Promise.resolve(void heard.push(effect!.text)) });
  newer.register({ kind: laterNote, atOnce: 1, restore: 'stays lost', apply: () => Promise.resolve(void heard.push('later')) });
  await newer.applyFrames({ dc: 2, epoch: EPOCH, seq: 2n }, frames.slice(1));
  expect(heard).toEqual(['2: a', 'later', 'c']);
});

test('what this home has sent is not left out either when a newer program had written it', async () => {
  const returned = (kind: string): Effect => ({ kind, from: HERE, to: THERE });
  const restore = (bytes: Uint8Array): Promise<unknown> => applier.restoreFrames({ dc: 2, epoch: EPOCH, seq: 1n }, [bytes]);
  await noteRestore();
  await expect(restore(frameSeals.seal(2, returned('later-note'), world.clock.now()))).rejects.toMatchObject({ kind: 'later-note' });
  // What it has not sent is nothing to wait for.
  await restore(packPlain(returned('later-note')));
});

test('bytes of any kind are left out, with one line in the log', async () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  const deep = Buffer.from(`{"kind":"note","from":"${THERE}","to":"${HERE}","text":"deep","more":${nested(50_000)}}`);
  errors.length = 0;
  await apply(1, Buffer.alloc(100, 0xff), Buffer.alloc(0), Buffer.alloc(300 * 1024, ' '), Buffer.from(nested(100_000)), Buffer.from('{"kind":["note"]}'), Buffer.from('null'), packPlain({ kind: 'note', from: THERE, to: HERE, text: 'a', more: [[1]] }), deep);
  // A field that is not known is passed over, but not at any depth: to parse it would hold up everybody.
  expect(heard).toEqual(['2: a']);
  expect(errors).toEqual(['frames of another data centre cannot be read']);
  expect(await appliedSeq()).toBe(8n);
});

test('a home speaks for its own people only, and to people here', async () => {
  await apply(1, frame('own', { from: HERE }), frame('third', { from: 8003n }), frame('back', { to: THERE }), frame('right'));
  expect(heard).toEqual(['2: right']);
});

test('while the database does not answer nothing is left out', async () => {
  failure = new DatabaseUnavailable('down');
  await expect(apply(1, frame('a'))).rejects.toThrow(failure);
  failure = undefined;
  await apply(1, frame('a'));
  expect(heard).toEqual(['2: a']);
});

test.each([
  ['57014', 'a statement ran for too long'],
  ['55P03', 'a lock was not free in time'],
  ['25P03', 'the session was idle for too long'],
  ['40P01', 'a deadlock'],
  ['53200', 'out of memory'],
  ['58030', 'an I/O error'],
])('what fails with %s (%s) is not left out, but tried again', async (code, message) => {
  failure = Object.assign(new Error(message), { code });
  await expect(apply(1, frame('a'), frame('b'))).rejects.toThrow(message);
  expect(await appliedSeq()).toBeUndefined();
  failure = undefined;
  await apply(1, frame('a'), frame('b'));
  expect(heard).toEqual(['2: a b']);
});

test('what needs a data centre that is away waits for it', async () => {
  failure = rpcError('INTERDC_%d_CALL_ERROR', 2);
  await expect(apply(1, frame('a'), frame('b'))).rejects.toThrow(failure);
  expect(await appliedSeq()).toBeUndefined();
});

/** Notes that this home was restored just now. */
async function noteRestore(): Promise<void> {
  const value = String(world.clock.now());
  await world.db.q.insertInto('meta').values({ key: 'stream_epoch_date', value }).onConflict((oc) => oc.column('key').doUpdateSet({ value })).execute();
}

test('frames that come back are applied only if they were sealed in the time that a restore has lost', async () => {
  const now = world.clock.now();
  const giveBack = (text: string, date: number): Promise<unknown> =>
    applier.restoreFrames({ dc: 2, epoch: EPOCH, seq: 1n }, [frameSeals.seal(2, { kind: 'note', from: HERE, to: THERE, text } as Effect, date)]);
  await world.db.q.deleteFrom('meta').where('key', '=', 'stream_epoch_date').execute();
  // It was never restored.
  expect(await giveBack('never', now)).toBeUndefined();
  await noteRestore();
  expect(await giveBack('later', now + 1)).toBeUndefined();
  // The backup has what was written until then.
  await world.db.q.insertInto('home_outbox').values({ dc: 2, epoch: EPOCH, seq: 1n, frame: Buffer.from('{}'), written_date: now - 100 }).execute();
  expect(await giveBack('before', now - 200)).toBeUndefined();
  expect(await giveBack('lost', now - 50)).toBe(1n);
  expect(restored.splice(0)).toEqual(['2: lost']);
  await world.db.q.deleteFrom('home_outbox').execute();
});

test('frames that come back are applied if this home had sent them to that one', async () => {
  const sealed = (text: string, dc = 2, fields: Partial<Effect> = { from: HERE, to: THERE }): Uint8Array => frameSeals.seal(dc, { kind: 'note', from: THERE, to: HERE, text, ...fields } as Effect, world.clock.now());
  await noteRestore();
  await applier.restoreFrames({ dc: 2, epoch: EPOCH, seq: 1n }, [sealed('mine'), frame('forged', { from: HERE, to: THERE }), sealed('other', 3), sealed('yours', 2, {}), sealed('third', 2, { from: HERE, to: 8003n })]);
  expect(restored).toEqual(['2: mine']);
});

test('effects are numbered without gaps in the order of the commits, and the link is told', async () => {
  const { userId } = await world.signUp('9996611101', 'Anna');
  await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      boxes.writeBoxes('tell', [userId], async (_tx, open) => {
        open.tell(2, { kind: 'note', from: userId, to: THERE });
        if (at % 2 === 0) open.tell(2, { kind: 'note', from: userId, to: THERE });
        if (at === 7) throw new Error('rolled back');
      }),
    ).map((each) => each.catch(() => undefined)),
  );
  const rows = await world.db.q.selectFrom('home_outbox').select('seq').orderBy('seq').execute();
  expect(rows.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: 29 }, (_, at) => at + 1));
  expect(woken).toEqual(Array(19).fill(2));
});

test('the box of somebody elsewhere cannot be opened', async () => {
  await expect(boxes.writeBoxes('write', [HERE, THERE], () => Promise.resolve())).rejects.toMatchObject({ text: 'PEER_ID_INVALID' });
});
