import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { APP, createWorld, errorOf, type World, uploadedPhotos } from './accounts-world.ts';

/** Limits on messages to one user and on the number of strangers that one user can write to. */
describe('limits of sending', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({}, { photos: uploadedPhotos });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  let people = 0;
  let randomId = 1n;

  /** An account with an ordinary phone number; test numbers are not limited. */
  async function arrive(): Promise<bigint> {
    people++;
    const phone = `1555${String(3_000_000 + people)}`;
    const device = await world.newDevice();
    const { codeHash } = await world.domain.auth.doSendCode(device, phone, APP);
    await world.domain.auth.doSignIn(device, phone, codeHash, world.codes.at(-1)!.code);
    return world.domain.auth.doSignUp(device, phone, codeHash, { firstName: `P${people}`, lastName: '' });
  }

  const arriveAll = async (count: number): Promise<bigint[]> => {
    const ids: bigint[] = [];
    while (ids.length < count) ids.push(await arrive());
    return ids;
  };

  async function send(senderId: bigint, userId: bigint): Promise<string> {
    const row = (await world.domain.users.findRow(userId))!;
    const peer = { kind: 'user' as const, userId, peerId: userId, isSelf: false, row };
    const text = { text: 'hi', entities: [] };
    return errorOf(world.domain.messages.doSendText(peer, { senderId, text, randomId: randomId++, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined }));
  }

  it('lets a new account write first to 25 users a day, and to any number who answer or know it', async () => {
    const [spammer, friend, ...strangers] = await arriveAll(29) as [bigint, bigint, ...bigint[]];
    for (const id of strangers.slice(0, 25)) expect(await send(spammer, id)).toBe('no error');
    expect(await send(spammer, strangers[25]!)).toBe('PEER_FLOOD');
    // Not counted: users written to before, users who wrote first, and users who have the sender as a contact.
    expect(await send(spammer, strangers[0]!)).toBe('no error');
    expect(await send(strangers[26]!, spammer)).toBe('no error');
    expect(await send(spammer, strangers[26]!)).toBe('no error');
    const row = (await world.domain.users.findRow(spammer))!;
    await world.domain.contacts.doAddContact(friend, row, { first_name: 'Pal', last_name: '', phone: '', note: '' });
    expect(await send(spammer, friend)).toBe('no error');
    // The limit holds after a restart, and refused sends do not count.
    await world.restart();
    expect(await send(spammer, strangers[25]!)).toBe('PEER_FLOOD');
    // An answer makes room for another stranger.
    expect(await send(strangers[3]!, spammer)).toBe('no error');
    expect(await send(spammer, strangers[25]!)).toBe('no error');
    await world.clock.advance(86_400_000);
    expect(await send(spammer, await arrive())).toBe('no error');
  });

  it('still counts strangers who never answered, after their first messages are forgotten', async () => {
    const [spammer, ...strangers] = await arriveAll(3) as [bigint, ...bigint[]];
    for (const id of strangers) expect(await send(spammer, id)).toBe('no error');
    await world.clock.advance(31 * 86_400_000);
    await world.db.transact('forget-contacts', (tx) => tx.q.deleteFrom('first_contacts').where('owner_id', '=', spammer).execute());
    await world.restart();
    for (const id of strangers) expect(await send(spammer, id)).toBe('no error');
    const counted = await world.db.q.selectFrom('first_contacts').select('peer_id').where('owner_id', '=', spammer).execute();
    expect(counted.map((row) => row.peer_id)).toEqual(strangers);
  });

  it('counts strangers whom an account reaches by service messages alone', async () => {
    const { domain } = world;
    const [spammer, ...strangers] = (await arriveAll(30)) as [bigint, ...bigint[]];
    const peerOf = async (userId: bigint) => ({ kind: 'user' as const, userId, peerId: userId, isSelf: false, row: (await domain.users.findRow(userId))! });
    const setWallpaper = async (userId: bigint): Promise<string> => {
      const wallpaper = { wallpaper: { _: 'inputWallPaperNoFile', id: 0n }, settings: { _: 'wallPaperSettings', background_color: 5 }, msgId: undefined, forBoth: true } as const;
      return errorOf(domain.chatWallpapers.doSet(await peerOf(userId), { ownerId: spammer, origin: undefined }, wallpaper));
    };
    const suggestPhoto = async (userId: bigint): Promise<string> => {
      await domain.contacts.doAddContact(spammer, (await domain.users.findRow(userId))!, { first_name: 'Pal', last_name: '', phone: '', note: '' });
      const file = { _: 'inputFile', id: userId, parts: 1, name: 'a', md5_checksum: '' } as const;
      await domain.files.doSavePart({ userId: spammer, fileId: file.id, part: 0, totalParts: undefined }, Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(500, Number(userId % 251n))]));
      return errorOf(domain.contactPhotos.doSuggest({ ownerId: spammer, userId }, { file }));
    };
    const setLifetime = async (userId: bigint): Promise<string> => errorOf(domain.ttl.doSet(await peerOf(userId), { ownerId: spammer, period: 86_400, origin: undefined }));
    const protect = async (userId: bigint): Promise<string> =>
      errorOf(domain.protection.doToggle(await peerOf(userId), { ownerId: spammer, enabled: true, requestId: undefined, origin: undefined }));

    const ways = [setWallpaper, suggestPhoto, setLifetime, protect];
    for (const [n, id] of strangers.slice(0, 25).entries()) expect(await ways[n % ways.length]!(id)).toBe('no error');
    const refused: string[] = [];
    for (const [n, way] of ways.entries()) refused.push(await way(strangers[25 + n]!));
    expect(refused).toEqual(['PEER_FLOOD', 'PEER_FLOOD', 'PEER_FLOOD', 'PEER_FLOOD']);
    expect(await send(spammer, strangers[28]!)).toBe('PEER_FLOOD');
  });

  it('lets one user send 1,200 messages to a group at once, and then 20 a second, edits included', async () => {
    const author = await arrive();
    const origin = { authKeyId: 1n, sessionId: 1n };
    const { first } = await world.domain.channels.doCreate({ creatorId: author, origin, kind: 'megagroup', title: 'Climbing', about: '', ttlPeriod: 0, randomId: randomId++ });
    const { posts } = world.domain.channels.at(-first.owner_id - 10n ** 12n);
    const part = () => ({ randomId: randomId++, text: 'hi', flags: 0, extra: {} });
    const post = (count: number) => errorOf(posts.doSend({ actorId: author, origin: undefined, parts: Array.from({ length: count }, part), reply: undefined, signature: '' }));
    for (let sent = 0; sent < 1200; sent += 100) expect(await post(100)).toBe('no error');
    expect(await post(1)).toMatch(/^FLOOD_WAIT/);
    await world.clock.advance(1000);
    expect(await post(20)).toBe('no error');
    expect(await post(1)).toMatch(/^FLOOD_WAIT/);
    // An edit counts as a message.
    const edit = (text: string) => errorOf(posts.doEdit({ actorId: author, origin: undefined, msgId: 2, text: { text, entities: [] }, noWebpage: false, invertMedia: false }));
    expect(await edit('hello')).toMatch(/^FLOOD_WAIT/);
    await world.clock.advance(1000);
    for (let n = 0; n < 20; n++) expect(await edit(`hello ${n}`)).toBe('no error');
    expect(await edit('hello')).toMatch(/^FLOOD_WAIT/);
  });

  describe('lets one user cause 200 service messages at once, and then one in 10 seconds', () => {
    /** Changes the title until that is refused. @returns how often it was changed */
    async function exhaust(rename: (title: string) => Promise<unknown>): Promise<number> {
      for (let n = 0; n < 300; n++) {
        const error = await errorOf(rename(`Title ${n}`));
        if (error !== 'no error') {
          expect(error).toBe('FLOOD_WAIT_10');
          return n;
        }
      }
      return Infinity;
    }

    const rows = async (ids: bigint[]) => Promise.all(ids.map(async (id) => (await world.domain.users.findRow(id))!));

    it('in a supergroup, where people can still be removed, and leave, without a message', async () => {
      const [author, member] = await arriveAll(2) as [bigint, bigint];
      const { first } = await world.domain.channels.doCreate({ creatorId: author, origin: { authKeyId: 1n, sessionId: 1n }, kind: 'megagroup', title: 'Climbing', about: '', ttlPeriod: 0, randomId: randomId++ });
      const { posts, members, settings } = world.domain.channels.at(-first.owner_id - 10n ** 12n);
      const acting = { actorId: author, origin: undefined };
      await members.doInvite(acting, await rows([member]));
      expect(await exhaust((title) => settings.doEditTitle(acting, title))).toBe(199);
      const { count } = await posts.findState(author);
      await posts.doSend({ ...acting, parts: [{ randomId: randomId++, text: 'hi', flags: 0, extra: {} }], reply: undefined, signature: '' });
      expect(await errorOf(posts.doPin({ ...acting, msgId: count + 1, pinned: true, silent: false }))).toBe('FLOOD_WAIT_10');
      expect(await errorOf(settings.doSetLifetime(acting, 86_400))).toBe('FLOOD_WAIT_10');
      await members.doEditBanned({ ...acting, userId: member, rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } });
      expect((await posts.findState(author)).count).toBe(count + 1);
      await world.clock.advance(10_000);
      await settings.doEditTitle(acting, 'Bouldering');
      expect(await errorOf(settings.doEditTitle(acting, 'Climbing'))).toBe('FLOOD_WAIT_10');
      await members.doLeave(acting);
      expect((await posts.findState(author)).count).toBe(count + 2);
    });

    it('in a basic group, also by pins, the lifetime of messages, and what is told without a message', async () => {
      const [author, member] = await arriveAll(2) as [bigint, bigint];
      const { domain } = world;
      const origin = { authKeyId: 1n, sessionId: 1n };
      const created = await domain.groups.doCreate({ creatorId: author, title: 'Climbing', users: await rows([member]), ttlPeriod: 0, randomId: randomId++, origin });
      const { peer_id: peerId, msg_id: msgId } = created.notice!;
      const acting = { actorId: author, chatId: -peerId, origin };
      expect(await exhaust((title) => domain.groups.doEditTitle(acting, title))).toBe(200);
      const peer = await domain.peers.accessChat(author, -peerId);
      expect(await errorOf(domain.messages.doPin(peer, { ownerId: author, msgId, pinned: true, oneSide: false, silent: false, origin }))).toBe('FLOOD_WAIT_10');
      expect(await errorOf(domain.ttl.doSet(peer, { ownerId: author, period: 86_400, origin }))).toBe('FLOOD_WAIT_10');
      // Other changes are told to all members as well, and count alike. What changes nothing does not.
      const { groups } = domain;
      await domain.acceptance.doAccept(member, peerId);
      const rights = (send_polls: boolean) => ({ _: 'chatBannedRights', send_polls, until_date: 0 }) as const;
      const changes = {
        rights: () => groups.doEditDefaultRights(acting, rights(true)),
        admin: () => groups.doEditAdmin(acting, member, true),
        about: () => groups.doEditAbout(acting, 'On rocks'),
        protection: () => groups.doToggleNoForwards(acting, true),
        reactions: () => groups.doSetReactions(acting, { _: 'chatReactionsNone' }, undefined),
        rank: () => groups.doEditRank(acting, member, 'Guide'),
        creator: async () => groups.doEditCreator(acting, (await rows([member]))[0]!),
      };
      for (const [name, change] of Object.entries(changes)) expect([name, await errorOf(change())]).toEqual([name, 'FLOOD_WAIT_10']);
      expect(await errorOf(groups.doEditAdmin(acting, member, false))).toBe('no error');
      await world.clock.advance(10_000);
      expect(await errorOf(groups.doEditDefaultRights(acting, rights(false)))).toBe('CHAT_NOT_MODIFIED');
      expect(await errorOf(changes.rights())).toBe('no error');
      expect(await errorOf(changes.admin())).toBe('FLOOD_WAIT_10');
      const { notice } = await groups.doRemoveUser(acting, member, false);
      expect(notice).toBeUndefined();
    });
  });

  it('counts concurrent first messages one by one', async () => {
    const [spammer, ...strangers] = await arriveAll(31) as [bigint, ...bigint[]];
    const outcomes = await Promise.all(strangers.map((id) => send(spammer, id)));
    expect(outcomes.filter((text) => text === 'no error')).toHaveLength(25);
  });

  it('stops strangers from flooding a user together, who still gets messages from known users', async () => {
    const [victim, friend, ...crowd] = await arriveAll(12) as [bigint, bigint, ...bigint[]];
    expect(await send(victim, friend)).toBe('no error');
    const outcomes: string[] = [];
    for (let round = 0; round < 8; round++) for (const id of crowd) outcomes.push(await send(id, victim));
    expect(outcomes.filter((text) => text === 'no error')).toHaveLength(60);
    expect(outcomes.at(-1)).toBe('FLOOD_WAIT_1');
    expect(await send(friend, victim)).toBe('no error');
    await world.clock.advance(1000);
    expect(await send(crowd[0]!, victim)).toBe('no error');
    expect(await send(crowd[0]!, victim)).toBe('FLOOD_WAIT_1');
  });

  it('count edits and reactions as messages, which nevertheless answer nothing', async () => {
    const { domain } = world;
    const [victim, spammer] = await arriveAll(2) as [bigint, bigint];
    expect(await send(spammer, victim)).toBe('no error');
    const peerOf = async (userId: bigint) => ({ kind: 'user' as const, userId, peerId: userId, isSelf: false, row: (await domain.users.findRow(userId))! });
    const lastOf = async (ownerId: bigint): Promise<number> => (await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', ownerId).orderBy('msg_id', 'desc').limit(1).executeTakeFirstOrThrow()).msg_id;
    const edit = async (text: string): Promise<string> =>
      errorOf(domain.messages.doEdit(await peerOf(victim), { ownerId: spammer, msgId: await lastOf(spammer), text: { text, entities: [] }, noWebpage: false, invertMedia: false, origin: undefined }));
    const react = async (userId: bigint, toId: bigint, emoticon: string): Promise<string> =>
      errorOf(domain.reactions.doReact(await peerOf(toId), { ownerId: userId, msgId: await lastOf(userId), reactions: [{ _: 'reactionEmoji', emoticon }], big: false, addsToRecent: false, origin: undefined }));
    // Reacting is no answer, so that the first message goes on counting.
    expect(await react(victim, spammer, '\u{1f44e}')).toBe('no error');
    expect(await world.db.q.selectFrom('first_contacts').select('peer_id').where('owner_id', '=', spammer).execute()).toEqual([{ peer_id: victim }]);
    // Once a second for as long as somebody likes.
    for (let n = 0; n < 5; n++) {
      expect(await edit(`once a second ${n}`)).toBe('no error');
      await world.clock.advance(1000);
    }
    await world.clock.advance(1000);
    for (let n = 0; n < 60; n++) expect(await (n % 2 === 0 ? edit(`edit ${n}`) : react(spammer, victim, n % 4 === 1 ? '\u{1f44d}' : '\u{1f44e}'))).toBe('no error');
    expect(await edit('more')).toBe('FLOOD_WAIT_1');
    expect(await react(spammer, victim, '\u{1f44d}')).toBe('FLOOD_WAIT_1');
    expect(await react(victim, spammer, '\u{1f44d}')).toBe('no error');
  });

  it('know within a minute that somebody is no contact any more', async () => {
    const [victim, spammer] = await arriveAll(2) as [bigint, bigint];
    const row = (await world.domain.users.findRow(spammer))!;
    await world.domain.contacts.doAddContact(victim, row, { first_name: 'Pal', last_name: '', phone: '', note: '' });
    expect(await send(spammer, victim)).toBe('no error');
    await world.domain.contacts.doDeleteContacts(victim, [spammer]);
    await world.clock.advance(60_000);
    for (let n = 0; n < 60; n++) expect(await send(spammer, victim)).toBe('no error');
    expect(await send(spammer, victim)).toBe('FLOOD_WAIT_1');
  });

  it('limits the messages that one user gets in total', async () => {
    const [victim, friend] = await arriveAll(2) as [bigint, bigint];
    await send(victim, friend);
    const outcomes: string[] = [];
    for (let n = 0; n < 10; n++) outcomes.push(...(await Promise.all(Array.from({ length: 101 }, () => send(friend, victim)))));
    expect(outcomes.filter((text) => text === 'no error')).toHaveLength(1000);
  });
});

