import { randomBytes } from 'node:crypto';

import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { unpackMessageExtra, VIEW_ONCE } from '../../src/index.ts';
import { createFileStage, type FileStage, ORIGIN } from './file-stage.ts';

const KIND = 'end-passing-media';
let stage: FileStage;
let alice: bigint;
let bob: bigint;
beforeAll(async () => {
  stage = await createFileStage();
  alice = await stage.signUp('Alice');
  bob = await stage.signUp('Bob');
});
afterAll(() => stage?.[Symbol.asyncDispose]());

/** Alice sends Bob a voice message with a lifetime. @returns the ids of both copies */
async function sendPassing(seconds: number): Promise<{ sent: number; got: number }> {
  const fileId = stage.nextId();
  await stage.world.domain.files.doSavePart({ userId: alice, fileId, part: 0, totalParts: undefined }, randomBytes(1000));
  const input: tl.inputMediaUploadedDocument = {
    _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id: fileId, parts: 1, name: 'a', md5_checksum: '' }, mime_type: 'audio/ogg',
    attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 1 }], ttl_seconds: seconds,
  };
  const media = await stage.world.domain.files.doPrepareMedia(alice, input, { to: bob });
  const { msg_id: sent, global_id } = await stage.send(alice, bob, media);
  const { msg_id: got } = await stage.world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', bob).where('global_id', '=', global_id).executeTakeFirstOrThrow();
  return { sent, got };
}

const open = (msgId: number): Promise<unknown> => stage.world.domain.messages.doReadContents({ ownerId: bob, msgIds: [msgId], origin: ORIGIN });
const hasFile = async (ownerId: bigint, msgId: number): Promise<boolean> => {
  const row = (await stage.world.domain.messages.find(ownerId, [msgId])).get(msgId)!;
  const { media } = unpackMessageExtra(row.extra);
  return media?._ === 'messageMediaDocument' && media.document !== undefined;
};
const listJobs = () => stage.world.db.q.selectFrom('jobs').select(['owner_id', 'payload', 'run_ms']).where('kind', '=', KIND).execute();
const countRefs = async (): Promise<number> => (await stage.world.db.q.selectFrom('message_files').selectAll().execute()).length;

it('the transaction that opens media orders the job which ends them, so no crash in between can keep them; the job can be repeated', async () => {
  const before = await countRefs();
  const { sent, got } = await sendPassing(10);
  expect([await listJobs(), await countRefs()]).toEqual([[], before + 2]);
  const openedMs = BigInt(stage.world.clock.now()) * 1000n;
  await open(got);
  await open(got);
  const [job, ...more] = await listJobs();
  expect([more, job!.run_ms - openedMs]).toEqual([[], 10_000n]);
  expect([await hasFile(alice, sent), await hasFile(bob, got)]).toEqual([true, true]);
  const kind = stage.world.domain.jobKinds.find((one) => one.kind === KIND)!;
  const readPts = async (): Promise<number> => (await stage.world.db.q.selectFrom('counters').select('pts').where('owner_id', '=', bob).executeTakeFirstOrThrow()).pts;
  await kind.perform(job!.payload, {} as never);
  const pts = await readPts();
  await kind.perform(job!.payload, {} as never);
  expect([await readPts(), await hasFile(alice, sent), await hasFile(bob, got), await countRefs()]).toEqual([pts, false, false, before]);
});

it('media that can be viewed once go in the transaction that opens them, also from the copy whose other copy was deleted', async () => {
  const { sent, got } = await sendPassing(VIEW_ONCE);
  await open(got);
  expect([await hasFile(alice, sent), await hasFile(bob, got)]).toEqual([false, false]);
  const other = await sendPassing(5);
  await open(other.got);
  await stage.world.domain.messages.doDelete({ ownerId: bob, msgIds: [other.got], revoke: false, origin: undefined });
  const [job] = (await listJobs()).slice(-1);
  await stage.world.domain.jobKinds.find((one) => one.kind === KIND)!.perform(job!.payload, {} as never);
  expect(await hasFile(alice, other.sent)).toBe(false);
});
