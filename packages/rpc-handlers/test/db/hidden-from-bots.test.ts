import { markPeer } from '@aerogram/cluster';
import { sql } from '@aerogram/storage';
import { MIGRATIONS } from '@aerogram/storage/testing';
import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ID_TYPE, IDS, naming, READING } from './bot-methods-table.ts';
import { FieldPlaces } from './field-places.ts';
import { loadSchema } from './random-schema.ts';
import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

const schema = loadSchema();
const places = new FieldPlaces({});

/** The bots of the group. Privacy mode is on for all but `open`, and was off for that one before it was added. */
const BOTS = ['private', 'open', 'admin', 'former admin'] as const;
type BotKind = (typeof BOTS)[number];
const everything: readonly BotKind[] = ['open'];

/** The messages of the group in their order, and who sees each. `admin` and `former admin` are admins from the second part on, the latter until the third. */
const STORY: readonly { key: string; part: 1 | 2 | 3; seen: readonly BotKind[]; by?: BotKind; names?: readonly BotKind[]; answers?: string; isForward?: boolean }[] = [
  { key: 'before', part: 1, seen: everything },
  { key: 'named', part: 1, seen: BOTS, names: BOTS },
  { key: 'answer to named', part: 1, seen: BOTS, answers: 'named' },
  { key: 'to one', part: 1, seen: ['private', 'open'], names: ['private'] },
  { key: 'answer to before', part: 1, seen: everything, answers: 'before' },
  { key: 'forward of named', part: 1, seen: everything, answers: 'named', isForward: true },
  { key: 'of the open bot', part: 1, seen: ['open'], by: 'open' },
  { key: 'of the private bot', part: 1, seen: ['private'], by: 'private' },
  { key: 'answer to the private bot', part: 1, seen: ['private', 'open'], answers: 'of the private bot' },
  { key: 'between', part: 2, seen: ['open', 'admin', 'former admin'] },
  { key: 'of the open bot again', part: 2, seen: ['open'], by: 'open' },
  { key: 'after', part: 3, seen: ['open', 'admin'] },
  { key: 'named again', part: 3, seen: ['open', 'admin', 'former admin'], names: ['former admin'] },
];
/** What the bot that lost its rights saw while it was an admin: a basic group has given it copies, a supergroup asks again at each read. */
const KEPT_IN_BOX = new Set(['between']);
/** Written before the bots came. */
const BEFORE_THE_BOTS = 'before the bots';

interface Caller {
  authKeyId: bigint;
  userId: bigint;
}

const textOf = (key: string): string => `text<${key}>`;

/** An answer as text. */
function answerOf(method: tl.AnyMethod['_'], body: Uint8Array): string {
  return stringify(readResult(new TlReader(body), METHODS[method].result));
}

const stringify = (value: unknown): string => JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one)) ?? '';

/** The keys of the messages whose text an answer contains. */
const keysIn = (answer: string): string[] => STORY.map(({ key }) => key).filter((key) => answer.includes(textOf(key)));

/** Where the story is told. In the forum it is told in a topic that the private bot has created. */
const KINDS = ['basic group', 'supergroup', 'forum'] as const;
/** The methods that are tried with ids of hidden messages. A forum is a supergroup, so only those are tried there that are for forums, and those that name a message of a topic. */
const tried = { 'basic group': [...naming, ...READING], supergroup: [...naming, ...READING], forum: ['messages.getForumTopics', 'messages.getForumTopicsByID', 'messages.sendMessage'] };

