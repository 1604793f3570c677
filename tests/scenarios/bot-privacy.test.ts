import type { Actor, BotClient } from '@aerogram/dev-env';
import { Long } from '@mtcute/node';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operate, startBot } from './bot-stage.ts';
import { createChannel } from './channel-stage.ts';
import { createGroup } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const CHANNEL_OFFSET = 1_000_000_000_000;

/** A group with a bot in privacy mode, one that sees everything, and another person. */
interface Stage extends AsyncDisposable {
  person: Actor;
  friend: Actor;
  shy: BotClient;
  open: BotClient;
  /** As bots and people name it. */
  peer: tl.RawInputPeerChat | tl.RawInputPeerChannel;
  personPeer: tl.TypeInputPeer;
  /** Marked; of a supergroup. */
  id: number;
}

async function stageOf(kind: 'basic group' | 'supergroup', name: string): Promise<Stage> {
  const [person, friend] = [await scenario.world.user('Person'), await scenario.world.user('Friend')];
  const [shy, open] = [await startBot(scenario, `${name}_shy_bot`), await startBot(scenario, `${name}_open_bot`)];
  await operate(scenario, 'bot', 'set', `@${name}_open_bot`, '--privacy', 'off');
  for (const bot of [shy, open]) await person.main.call({ _: 'contacts.resolveUsername', username: bot.made.username });
  const close = async (): Promise<void> => {
    await shy[Symbol.asyncDispose]();
    await open[Symbol.asyncDispose]();
  };
  const users = [shy, open].map((bot) => person.main.inputUser(bot.id));
  if (kind === 'basic group') {
    const group = await createGroup(person, [friend]);
    for (const userId of users) await person.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId, fwdLimit: 50 });
    return { person, friend, shy, open, peer: group.peer, personPeer: group.peer, id: group.id, [Symbol.asyncDispose]: close };
  }
  const id = await createChannel(person);
  await person.meet(friend);
  await person.main.invite({ _: 'channels.inviteToChannel', channel: person.main.inputChannel(id), users: [person.main.inputUser(friend.id), ...users] });
  await friend.main.waitUntil('the group', () => friend.main.state.channels.find(id) !== undefined);
  const peer: tl.RawInputPeerChannel = { _: 'inputPeerChannel', channelId: -CHANNEL_OFFSET - id, accessHash: Long.ZERO };
  return { person, friend, shy, open, peer, personPeer: person.main.inputPeer(id), id, [Symbol.asyncDispose]: close };
}

