import { afterAll, describe, expect, it } from 'vitest';

import type { ResolvedChat } from '../../src/access/index.ts';
import { READ_DATES_KEPT_S } from '../../src/index.ts';
import type { UserRow } from '../../src/peers/index.ts';
import { createStrangerStage } from './stranger-stage.ts';

const { world, arriveAll, boxOf, createChannel, createGroup, chatIdOf, doorOf, invite, post } = await createStrangerStage();
afterAll(() => world[Symbol.asyncDispose]());

it('read dates of all kinds of chat, and who played which post, are deleted after a week, and no earlier', async () => {
  const { q } = world.db;
  const limit = world.clock.now() - READ_DATES_KEPT_S;
  const dates = [limit - 1, limit + 60];
  await q.insertInto('read_dates').values(dates.map((date, n) => ({ owner_id: 1n, peer_id: 2n, max_id: n + 1, date }))).execute();
  await q.insertInto('channel_reads').values(dates.map((date, n) => ({ channel_id: 3n, user_id: 1n, max_id: n + 1, date }))).execute();
  await q.insertInto('heard_posts').values(dates.map((date, n) => ({ channel_id: 3n, user_id: 1n, msg_id: n + 1, date }))).execute();
  for (const name of ['forget-read-dates', 'forget-channel-reads', 'forget-heard-posts']) {
    const job = world.domain.jobKinds.find(({ kind }) => kind === name)!;
    await job.perform(new Uint8Array(), { signal: new AbortController().signal } as never);
  }
  expect(await q.selectFrom('read_dates').select('max_id').execute()).toEqual([{ max_id: 2 }]);
  expect(await q.selectFrom('channel_reads').select('max_id').execute()).toEqual([{ max_id: 2 }]);
  expect(await q.selectFrom('heard_posts').select('msg_id').execute()).toEqual([{ msg_id: 2 }]);
});

describe.each(['basic group', 'supergroup'])('the readers of a message in a %s', (kind) => {
  it('are not told to those to whom their privacy settings hide it, nor to those who hide the same', async () => {
    const [author, open, unseen, secret] = (await arriveAll(4)) as [UserRow, UserRow, UserRow, UserRow];
    const readers = [open, unseen, secret];
    const peerId = kind === 'supergroup' ? await createChannel(author) : (await createGroup(author, readers)).peerId;
    if (kind === 'supergroup') await invite(author, peerId, readers);
    await post(author, peerId);
    for (const { user_id: ownerId } of readers) {
      if (kind === 'supergroup') await doorOf(peerId).posts.doRead(ownerId, 1_000_000);
      else await world.domain.messages.doReadHistory({ ownerId, peerId, maxId: 0, origin: undefined });
    }
    async function list(): Promise<Set<bigint>> {
      if (kind === 'supergroup') {
        const { msg_id } = await world.db.q.selectFrom('channel_messages').select('msg_id').where('from_id', '=', author.user_id).orderBy('msg_id', 'desc').limit(1).executeTakeFirstOrThrow();
        return new Set((await doorOf(peerId).posts.listReaders(author.user_id, msg_id)).map((reader) => reader.user_id));
      }
      const chat = (await world.domain.peers.accessInputPeer(author.user_id, { _: 'inputPeerChat', chat_id: chatIdOf(peerId) })) as ResolvedChat;
      return new Set((await world.domain.messages.listReaders(author.user_id, chat, (await boxOf(author, peerId)).at(-1)!.msg_id)).map((reader) => reader.user_id));
    }
    const setSeen = (user: UserRow, kind: 'AllowAll' | 'DisallowAll'): Promise<unknown> => world.domain.privacy.doSetRules(user.user_id, 'StatusTimestamp', [{ kind, ids: [] }], undefined);
    const setHidden = (user: UserRow, hide_read_marks: boolean): Promise<unknown> => world.domain.privacy.doSetGlobalSettings(user.user_id, { _: 'globalPrivacySettings', hide_read_marks });
    expect(await list()).toEqual(new Set(readers.map((reader) => reader.user_id)));
    await setSeen(unseen, 'DisallowAll');
    await setHidden(secret, true);
    expect(await list()).toEqual(new Set([open.user_id]));
    await setSeen(author, 'DisallowAll');
    expect(await list()).toEqual(new Set());
    await setSeen(author, 'AllowAll');
    await setHidden(author, true);
    expect(await list()).toEqual(new Set());
  });
});
