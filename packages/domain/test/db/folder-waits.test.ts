import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { UserRow } from '../../src/peers/index.ts';
import { APP, createWorld, errorOf, type World } from './accounts-world.ts';

const ORIGIN = { authKeyId: 1n, sessionId: 1n };
const FOLDER = 2;
/** How often the server lets a person come into one chat and leave it at once. */
const VISITS = 100;

describe('joining the chats of a shared folder', () => {
  let world: World;
  let alice: UserRow;
  let bob: UserRow;
  let randomId = 9000n;
  beforeAll(async () => {
    world = await createWorld();
    const { userId } = await world.signUp('9996611111', 'Alice');
    alice = (await world.domain.users.findRow(userId))!;
    // Test numbers are not limited.
    const [device, phone] = [await world.newDevice(), '15553000001'];
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    await world.domain.auth.doSignIn(device, phone, codeHash, world.codes.at(-1)!.code);
    bob = (await world.domain.users.findRow(await world.domain.auth.doSignUp(device, phone, codeHash, { firstName: 'Bob', lastName: '' })))!;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('keeps what was joined when the person has to wait, and goes on later', async () => {
    const { channels, filters, sharedFolders, peers } = world.domain;
    const acting = { actorId: bob.user_id, origin: ORIGIN };
    const ids: bigint[] = [];
    for (const title of ['First', 'Second']) {
      const { first } = await channels.doCreate({ creatorId: alice.user_id, kind: 'megagroup', title, about: '', ttlPeriod: 0, randomId: ++randomId, origin: ORIGIN });
      ids.push(first.owner_id);
    }
    const [first, second] = ids as [bigint, bigint];
    const inputs = ids.map((id) => ({ _: 'inputPeerChannel' as const, channel_id: -1_000_000_000_000n - id, access_hash: world.domain.accessHashes.of('channel', alice.user_id, -1_000_000_000_000n - id) }));
    const title = { _: 'textWithEntities' as const, text: 'Hobbies', entities: [] };
    await filters.doUpdate(alice.user_id, FOLDER, { _: 'dialogFilter', id: FOLDER, title, pinned_peers: [], include_peers: inputs, exclude_peers: [] }, ORIGIN);
    const shared = await Promise.all(inputs.map((input) => peers.accessInputPeer(alice.user_id, input)));
    const { link } = await sharedFolders.doExport({ actorId: alice.user_id, origin: ORIGIN }, FOLDER, { title: '', peers: shared });

    const { hash } = await world.domain.invites.at(second).doExport({ actorId: alice.user_id, origin: ORIGIN }, { permanent: false, exportId: 1n });
    for (let n = 0; n < VISITS; n++) {
      await world.domain.invites.at(second).doEnter(acting, hash);
      await channels.at(-second - 10n ** 12n).members.doLeave(acting);
    }
    expect(await errorOf(sharedFolders.doJoin(acting, link.slug, ids))).toMatch(/^FLOOD_WAIT_/);
    const folders = (await filters.list(bob.user_id)).filters.filter((filter) => filter._ === 'dialogFilterChatlist');
    expect(folders).toMatchObject([{ title: { text: 'Hobbies' }, include_peers: [{ channel_id: -1_000_000_000_000n - first }] }]);
    const { id } = folders[0]!;
    expect(await sharedFolders.suggestLeaving(bob.user_id, id)).toEqual([first]);

    await world.clock.advance(60_000);
    const { filter } = await sharedFolders.doJoin(acting, link.slug, ids);
    expect(filter).toMatchObject({ id, include_peers: [{ channel_id: -1_000_000_000_000n - first }, { channel_id: -1_000_000_000_000n - second }] });
    expect(await sharedFolders.suggestLeaving(bob.user_id, id)).toEqual([first, second]);
  });

  it('counts as opening a link, also for what was added to the folder later', async () => {
    const acting = { actorId: bob.user_id, origin: ORIGIN };
    let text = '';
    for (let n = 0; n < 300 && !text.startsWith('FLOOD_WAIT_'); n++) text = await errorOf(world.domain.sharedFolders.doJoinNews(acting, 200, []));
    expect(text).toMatch(/^FLOOD_WAIT_/);
  });
});