/** Clients may ask whether a phone number has an account, but not for all numbers. */
describe('enumeration of phone numbers', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const numberOf = (n: number): string => `1555${String(4_000_000 + n)}`;

  it('by log-in codes ends after 20 numbers per device, and 100 per address', async () => {
    const ask = async (device: Awaited<ReturnType<World['newDevice']>>, n: number): Promise<string> =>
      errorOf(world.domain.auth.doSendCode(device, numberOf(n), APP));
    const device = { ...(await world.newDevice()), address: '203.0.113.7' };
    const outcomes: string[] = [];
    for (let n = 0; n < 21; n++) outcomes.push(await ask(device, n));
    expect(outcomes).toEqual([...Array.from({ length: 20 }, () => 'no error'), 'FLOOD_WAIT_180']);
    let asked = 20;
    for (;;) {
      const other = { ...(await world.newDevice()), address: '203.0.113.7' };
      const outcome = await ask(other, 1000 + asked);
      if (outcome !== 'no error') {
        expect(outcome).toBe('FLOOD_WAIT_20');
        break;
      }
      asked++;
    }
    expect(asked).toBe(100);
    // Others are not affected.
    expect(await ask({ ...(await world.newDevice()), address: '203.0.113.8' }, 5000)).toBe('no error');
  });

  it('by changes of the number ends after 20 numbers per account, on all its devices', async () => {
    const { device } = await world.signUp('9996670001', 'Curious');
    await world.clock.advance(2 * 86_400_000);
    const outcomes: string[] = [];
    for (let n = 0; n < 21; n++) outcomes.push(await errorOf(world.domain.auth.doSendChangePhoneCode(device, numberOf(100 + n))));
    expect(outcomes.at(-1)).toMatch(/^FLOOD_WAIT_\d+$/);
    expect(outcomes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'no error'));
  });

  it('by look-ups ends after 10,000 a day per account, and 50,000 a day per address', async () => {
    const { contacts } = world.domain;
    const address = '2001:db8:1:2::5';
    for (let account = 0; account < 5; account++) {
      const { userId } = await world.signUp(`999668000${account}`, 'Bot');
      const entries = Array.from({ length: 10_001 }, (_, n) => ({ clientId: BigInt(n), phone: 'none', firstName: '', lastName: '' }));
      expect((await contacts.doImportContacts(userId, entries, undefined, address)).retry).toEqual([10_000n]);
    }
    const { userId } = await world.signUp('9996680009', 'Bot');
    expect(await errorOf(contacts.findByPhone(userId, '9996680001', '2001:db8:1:2:ffff::1'))).toMatch(/^FLOOD_WAIT_\d+$/);
    expect((await contacts.findByPhone(userId, '9996680001', '2001:db8:1:3::1'))?.first_name).toBe('Bot');
  });
});

