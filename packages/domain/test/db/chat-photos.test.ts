import { randomBytes } from 'node:crypto';
import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { uploadedPhotos } from './accounts-world.ts';
import { createFileStage, type FileStage, ORIGIN } from './file-stage.ts';

const WEEK_S = 7 * 86_400;

describe('photos of groups and channels', () => {
  let stage: FileStage;
  let alice: bigint;

  beforeAll(async () => {
    stage = await createFileStage({}, { photos: uploadedPhotos });
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    alice = await stage.signUp('Alice');
  });

  const prepare = async (currentId: bigint | null = null): Promise<tl.photo> => {
    const id = stage.nextId();
    await stage.world.domain.files.doSavePart({ userId: alice, fileId: id, part: 0, totalParts: undefined }, randomBytes(1000));
    const photo = await stage.world.domain.files.photos.doPrepareChatPhoto(alice, { _: 'inputChatUploadedPhoto', file: { _: 'inputFile', id, parts: 1, name: 'a', md5_checksum: '' } }, currentId);
    return photo!;
  };
  const stored = async (): Promise<bigint[]> => (await stage.world.db.q.selectFrom('documents').select('document_id').where('uploader_id', '=', alice).execute()).map((row) => row.document_id);
  const collectAfter = async (seconds: number): Promise<void> => {
    await stage.world.runJobs('repeat');
    await stage.runJob('collect-files');
    await stage.world.clock.advance(seconds * 1000);
    await stage.runJob('collect-files');
  };

  it('of a channel stay as long as they stand there or a message shows them, and go with the channel', async () => {
    const { channels } = stage.world.domain;
    const { first: created } = await channels.doCreate({ creatorId: alice, kind: 'megagroup', title: 'A channel', about: '', ttlPeriod: 0, randomId: stage.nextId(), origin: ORIGIN });
    const channelId = -created.owner_id - 10n ** 12n;
    const { settings, posts } = channels.at(channelId);
    const acting = { actorId: alice, origin: ORIGIN };
    const first = await prepare();
    await settings.doEditPhoto(acting, first);
    // Without its message, the photo beside the title is all that refers to it.
    await posts.doDelete(acting, [created.msg_id + 1]);
    await collectAfter(2 * WEEK_S);
    expect(await stored()).toContain(first.id);
    const second = await prepare();
    await settings.doEditPhoto(acting, second);
    await settings.doEditPhoto(acting, undefined);
    await collectAfter(WEEK_S + 60);
    // The message about the second one still shows it.
    expect(await stored()).toEqual([second.id]);
    await settings.doDelete(acting);
    await collectAfter(WEEK_S + 60);
    expect(await stored()).toEqual([]);
  });

  it('of a channel go with it even if they stand beside its title', async () => {
    const { channels } = stage.world.domain;
    const { first: created } = await channels.doCreate({ creatorId: alice, kind: 'broadcast', title: 'A channel', about: '', ttlPeriod: 0, randomId: stage.nextId(), origin: ORIGIN });
    const { settings } = channels.at(-created.owner_id - 10n ** 12n);
    const acting = { actorId: alice, origin: ORIGIN };
    await settings.doEditPhoto(acting, await prepare());
    await settings.doDelete(acting);
    await collectAfter(WEEK_S + 60);
    expect(await stored()).toEqual([]);
  });

  it('of a basic group stay with the supergroup that it becomes, and go with a group that is deleted', async () => {
    const { groups, channels } = stage.world.domain;
    const photo = await prepare();
    const create = async (): Promise<bigint> => -(await groups.doCreate({ creatorId: alice, title: 'A group', users: [], ttlPeriod: 0, randomId: stage.nextId(), origin: ORIGIN })).notice!.peer_id;
    const chatId = await create();
    const acting = { actorId: alice, chatId, origin: ORIGIN };
    await groups.doEditPhoto(acting, photo);
    const { peerId } = await channels.doMigrate(acting);
    await groups.operator.doDelete(chatId);
    await collectAfter(WEEK_S + 60);
    expect(await stored()).toEqual([photo.id]);
    await channels.at(-peerId - 10n ** 12n).settings.doDelete({ actorId: alice, origin: ORIGIN });
    await collectAfter(WEEK_S + 60);
    expect(await stored()).toEqual([]);

    const other = await create();
    const inOther = { actorId: alice, chatId: other, origin: ORIGIN };
    await groups.doEditPhoto(inOther, await prepare());
    await collectAfter(WEEK_S + 60);
    expect(await stored()).toHaveLength(1);
    await groups.doDelete(inOther);
    await collectAfter(WEEK_S + 60);
    expect(await stored()).toEqual([]);
  });
});
