import { afterEach, beforeEach, expect, it } from 'vitest';

import { packPlain } from '../../src/effects/index.ts';
import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import { hasFlag, MessageFlag } from '../../src/events/message-row.ts';
import { type HomesStage, openHomes } from './homes-stage.ts';

let stage: HomesStage;
let anna: bigint;
let ben: bigint;
beforeEach(async () => {
  stage = await openHomes();
  ({ anna, ben } = stage);
});
afterEach(() => stage[Symbol.asyncDispose]());

/** Takes Anna's home back to what a backup from before her chat with Ben has, under a new epoch. */
async function restoreBackup(): Promise<void> {
  await stage.one.db.transact('restore-backup', async (tx) => {
    await tx.q.deleteFrom('messages').where('owner_id', '=', anna).where('peer_id', '=', ben).execute();
    await tx.q.deleteFrom('send_keys').where('owner_id', '=', anna).where('peer_id', '=', ben).execute();
    await tx.q.deleteFrom('dialogs').where('owner_id', '=', anna).where('peer_id', '=', ben).execute();
    await tx.q.deleteFrom('home_outbox').execute();
    await tx.q.deleteFrom('home_streams').execute();
    await tx.q.updateTable('meta').set({ value: '123456789' }).where('key', '=', 'stream_epoch').execute();
    const value = String(stage.one.clock.now());
    await tx.q.insertInto('meta').values({ key: 'stream_epoch_date', value }).onConflict((oc) => oc.column('key').doUpdateSet({ value })).execute();
    await tx.q.deleteFrom('cards').execute();
    const { next_msg_id } = await tx.q.selectFrom('counters').select('next_msg_id').where('owner_id', '=', anna).executeTakeFirstOrThrow();
    await tx.q.updateTable('counters').set({ next_msg_id: next_msg_id + 1000 }).where('owner_id', '=', anna).execute();
  });
  await stage.one.restart();
}

/** Ben's home returns what Anna's has lost. */
async function giveBack(change: (frame: Uint8Array) => Uint8Array = (frame) => frame): Promise<void> {
  const rows = await stage.two.db.q.selectFrom('home_inbox').selectAll().where('dc', '=', 1).where('epoch', '<>', 123_456_789n).orderBy('seq').execute();
  await stage.one.domain.frames.restoreFrames({ dc: 2, epoch: rows[0]!.epoch, seq: rows[0]!.seq }, rows.map(({ frame }) => change(frame)));
}

it('returns what was lost to its sender, once', async () => {
  const first = await stage.send(anna, ben, 'first', { silent: true });
  await stage.send(anna, ben, 'second', { randomId: 42n, reply: { msgId: first.msg_id, quote: undefined } });
  await stage.carry();
  const copies = await stage.dialog(ben, anna);
  await restoreBackup();
  expect(await stage.dialog(anna, ben)).toEqual([]);
  await giveBack();
  await giveBack();
  const [one, two, ...more] = await stage.dialog(anna, ben);
  expect(more).toEqual([]);
  expect([one, two]).toMatchObject([{ text: 'first', from_id: anna, global_id: first.global_id }, { text: 'second', reply_to_msg_id: one!.msg_id }]);
  expect(one!.flags).toBe(MessageFlag.out | MessageFlag.silent);
  expect(unpackMessageExtra(one!.extra).peerMsgId).toBeUndefined();
  const dialog = await stage.one.db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', anna).where('peer_id', '=', ben).executeTakeFirstOrThrow();
  expect(dialog).toMatchObject({ msg_count: 2, unread_count: 0, owner_wrote: true });

  expect(await stage.one.domain.users.findRow(ben)).toMatchObject({ first_name: 'Ben', elsewhere: true });
  expect((await stage.send(anna, ben, 'second', { randomId: 42n })).msg_id).toBe(two!.msg_id);
  await stage.carry();
  const after = await stage.dialog(ben, anna);
  expect(after.map((row) => row.msg_id)).toEqual(copies.map((row) => row.msg_id));
  expect(after.map((row) => unpackMessageExtra(row.extra).peerMsgId)).toEqual([one!.msg_id, two!.msg_id]);
});