/** The id of a message that was sent. */
function idIn(answer: tl.TypeUpdates): number {
  if (answer._ === 'updateShortSentMessage') return answer.id;
  return (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID')!.id;
}

/** Somebody writes to the group. @returns the id of their copy */
async function say({ person, personPeer }: Stage, message: string, replyTo?: number): Promise<number> {
  const request: tl.messages.RawSendMessageRequest = { _: 'messages.sendMessage', peer: personPeer, message, randomId: randomLong() };
  const answer = await person.main.change({ ...request, ...(replyTo === undefined ? {} : { replyTo: { _: 'inputReplyToMessage', replyToMsgId: replyTo } }) });
  return idIn(answer);
}

/** A bot writes to the group. @returns the id of its copy */
async function botSays(stage: Stage, bot: BotClient, message: string): Promise<number> {
  return idIn(await bot.call({ _: 'messages.sendMessage', peer: stage.peer, message, randomId: randomLong() }));
}

/** The texts that were pushed to a bot so far, new and edited. */
const textsOf = (bot: BotClient): string[] => bot.updates.flatMap((update) => ('message' in update && typeof update.message === 'object' && update.message._ === 'message' ? [update.message.message] : []));

let marks = 0;
/** Waits until both bots have everything that was written so far. */
async function settle(stage: Stage): Promise<void> {
  const shyName = nameOf(stage.shy);
  const mark = `/mark${++marks}@${shyName}`;
  await say(stage, mark);
  await Promise.all([stage.shy.sees(mark), stage.open.sees(mark)]);
}

const nameOf = (bot: BotClient): string => (bot as BotClient & { made: { username: string } }).made.username;

describe.each(['basic group', 'supergroup'] as const)('privacy mode in a %s', (kind) => {
  const prefix = kind === 'basic group' ? 'Basic' : 'Super';

  test('shows a bot what is meant for it, and nothing else', async () => {
    await using stage = await stageOf(kind, `${prefix}_table`);
    const { person, friend, shy, open } = stage;
    const shyName = nameOf(shy);
    const hidden: string[] = [];
    const seen: string[] = [];
    const write = async (list: string[], text: string, replyTo?: number): Promise<number> => {
      list.push(text);
      return say(stage, text, replyTo);
    };
    // While no bot has written, a bare command is meant for all.
    await write(seen, '/help');
    const plain = await write(hidden, 'between us');
    await write(hidden, 'also between us', plain);
    const named = await write(seen, `ask @${shyName} about it`);
    await write(seen, 'an answer to that', named);
    await write(seen, `/roll@${shyName} 6`);
    await write(hidden, `/roll@${nameOf(open)} 6`);
    await write(seen, `/why@${shyName}`, plain);
    await settle(stage);
    const find = async (id: tl.TypeInputMessage): Promise<string> => {
      const answer = await shy.call(stage.peer._ === 'inputPeerChat' ? { _: 'messages.getMessages', id: [id] } : { _: 'channels.getMessages', channel: { ...stage.peer, _: 'inputChannel' }, id: [id] });
      const message = (answer as tl.messages.RawMessages).messages[0]!;
      return message._ === 'message' ? message.message : 'none';
    };
    // A reply that the bot sees opens the message that is replied to. In a basic group the bot has no copy of it.
    expect(await find({ _: 'inputMessageReplyTo', id: (await shy.sees('an answer to that')).id })).toBe(`ask @${shyName} about it`);
    expect(await find({ _: 'inputMessageReplyTo', id: (await shy.sees(`/why@${shyName}`)).id })).toBe(kind === 'basic group' ? 'none' : 'between us');

    await botSays(stage, shy, 'rolled a four');
    const answer = await person.sees('rolled a four');
    await write(seen, 'not bad', answer.id);
    await write(seen, '/again');
    await botSays(stage, open, 'i am watching');
    await person.sees('i am watching');
    await friend.sees('i am watching');
    await write(hidden, '/again please');
    await settle(stage);

    expect(textsOf(shy).filter((text) => !text.startsWith('/mark'))).toEqual(seen);
    // The other bot sees all that people write, and nothing that bots write.
    const texts = textsOf(open);
    for (const text of [...seen, ...hidden]) expect(texts).toContain(text);
    expect(texts).not.toContain('rolled a four');
    expect(textsOf(shy)).not.toContain('i am watching');
    // What is hidden is no push of its own: one update without ids stands for all of it, right before the next message that is seen.
    const holes = shy.updates.filter((update) => update._ === 'updateDeleteChannelMessages');
    expect(holes.length).toBeLessThanOrEqual(seen.length + marks);
  });

  test('follows an admin, and needs the bot to be added again after a change', async () => {
    await using stage = await stageOf(kind, `${prefix}_admin`);
    const { person, shy, id } = stage;
    const promote = async (isAdmin: boolean): Promise<void> => {
      const userId = person.main.inputUser(shy.id);
      if (kind === 'basic group') await person.main.change({ _: 'messages.editChatAdmin', chatId: id, userId, isAdmin });
      else await person.main.change({ _: 'channels.editAdmin', channel: person.main.inputChannel(id), userId, adminRights: { _: 'chatAdminRights', deleteMessages: isAdmin }, rank: '' });
    };
    await say(stage, 'before');
    // What is on its way when the role changes, an admin may be given.
    await settle(stage);
    // What others have pinned, or deleted, an admin is told of from the beginning.
    await promote(true);
    await say(stage, 'to the admin');
    await shy.sees('to the admin');
    await promote(false);
    await say(stage, 'after');
    await operate(scenario, 'bot', 'set', `@${nameOf(shy)}`, '--privacy', 'off');
    await say(stage, 'changed, not added again');
    await settle(stage);
    // After the change another promotion shows the bot everything only as long as it is an admin.
    await promote(true);
    await say(stage, 'to the admin again');
    await shy.sees('to the admin again');
    await promote(false);
    await say(stage, 'after being an admin again');
    await settle(stage);

    const userId = person.main.inputUser(shy.id);
    if (kind === 'basic group') {
      await person.main.change({ _: 'messages.deleteChatUser', chatId: id, userId });
      await person.main.invite({ _: 'messages.addChatUser', chatId: id, userId, fwdLimit: 50 });
    } else {
      const channel = person.main.inputChannel(id);
      await person.main.change({ _: 'channels.editBanned', channel, participant: person.main.inputPeer(shy.id), bannedRights: { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } });
      await person.main.invite({ _: 'channels.inviteToChannel', channel, users: [userId] });
    }
    await say(stage, 'now for all');
    await shy.sees('now for all');
    const texts = textsOf(shy);
    for (const text of ['before', 'after', 'changed, not added again', 'after being an admin again']) expect(texts).not.toContain(text);
  });
});

describe('what privacy mode hides in a supergroup', () => {
  test('is found by no way of reading', async () => {
    await using stage = await stageOf('supergroup', 'Ways');
    const { person, shy, peer, id } = stage;
    const channel: tl.RawInputChannel = { _: 'inputChannel', channelId: -CHANNEL_OFFSET - id, accessHash: Long.ZERO };
    const { pts } = (await shy.call({ _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts: 1, limit: 100 })) as tl.updates.RawChannelDifference;
    const early = await say(stage, `@${nameOf(shy)} hello`);
    await person.main.change({ _: 'messages.updatePinnedMessage', peer: stage.personPeer, id: early, silent: true });
    const secret = await say(stage, 'secret');
    const doomed = await say(stage, 'doomed secret');
    const ofBot = await botSays(stage, stage.open, 'secret of a bot');
    const named = await say(stage, `@${nameOf(shy)} psst`);
    const aboutSecret = await say(stage, `/what@${nameOf(shy)}`, secret);
    const aboutNamed = await say(stage, `/what@${nameOf(shy)}`, named);
    await person.main.change({ _: 'messages.editMessage', peer: stage.personPeer, id: secret, message: 'edited secret' });
    await person.main.change({ _: 'messages.updatePinnedMessage', peer: stage.personPeer, id: secret, silent: true });
    await person.main.change({ _: 'channels.deleteMessages', channel: person.main.inputChannel(id), id: [doomed] });
    await settle(stage);

    const ids = [secret, doomed, ofBot];
    const { messages } = (await shy.call({ _: 'channels.getMessages', channel, id: [...ids, named].map((one) => ({ _: 'inputMessageID', id: one })) })) as tl.messages.RawChannelMessages;
    expect(messages.map((one) => one._)).toEqual(['messageEmpty', 'messageEmpty', 'messageEmpty', 'message']);
    const find = async (id: tl.TypeInputMessage): Promise<string | number> => {
      const [message] = ((await shy.call({ _: 'channels.getMessages', channel, id: [id] })) as tl.messages.RawChannelMessages).messages;
      return message!._ === 'messageEmpty' ? 'none' : message!.id;
    };
    // A reply that the bot sees gives the message that is replied to, and does not make it one that the bot sees.
    expect(await find({ _: 'inputMessageReplyTo', id: aboutSecret })).toBe(secret);
    expect(await find({ _: 'inputMessageID', id: secret })).toBe('none');
    expect(await find({ _: 'inputMessageReplyTo', id: aboutNamed })).toBe(named);
    expect(await find({ _: 'inputMessageReplyTo', id: secret })).toBe('none');
    expect(await find({ _: 'inputMessageCallbackQuery', id: secret, queryId: Long.ZERO })).toBe('none');
    // Of the pinned messages, the newest one that the bot sees.
    expect(await find({ _: 'inputMessagePinned' })).toBe(early);
    expect((await shy.call({ _: 'channels.getFullChannel', channel })).fullChat.pinnedMsgId).toBe(early);
    expect((await person.main.call({ _: 'channels.getFullChannel', channel: person.main.inputChannel(id) })).fullChat.pinnedMsgId).toBe(secret);

    const difference = (await shy.call({ _: 'updates.getChannelDifference', channel, filter: { _: 'channelMessagesFilterEmpty' }, pts, limit: 100 })) as tl.updates.RawChannelDifference;
    const found = JSON.stringify(difference, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(found).not.toContain('secret');
    expect(await shy.refusal({ _: 'channels.deleteMessages', channel, id: [secret] })).toBe('MESSAGE_DELETE_FORBIDDEN');
    expect(difference.newMessages.map((one) => one.id)).toContain(named);
    const idsNamedIn = (updates: readonly tl.TypeUpdate[]): number[] => updates.flatMap((update) => ('messages' in update && Array.isArray(update.messages) ? update.messages : []));
    expect(idsNamedIn(difference.otherUpdates).filter((one) => ids.includes(one))).toEqual([]);
    expect(idsNamedIn(shy.updates).filter((one) => ids.includes(one))).toEqual([]);
    expect(textsOf(shy).some((text) => text.includes('secret'))).toBe(false);

    const replyTo: tl.RawInputReplyToMessage = { _: 'inputReplyToMessage', replyToMsgId: secret };
    expect(await shy.refusal({ _: 'messages.sendMessage', peer, message: 'what?', randomId: randomLong(), replyTo })).toMatch(/INVALID/);
    expect(await shy.refusal({ _: 'messages.forwardMessages', fromPeer: peer, toPeer: peer, id: [secret], randomId: [randomLong()] })).toMatch(/INVALID/);
    expect(await shy.refusal({ _: 'messages.editMessage', peer, id: secret, message: 'mine' })).toBe('MESSAGE_ID_INVALID');
    for (const call of [
      { _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO },
      { _: 'messages.search', peer, q: 'secret', filter: { _: 'inputMessagesFilterEmpty' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO },
    ] as const satisfies readonly tl.RpcMethod[]) expect(await shy.refusal(call)).toBe('BOT_METHOD_INVALID');
  });

  test('stays hidden from a bot that is not in a public group', async () => {
    const person = await scenario.world.user('Person');
    await using bot = await startBot(scenario, 'Outside_bot');
    const id = await createChannel(person);
    await person.main.change({ _: 'channels.updateUsername', channel: person.main.inputChannel(id), username: 'open_climbing' });
    const { chats } = await bot.call({ _: 'contacts.resolveUsername', username: 'open_climbing' });
    const { accessHash } = chats[0] as tl.RawChannel;
    const channel: tl.RawInputChannel = { _: 'inputChannel', channelId: -CHANNEL_OFFSET - id, accessHash: accessHash ?? Long.ZERO };
    expect(await bot.refusal({ _: 'channels.getMessages', channel, id: [{ _: 'inputMessageID', id: 1 }] })).toBe('CHANNEL_PRIVATE');
  });
});
