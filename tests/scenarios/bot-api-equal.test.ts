import type { Actor, BotClient } from '@aerogram/dev-env';
import { sql } from '@aerogram/storage';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promoteBotIn } from './bot-api-chats-stage.ts';
import { about, type Action, ban, type BothWays, bothWays, channelOf, link, look, lookAt, makeAdmin, member, members, peerOf, send, title, typing } from './bot-api-equal-stage.ts';
import { inline, type MadeBot, meetBot, operate, press, seesPress, startBot, write } from './bot-stage.ts';
import { createChannel, inviteTo, postIn } from './channel-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { createGroup, type Group, promote } from './group-stage.ts';
import { makePicture } from './photo-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let owner: Actor;
let friend: Actor;
beforeAll(async () => {
  scenario = await startScenario();
  [owner, friend] = [await scenario.world.user('Owner'), await scenario.world.user('Friend')];
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

describe('a bot sees the same by MTProto and by HTTP', () => {
  /** What a service message is called over HTTP. */
  const SERVICE: Readonly<Record<string, string>> = {
    messageActionChatCreate: 'group_chat_created', messageActionChatAddUser: 'new_chat_members', messageActionChatEditTitle: 'new_chat_title', messageActionChatDeleteUser: 'left_chat_member',
    messageActionPinMessage: 'pinned_message',
  };

  /** A new or edited message: its chat and id, and its text or what has happened. */
  type Seen = [message: string, shown: string, isEdit: boolean];

  /**
   * What was seen, without the differences that are on purpose:
   * - A message that was edited before the program asked for it comes with its new text over HTTP, as it does in `updates.getDifference`. Pushes have the text of their moment.
   * - What the bot itself writes is pushed to its other sessions, and never comes back over HTTP ({@link pushedTo}).
   */
  function comparable(seen: readonly Seen[]): string[] {
    const last = new Map(seen.map(([message, shown]) => [message, shown]));
    return seen.map(([message, , isEdit]) => `${isEdit ? 'edited ' : ''}${last.get(message)}`);
  }

  const markOf = (peer: tl.TypePeer): number => (peer._ === 'peerUser' ? peer.userId : peer._ === 'peerChat' ? -peer.chatId : -1_000_000_000_000 - peer.channelId);

  /** The new and edited messages of others that were pushed to a bot, in order. */
  function pushedTo({ updates }: BotClient): Seen[] {
    return updates.flatMap((update): Seen[] => {
      if (!('message' in update) || typeof update.message !== 'object' || !/^update(New|Edit)/.test(update._)) return [];
      const message = update.message as tl.TypeMessage;
      if (message._ === 'messageEmpty' || (message._ === 'message' && message.out === true)) return [];
      const shown = message._ === 'message' ? message.message : (SERVICE[message.action._] ?? message.action._);
      return [[`${markOf(message.peerId)} ${message.id}`, shown, update._.startsWith('updateEdit')]];
    });
  }

  /** The same over HTTP, until a text comes. */
  async function fetchedBy(bot: BothWays, last: string): Promise<Seen[]> {
    const seen: Seen[] = [];
    while (!seen.some(([, shown]) => shown === last)) {
      const updates = await bot.http.call<{ update_id: number; [name: string]: unknown }[]>('getUpdates', { offset: bot.offset, timeout: 20 });
      if (updates.length === 0) throw new Error(`${last} did not come; seen: ${comparable(seen).join(', ')}`);
      for (const { update_id, ...update } of updates) {
        bot.offset = update_id + 1;
        const [[name, message]] = Object.entries(update) as [[string, Record<string, unknown>]];
        if (!name.endsWith('message') && !name.endsWith('channel_post')) continue;
        const shown = (message['text'] as string | undefined) ?? Object.values(SERVICE).find((one) => one in message) ?? '?';
        seen.push([`${(message['chat'] as { id: number }).id} ${String(message['message_id'])}`, shown, name.startsWith('edited')]);
      }
    }
    return seen;
  }

  /** Writes to a chat as a person. @returns the id of the message, as its author sees it */
  async function say(peer: tl.TypeInputPeer, message: string, replyToMsgId?: number): Promise<number> {
    const replyTo: { replyTo?: tl.RawInputReplyToMessage } = replyToMsgId === undefined ? {} : { replyTo: { _: 'inputReplyToMessage', replyToMsgId } };
    const answer = await owner.main.change({ _: 'messages.sendMessage', peer, message, randomId: randomLong(), ...replyTo });
    return answer._ === 'updateShortSentMessage' ? answer.id : (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID')!.id;
  }

  /** What is done in a chat while the bot is in it. */
  async function story(peer: tl.TypeInputPeer, id: number, { made, http }: BothWays): Promise<void> {
    await say(peer, 'plain');
    const named = await say(peer, `@${made.username} look`);
    await say(peer, 'an answer', named);
    await owner.main.change({ _: 'messages.editMessage', peer, id: named, message: `@${made.username} look here` });
    const plain = await say(peer, 'more');
    await owner.main.change({ _: 'messages.editMessage', peer, id: plain, message: 'less' });
    await say(peer, '/roll');
    await http.call('sendMessage', { chat_id: id, text: `said by ${made.username} in ${id}` });
    await say(peer, '/end@nobody_bot');
    await say(peer, `/end@${made.username}`);
  }

  const compare = async (bot: BothWays, last: string): Promise<string[]> => {
    await bot.mtproto.sees(last);
    const [pushed, fetched] = [comparable(pushedTo(bot.mtproto)), comparable(await fetchedBy(bot, last))];
    expect(fetched).toEqual(pushed);
    expect(new Set(fetched).size).toBeGreaterThan(2);
    return fetched;
  };

  test('in a private chat', async () => {
    const bot = await bothWays(scenario, 'Private_equal_bot', owner);
    await using _ = bot.mtproto;
    await story(owner.main.inputPeer(bot.made.id), owner.id, bot);
    expect(await compare(bot, `/end@${bot.made.username}`)).toEqual([
      '/start', 'plain', '@Private_equal_bot look here', 'an answer', 'edited @Private_equal_bot look here', 'less', 'edited less', '/roll', '/end@nobody_bot', '/end@Private_equal_bot',
    ]);
  });

  test.each(['on', 'off'] as const)('in a group and a supergroup, with privacy mode %s', async (privacy) => {
    const bot = await bothWays(scenario, `Privacy_${privacy}_bot`, owner);
    await using _ = bot.mtproto;
    const { made } = bot;
    await operate(scenario, 'bot', 'set', `@${made.username}`, '--privacy', privacy);
    const userId = owner.main.inputUser(made.id);
    const group = await createGroup(owner, [friend]);
    await say(group.peer, 'before the bot');
    await owner.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId, fwdLimit: 0 });
    await story(group.peer, -group.id, bot);
    const inGroup = await compare(bot, `/end@${made.username}`);

    const id = await createChannel(owner);
    await postIn(owner, id, 'before the bot');
    await owner.main.invite({ _: 'channels.inviteToChannel', channel: owner.main.inputChannel(id), users: [userId] });
    await owner.main.change({ _: 'channels.editTitle', channel: owner.main.inputChannel(id), title: 'Rocks' });
    await story(owner.main.inputPeer(id), id, bot);
    await postIn(owner, id, `/last@${made.username}`);
    await bot.mtproto.sees(`/last@${made.username}`);
    const inSupergroup = comparable(pushedTo(bot.mtproto).slice(inGroup.length));
    expect(comparable(await fetchedBy(bot, `/last@${made.username}`))).toEqual(inSupergroup);
    for (const seen of [inGroup, inSupergroup]) {
      for (const text of ['plain', 'less', 'edited less', '/end@nobody_bot']) expect([text, seen.includes(text)]).toEqual([text, privacy === 'off']);
      for (const text of ['new_chat_members', `@${made.username} look here`, 'an answer', `edited @${made.username} look here`]) expect(seen).toContain(text);
      expect(seen).not.toContain('before the bot');
    }
    expect(inSupergroup).toContain('new_chat_title');
  });

  test('in a channel', async () => {
    const bot = await bothWays(scenario, 'Channel_equal_bot', owner);
    await using _ = bot.mtproto;
    const id = await createChannel(owner, 'broadcast', 'News');
    await postIn(owner, id, 'before the bot');
    await promoteBotIn(owner, id, bot.made, { postMessages: true });
    await story(owner.main.inputPeer(id), id, bot);
    const seen = await compare(bot, `/end@${bot.made.username}`);
    for (const text of ['plain', 'edited less']) expect(seen).toContain(text);
    expect(seen).not.toContain('before the bot');
  });
});

describe('a bot may do the same by MTProto and by HTTP', () => {
  let bot: BothWays;
  let other: BotClient & { made: MadeBot };
  let blocker: Actor;
  let stranger: Actor;
  let neighbour: Actor;
  /** A member of a group that hides its members. */
  let hermit: Actor;
  /** Where the bot is an ordinary member that sees everything, an admin, and a member of a group with protected content; marked. */
  let plain: number;
  let led: number;
  let secret: number;
  let channel: number;
  let foreign: number;
  let kicked: number;
  let group: Group;
  let left: Group;
  let muted: number;

  beforeAll(async () => {
    bot = await bothWays(scenario, 'Equal_bot', owner);
    await operate(scenario, 'bot', 'set', '@Equal_bot', '--privacy', 'off');
    other = await startBot(scenario, 'Other_equal_bot');
    await meetBot(owner, other);
    [blocker, stranger, neighbour] = [await scenario.world.user('Blocker'), await scenario.world.user('Stranger'), await scenario.world.user('Neighbour')];
    await write(blocker, bot.made, '/start');
    await blocker.main.call({ _: 'contacts.block', id: blocker.main.inputPeer(bot.made.id) });
    const userId = owner.main.inputUser(bot.made.id);
    const withBot = async (...people: Actor[]): Promise<number> => {
      const id = await createChannel(owner);
      await inviteTo(owner, id, people);
      await owner.main.invite({ _: 'channels.inviteToChannel', channel: owner.main.inputChannel(id), users: [userId] });
      return id;
    };
    plain = await withBot(friend, neighbour);
    await owner.main.invite({ _: 'channels.inviteToChannel', channel: owner.main.inputChannel(plain), users: [owner.main.inputUser(other.made.id)] });
    await owner.main.change({ _: 'messages.editChatDefaultBannedRights', peer: owner.main.inputPeer(plain), bannedRights: { _: 'chatBannedRights', pinMessages: true, changeInfo: true, inviteUsers: true, untilDate: 0 } });
    led = await withBot(friend, neighbour);
    await promoteBotIn(owner, led, bot.made, { pinMessages: true, deleteMessages: true, banUsers: true, changeInfo: true, inviteUsers: true });
    secret = await withBot();
    await owner.main.change({ _: 'messages.toggleNoForwards', peer: owner.main.inputPeer(secret), enabled: true });
    muted = await withBot();
    hermit = await scenario.world.user('Hermit');
    const hidden = await withBot(hermit);
    // Only large groups can hide their members.
    await sql`UPDATE channel_heads SET members = 100 WHERE channel_id = ${-1_000_000_000_000 - hidden}`.execute(scenario.server.db.q);
    await owner.main.change({ _: 'channels.toggleParticipantsHidden', channel: owner.main.inputChannel(hidden), enabled: true });
    const bannedRights: tl.TypeChatBannedRights = { _: 'chatBannedRights', sendMessages: true, sendPlain: true, untilDate: 0 };
    await owner.main.change({ _: 'channels.editBanned', channel: owner.main.inputChannel(muted), participant: owner.main.inputPeer(bot.made.id), bannedRights });
    kicked = await withBot();
    await owner.main.change({ _: 'channels.editBanned', channel: owner.main.inputChannel(kicked), participant: owner.main.inputPeer(bot.made.id), bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });
    channel = await createChannel(owner, 'broadcast', 'News');
    await promoteBotIn(owner, channel, bot.made, { postMessages: true });
    foreign = await createChannel(owner, 'broadcast', 'Foreign');
    group = await createGroup(owner, [friend]);
    left = await createGroup(owner, [friend]);
    for (const { id: chatId } of [group, left]) await owner.main.invite({ _: 'messages.addChatUser', chatId, userId, fwdLimit: 0 });
    await promote(owner, group, { id: bot.made.id } as Actor);
    await bot.http.call('leaveChat', { chat_id: -left.id });
    const { users } = (await bot.mtproto.call({ _: 'channels.getParticipants', channel: channelOf(led), filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 10, hash: Long.ZERO })) as tl.channels.RawChannelParticipants;
    for (const user of users) if (user._ === 'user') hashes.set(user.id, user.accessHash!);
  });
  afterAll(async () => {
    await bot?.mtproto[Symbol.asyncDispose]();
    await other?.[Symbol.asyncDispose]();
  });

  /**
   * How the bot names somebody of its chats. This is a difference on purpose: over MTProto a bot has the access hash of everybody whom it has seen, and over HTTP the server finds the
   * members of a chat by their ids alone.
   */
  const hashes = new Map<number, Long>();
  const seenPeer = ({ id }: { id: number }): tl.RawInputPeerUser => ({ _: 'inputPeerUser', userId: id, accessHash: hashes.get(id) ?? Long.ZERO });

  const posted = (where: number) => (): Promise<number> => postIn(owner, where, 'by the owner');
  const own = (where: number) => async (): Promise<number> => (await bot.http.call<{ message_id: number }>('sendMessage', { chat_id: where, text: 'mine' })).message_id;
  const NO_RIGHT = 'CHAT_ADMIN_REQUIRED';
  const NOT_FOUND = '400 Bad Request: chat not found';

  test.each<[string, () => Action]>([
    ['write to a person who started it', () => send(owner.id, 'allowed')],
    ['write to a stranger', () => send(stranger.id, ['PEER_ID_INVALID', NOT_FOUND])],
    ['write to nobody', () => send(987_654_321, ['PEER_ID_INVALID', NOT_FOUND])],
    ['write to somebody who blocked it', () => send(blocker.id, ['USER_IS_BLOCKED', '403 Forbidden: bot was blocked by the user'])],
    ['write to a member of its group who has not started it', () => send(seenPeer(neighbour), ['PEER_ID_INVALID', "403 Forbidden: bot can't initiate conversation with a user"])],
    ['write to another bot of its group', () => send(other.id, ['PEER_ID_INVALID', "403 Forbidden: bot can't send messages to bots"])],
    ['write to a member of a group that hides its members', () => send(hermit.id, ['PEER_ID_INVALID', NOT_FOUND])],
    ['look at a person who started it', () => lookAt(peerOf(owner.id) as tl.RawInputPeerUser, 'allowed')],
    ['look at a member of its group', () => lookAt(seenPeer(neighbour), 'allowed')],
    ['look at a stranger', () => lookAt(seenPeer(stranger), ['USER_ID_INVALID', NOT_FOUND])],
    ['look at a member of a group that hides its members', () => lookAt(seenPeer(hermit), ['USER_ID_INVALID', NOT_FOUND])],
    ['write in a group', () => send(-group.id, 'allowed')],
    ['write in a supergroup', () => send(plain, 'allowed')],
    ['write in a channel where it may', () => send(channel, 'allowed')],
    ['write in a group that it left', () => send(-left.id, ['CHAT_WRITE_FORBIDDEN', '403 Forbidden: bot is not a member of the group chat'])],
    ['write in a supergroup from which it was kicked', () => send(kicked, ['CHANNEL_INVALID', '403 Forbidden: bot was kicked from the supergroup chat'])],
    ['write in a channel where it never was', () => send(foreign, ['CHANNEL_INVALID', NOT_FOUND])],
    ['write where it is muted', () => send(muted, ['USER_BANNED_IN_CHANNEL', '400 Bad Request: not enough rights to send text messages to the chat'])],
    ['answer a message that does not exist', () => send(plain, ['REPLY_MESSAGE_ID_INVALID', '400 Bad Request: message to be replied not found'], 99_999)],
    ['edit its own message', () => about(owner.id, own(owner.id), 'allowed').edit()],
    ["edit another's message", () => about(led, posted(led), ['MESSAGE_AUTHOR_REQUIRED', "400 Bad Request: message can't be edited"]).edit()],
    ['edit a post of a channel without the right', () => about(channel, posted(channel), ['MESSAGE_AUTHOR_REQUIRED', "400 Bad Request: message can't be edited"]).edit()],
    ['edit a message that does not exist', () => about(owner.id, async () => 99_999, ['MESSAGE_ID_INVALID', '400 Bad Request: message to edit not found']).edit()],
    ['delete its own message', () => about(owner.id, own(owner.id), 'allowed').remove()],
    ["delete another's message as a member", () => about(plain, posted(plain), ['MESSAGE_DELETE_FORBIDDEN', "400 Bad Request: message can't be deleted"]).remove()],
    ["delete another's message as an admin", () => about(led, posted(led), 'allowed').remove()],
    ['pin as a member', () => about(plain, posted(plain), [NO_RIGHT, '400 Bad Request: not enough rights to manage pinned messages in the chat']).pin()],
    ['pin as an admin', () => about(led, posted(led), 'allowed').pin()],
    ['pin in a private chat', () => about(owner.id, own(owner.id), 'allowed').pin()],
    ['forward', () => about(plain, posted(plain), 'allowed').forward(owner.id)],
    ['forward protected content', () => about(secret, posted(secret), ['CHAT_FORWARDS_RESTRICTED', "400 Bad Request: message can't be forwarded"]).forward(owner.id)],
    ['copy protected content', () => about(secret, posted(secret), ['CHAT_FORWARDS_RESTRICTED', "400 Bad Request: message can't be copied"]).copy(owner.id)],
    ['forward from where it was kicked', () => about(kicked, posted(kicked), ['CHANNEL_INVALID', '403 Forbidden: bot was kicked from the supergroup chat']).forward(owner.id)],
    ['react in a private chat', () => about(owner.id, own(owner.id), 'allowed').react()],
    ['ban as a member', () => ban(plain, seenPeer(friend), [NO_RIGHT, '400 Bad Request: not enough rights to restrict/unrestrict chat member'])],
    ['ban as an admin', () => ban(led, seenPeer(neighbour), 'allowed')],
    ['ban the owner', () => ban(led, seenPeer(owner), ['USER_ADMIN_INVALID', "400 Bad Request: can't remove chat owner"])],
    ['ban where it never was', () => ban(foreign, seenPeer(friend), ['CHANNEL_INVALID', NOT_FOUND])],
    ['make an admin without the right', () => makeAdmin(led, seenPeer(friend), [NO_RIGHT, '400 Bad Request: not enough rights'])],
    ['change the title as a member', () => title(plain, [NO_RIGHT, '400 Bad Request: not enough rights to change chat title'])],
    ['change the title as an admin', () => title(led, 'allowed')],
    ['change the title of a group as an admin', () => title(-group.id, 'allowed')],
    ['make a link as a member', () => link(plain, [NO_RIGHT, '400 Bad Request: not enough rights to manage chat invite link'])],
    ['make a link as an admin', () => link(led, 'allowed')],
    ['look at a supergroup', () => look(plain, 'allowed')],
    ['look at a channel where it never was', () => look(foreign, ['CHANNEL_INVALID', NOT_FOUND])],
    ['look at a supergroup from which it was kicked', () => look(kicked, ['CHANNEL_INVALID', '403 Forbidden: bot was kicked from the supergroup chat'])],
    ['list the admins as a member', () => members(plain, 'allowed')],
    ['list the admins where it was kicked', () => members(kicked, ['CHANNEL_INVALID', '403 Forbidden: bot was kicked from the supergroup chat'])],
    ['look at a member', () => member(plain, seenPeer(friend), 'allowed')],
    ['look at a member where it never was', () => member(foreign, seenPeer(friend), ['CHANNEL_INVALID', NOT_FOUND])],
    ['say that it types', () => typing(plain, 'allowed')],
    ['say that it types where it never was', () => typing(foreign, ['CHANNEL_INVALID', NOT_FOUND])],
  ])('%s', async (_name, action) => {
    const { before, mtproto, http, answers } = action();
    const [forMtproto, forHttp] = [await before?.(), await before?.()];
    const byMtproto = await bot.mtproto.call(mtproto(forMtproto ?? 0)).then(() => 'allowed', (error: Error & { text?: string }) => error.text ?? error.message);
    const { ok, error_code, description } = await bot.http.ask(...http(forHttp ?? 0));
    expect([byMtproto, ok ? 'allowed' : `${error_code} ${description}`]).toEqual(answers === 'allowed' ? ['allowed', 'allowed'] : answers);
  });

  test('neither uses a file of another bot', async () => {
    const theirs = new CheckedBot(scenario.server, other.made.token);
    const photo = new File([await makePicture(300, 300)], 'rope.jpg');
    const { message_id, document } = await theirs.call<{ message_id: number; document: { file_id: string } }>('sendDocument', { chat_id: owner.id, document: photo });
    expect(await bot.http.refusal('sendDocument', { chat_id: owner.id, document: document.file_id })).toMatch(/^400 Bad Request: wrong remote file identifier specified/);
    const { messages } = (await other.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id: message_id }] })) as tl.messages.RawMessages;
    const { id, accessHash, fileReference } = ((messages[0] as tl.RawMessage).media as tl.RawMessageMediaDocument).document as tl.RawDocument;
    const media: tl.RawInputMediaDocument = { _: 'inputMediaDocument', id: { _: 'inputDocument', id, accessHash, fileReference } };
    expect(await bot.mtproto.refusal({ _: 'messages.sendMedia', peer: peerOf(owner.id), media, message: '', randomId: randomLong() })).toMatch(/^(MEDIA_INVALID|FILE_REFERENCE_EXPIRED|DOCUMENT_INVALID)$/);
  });

  test('neither answers a question of another bot, and either its own', async () => {
    const ask = async (asked: BotClient, data: string): Promise<{ queryId: Long; answer: Promise<unknown> }> => {
      await asked.call({ _: 'messages.sendMessage', peer: peerOf(owner.id), message: `press ${data}`, replyMarkup: inline(press(data)), randomId: randomLong() });
      const { id: msgId } = await owner.sees(`press ${data}`);
      const answer = owner.main.call({ _: 'messages.getBotCallbackAnswer', peer: owner.main.inputPeer(asked.id), msgId, data: Buffer.from(data) });
      return { queryId: (await seesPress(asked, data)).queryId, answer };
    };
    const theirs = await ask(other, 'theirs');
    const answerOf = (queryId: Long): tl.messages.RawSetBotCallbackAnswerRequest => ({ _: 'messages.setBotCallbackAnswer', queryId, cacheTime: 0, message: 'done' });
    expect(await bot.mtproto.refusal(answerOf(theirs.queryId))).toBe('QUERY_ID_INVALID');
    expect(await bot.http.refusal('answerCallbackQuery', { callback_query_id: String(theirs.queryId) })).toBe('400 Bad Request: query is too old and response timeout expired or query ID is invalid');
    await other.call(answerOf(theirs.queryId));
    await theirs.answer;
    const first = await ask(bot.mtproto, 'first');
    await bot.mtproto.call(answerOf(first.queryId));
    expect(await first.answer).toMatchObject({ message: 'done' });
    const second = await ask(bot.mtproto, 'second');
    await bot.http.call('answerCallbackQuery', { callback_query_id: String(second.queryId), text: 'done' });
    expect(await second.answer).toMatchObject({ message: 'done' });
  });
});
