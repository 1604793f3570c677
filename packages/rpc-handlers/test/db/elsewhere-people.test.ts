import { allocateChannelId, markPeer } from '@aerogram/cluster';
import { ELSEWHERE, orderNotice } from '@aerogram/domain';
import { directCallerOf } from '@aerogram/rpc';
import { writable } from '@aerogram/storage/testing';
import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createWorldWithFarHome, FAR_BOT, FAR_PERSON } from './far-home.ts';
import type { RpcWorld } from './rpc-world.ts';

/** A layer whose answer cannot say who was not added. */
const OLD_LAYER = 180;

describe('people and bots of another data centre', () => {
  let world: RpcWorld;
  let anna: { authKeyId: bigint; userId: bigint };
  let bob: { authKeyId: bigint; userId: bigint };
  let random = 1n;
  beforeAll(async () => {
    world = await createWorldWithFarHome('elsewhere people');
    [anna, bob] = [await world.signUp('9996620001', 'Anna'), await world.signUp('9996620002', 'Bob')];
  }, 120_000);
  afterAll(() => world[Symbol.asyncDispose]());

  const hashOf = (userId: bigint): bigint => world.domain.accessHashes.of('user', anna.userId, userId);
  const userOf = (user_id: bigint): tl.inputUser => ({ _: 'inputUser', user_id, access_hash: hashOf(user_id) });
  const peerOf = (user_id: bigint): tl.inputPeerUser => ({ _: 'inputPeerUser', user_id, access_hash: hashOf(user_id) });

  async function ask<R extends tl.AnyMethod>(request: R): Promise<tl.RpcMethods[R['_']]['res']> {
    const { error, body } = await world.call(anna.authKeyId, request);
    if (error !== undefined) throw new Error(`${request._}: ${error}`);
    return readResult(new TlReader(body), METHODS[request._].result);
  }

  const refusal = async (request: tl.AnyMethod, layer?: number): Promise<string | undefined> => (await world.call(anna.authKeyId, request, layer)).error;

  /** The id of a new basic group of Anna and Bob. */
  async function createGroup(): Promise<bigint> {
    const { updates } = await ask({ _: 'messages.createChat', users: [userOf(bob.userId)], title: 'Near' });
    return (updates as tl.updates).chats[0]!.id;
  }

  async function createChannel(kind: { broadcast: true } | { megagroup: true }): Promise<tl.inputChannel> {
    const { chats } = (await ask({ _: 'channels.createChannel', ...kind, title: 'Near', about: '' })) as tl.updates;
    const channel_id = chats[0]!.id;
    return { _: 'inputChannel', channel_id, access_hash: world.domain.accessHashes.of('channel', anna.userId, channel_id) };
  }

  const isMember = async (userId: bigint): Promise<boolean> => {
    const [inGroup, inChannel] = [world.db.q.selectFrom('chat_members').select('user_id').where('user_id', '=', userId), world.db.q.selectFrom('channel_members').select('user_id').where('user_id', '=', userId)];
    return (await inGroup.execute()).length + (await inChannel.execute()).length > 0;
  };

  it.each([['a person', FAR_PERSON], ['a bot', FAR_BOT]])('come into no group: %s is named as missing, and the others are added', async (_title, farId) => {
    const missing = [{ _: 'missingInvitee', user_id: farId }];
    const created = await ask({ _: 'messages.createChat', users: [userOf(farId), userOf(bob.userId)], title: 'Mixed' });
    expect(created.missing_invitees).toMatchObject(missing);
    const chat_id = (created.updates as tl.updates).chats[0]!.id;
    expect(await world.db.q.selectFrom('chat_members').select('user_id').where('chat_id', '=', chat_id).orderBy('user_id').execute()).toHaveLength(2);

    expect((await ask({ _: 'messages.addChatUser', chat_id, user_id: userOf(farId), fwd_limit: 10 })).missing_invitees).toMatchObject(missing);
    expect(await refusal({ _: 'messages.addChatUser', chat_id, user_id: userOf(farId), fwd_limit: 10 }, OLD_LAYER)).toBe('USER_PRIVACY_RESTRICTED');

    for (const channel of [await createChannel({ megagroup: true }), await createChannel({ broadcast: true })]) {
      const invited = await ask({ _: 'channels.inviteToChannel', channel, users: [userOf(farId), userOf(bob.userId)] });
      expect(invited.missing_invitees).toMatchObject(missing);
      expect(await refusal({ _: 'channels.getParticipant', channel, participant: peerOf(bob.userId) })).toBeUndefined();
      expect(await refusal({ _: 'channels.getParticipant', channel, participant: peerOf(farId) })).toBe('USER_NOT_PARTICIPANT');
      expect(await refusal({ _: 'channels.editAdmin', channel, user_id: userOf(farId), admin_rights: { _: 'chatAdminRights', post_messages: true }, rank: '' })).toBe('PEER_ID_INVALID');
      expect(await refusal({ _: 'channels.editBanned', channel, participant: peerOf(farId), banned_rights: { _: 'chatBannedRights', view_messages: true, until_date: 0 } })).toBe('PEER_ID_INVALID');
    }
    expect(await isMember(farId)).toBe(false);
  });

  it('are mentioned in a group of others without being told', async () => {
    const chat_id = await createGroup();
    const entities: tl.MessageEntity[] = [{ _: 'inputMessageEntityMentionName', offset: 0, length: 3, user_id: userOf(FAR_PERSON) }];
    await ask({ _: 'messages.sendMessage', peer: { _: 'inputPeerChat', chat_id }, message: 'Far is not here', entities, random_id: random++ });
    const history = (await ask({ _: 'messages.getHistory', peer: { _: 'inputPeerChat', chat_id }, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n })) as tl.messages.messages;
    expect(history.messages[0]).toMatchObject({ message: 'Far is not here', entities: [{ _: 'messageEntityMentionName', user_id: FAR_PERSON }] });
    expect(history.users).toContainEqual(expect.objectContaining({ id: FAR_PERSON, first_name: 'Far' }));
    expect(await world.db.q.selectFrom('home_outbox').select('seq').execute()).toEqual([]);
  });

  it('have a profile without what cannot be done with them', async () => {
    const { full_user: full, users } = await ask({ _: 'users.getFullUser', id: userOf(FAR_PERSON) });
    expect(full).toMatchObject({ id: FAR_PERSON, voice_messages_forbidden: true, common_chats_count: 0, settings: { add_contact: true } });
    for (const flag of ['phone_calls_available', 'video_calls_available', 'can_pin_message', 'display_gifts_button', 'has_scheduled', 'wallpaper_overridden', 'about', 'birthday', 'bot_info'] as const) expect(full[flag], flag).toBeFalsy();
    // Official apps show that voice messages are forbidden only for subscribers.
    expect(users[0]).toMatchObject({ id: FAR_PERSON, first_name: 'Far', username: 'far_person', premium: true });
    expect((await ask({ _: 'users.getFullUser', id: userOf(bob.userId) })).full_user).toMatchObject({ can_pin_message: true });
  });

  it('are bots with a profile that has no commands', async () => {
    const { full_user: full, users } = await ask({ _: 'users.getFullUser', id: userOf(FAR_BOT) });
    expect(full.bot_info).toMatchObject({ _: 'botInfo', user_id: FAR_BOT });
    expect(full.bot_info?.commands ?? []).toEqual([]);
    expect(full.bot_info?.description).toBeUndefined();
    expect(users[0]).toMatchObject({ bot: true, bot_nochats: true, bot_info_version: 1 });
    expect((users[0] as tl.user).bot_inline_placeholder).toBeUndefined();
  });

  it('are bots whose buttons and inline mode do not work', async () => {
    expect(await refusal({ _: 'messages.getBotCallbackAnswer', peer: peerOf(FAR_BOT), msg_id: 1, data: new Uint8Array(1) })).toBe('BOT_INVALID');
    expect(await refusal({ _: 'messages.getInlineBotResults', bot: userOf(FAR_BOT), peer: { _: 'inputPeerSelf' }, query: 'x', offset: '' })).toBe('BOT_INVALID');
    expect(await refusal({ _: 'bots.allowSendMessage', bot: userOf(FAR_BOT) })).toBe('BOT_INVALID');
    const chat_id = await createGroup();
    expect(await refusal({ _: 'messages.startBot', bot: userOf(FAR_BOT), peer: { _: 'inputPeerChat', chat_id }, random_id: random++, start_param: '' })).toBe('PEER_ID_INVALID');
    expect(await isMember(FAR_BOT)).toBe(false);
  });

  /** The effects that wait for the other data centre, without the cards that introduce people. */
  async function listFrames(): Promise<{ kind: string }[]> {
    const rows = await world.db.q.selectFrom('home_outbox').select('frame').orderBy('seq').execute();
    return rows.map(({ frame }) => JSON.parse(Buffer.from(frame).toString('utf8')) as { kind: string }).filter(({ kind }) => kind !== 'card');
  }

  it('get texts, and bots are started', async () => {
    await ask({ _: 'messages.sendMessage', peer: peerOf(FAR_PERSON), message: 'Hello far', random_id: random++ });
    await ask({ _: 'messages.startBot', bot: userOf(FAR_BOT), peer: { _: 'inputPeerEmpty' }, random_id: random++, start_param: 'join-us' });
    await ask({ _: 'messages.startBot', bot: userOf(FAR_BOT), peer: peerOf(FAR_BOT), random_id: random++, start_param: '' });
    const sent = (to: bigint, text: string): unknown => expect.objectContaining({ from: String(anna.userId), to: String(to), text });
    expect(await listFrames()).toEqual([sent(FAR_PERSON, 'Hello far'), sent(FAR_BOT, '/start join-us'), sent(FAR_BOT, '/start')]);
  });

  it('get texts for which a link preview was chosen', async () => {
    const before = (await listFrames()).length;
    const media: tl.InputMedia = { _: 'inputMediaWebPage', url: 'https://example.org/', optional: true, force_small_media: true };
    await ask({ _: 'messages.sendMedia', peer: peerOf(FAR_PERSON), media, message: 'See https://example.org/', random_id: random++ });
    await ask({ _: 'messages.sendMedia', peer: peerOf(FAR_PERSON), media, message: 'Later', random_id: random++, schedule_date: Math.floor(Date.now() / 1000) + 3600 });
    expect((await listFrames()).slice(before)).toMatchObject([{ kind: 'message', text: 'See https://example.org/' }]);
  });

  describe('groups and channels there', () => {
    const FAR_CHANNEL = allocateChannelId(77n, 1);
    /** A link as the other data centre makes them: it begins with the three bits of its number. */
    const farHash = Buffer.from([0b001_00101, ...Buffer.alloc(11, 7)]).toString('base64url');
    const ownHash = Buffer.from([0b010_00101, ...Buffer.alloc(11, 7)]).toString('base64url');
    beforeAll(async () => {
      // This data centre decides about names, so it knows those of all.
      const peer_id = markPeer({ _: 'peerChannel', channel_id: FAR_CHANNEL });
      await writable(world.db).q.insertInto('usernames').values({ name: 'far_channel', peer_id, confirmed: true, reserved_date: 1 }).execute();
    });

    it('are said to be there when a link leads to one', async () => {
      for (const method of ['messages.checkChatInvite', 'messages.importChatInvite'] as const) {
        expect(await refusal({ _: method, hash: farHash }), method).toBe('CHAT_ELSEWHERE');
        for (const hash of [ownHash, `${farHash}AA`, 'AAAA']) expect(await refusal({ _: method, hash }), method).toBe('INVITE_HASH_EXPIRED');
      }
    });

    it('are said to be there by name, and searches go on without them', async () => {
      expect(await refusal({ _: 'contacts.resolveUsername', username: 'Far_Channel' })).toBe('CHAT_ELSEWHERE');
      expect(await refusal({ _: 'contacts.resolveUsername', username: 'nobody_has_it' })).toBe('USERNAME_NOT_OCCUPIED');
      expect(await ask({ _: 'contacts.search', q: '@far_channel', limit: 10 })).toMatchObject({ results: [], chats: [] });
      expect(await ask({ _: 'account.checkUsername', username: 'far_channel' })).toBe(false);
    });

    it('have pages that offer nothing, and people have theirs', async () => {
      const { linkPages } = world.domain;
      expect([await linkPages.findInvite(farHash), await linkPages.findInvite(ownHash)]).toEqual([ELSEWHERE, undefined]);
      expect([await linkPages.findByName('far_channel'), await linkPages.findByName('nobody_has_it')]).toEqual([ELSEWHERE, undefined]);
      expect(await linkPages.findByName('far_person')).toEqual({ kind: 'user', title: '@far_person', about: '', count: undefined, username: 'far_person', requestNeeded: false });
    });
  });

  it('get no media, whichever way it is sent', async () => {
    const before = await listFrames();
    const media: tl.InputMedia = { _: 'inputMediaGeoPoint', geo_point: { _: 'inputGeoPoint', lat: 1, long: 2 } };
    const peer = peerOf(FAR_PERSON);
    const own = (await ask({ _: 'messages.sendMedia', peer: { _: 'inputPeerSelf' }, media, message: '', random_id: random++ })) as tl.updates;
    const id = own.updates.flatMap((update) => (update._ === 'updateNewMessage' ? [update.message.id] : []))[0]!;
    const soon = Math.floor(Date.now() / 1000) + 3600;
    const attempts: tl.AnyMethod[] = [
      { _: 'messages.sendMedia', peer, media, message: '', random_id: random++ },
      { _: 'messages.sendMedia', peer, media, message: '', random_id: random++, schedule_date: soon },
      { _: 'messages.forwardMessages', from_peer: { _: 'inputPeerSelf' }, id: [id], to_peer: peer, random_id: [random++] },
      { _: 'messages.forwardMessages', from_peer: { _: 'inputPeerSelf' }, id: [id], to_peer: peer, random_id: [random++], drop_author: true },
      { _: 'messages.forwardMessages', from_peer: { _: 'inputPeerSelf' }, id: [id], to_peer: peer, random_id: [random++], schedule_date: soon },
    ];
    const text = (await ask({ _: 'messages.getHistory', peer, offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n })) as tl.messages.messages;
    const edit = { _: 'messages.editMessage', peer, id: text.messages[0]!.id, media, message: 'Now here' } as const;
    attempts.push(edit, { ...edit, schedule_date: soon });
    for (const attempt of attempts) expect(await refusal(attempt), attempt._).toBe('CHAT_SEND_MEDIA_FORBIDDEN');
    expect(await listFrames()).toEqual(before);
  });

  it('get no notices of the operator, who is another one', async () => {
    await expect(orderNotice(world.db, { text: 'Hello', userId: FAR_PERSON }, 1)).rejects.toThrow('no service chat');
    await expect(orderNotice(world.db, { text: 'Hello', userId: bob.userId }, 1)).resolves.toMatchObject({ total: 1 });
  });

  it('get no more from bots that are called from within the server, as over HTTP', async () => {
    const bot = await world.logInBot('near_http_bot');
    const caller = directCallerOf({ userId: bot.userId, isBot: true, dcId: 2 }, { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 80 });
    const peer: tl.inputPeerUser = { _: 'inputPeerUser', user_id: FAR_PERSON, access_hash: world.domain.accessHashes.of('user', bot.userId, FAR_PERSON) };
    const media: tl.InputMedia = { _: 'inputMediaGeoPoint', geo_point: { _: 'inputGeoPoint', lat: 1, long: 2 } };
    await expect(world.dispatcher.invoke(caller, { _: 'messages.sendMedia', peer, media, message: '', random_id: random++ })).rejects.toThrow('CHAT_SEND_MEDIA_FORBIDDEN');
    await expect(world.dispatcher.invoke(caller, { _: 'messages.updatePinnedMessage', peer, id: 1 })).rejects.toThrow('PEER_ID_INVALID');
    await expect(world.dispatcher.invoke(caller, { _: 'users.getFullUser', id: { ...peer, _: 'inputUser' } })).resolves.toMatchObject({ full_user: { id: FAR_PERSON } });
  });
});
