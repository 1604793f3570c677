import type { tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { methods } from '../../src/index.ts';
import { PeerPlaces } from './peer-places.ts';
import { loadSchema, RandomRequests } from './random-schema.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const SEED = process.env['AEROGRAM_TEST_SEED'] ?? 'rights';

/**
 * The methods that guests may call, each decided individually: a method opened to guests without an entry here fails the test. All others
 * need an account.
 */
const FOR_GUESTS = new Set([
  'account.sendVerifyEmailCode', 'account.verifyEmail', 'auth.importWebTokenAuthorization', 'auth.requestFirebaseSms',
  'auth.bindTempAuthKey', 'auth.cancelCode', 'auth.dropTempAuthKeys', 'auth.exportLoginToken', 'auth.finishPasskeyLogin', 'auth.importAuthorization', 'auth.importBotAuthorization',
  'auth.importLoginToken', 'auth.initPasskeyLogin', 'auth.logOut', 'auth.reportMissingCode', 'auth.resendCode', 'auth.resetLoginEmail', 'auth.sendCode',
  'auth.signIn', 'auth.signUp', 'help.getAppConfig', 'help.getAppUpdate', 'help.getCdnConfig', 'help.getConfig',
  'help.getCountriesList', 'help.getNearestDc', 'help.getPeerColors', 'help.getPeerProfileColors', 'help.getTermsOfServiceUpdate',
  'help.saveAppLog', 'langpack.getDifference', 'langpack.getLangPack', 'langpack.getLanguage', 'langpack.getLanguages', 'langpack.getStrings',
]);

/** What a log-in that waits for the password may call in addition to what guests may. */
const WITH_PENDING_PASSWORD = new Set(['account.deleteAccount', 'account.getPassword', 'auth.checkPassword', 'auth.checkRecoveryPassword', 'auth.recoverPassword', 'auth.requestPasswordRecovery']);

/** Methods that take a peer without looking it up: the answer contains nothing about it. */
const BLIND_TO_PEERS = new Set<string>(['messages.getDialogs', 'messages.getSavedDialogs', 'messages.searchGlobal', 'channels.searchPosts', 'help.dismissSuggestion', 'help.hidePromoData', 'messages.getSponsoredMessages']);

/**
 * Where a request may name a basic group that the caller was once in, each decided individually. Everywhere else only present members may name it. `reply_to` is
 * the same in all methods that send.
 */
const FOR_FORMER_MEMBERS = [
  // The messages of the group in the caller's own box.
  'messages.deleteHistory peer',
  'messages.forwardMessages from_peer',
  'messages.forwardMessages reply_to.inputReplyToMessage.reply_to_peer_id',
  'messages.getHistory peer',
  'messages.getMessageReactionsList peer',
  'messages.getMessagesReactions peer',
  'messages.getMessagesViews peer',
  'messages.getRecentLocations peer',
  'messages.getSearchCounters peer',
  'messages.getSearchResultsCalendar peer',
  'messages.getSearchResultsPositions peer',
  'messages.getUnreadMentions peer',
  'messages.getUnreadPollVotes peer',
  'messages.getUnreadReactions peer',
  'messages.readHistory peer',
  'messages.readMentions peer',
  'messages.readPollVotes peer',
  'messages.readReactions peer',
  'messages.reportMessagesDelivery peer',
  'messages.search peer',
  'messages.sendMessage reply_to.inputReplyToMessage.reply_to_peer_id',
  // What the caller has scheduled or begun to write.
  'messages.deleteScheduledMessages peer',
  'messages.getScheduledHistory peer',
  'messages.getScheduledMessages peer',
  'messages.saveDraft peer',
  'messages.saveDraft reply_to.inputReplyToMessage.reply_to_peer_id',
  // The caller's lists of chats, and settings for one of them.
  'account.getNotifyExceptions peer.inputNotifyPeer.peer',
  'account.getNotifySettings peer.inputNotifyPeer.peer',
  'account.saveAutoSaveSettings peer',
  'account.updateNotifySettings peer.inputNotifyPeer.peer',
  'contacts.resetTopPeerRating peer',
  'folders.editPeerFolders folder_peers.inputFolderPeer.peer',
  'messages.getPeerDialogs peers.inputDialogPeer.peer',
  'messages.getPeerSettings peer',
  'messages.hidePeerSettingsBar peer',
  'messages.markDialogUnread peer.inputDialogPeer.peer',
  'messages.reorderPinnedDialogs order.inputDialogPeer.peer',
  'messages.reorderPinnedSavedDialogs order.inputDialogPeer.peer',
  'messages.toggleDialogPin peer.inputDialogPeer.peer',
  'messages.toggleSavedDialogPin peer.inputDialogPeer.peer',
  'messages.updateDialogFilter filter.dialogFilter.exclude_peers',
  'messages.updateDialogFilter filter.dialogFilter.include_peers',
  'messages.updateDialogFilter filter.dialogFilter.pinned_peers',
  'messages.updateDialogFilter filter.dialogFilterChatlist.include_peers',
  'messages.updateDialogFilter filter.dialogFilterChatlist.pinned_peers',
  // Reports to the operators.
  'account.reportPeer peer',
  'account.reportProfilePhoto peer',
  'messages.report peer',
  'messages.reportReaction peer',
  'messages.reportSpam peer',
  // Those who have left see the name and the photo of the group, and may come back.
  'messages.addChatUser chat_id',
  'messages.getChats id',
  'messages.getFullChat chat_id',
];

/**
 * Where a request may name a private discussion group of which the caller reads the comments only, each decided individually. Each of these methods checks that the
 * messages in question are comments, or is about none: joining, and blocking those who are shown as the group. `channels.getMessages`, `messages.editMessage` and
 * `messages.sendMultiMedia` do so, too, but refuse the simplest request, which this test makes, before they look at the peer.
 */
const FOR_COMMENTERS = [
  'channels.deleteMessages channel',
  'channels.exportMessageLink channel',
  'channels.getFullChannel channel',
  'channels.getSendAs peer',
  'channels.joinChannel channel',
  'contacts.block id',
  'contacts.setBlocked id',
  'contacts.unblock id',
  'messages.forwardMessages to_peer',
  'messages.getDiscussionMessage peer',
  'messages.getMessageEditData peer',
  'messages.getMessageReactionsList peer', 'messages.getMessagesReactions peer', 'messages.reportReaction peer', 'messages.sendReaction peer', 'messages.getMessagesViews peer',
  'messages.getPeerDialogs peers.inputDialogPeer.peer',
  'messages.getPeerSettings peer',
  'messages.getPollResults peer',
  'messages.getPollVotes peer',
  'messages.getReplies peer',
  'messages.readDiscussion peer',
  'messages.report peer',
  'messages.saveDefaultSendAs peer',
  'messages.sendMedia peer',
  'messages.sendMessage peer',
  'messages.sendVote peer',
  'messages.setTyping peer',
  'messages.uploadMedia peer',
];

const LOGGED_OUT = ['AUTH_KEY_UNREGISTERED', 'SESSION_PASSWORD_NEEDED', 'SESSION_REVOKED', 'USER_DEACTIVATED', 'AUTH_KEY_PERM_EMPTY'];

type Expected = 'served' | 'AUTH_KEY_UNREGISTERED' | 'SESSION_PASSWORD_NEEDED';

function expectedOf(method: string): { guest: Expected; pending: Expected; user: Expected } {
  const guest = FOR_GUESTS.has(method) ? 'served' : 'AUTH_KEY_UNREGISTERED';
  return {
    guest,
    pending: guest === 'served' || WITH_PENDING_PASSWORD.has(method) ? 'served' : 'SESSION_PASSWORD_NEEDED',
    user: 'served',
  };
}

/**
 * Both the declaration and the real answer must match this. Any answer of the method itself counts as served, including errors about the
 * request.
 */
function classOf(error: string | undefined): string {
  return error !== undefined && (LOGGED_OUT.includes(error) || error === 'METHOD_INVALID') ? error : 'served';
}

const names = methods.map((method) => method.method);

describe(`rights, for every method there is (AEROGRAM_TEST_SEED=${SEED})`, () => {
  let world: RpcWorld;
  let requests: RandomRequests;
  let owner: bigint;
  let people = 0;
  beforeAll(async () => {
    world = await createRpcWorld(SEED);
    requests = new RandomRequests((n) => world.random.uint31() % n, []);
    owner = (await signUp()).userId;
  });
  afterAll(() => world[Symbol.asyncDispose]());

  function signUp(): ReturnType<RpcWorld['signUp']> {
    people++;
    return world.signUp(`999661${String(people).padStart(4, '0')}`, `Person ${people}`);
  }

  /** A key with a correct code whose password is missing. */
  async function pendingKey(): Promise<bigint> {
    const key = await world.newKey();
    await world.db.q.updateTable('auth_keys').set({ pending_user_id: owner, pending_date: Math.floor(Date.now() / 1000) }).where('auth_key_id', '=', key).execute();
    return key;
  }

  it.each(names)('%s', async (name) => {
    const request = requests.make(name) as tl.AnyMethod;
    const answers = {
      guest: classOf((await world.call(await world.newKey(), request)).error),
      pending: classOf((await world.call(await pendingKey(), request)).error),
      // A separate account, because some methods end it.
      user: classOf((await world.call((await signUp()).authKeyId, request)).error),
    };
    expect(answers).toEqual(expectedOf(name));
  });

  it('has no entry for a method that does not exist', () => {
    const registered = new Set<string>(names);
    const decided = [...FOR_GUESTS, ...WITH_PENDING_PASSWORD, ...BLIND_TO_PEERS];
    expect(decided.filter((name) => !registered.has(name))).toEqual([]);
  });

  it('lets former members of a basic group name it only where that is decided', async () => {
    const places = new PeerPlaces();
    const [creator, former] = [await signUp(), await signUp()];
    const userIn = (viewer: { userId: bigint }, other: { userId: bigint }): tl.inputUser => ({ _: 'inputUser', user_id: other.userId, access_hash: world.domain.accessHashes.of('user', viewer.userId, other.userId) });
    await world.call(creator.authKeyId, { _: 'messages.createChat', users: [userIn(creator, former)], title: 'Climbing' });
    const { chat_id } = await world.db.q.selectFrom('chats').select('chat_id').where('creator_id', '=', creator.userId).executeTakeFirstOrThrow();
    const leave = (): Promise<unknown> => world.call(former.authKeyId, { _: 'messages.deleteChatUser', chat_id, user_id: { _: 'inputUserSelf' } });
    await leave();
    const spies = (['accessInputPeerOrFormer', 'accessChatOrFormer'] as const).map((name) => vi.spyOn(world.domain.peers, name));
    const admitted: string[] = [];
    for (const { method } of methods) {
      for (const { type, path, make } of places.of(method)) {
        if (type !== 'InputPeer') continue;
        for (const spy of spies) spy.mockClear();
        await world.call(former.authKeyId, make({ _: 'inputPeerChat', chat_id }) as tl.AnyMethod);
        if (spies.some((spy) => spy.mock.calls.some(([, named]) => typeof named === 'object' && named._ === 'inputPeerChat'))) admitted.push(`${method} ${path}`);
      }
      for (const { name, type } of loadSchema().methods.get(method)!.fields) {
        // The ids of secret chats are of another kind.
        const isId = (name === 'chat_id' && type !== 'int') || (name === 'id' && method === 'messages.getChats');
        if (!isId) continue;
        const request = { ...requests.make(method), [name]: type === 'long' ? chat_id : [chat_id], user_id: { _: 'inputUserSelf' } };
        const { error } = await world.call(former.authKeyId, request as unknown as tl.AnyMethod);
        if (error === undefined) admitted.push(`${method} ${name}`);
        if (method === 'messages.addChatUser') await leave();
      }
    }
    expect(admitted.toSorted()).toEqual(FOR_FORMER_MEMBERS.toSorted());
  });

  it('lets those who only comment name a discussion group only where that is decided', async () => {
    const places = new PeerPlaces();
    const reader = await signUp();
    const create = async (kind: 'megagroup' | 'broadcast'): Promise<bigint> => {
      const { first } = await world.domain.channels.doCreate({ creatorId: owner, kind, title: kind, about: '', ttlPeriod: 0, randomId: world.random.int63(), origin: { authKeyId: 1n, sessionId: 1n } });
      return -first.owner_id - 10n ** 12n;
    };
    const [channelId, groupId] = [await create('broadcast'), await create('megagroup')];
    const acting = { actorId: owner, origin: undefined };
    await world.domain.channels.at(channelId).members.doInvite(acting, [(await world.domain.users.findRow(reader.userId))!]);
    await world.domain.channels.discussions.doLink(acting, { channelId, groupId });
    const spies = (['accessInputPeerOrCommented', 'accessInputChannelOrCommented'] as const).map((name) => vi.spyOn(world.domain.peers, name));
    const access_hash = world.domain.accessHashes.of('channel', reader.userId, groupId);
    const admitted: string[] = [];
    for (const { method } of methods) {
      for (const { type, path, make } of places.of(method)) {
        if (type === 'InputUser') continue;
        for (const spy of spies) spy.mockClear();
        await world.call(reader.authKeyId, make({ _: type === 'InputPeer' ? 'inputPeerChannel' : 'inputChannel', channel_id: groupId, access_hash }) as tl.AnyMethod);
        if (spies.some((spy) => spy.mock.calls.some(([, named]) => 'channel_id' in named && named.channel_id === groupId))) admitted.push(`${method} ${path}`);
      }
    }
    expect(admitted.toSorted()).toEqual(FOR_COMMENTERS.toSorted());
  });

  describe('another user, named with an access hash that was not given to the caller', () => {
    const schema = loadSchema();
    const NAMING = new Map([['InputPeer', 'inputPeerUser'], ['InputUser', 'inputUser']]);
    const naming = names.flatMap((name) => {
      const field = schema.methods.get(name)?.fields.find((one) => NAMING.has(one.type) && !one.optional);
      return field === undefined ? [] : [{ name, field: field.name, as: NAMING.get(field.type)! }];
    });
    const empty = new Set<string>(methods.filter((method) => method.empty !== undefined).map((method) => method.method));

    it.each(naming.filter(({ name }) => !empty.has(name) && !BLIND_TO_PEERS.has(name)))('$name: no answer for $field', async ({ name, field, as }) => {
      const stranger = await signUp();
      // Somebody else's hash, and a guessed one.
      for (const access_hash of [world.domain.accessHashes.of('user', owner, owner), 1n]) {
        const request = { ...requests.make(name), [field]: { _: as, user_id: owner, access_hash } } as unknown as tl.AnyMethod;
        const { error } = await world.call(stranger.authKeyId, request);
        expect(error, JSON.stringify(request, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).toMatch(/^[A-Z0-9_]+$/);
        expect(error).not.toBe('INTERNAL');
      }
    });
  });
});