it('gives one message for a random id that is repeated before the return', async () => {
  await stage.send(anna, ben, 'once', { randomId: 43n });
  await stage.carry();
  await restoreBackup();
  await stage.one.domain.cards.fetch({ id: anna, bot: false }, [{ id: ben }], 'card');
  const again = await stage.send(anna, ben, 'once', { randomId: 43n });
  await stage.carry();
  await giveBack();
  await stage.carry();
  expect(await stage.dialog(anna, ben)).toEqual([again]);
  expect((await stage.dialog(ben, anna)).map((row) => unpackMessageExtra(row.extra).peerMsgId)).toEqual([again.msg_id]);
});

it('does not bring back what the receiver has deleted, when the sender gets it again', async () => {
  await stage.send(anna, ben, 'deleted there');
  await stage.carry();
  await stage.two.domain.messages.doDelete({ ownerId: ben, msgIds: (await stage.dialog(ben, anna)).map((row) => row.msg_id), revoke: false, origin: undefined });
  await restoreBackup();
  await giveBack();
  await stage.carry();
  expect(await stage.dialog(anna, ben)).toMatchObject([{ text: 'deleted there' }]);
  expect(await stage.dialog(ben, anna)).toEqual([]);
});

it('takes nothing back that its own people cannot have sent', async () => {
  await stage.send(anna, ben, 'real');
  await stage.carry();
  await restoreBackup();
  const forge = (changes: object) => (frame: Uint8Array): Uint8Array => {
    const effect = JSON.parse(Buffer.from(frame).toString()) as Record<string, unknown>;
    return packPlain(effect['kind'] === 'message' ? { ...effect, ...changes } : effect);
  };
  for (const changes of [{ globalId: '123' }, { text: 'forged' }, { to: String(stage.cleo) }, { from: String(stage.zoe) }, { flags: MessageFlag.silent }, { seal: '' }]) await giveBack(forge(changes));
  expect(await stage.dialog(anna, ben)).toEqual([]);
  expect(await stage.dialog(stage.zoe, ben)).toEqual([]);
  expect(await stage.dialog(anna, stage.cleo)).toEqual([]);
  await giveBack();
  const [real] = await stage.dialog(anna, ben);
  expect(real!.text).toBe('real');
  expect(hasFlag(real!, MessageFlag.out)).toBe(true);
});

it('lets the card of its sender follow again, although the restore has forgotten who has it', async () => {
  await stage.send(anna, ben, 'hello');
  await stage.carry();
  await restoreBackup();
  await stage.one.db.transact('forget-readers', (tx) => tx.q.deleteFrom('card_readers').execute());
  await giveBack((frame) => Buffer.from(Buffer.from(frame).toString().replace('hello', 'hullo')));
  expect(await stage.one.db.q.selectFrom('card_readers').selectAll().execute()).toEqual([]);
  await giveBack();
  await stage.one.domain.profile.doUpdateNames(anna, { first_name: 'Annabel' });
  await stage.carry();
  expect(await stage.two.domain.users.findRow(anna)).toMatchObject({ first_name: 'Annabel' });
});

it('does not lose a message whose sender is not known while the home of the sender is away', async () => {
  await stage.send(anna, ben, 'patience');
  await stage.two.db.transact('forget-cards', (tx) => tx.q.deleteFrom('cards').execute());
  await stage.two.restart();
  stage.setCut(true);
  await expect(stage.carry()).rejects.toThrow('INTERDC_1_CALL_ERROR');
  expect(await stage.dialog(ben, anna)).toEqual([]);
  stage.setCut(false);
  await stage.carry();
  expect(await stage.dialog(ben, anna)).toMatchObject([{ text: 'patience' }]);
});

it('tells the other home again what the restored one knows of contacts and blocks', async () => {
  await stage.one.domain.blocks.doBlock(anna, ben, { storiesOnly: false, blocked: true }, undefined);
  await stage.carry();
  const ofAnna = () => stage.two.db.q.selectFrom('blocked_peers').select('peer_id').where('owner_id', '=', anna).execute();
  expect(await ofAnna()).toEqual([{ peer_id: ben }]);
  await restoreBackup();
  await stage.one.db.transact('forget-blocks', (tx) => tx.q.deleteFrom('blocked_peers').execute());
  await stage.one.restart();
  await giveBack();
  await stage.carry();
  expect(await ofAnna()).toEqual([]);
  await stage.send(ben, anna, 'not blocked');
  await stage.carry();
  expect(await stage.dialog(anna, ben)).toMatchObject([{ text: 'not blocked' }]);
});
