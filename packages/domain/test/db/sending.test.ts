import { RpcError } from '@aerogram/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { unpackMessageExtra } from '../../src/events/message-extra.ts';
import { hasFlag, MessageFlag } from '../../src/events/message-row.ts';
import { addServiceMessage } from '../../src/service/add-service-message.ts';
import { openMessaging } from '../messaging-fixture.ts';
import type { MessagingFixture } from '../messaging-fixture.ts';

let t: MessagingFixture;
beforeAll(async () => {
  t = await openMessaging();
});
afterAll(async () => {
  await t[Symbol.asyncDispose]();
});

const errorOf = async (promise: Promise<unknown>): Promise<string> => {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  return reason instanceof RpcError ? reason.text : `${String(reason)}`;
};

/** Whether ids and pts have no gaps, from the first on. */
const isDense = (values: readonly number[], first: number): boolean =>
  values.toSorted((a, b) => a - b).every((value, index) => value === first + index);

describe('sending', () => {
  test('64 senders to one receiver and to each other get ids and pts without gaps, and no deadlock', async () => {
    const people = Array.from({ length: 64 }, (_, index) => 10_000n + BigInt(index));
    const target = 20_000n;
    const sends = people.flatMap((from, index) => [
      ...Array.from({ length: 4 }, (_, n) => t.send(from, target, `to the one ${n}`)),
      ...Array.from({ length: 4 }, (_, n) => t.send(from, people[(index + n * 7 + 1) % 64]!, `to another ${n}`)),
    ]);
    await Promise.all(sends);
    for (const owner of [...people, target]) {
      const rows = await t.box(owner);
      expect(isDense(rows.map((row) => row.msg_id), 1)).toBe(true);
      expect(isDense(rows.map((row) => row.pts), 2)).toBe(true);
      const dialogs = await t.db.q.selectFrom('dialogs').selectAll().where('owner_id', '=', owner).execute();
      for (const dialog of dialogs) {
        const inDialog = rows.filter((row) => row.peer_id === dialog.peer_id);
        expect(dialog.msg_count).toBe(inDialog.length);
        expect(dialog.top_msg_id).toBe(inDialog.at(-1)?.msg_id);
        expect(dialog.unread_count).toBe(inDialog.filter((row) => !hasFlag(row, MessageFlag.out)).length);
      }
    }
    expect(await t.box(target)).toHaveLength(256);
  });

  test('both copies share a global_id and have mirrored peers', async () => {
    const row = await t.send(1n, 2n, 'hello');
    const [copy] = await t.box(2n);
    expect(copy).toMatchObject({ peer_id: 1n, from_id: 1n, text: 'hello', global_id: row.global_id });
    expect(row).toMatchObject({ peer_id: 2n, from_id: 1n, owner_id: 1n });
    expect([hasFlag(row, MessageFlag.out), hasFlag(copy!, MessageFlag.out)]).toEqual([true, false]);
  });

  test('a message in Saved Messages is one row and one pts', async () => {
    const row = await t.send(3n, 3n, 'note');
    expect(await t.box(3n)).toHaveLength(1);
    expect(row).toMatchObject({ msg_id: 1, pts: 2, peer_id: 3n, saved_peer_id: 3n });
    expect(await t.updates.readPosition(3n)).toMatchObject({ pts: 2, looseSeq: 0 });
    const [dialog] = await t.dialogs.find(3n, [3n]);
    expect(dialog?.unread_count).toBe(0);
  });

  test('a service account has no box, so its dialog is one-sided in both directions', async () => {
    await t.db.transact('notice', (tx) => addServiceMessage(tx, t, 4n, { text: 'Login code: 12345', entities: [] }));
    await t.send(4n, 777000n, 'thanks');
    expect((await t.box(4n)).map((row) => [row.from_id, row.peer_id])).toEqual([
      [777000n, 777000n],
      [4n, 777000n],
    ]);
    expect(await t.box(777000n)).toEqual([]);
  });

  test('a repeat gets the same ids and pts and uses no new number', async () => {
    const randomId = 99n;
    const [first, again] = await Promise.all([
      t.send(5n, 6n, 'once', { randomId }),
      t.send(5n, 6n, 'once', { randomId }),
    ]);
    const later = await t.send(5n, 6n, 'once', { randomId });
    expect([again.msg_id, again.pts, later.msg_id, later.pts]).toEqual([first.msg_id, first.pts, first.msg_id, first.pts]);
    expect(await t.box(6n)).toHaveLength(1);
    expect((await t.send(5n, 6n, 'next')).pts).toBe(first.pts + 1);
  });

  test('a repeat of a deleted message, or one to another peer, is RANDOM_ID_DUPLICATE', async () => {
    const row = await t.send(7n, 8n, 'gone', { randomId: 1n });
    expect(await errorOf(t.send(7n, 9n, 'gone', { randomId: 1n }))).toBe('RANDOM_ID_DUPLICATE');
    await t.messages.doDelete({ ownerId: 7n, msgIds: [row.msg_id], revoke: true, origin: undefined });
    expect(await errorOf(t.send(7n, 8n, 'gone', { randomId: 1n }))).toBe('RANDOM_ID_DUPLICATE');
  });

  test('one invalid send in a batch fails alone', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        t.send(30n, 31n, `m${index}`, index === 7 ? { reply: { msgId: 12345, quote: undefined } } : {}),
      ),
    );
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1);
    expect(isDense((await t.box(31n)).map((row) => row.pts), 2)).toBe(true);
    expect(await t.box(31n)).toHaveLength(19);
  });

  test('a deleted account cannot be written to', async () => {
    const peer = t.peer(1n, 2n);
    const sending = t.messages.doSendText(
      { ...peer, row: { ...peer.row, deleted: true } },
      {
        senderId: 1n,
        randomId: 5n,
        text: { text: 'x', entities: [] },
        silent: false,
        noforwards: false,
        noWebpage: false,
        invertMedia: false,
        origin: undefined,
      },
    );
    expect(await errorOf(sending)).toBe('INPUT_USER_DEACTIVATED');
  });
});