describe.each(KINDS)('what bots see of a %s', (kind) => {
  let world: RpcWorld;
  let person: Caller;
  let friend: Caller;
  const bots = new Map<BotKind, Caller>();
  let groupId: bigint;
  /** Ids of the messages as the person has them. */
  const ids = new Map<string, number>();
  /** The topic in which everything of this test is written; undefined in a group without topics. */
  let topicId: number | undefined;

  /** The topic in which an answer to a message is written. What was there before the bots is in General. */
  const topOf = (answered: string | undefined): number | undefined => (answered === BEFORE_THE_BOTS ? undefined : topicId);

  const nameOf = (bot: BotKind): string => `${bot.replaceAll(' ', '_')}_of_${kind.replaceAll(' ', '_')}_bot`;
  /** The messages that a bot reads. In a supergroup, an admin reads all. */
  const seenBy = (bot: BotKind): string[] =>
    STORY.filter(({ key, seen }) => (kind !== 'basic group' && bot === 'admin') || (seen.includes(bot) && !(kind !== 'basic group' && bot === 'former admin' && KEPT_IN_BOX.has(key)))).map(({ key }) => key);
  /** The messages of which updates tell a bot: of none that another bot wrote. */
  const heardBy = (bot: BotKind): string[] => seenBy(bot).filter((key) => [undefined, bot].includes(STORY.find((one) => one.key === key)!.by));
  const hiddenFrom = (bot: BotKind): string[] => STORY.map(({ key }) => key).filter((key) => !seenBy(bot).includes(key));
  const inputUser = (viewer: Caller, { userId }: { userId: bigint }): tl.inputUser => ({ _: 'inputUser', user_id: userId, access_hash: world.domain.accessHashes.of('user', viewer.userId, userId) });
  const hashFor = (viewer: Caller): bigint => (bots.has('private') && [...bots.values()].includes(viewer) ? 0n : world.domain.accessHashes.of('channel', viewer.userId, groupId));
  const channelOf = (viewer: Caller): tl.inputChannel => ({ _: 'inputChannel', channel_id: groupId, access_hash: hashFor(viewer) });
  const peerOf = (viewer: Caller): tl.InputPeer => (kind === 'basic group' ? { _: 'inputPeerChat', chat_id: groupId } : { _: 'inputPeerChannel', channel_id: groupId, access_hash: hashFor(viewer) });
  const ownerOf = (caller: Caller): bigint => (kind === 'basic group' ? caller.userId : -1_000_000_000_000n - groupId);

  async function call(caller: Caller, request: tl.AnyMethod): Promise<unknown> {
    const { error, body } = await world.call(caller.authKeyId, request);
    expect(error, `${request._} ${stringify(request)}`).toBeUndefined();
    return readResult(new TlReader(body), METHODS[request._].result);
  }

  async function promote(bot: BotKind, isAdmin: boolean): Promise<void> {
    const user_id = inputUser(person, bots.get(bot)!);
    if (kind === 'basic group') await call(person, { _: 'messages.editChatAdmin', chat_id: groupId, user_id, is_admin: isAdmin });
    else {
      const rights = isAdmin ? { delete_messages: true, pin_messages: true, change_info: true, invite_users: true, ban_users: true } as const : {};
      await call(person, { _: 'channels.editAdmin', channel: channelOf(person), user_id, admin_rights: { _: 'chatAdminRights', ...rights }, rank: '' });
    }
  }

  async function tell({ key, by, names = [], answers, isForward }: (typeof STORY)[number]): Promise<void> {
    const author = by === undefined ? person : bots.get(by)!;
    const message = [...names.map((bot) => `@${nameOf(bot)}`), textOf(key)].join(' ');
    const random_id = world.random.int63();
    if (isForward === true) {
      await call(person, { _: 'messages.sendMessage', peer: { _: 'inputPeerSelf' }, message, random_id });
      const saved = await world.db.q.selectFrom('messages').select('msg_id').where('owner_id', '=', person.userId).where('peer_id', '=', person.userId).orderBy('msg_id', 'desc').executeTakeFirstOrThrow();
      await call(person, { _: 'messages.forwardMessages', from_peer: { _: 'inputPeerSelf' }, to_peer: peerOf(person), id: [saved.msg_id], random_id: [random_id + 1n], top_msg_id: topicId });
    } else {
      const replied = answers === undefined ? topicId : ids.get(answers)!;
      const reply_to: tl.inputReplyToMessage | undefined = replied === undefined ? undefined : { _: 'inputReplyToMessage', reply_to_msg_id: replied, top_msg_id: topOf(answers) };
      await call(author, { _: 'messages.sendMessage', peer: peerOf(author), message, random_id, reply_to });
    }
    ids.set(key, await newestId(person));
  }

  async function newestId(caller: Caller): Promise<number> {
    const { q } = world.db;
    const { msg_id } = kind !== 'basic group'
      ? await q.selectFrom('channel_messages').select('msg_id').where('channel_id', '=', groupId).orderBy('msg_id', 'desc').executeTakeFirstOrThrow()
      : await q.selectFrom('messages').select('msg_id').where('owner_id', '=', caller.userId).where('peer_id', '=', -groupId).orderBy('msg_id', 'desc').executeTakeFirstOrThrow();
    return msg_id;
  }

  beforeAll(async () => {
    world = await createRpcWorld(`hidden-from-bots ${kind}`);
    [person, friend] = [await world.signUp('9996640001', 'Person'), await world.signUp('9996640002', 'Friend')];
    if (kind === 'basic group') {
      await call(person, { _: 'messages.createChat', users: [inputUser(person, friend)], title: 'Climbing' });
      ({ chat_id: groupId } = await world.db.q.selectFrom('chats').select('chat_id').executeTakeFirstOrThrow());
    } else {
      await call(person, { _: 'channels.createChannel', megagroup: true, title: 'Climbing', about: '' });
      ({ channel_id: groupId } = await world.db.q.selectFrom('channels').select('channel_id').executeTakeFirstOrThrow());
    }
    await tell({ key: BEFORE_THE_BOTS, part: 1, seen: [] });
    for (const kindOfBot of BOTS) bots.set(kindOfBot, await world.logInBot(nameOf(kindOfBot)));
    await world.db.q.updateTable('bots').set({ reads_all: true }).where('bot_id', '=', bots.get('open')!.userId).execute();
    for (const bot of bots.values()) {
      const user = inputUser(person, bot);
      if (kind === 'basic group') await call(person, { _: 'messages.addChatUser', chat_id: groupId, user_id: user, fwd_limit: 50 });
      else await call(person, { _: 'channels.inviteToChannel', channel: channelOf(person), users: [user] });
    }
    if (kind === 'forum') {
      await call(person, { _: 'channels.toggleForum', channel: channelOf(person), enabled: true, tabs: false });
      await call(bots.get('private')!, { _: 'messages.createForumTopic', peer: peerOf(bots.get('private')!), title: 'Rocks', random_id: world.random.int63() });
      topicId = await newestId(person);
    }
    for (const part of [1, 2, 3] as const) {
      if (part === 2) for (const bot of ['admin', 'former admin'] as const) await promote(bot, true);
      if (part === 3) await promote('former admin', false);
      for (const message of STORY.filter((one) => one.part === part)) await tell(message);
    }
    for (const key of ['before', 'between', 'after']) {
      await call(person, { _: 'messages.editMessage', peer: peerOf(person), id: ids.get(key)!, message: `${textOf(key)} edited` });
      await call(person, { _: 'messages.sendReaction', peer: peerOf(person), msg_id: ids.get(key)!, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] });
    }
    await call(person, { _: 'messages.updatePinnedMessage', peer: peerOf(person), id: ids.get('before')! });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const cases = BOTS.map((bot) => ({ bot }));

  it.each(cases)('the bot that is $bot reads exactly what it may', async ({ bot }) => {
    const caller = bots.get(bot)!;
    expect(keysIn(stringify(await call(caller, { _: 'updates.getDifference', pts: 1, date: 1, qts: -1 })))).toEqual(kind === 'basic group' ? seenBy(bot) : []);
    if (kind === 'basic group') {
      const all = Array.from({ length: 60 }, (_, at): tl.inputMessageID => ({ _: 'inputMessageID', id: at + 1 }));
      expect(keysIn(stringify(await call(caller, { _: 'messages.getMessages', id: all })))).toEqual(seenBy(bot));
      return;
    }
    const all = [...ids.values()];
    for (const of of ['inputMessageID', 'inputMessageCallbackQuery'] as const) {
      const found = await call(caller, { _: 'channels.getMessages', channel: channelOf(caller), id: all.map((id): tl.InputMessage => (of === 'inputMessageID' ? { _: of, id } : { _: of, id, query_id: 1n })) });
      expect(keysIn(stringify(found))).toEqual(seenBy(bot));
    }
    const difference = await call(caller, { _: 'updates.getChannelDifference', channel: channelOf(caller), filter: { _: 'channelMessagesFilterEmpty' }, pts: 1, limit: 100 });
    expect(keysIn(stringify(difference))).toEqual(heardBy(bot));
    const { channelUpdates } = world.domain;
    const { events } = await channelUpdates.listEventsSince(ownerOf(caller), 1, 200);
    expect(keysIn(stringify(await channelUpdates.projectEvents(caller.userId, ownerOf(caller), events)))).toEqual(heardBy(bot));
    if (kind === 'forum') {
      const list = (await call(caller, { _: 'messages.getForumTopics', peer: peerOf(caller), offset_date: 0, offset_id: 0, offset_topic: 0, limit: 10 })) as tl.messages.forumTopics;
      expect(list.topics.map(({ id }) => id)).toEqual([topicId, 1]);
    }
    // Whoever sees nothing of some events gets one update without ids for all of them, or none.
    const { updates = [] } = (await channelUpdates.projectEvents(caller.userId, ownerOf(caller), events)) ?? {};
    const named = updates.flatMap((update) => ('messages' in update ? update.messages : []));
    expect(named.filter((id) => hiddenFrom(bot).some((key) => ids.get(key) === id))).toEqual([]);
  });

  /** The ids that a bot may try: those of hidden messages as the person has them. */
  const hiddenIds = (bot: BotKind): number[] => [BEFORE_THE_BOTS, ...hiddenFrom(bot)].map((key) => ids.get(key)!);

  /** A request of a bot with the group as its peers, and that id wherever a message is named. */
  function requestOf(method: string, caller: Caller, id: number): tl.AnyMethod {
    const request: Record<string, unknown> & { _: string } = places.plain(method);
    for (const { name, type, optional } of schema.methods.get(method)!.fields) {
      const isId = IDS.has(name) && ID_TYPE.test(type);
      if (type === 'InputReplyTo') request[name] = { _: 'inputReplyToMessage', reply_to_msg_id: id, quote_text: 'text' };
      else if (isId) request[name] = valueOf(type, id);
      else if (optional) continue;
      else if (type === 'InputPeer') request[name] = peerOf(caller);
      else if (type === 'InputChannel') request[name] = channelOf(caller);
      else if (name === 'topics') request[name] = [1, topicId ?? 2];
      else if (name === 'random_id') request[name] = type === 'long' ? world.random.int63() : [world.random.int63()];
      else if (name === 'media') request[name] = { _: 'inputMediaDice', emoticon: '🎲' };
      else if (name === 'chat_id' || (name === 'id' && method === 'messages.getChats')) request[name] = type === 'long' ? groupId : [groupId];
    }
    if (method === 'messages.deleteParticipantReaction') {
      request['participant'] = { _: 'inputPeerUser', user_id: person.userId, access_hash: world.domain.accessHashes.of('user', caller.userId, person.userId) };
    }
    if (method === 'messages.editMessage') request['message'] = 'by the bot';
    if (method === 'messages.sendReaction') request['reaction'] = [{ _: 'reactionEmoji', emoticon: '👍' }];
    return request as unknown as tl.AnyMethod;
  }

  function valueOf(type: string, id: number): unknown {
    if (type === 'int') return id;
    if (type === 'Vector<int>') return [id];
    if (type === 'InputBotInlineMessageID') return { _: 'inputBotInlineMessageID64', dc_id: 2, owner_id: ownerOf(person), id, access_hash: 1n };
    return [{ _: 'inputMessageID', id }, { _: 'inputMessageReplyTo', id }, { _: 'inputMessagePinned' }, { _: 'inputMessageCallbackQuery', id, query_id: 1n }];
  }

  /** The hidden messages, with everything about them. In a basic group they are those of the person. */
  async function readHidden(bot: BotKind): Promise<unknown> {
    const { q } = world.db;
    const hidden = hiddenIds(bot);
    const peerId = markPeer(kind === 'basic group' ? { _: 'peerChat', chat_id: groupId } : { _: 'peerChannel', channel_id: groupId });
    const totals = await q.selectFrom('reaction_totals').selectAll().where('peer_id', '=', peerId).orderBy('post_id').execute();
    const messages =
      kind === 'basic group'
        ? await q.selectFrom('messages').selectAll().where('owner_id', '=', person.userId).where('msg_id', 'in', hidden).orderBy('msg_id').execute()
        : await q.selectFrom('channel_messages').selectAll().where('channel_id', '=', groupId).where('msg_id', 'in', hidden).orderBy('msg_id').execute();
    const postIds: bigint[] = messages.map((row) => ('global_id' in row ? row.global_id : BigInt(row.msg_id)));
    return { messages, totals: totals.filter((row) => postIds.includes(row.post_id)) };
  }

  describe.each(cases.filter(({ bot }) => kind === 'basic group' || bot !== 'admin'))('the bot that is $bot', ({ bot }) => {
    it.each(tried[kind])('gets and changes nothing hidden by %s', async (method) => {
      const caller = bots.get(bot)!;
      const before = await readHidden(bot);
      for (const id of hiddenIds(bot)) {
        const request = requestOf(method, caller, id);
        const { error, body } = await world.call(caller.authKeyId, request);
        if (error !== undefined) expect(error).not.toMatch(/^(INTERNAL|METHOD_INVALID|BOT_METHOD|INPUT_|AUTH_KEY)/);
        else expect(keysIn(answerOf(request._, body)).filter((key) => !seenBy(bot).includes(key))).toEqual([]);
      }
      expect(await readHidden(bot)).toEqual(before);
    });
  });

  // In a basic group each bot has a box of its own, and the same story is told by what it holds.
  if (kind === 'basic group') return;
  it('lets no bot answer or name a hidden message', async () => {
    for (const bot of BOTS) {
      const caller = bots.get(bot)!;
      if (bot === 'admin') continue;
      const answers = await world.db.q.selectFrom('channel_messages').select('reply_to_msg_id').where('channel_id', '=', groupId).where('poster_id', '=', caller.userId).where('reply_to_msg_id', 'is not', null).execute();
      expect(answers.filter(({ reply_to_msg_id }) => hiddenIds(bot).includes(reply_to_msg_id!))).toEqual([]);
      const full = (await call(caller, { _: 'channels.getFullChannel', channel: channelOf(caller) })) as tl.messages.chatFull;
      expect((full.full_chat as tl.channelFull).pinned_msg_id).toBe(bot === 'open' ? ids.get('before') : undefined);
    }
  });

  it('gives a bot the message that a visible one replies to, and only in this way', async () => {
    const caller = bots.get('private')!;
    const read = async (id: tl.InputMessage[]): Promise<string[]> =>
      ((await call(caller, { _: 'channels.getMessages', channel: channelOf(caller), id })) as tl.messages.channelMessages).messages.map((one) => (one._ === 'message' ? one.message : one._));
    for (const hidden of [BEFORE_THE_BOTS, 'of the open bot']) {
      const id = ids.get(hidden)!;
      await tell({ key: `about ${hidden}`, part: 3, seen: [], names: ['private'], answers: hidden });
      const byReply: tl.InputMessage = { _: 'inputMessageReplyTo', id: ids.get(`about ${hidden}`)! };
      expect(await read([{ _: 'inputMessageID', id }, byReply, { _: 'inputMessageReplyTo', id }])).toEqual(['messageEmpty', textOf(hidden), 'messageEmpty']);
      // A reply that the bot does not see gives it nothing.
      await tell({ key: `whispered about ${hidden}`, part: 3, seen: [], answers: hidden });
      expect(await read([{ _: 'inputMessageReplyTo', id: ids.get(`whispered about ${hidden}`)! }])).toEqual(['messageEmpty']);
    }
  });

  it('sees as before its promotion once it is no admin, also if an older program has promoted it', async () => {
    const { q } = world.db;
    const rowOf = (bot: BotKind) => q.selectFrom('channel_members').select(['role', 'all_from']).where('channel_id', '=', groupId).where('user_id', '=', bots.get(bot)!.userId).executeTakeFirstOrThrow();
    const joined = await rowOf('open');
    await promote('open', true);
    expect(await rowOf('open')).toEqual({ role: 'admin', all_from: joined.all_from });
    await promote('open', false);
    expect(await rowOf('open')).toEqual(joined);
    // As a program before migration 134 has left the row.
    await promote('former admin', true);
    await q.updateTable('channel_members').set({ all_from: 3 }).where('channel_id', '=', groupId).where('user_id', '=', bots.get('former admin')!.userId).execute();
    for (const statement of MIGRATIONS.find(({ subject }) => subject === 'bot sight')!.statements) await sql.raw(statement).execute(q);
    expect(await rowOf('open')).toEqual(joined);
    await promote('former admin', false);
    const sees = await call(bots.get('former admin')!, { _: 'channels.getMessages', channel: channelOf(bots.get('former admin')!), id: [...ids.values()].map((id) => ({ _: 'inputMessageID', id })) });
    expect(keysIn(stringify(sees))).toEqual(seenBy('former admin'));
  });

  it('lets an admin do everything with what was written before it came, and with what other bots wrote', async () => {
    const caller = bots.get('admin')!;
    const full = (await call(caller, { _: 'channels.getFullChannel', channel: channelOf(caller) })) as tl.messages.chatFull;
    expect((full.full_chat as tl.channelFull).pinned_msg_id).toBe(ids.get('before'));
    for (const key of [BEFORE_THE_BOTS, 'of the open bot']) {
      const id = ids.get(key)!;
      const found = await call(caller, { _: 'channels.getMessages', channel: channelOf(caller), id: [{ _: 'inputMessageID', id }] });
      expect(stringify(found)).toContain(textOf(key));
      const random_id = world.random.int63();
      await call(caller, { _: 'messages.sendMessage', peer: peerOf(caller), message: 'an answer', random_id, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: id, top_msg_id: topOf(key), quote_text: 'text' } });
      await call(caller, { _: 'messages.forwardMessages', from_peer: peerOf(caller), to_peer: peerOf(caller), id: [id], random_id: [random_id + 1n], top_msg_id: topicId });
      await call(caller, { _: 'messages.sendReaction', peer: peerOf(caller), msg_id: id, reaction: [{ _: 'reactionEmoji', emoticon: '👍' }] });
      await call(caller, { _: 'messages.updatePinnedMessage', peer: peerOf(caller), id, silent: true });
      expect((await call(caller, { _: 'channels.deleteMessages', channel: channelOf(caller), id: [id] })) as tl.messages.affectedMessages).toMatchObject({ pts_count: 1 });
      const difference = await call(caller, { _: 'updates.getChannelDifference', channel: channelOf(caller), filter: { _: 'channelMessagesFilterEmpty' }, pts: 1, limit: 100 });
      expect((difference as tl.updates.channelDifference).other_updates).toContainEqual(expect.objectContaining({ _: 'updateDeleteChannelMessages', messages: [id] }));
    }
    const { events } = await world.domain.channelUpdates.listEventsSince(ownerOf(caller), 1, 200);
    const told = await world.domain.channelUpdates.projectEvents(bots.get('private')!.userId, ownerOf(caller), events);
    expect(stringify((told?.updates ?? []).filter((update) => 'messages' in update && update.messages.includes(ids.get(BEFORE_THE_BOTS)!)))).toBe('[]');
  });
});