describe('limits of test numbers', () => {
  it.each([
    ['without the setting, they may write to any number of strangers', { testLimits: false }, 'no error'],
    ['with it, they are limited like all others', { testLimits: true }, 'PEER_FLOOD'],
    ['without the setting, they are limited if the server has limits for them', { testLimits: false, hasLimits: () => true }, 'PEER_FLOOD'],
    ['with it, they are not limited if the server has no limits for them', { testLimits: true, hasLimits: () => false }, 'no error'],
  ])('%s', async (_name, { testLimits, hasLimits }: { testLimits: boolean; hasLimits?: () => boolean }, outcome) => {
    await using world = await createWorld({ testLimits }, hasLimits === undefined ? {} : { hasLimits });
    const spammer = (await world.signUp('9996621000', 'Spammer')).userId;
    const outcomes: string[] = [];
    for (let n = 1n; n <= 26n; n++) {
      const { userId } = await world.signUp(`99966${22_000n + n}`.padEnd(10, '0'), 'Stranger');
      const peer = { kind: 'user' as const, userId, peerId: userId, isSelf: false, row: (await world.domain.users.findRow(userId))! };
      const text = { text: 'hi', entities: [] };
      outcomes.push(await errorOf(world.domain.messages.doSendText(peer, { senderId: spammer, text, randomId: n, silent: false, noforwards: false, noWebpage: false, invertMedia: false, origin: undefined })));
    }
    expect(outcomes.at(-1)).toBe(outcome);
    expect(outcomes.slice(0, -1)).toEqual(Array.from({ length: 25 }, () => 'no error'));
  });
});