describe('replies', () => {
  test('are translated to each owner’s ids, and keep the quote', async () => {
    await t.send(40n, 99n, 'shifts the ids of 40');
    const original = await t.send(40n, 41n, 'question?');
    const quote = { _: 'messageReplyHeader', quote: true, quote_text: 'quest' } as const;
    const [theirs] = await t.box(41n);
    const reply = await t.send(41n, 40n, 'answer', { reply: { msgId: theirs!.msg_id, quote } });
    const mine = (await t.box(40n)).at(-1)!;
    expect(reply.reply_to_msg_id).toBe(theirs!.msg_id);
    expect(mine.reply_to_msg_id).toBe(original.msg_id);
    expect(original.msg_id).not.toBe(theirs!.msg_id);
    expect(unpackMessageExtra(mine.extra).replyTo).toMatchObject({ quote_text: 'quest' });
  });

  test('lose their header if the receiver lacks the message', async () => {
    const original = await t.send(42n, 43n, 'soon gone there');
    const [theirs] = await t.box(43n);
    await t.messages.doDelete({ ownerId: 43n, msgIds: [theirs!.msg_id], revoke: false, origin: undefined });
    const reply = await t.send(42n, 43n, 'see above', { reply: { msgId: original.msg_id, quote: undefined } });
    expect(reply.reply_to_msg_id).toBe(original.msg_id);
    expect((await t.box(43n)).at(-1)!.reply_to_msg_id).toBeNull();
  });

  test('to a message of another dialog are refused', async () => {
    const elsewhere = await t.send(44n, 45n, 'elsewhere');
    expect(await errorOf(t.send(44n, 46n, 'x', { reply: { msgId: elsewhere.msg_id, quote: undefined } }))).toBe(
      'REPLY_MESSAGE_ID_INVALID',
    );
  });
});

test('a deletion for both that races with the creation of the message skips it or deletes it completely', async () => {
  for (let msgId = 1; msgId <= 40; msgId++) {
    const deletion = { ownerId: 61n, msgIds: [msgId], revoke: true, origin: undefined };
    await Promise.all([t.send(60n, 61n, `m${msgId}`), t.messages.doDelete(deletion)]);
  }
  expect((await t.box(60n)).map((row) => row.text)).toEqual((await t.box(61n)).map((row) => row.text));
});

describe('forwards', () => {
  test('keep order and author, and record their source in Saved Messages', async () => {
    const sent = [await t.send(50n, 51n, 'one'), await t.send(51n, 50n, 'two'), await t.send(50n, 51n, 'three')];
    const ids = (await t.box(50n)).map((row) => row.msg_id);
    const rows = await t.forward(50n, 51n, 52n, { msgIds: ids, randomIds: [1n, 2n, 3n] });
    expect(rows.map((row) => row.text)).toEqual(sent.map((row) => row.text));
    const authors = (await t.box(52n)).map((row) => unpackMessageExtra(row.extra).fwdFrom?.from_id);
    expect(authors).toEqual([50n, 51n, 50n].map((id) => ({ _: 'peerUser', user_id: id })));

    const [saved] = await t.forward(50n, 51n, 50n, { msgIds: [ids[1]!], randomIds: [4n] });
    expect(saved?.saved_peer_id).toBe(51n);
    expect(unpackMessageExtra(saved!.extra).fwdFrom).toMatchObject({ saved_from_msg_id: ids[1] });
  });

  test('reply to each other as the originals did, on both sides, if both are forwarded', async () => {
    const quote = { _: 'messageReplyHeader', quote: true, quote_text: 'one' } as const;
    await t.send(57n, 56n, 'before the rest');
    await t.send(56n, 57n, 'one');
    const answer = await t.send(57n, 56n, 'two', { reply: { msgId: (await t.box(57n)).at(-1)!.msg_id, quote } });
    const ids = (await t.box(56n)).map((row) => row.msg_id).slice(-2);
    const forward = (msgIds: number[], randomIds: bigint[]): ReturnType<typeof t.forward> => t.forward(56n, 57n, 58n, { msgIds, randomIds });
    expect(answer.reply_to_msg_id).not.toBeNull();
    await t.send(58n, 59n, 'so that ids differ');
    const rows = await forward(ids, [11n, 12n]);
    expect(rows.map((row) => row.reply_to_msg_id)).toEqual([null, rows[0]!.msg_id]);
    expect(unpackMessageExtra(rows[1]!.extra).replyTo).toMatchObject({ quote_text: 'one' });
    const theirs = (await t.box(58n)).slice(-2);
    expect(theirs.map((row) => row.reply_to_msg_id)).toEqual([null, theirs[0]!.msg_id]);
    const alone = await forward(ids.slice(1), [13n]);
    expect(alone.map((row) => row.reply_to_msg_id)).toEqual([null]);
    expect((await forward(ids, [11n, 12n])).map((row) => row.msg_id)).toEqual(rows.map((row) => row.msg_id));
  });

  test('of protected messages are refused', async () => {
    const row = await t.send(53n, 54n, 'secret', { noforwards: true });
    const forwarding = t.forward(53n, 54n, 55n, { msgIds: [row.msg_id], randomIds: [9n] });
    expect(await errorOf(forwarding)).toBe('CHAT_FORWARDS_RESTRICTED');
  });
});
