import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { keyOfReaction, openEmojiPack, reactionOfKey } from '../../src/documents/index.ts';
import type { Effect } from '../../src/effects/index.ts';
import { packPlain } from '../../src/effects/index.ts';
import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import { hasFlag, MessageFlag, type MessageRow } from '../../src/events/message-row.ts';
import { DELETED_SLICE } from '../../src/messages/delete-effect.ts';
import { errorOf } from './accounts-world.ts';
import { type HomesStage, openHomes } from './homes-stage.ts';

/** An epoch in which only tests write frames. */
const FORGED = 99n;

describe('what is done to messages with somebody in another data centre', () => {
  let stage: HomesStage;
  let anna: bigint;
  let ben: bigint;
  let forgedSeq = 0n;
  /** Two messages that both have: one of Anna, one of Ben. */
  let annas: MessageRow;
  let bens: MessageRow;

  beforeAll(async () => {
    stage = await openHomes();
    ({ anna, ben } = stage);
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    annas = await stage.send(anna, ben, 'from Anna');
    bens = await stage.send(ben, anna, 'from Ben');
    await stage.carry();
  });

  /** The copy of a message in somebody's box. */
  const copyOf = async (owner: bigint, { global_id: globalId }: MessageRow): Promise<MessageRow | undefined> =>
    (await stage.homeOf(owner).db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).where('global_id', '=', globalId).execute())[0];
  const edit = async (owner: bigint, row: MessageRow, text: string): Promise<unknown> =>
    stage.homeOf(owner).domain.messages.doEdit(await stage.peer(owner, row.peer_id), { ownerId: owner, msgId: row.msg_id, text: { text, entities: [{ _: 'messageEntityBold', offset: 0, length: 3 }] }, noWebpage: false, invertMedia: false, origin: undefined });
  const react = async (owner: bigint, row: MessageRow, ...keys: string[]): Promise<unknown> =>
    stage.homeOf(owner).domain.reactions.doReact(await stage.peer(owner, row.peer_id), { ownerId: owner, msgId: row.msg_id, reactions: keys.map(reactionOfKey), big: false, addsToRecent: false, origin: undefined });
  const reactionsOf = (row: MessageRow | undefined): string[] => (unpackMessageExtra(row?.extra ?? null).reactions ?? []).map(({ reaction }) => keyOfReaction(reaction));
  const remove = (owner: bigint, row: MessageRow): Promise<unknown> => stage.homeOf(owner).domain.messages.doDelete({ ownerId: owner, msgIds: [row.msg_id], revoke: true, origin: undefined });
  const read = (owner: bigint, peerId: bigint, maxId = 0): Promise<unknown> => stage.homeOf(owner).domain.messages.doReadHistory({ ownerId: owner, peerId, maxId, origin: undefined });
  const dialogOf = (owner: bigint, peerId: bigint): Promise<{ read_outbox_max_id: number; read_inbox_max_id: number; unread_count: number; msg_count: number }> =>
    stage.homeOf(owner).db.q.selectFrom('dialogs').select(['read_outbox_max_id', 'read_inbox_max_id', 'unread_count', 'msg_count']).where('owner_id', '=', owner).where('peer_id', '=', peerId).executeTakeFirstOrThrow();
  const clearHistory = (owner: bigint, peerId: bigint, options: { maxId?: number; revoke: boolean }): Promise<unknown> =>
    stage.homeOf(owner).domain.messages.doDeleteHistory({ ownerId: owner, peerId, maxId: 0, minDate: 0, maxDate: 0, justClear: false, origin: undefined, ...options });
  /** Applies frames at Ben's home as if Anna's home had sent them. */
  const forge = async (...effects: Effect[]): Promise<void> => {
    const first = { dc: 1, epoch: FORGED, seq: forgedSeq + 1n };
    forgedSeq += BigInt(effects.length);
    await stage.two.domain.frames.applyFrames(first, effects.map(packPlain));
  };
  const sayEdit = (from: bigint, to: bigint, { global_id: globalId }: MessageRow, text = 'forged'): Effect => ({ kind: 'edit', from, to, date: 1, globalId, text, setsMarkup: false, noWebpage: false, invertMedia: false }) as Effect;
  const sayDelete = (from: bigint, to: bigint, ...rows: MessageRow[]): Effect => ({ kind: 'delete', from, to, date: 1, globalIds: rows.map((row) => row.global_id) }) as Effect;
  const sayReaction = (from: bigint, to: bigint, { global_id: globalId }: MessageRow, ...emoticons: string[]): Effect => ({ kind: 'reaction', from, to, date: 1, globalId, emoticons, big: false }) as Effect;
  const blocks = (owner: bigint, peerId: bigint, blocked: boolean): Promise<void> => stage.homeOf(owner).domain.blocks.doBlock(owner, peerId, { storiesOnly: false, blocked }, undefined);
  const ptsOf = async (owner: bigint): Promise<number> => (await stage.homeOf(owner).db.q.selectFrom('counters').select('pts').where('owner_id', '=', owner).executeTakeFirst())?.pts ?? 1;
  /** Runs what must not change a box. */
  const changesNothing = async (owner: bigint, act: () => Promise<unknown>): Promise<void> => {
    const before = [await ptsOf(owner), await stage.homeOf(owner).db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).orderBy('msg_id').execute()];
    await act();
    expect([await ptsOf(owner), await stage.homeOf(owner).db.q.selectFrom('messages').selectAll().where('owner_id', '=', owner).orderBy('msg_id').execute()]).toEqual(before);
  };

  describe('an edit', () => {
    it('changes both copies, and is applied once', async () => {
      await edit(anna, annas, 'edited by Anna');
      expect(await copyOf(ben, annas)).toMatchObject({ text: 'from Anna' });
      const before = await ptsOf(ben);
      await stage.carry();
      await stage.carry();
      const [own, copy] = [await copyOf(anna, annas), await copyOf(ben, annas)];
      expect(copy).toMatchObject({ text: 'edited by Anna', edit_date: own!.edit_date });
      expect(unpackMessageExtra(copy!.extra)).toMatchObject({ entities: [{ _: 'messageEntityBold', offset: 0, length: 3 }], peerMsgId: annas.msg_id });
      expect(await ptsOf(ben)).toBe(before + 1);
    });

    it('changes only what its author wrote, in the dialog with the author', async () => {
      const { zoe, cleo } = stage;
      await changesNothing(ben, () => forge(sayEdit(anna, ben, bens), sayEdit(zoe, ben, annas), sayEdit(cleo, ben, annas), sayEdit(ben, ben, bens)));
      await changesNothing(cleo, () => forge(sayEdit(anna, cleo, annas)));
      await forge(sayEdit(anna, ben, annas));
      expect(await copyOf(ben, annas)).toMatchObject({ text: 'forged' });
    });

    it('is left out if it is too long, names a stranger, or is of a message that is not there; what follows is applied', async () => {
      const tooLong = sayEdit(anna, ben, annas, 'x'.repeat(4097));
      await changesNothing(ben, () => forge(tooLong, sayEdit(anna, 2n ** 39n, annas), sayEdit(anna, ben, { ...annas, global_id: 5n })));
      expect(await stage.two.db.q.selectFrom('counters').select('owner_id').where('owner_id', '=', 2n ** 39n).execute()).toEqual([]);
      await forge(tooLong, sayEdit(anna, ben, annas, 'after it'));
      expect(await copyOf(ben, annas)).toMatchObject({ text: 'after it' });
    });

    it('is withheld by a block, also by one that the home of the editor does not know', async () => {
      await edit(anna, annas, 'under way');
      await blocks(ben, anna, true);
      await changesNothing(ben, () => stage.carry());
      await edit(anna, annas, 'while blocked');
      await changesNothing(ben, () => stage.carry());
      await blocks(ben, anna, false);
      await stage.carry();
      expect(await copyOf(anna, annas)).toMatchObject({ text: 'while blocked' });
      expect(await copyOf(ben, annas)).toMatchObject({ text: 'from Anna' });
    });

    it('is refused while too much waits for the other home', async () => {
      stage.setFull(1, true);
      expect(await errorOf(edit(anna, annas, 'too much'))).toBe('INTERDC_2_CALL_ERROR');
      stage.setFull(1, false);
      expect(await copyOf(anna, annas)).toMatchObject({ text: 'from Anna' });
    });
  });

  describe('a deletion', () => {
    it('for both takes either person\'s message from both boxes, once', async () => {
      const before = (await dialogOf(anna, ben)).msg_count;
      await remove(ben, (await copyOf(ben, annas))!);
      await remove(ben, bens);
      await stage.carry();
      await stage.carry();
      expect([await copyOf(anna, annas), await copyOf(anna, bens), await copyOf(ben, annas)]).toEqual([undefined, undefined, undefined]);
      expect((await dialogOf(anna, ben)).msg_count).toBe(before - 2);
    });

    it('for oneself tells nobody', async () => {
      await stage.one.domain.messages.doDelete({ ownerId: anna, msgIds: [annas.msg_id], revoke: false, origin: undefined });
      await changesNothing(ben, () => stage.carry());
    });

    it('takes nothing from other dialogs, and not more than one frame may name', async () => {
      const { cleo } = stage;
      const other = await stage.send(cleo, ben, 'from Cleo');
      await changesNothing(ben, () => forge(sayDelete(anna, ben, other), sayDelete(cleo, ben, bens), sayDelete(anna, ben, ...Array.from({ length: DELETED_SLICE + 1 }, () => annas))));
      await forge(sayDelete(anna, ben, annas, other));
      expect([await copyOf(ben, annas), (await copyOf(ben, other))?.text]).toEqual([undefined, 'from Cleo']);
    });

    it('of a history for both takes what only the other has, up to what stays, and not what was written since', async () => {
      await stage.one.domain.messages.doDelete({ ownerId: anna, msgIds: [annas.msg_id], revoke: false, origin: undefined });
      const kept = await stage.send(anna, ben, 'this stays');
      await stage.carry();
      await clearHistory(anna, ben, { maxId: kept.msg_id - 1, revoke: true });
      await stage.carry();
      expect((await stage.dialog(ben, anna)).map((row) => row.text)).toEqual(['this stays']);
      expect((await stage.dialog(anna, ben)).map((row) => row.text)).toEqual(['this stays']);

      await stage.one.clock.advance(5000);
      await clearHistory(anna, ben, { revoke: true });
      await stage.two.clock.advance(10_000);
      const late = await stage.send(ben, anna, 'written before the deletion arrived');
      await stage.carry();
      expect([await stage.dialog(ben, anna), await stage.dialog(anna, ben)].map((rows) => rows.map((row) => row.global_id))).toEqual([[late.global_id], [late.global_id]]);
      await stage.one.clock.advance(5000);
    });

    it('of a history for oneself leaves the other alone', async () => {
      await changesNothing(ben, async () => {
        await clearHistory(anna, ben, { revoke: false });
        await stage.carry();
      });
      expect(await stage.dialog(anna, ben)).toEqual([]);
    });
  });

  describe('a read mark', () => {
    it('moves the mark of the author, with its date, and never back', async () => {
      const second = await stage.send(anna, ben, 'second');
      await stage.carry();
      await read(ben, anna);
      await stage.carry();
      await stage.carry();
      expect(await dialogOf(ben, anna)).toMatchObject({ unread_count: 0 });
      expect((await dialogOf(anna, ben)).read_outbox_max_id).toBe(second.msg_id);
      expect(await stage.one.domain.messages.findReadDate(anna, ben, second.msg_id)).toBe(stage.two.clock.now());
      await changesNothing(ben, () => forge({ kind: 'read', from: anna, to: ben, date: 1, peerMsgId: 1 } as Effect));
    });

    it('moves no further than the dialog, whatever message it names', async () => {
      const { cleo } = stage;
      const other = await stage.send(ben, cleo, 'to Cleo');
      await forge({ kind: 'read', from: anna, to: ben, date: 1, peerMsgId: other.msg_id } as Effect, { kind: 'read', from: anna, to: ben, date: 1, peerMsgId: 2 ** 31 - 1 } as Effect);
      expect((await dialogOf(ben, anna)).read_outbox_max_id).toBe(bens.msg_id);
      expect((await dialogOf(ben, cleo)).read_outbox_max_id).toBe(0);
    });

    it('is kept to oneself while too much waits, and what is read later tells it', async () => {
      stage.setFull(2, true);
      await read(ben, anna);
      stage.setFull(2, false);
      await stage.carry();
      expect((await dialogOf(anna, ben)).read_outbox_max_id).toBeLessThan(annas.msg_id);
      const next = await stage.send(anna, ben, 'next');
      await stage.carry();
      await read(ben, anna);
      await stage.carry();
      expect((await dialogOf(anna, ben)).read_outbox_max_id).toBe(next.msg_id);
    });
  });

  describe('a reaction', () => {
    it('is on both copies, unseen by the author, and goes again', async () => {
      await react(ben, (await copyOf(ben, annas))!, '👍', '🔥');
      await stage.carry();
      await stage.carry();
      const row = await copyOf(anna, annas);
      expect([reactionsOf(row), hasFlag(row!, MessageFlag.unreadReactions)]).toEqual([['👍', '🔥'], true]);
      expect(await stage.one.domain.reactions.countUnread(anna, ben)).toBeGreaterThan(0);
      await react(ben, (await copyOf(ben, annas))!);
      await stage.carry();
      expect(reactionsOf(await copyOf(anna, annas))).toEqual([]);
    });

    it('shows a custom emoji if every server has it, and nobody else gets one', async () => {
      const bundledId = `#${openEmojiPack().sets.find(({ kind }) => kind === 'emoji')!.documents[0]!.id}`;
      const copy = (await copyOf(ben, annas))!;
      await react(ben, copy, bundledId, '👍');
      await stage.carry();
      expect(reactionsOf(await copyOf(anna, annas))).toEqual([bundledId, '👍']);
      expect(await errorOf(react(ben, copy, '#1'))).toBe('REACTION_INVALID');
    });

    it('is left out if it is of another dialog, unknown, too many, or blocked', async () => {
      const { zoe, cleo } = stage;
      await changesNothing(ben, () => forge(sayReaction(zoe, ben, bens, '👍'), sayReaction(cleo, ben, bens, '👍'), sayReaction(anna, ben, bens, 'no emoji'), sayReaction(anna, ben, bens, '#1'), sayReaction(anna, ben, bens, '#x'), sayReaction(anna, ben, bens, '👍', '🔥', '🎉', '👎')));
      await blocks(ben, anna, true);
      await changesNothing(ben, () => forge(sayReaction(anna, ben, bens, '👍')));
      await blocks(ben, anna, false);
      await forge(sayReaction(anna, ben, bens, '👍'));
      expect(reactionsOf(await copyOf(ben, bens))).toEqual(['👍']);
    });
  });
});
