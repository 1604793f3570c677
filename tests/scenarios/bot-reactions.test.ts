import { type Actor, BotClient } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promoteBotIn } from './bot-api-chats-stage.ts';
import { type MadeBot, makeBot, UNHURRIED_BOTS, write } from './bot-stage.ts';
import { createChannel, inviteTo, postIn } from './channel-stage.ts';
import { type BotUpdate, PollingBot } from './polling-bot.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let made: MadeBot;
/** An admin of both chats, over HTTP. */
let bot: PollingBot;
/** The same bot over MTProto. */
let client: BotClient;
/** A bot that is a member of the supergroup. */
let other: PollingBot;
let ann: Actor;
let ben: Actor;
let groupId: number;
let channelId: number;
beforeAll(async () => {
  scenario = await startScenario({ env: UNHURRIED_BOTS });
  [made, other] = [await makeBot(scenario, 'Heart_bot'), new PollingBot(scenario.server, await makeBot(scenario, 'Other_bot'))];
  bot = new PollingBot(scenario.server, made);
  client = await BotClient.logIn(scenario.server, made.token);
  [ann, ben] = [await scenario.world.user('Ann'), await scenario.world.user('Ben')];
  for (const one of [made, other.made]) await write(ann, one, '/start');
  groupId = await createChannel(ann);
  await inviteTo(ann, groupId, [ben]);
  await ann.main.invite({ _: 'channels.inviteToChannel', channel: ann.main.inputChannel(groupId), users: [made, other.made].map(({ id }) => ann.main.inputUser(id)) });
  await promoteBotIn(ann, groupId, made, { deleteMessages: true });
  channelId = await createChannel(ann, 'broadcast', 'News');
  await inviteTo(ann, channelId, [ben]);
  await promoteBotIn(ann, channelId, made, { postMessages: true });
  for (const one of [bot, other]) await one.until(({ message }) => message !== undefined);
  for (const one of [bot, other]) await one.fetch({ offset: one.offset, allowed_updates: ['message', 'message_reaction', 'message_reaction_count'] });
});
afterAll(async () => {
  await client?.[Symbol.asyncDispose]();
  await scenario?.[Symbol.asyncDispose]();
});

const react = (actor: Actor, id: number, msgId: number, ...emoticons: string[]): Promise<unknown> =>
  actor.main.call({ _: 'messages.sendReaction', peer: actor.main.inputPeer(id), msgId, reaction: emoticons.map((emoticon) => ({ _: 'reactionEmoji', emoticon })) });

interface Change {
  message_id: number;
  user?: { first_name: string };
  actor_chat?: { id: number };
  old_reaction: { emoji: string }[];
  new_reaction: { emoji: string }[];
}

const changeIn = ({ message_reaction }: BotUpdate): Change | undefined => message_reaction as Change | undefined;
/** Who gave what before and now. */
const changesIn = (updates: readonly BotUpdate[]): [unknown, string[], string[]][] =>
  updates.flatMap((update) => {
    const change = changeIn(update);
    return change === undefined ? [] : [[change.user?.first_name ?? change.actor_chat?.id, change.old_reaction.map(({ emoji }) => emoji), change.new_reaction.map(({ emoji }) => emoji)] as [unknown, string[], string[]]];
  });
const countsIn = ({ message_reaction_count: told }: BotUpdate): [string, number][] | undefined =>
  (told as { reactions: { type: { emoji: string }; total_count: number }[] } | undefined)?.reactions.map(({ type, total_count }) => [type.emoji, total_count]);
/** Waits until somebody has reacted with this. */
const untilGiven = (one: PollingBot, msgId: number, emoji: string): Promise<BotUpdate[]> => one.until((update) => changeIn(update)?.message_id === msgId && changeIn(update)!.new_reaction.some((given) => given.emoji === emoji));

async function refusal(method: string, params: Record<string, unknown>): Promise<string | undefined> {
  return (await bot.ask(method, params)).description;
}

describe('reactions in a supergroup', () => {
  test('are told to the bot that is an admin, with what was there before, and to no other bot', async () => {
    const msgId = await postIn(ann, groupId, 'look');
    await react(ben, groupId, msgId, '👍');
    await react(ben, groupId, msgId, '🔥');
    // A repeat is no news.
    await react(ben, groupId, msgId, '🔥');
    await react(ben, groupId, msgId);
    await react(ann, groupId, msgId, '👏');
    const seen = await untilGiven(bot, msgId, '👏');
    expect(changesIn(seen)).toEqual([['Ben', [], ['👍']], ['Ben', ['👍'], ['🔥']], ['Ben', ['🔥'], []], ['Ann', [], ['👏']]]);
    await client.waitFor('clap', (update): update is tl.RawUpdateBotMessageReaction => update._ === 'updateBotMessageReaction' && update.newReactions.some((one) => one._ === 'reactionEmoji' && one.emoticon === '👏'));
    const pushed = client.updates.filter((update): update is tl.RawUpdateBotMessageReaction => update._ === 'updateBotMessageReaction');
    expect(pushed.map(({ actor }) => (actor as tl.RawPeerUser).userId)).toEqual([ben.id, ben.id, ben.id, ann.id]);
    expect(pushed.map(({ qts }) => qts)).toEqual(pushed.map((_, at) => pushed[0]!.qts + at));
    expect(client.updates.filter(({ _ }) => _ === 'updateMessageReactions')).toEqual([]);
    await write(ann, other.made, 'the end');
    expect(changesIn(await other.until(({ message }) => message?.text === 'the end'))).toEqual([]);
  });

  test('that bots give are told to no bot, and those in the name of the group do not say who gave them', async () => {
    await promoteBotIn(ann, groupId, other.made, { deleteMessages: true });
    const msgId = await postIn(ben, groupId, 'who?');
    expect(await bot.call('setMessageReaction', { chat_id: groupId, message_id: msgId, reaction: [{ type: 'emoji', emoji: '👍' }] })).toBe(true);
    const peer = ann.main.inputPeer(groupId);
    await ann.main.change({ _: 'channels.editAdmin', channel: ann.main.inputChannel(groupId), userId: { _: 'inputUserSelf' }, adminRights: { _: 'chatAdminRights', anonymous: true, deleteMessages: true }, rank: '' });
    await ann.main.call({ _: 'messages.saveDefaultSendAs', peer, sendAs: peer });
    await react(ann, groupId, msgId, '🔥');
    const seen = await untilGiven(other, msgId, '🔥');
    expect(changesIn(seen)).toEqual([[groupId, [], ['🔥']]]);
    expect(JSON.stringify(seen.filter((update) => changeIn(update) !== undefined))).not.toContain(String(ann.id));
    expect(changesIn(await untilGiven(bot, msgId, '🔥'))).toEqual([[groupId, [], ['🔥']]]);
    await ann.main.change({ _: 'channels.editAdmin', channel: ann.main.inputChannel(groupId), userId: { _: 'inputUserSelf' }, adminRights: { _: 'chatAdminRights', deleteMessages: true }, rank: '' });
    await ann.main.call({ _: 'messages.saveDefaultSendAs', peer, sendAs: { _: 'inputPeerSelf' } });
    await promoteBotIn(ann, groupId, other.made, {});
  });

  test('are given and taken back by a bot', async () => {
    const msgId = await postIn(ben, groupId, 'nice');
    const target = { chat_id: groupId, message_id: msgId };
    expect(await refusal('setMessageReaction', { ...target, reaction: [{ type: 'emoji', emoji: '👍' }, { type: 'emoji', emoji: '🔥' }] })).toBe('Bad Request: REACTIONS_TOO_MANY');
    expect(await refusal('setMessageReaction', { ...target, reaction: [{ type: 'emoji', emoji: 'x' }] })).toBe('Bad Request: REACTION_INVALID');
    expect(await refusal('setMessageReaction', { ...target, reaction: [{ type: 'emoji', emoji: 'x'.repeat(5000) }] })).toBe('Bad Request: REACTION_INVALID');
    expect(await refusal('setMessageReaction', { ...target, reaction: Array.from({ length: 30 }, () => ({ type: 'emoji', emoji: '👍' })) })).toBe('Bad Request: REACTIONS_TOO_MANY');
    expect(await refusal('setMessageReaction', { ...target, message_id: 9999, reaction: [{ type: 'emoji', emoji: '👍' }] })).toBe('Bad Request: message to react not found');
    await bot.call('setMessageReaction', { ...target, reaction: [{ type: 'emoji', emoji: '👍' }], is_big: true });
    await ben.main.seesUpdate('updateMessageReactions', ({ reactions: { results } }) => results.length === 1);
    await bot.call('setMessageReaction', target);
    await ben.main.seesUpdate('updateMessageReactions', (update) => update.msgId === msgId && update.reactions.results.length === 0);
  });

  test('of others are taken back by a bot that may delete messages, which is told of it as well', async () => {
    const [first, second] = [await postIn(ann, groupId, 'one'), await postIn(ann, groupId, 'two')];
    for (const msgId of [first, second]) await react(ben, groupId, msgId, '💩');
    await untilGiven(bot, second, '💩');
    const target = { chat_id: groupId, user_id: ben.id };
    expect(await bot.call('deleteMessageReaction', { ...target, message_id: first })).toBe(true);
    const [gone] = changesIn(await bot.until((update) => changeIn(update)?.message_id === first));
    expect(gone).toEqual(['Ben', ['💩'], []]);
    // A repeat changes nothing.
    expect(await bot.call('deleteMessageReaction', { ...target, message_id: first })).toBe(true);
    expect(await bot.call('deleteAllMessageReactions', target)).toBe(true);
    expect(changesIn(await bot.until((update) => changeIn(update)?.message_id === second))).toEqual([['Ben', ['💩'], []]]);

    expect(await refusal('deleteMessageReaction', target)).toBe('Bad Request: message identifier is not specified');
    expect(await refusal('deleteMessageReaction', { ...target, message_id: 9999 })).toBe('Bad Request: message not found');
    expect(await refusal('deleteMessageReaction', { chat_id: groupId, message_id: first })).toBe('Bad Request: invalid user_id specified');
    expect(await refusal('deleteAllMessageReactions', { chat_id: groupId, user_id: 4 })).toBe('Bad Request: PARTICIPANT_ID_INVALID');
    expect(await refusal('deleteAllMessageReactions', { chat_id: groupId, actor_chat_id: 4 })).toBe('Bad Request: PARTICIPANT_ID_INVALID');
    expect(await refusal('deleteAllMessageReactions', { chat_id: channelId, user_id: ben.id })).toBe('Bad Request: method is available only for groups and supergroups');
    // The one in the name of the group.
    expect(await bot.call('deleteAllMessageReactions', { chat_id: groupId, actor_chat_id: groupId })).toBe(true);
    expect(changesIn(await bot.until((update) => changeIn(update)?.actor_chat !== undefined))).toEqual([[groupId, ['🔥'], []]]);
    const { description } = await other.ask('deleteAllMessageReactions', target);
    expect(description).toBe('Bad Request: not enough rights to delete message reactions');
  });
});

test('reactions in a basic group are told to the bot that is an admin, by its own id of the message, and taken back by it', async () => {
  const { updates } = await ann.main.invite({ _: 'messages.createChat', title: 'Team', users: [ben.id, made.id, other.made.id].map((id) => ann.main.inputUser(id)) });
  const chatId = updates._ === 'updates' ? updates.chats[0]!.id : 0;
  await ann.main.change({ _: 'messages.editChatAdmin', chatId, userId: ann.main.inputUser(made.id), isAdmin: true });
  await ann.main.change({ _: 'messages.sendMessage', peer: ann.main.inputPeer(-chatId), message: 'what for?', randomId: randomLong() });
  const asked = await ben.sees('what for?');
  await react(ben, -chatId, asked.id, '👍');
  const seen = await bot.until((update) => changeIn(update)?.new_reaction.length === 1);
  expect(changesIn(seen)).toEqual([['Ben', [], ['👍']]]);
  const target = { chat_id: -chatId, message_id: changeIn(seen.at(-1)!)!.message_id };
  expect(await bot.call('setMessageReaction', { ...target, reaction: [{ type: 'emoji', emoji: '🔥' }] })).toBe(true);
  await ben.main.seesUpdate('updateMessageReactions', ({ msgId, reactions: { results } }) => msgId === asked.id && results.length === 2);
  expect(await bot.call('deleteMessageReaction', { ...target, user_id: ben.id })).toBe(true);
  expect(changesIn(await bot.until((update) => changeIn(update)?.new_reaction.length === 0))).toEqual([['Ben', ['👍'], []]]);
  await write(ann, other.made, 'the end of it');
  expect(changesIn(await other.until(({ message }) => message?.text === 'the end of it'))).toEqual([]);
});

describe('reactions in a channel', () => {
  test('are told as totals, many at once, without saying who gave them', async () => {
    const msgId = await postIn(ann, channelId, 'news');
    await Promise.all([react(ann, channelId, msgId, '👍'), react(ben, channelId, msgId, '👍')]);
    const seen = (await bot.until((update) => countsIn(update) !== undefined)).filter(({ message }) => message === undefined);
    expect(seen.map(countsIn)).toEqual([[['👍', 2]]]);
    expect(JSON.stringify(seen)).not.toContain(String(ben.id));
    await react(ben, channelId, msgId);
    const last = (await bot.until((update) => countsIn(update)?.[0]?.[1] === 1)).at(-1);
    expect(last!['message_reaction_count']).toMatchObject({ chat: { id: channelId, type: 'channel' }, message_id: msgId });
    await client.waitFor('counts', (update): update is tl.RawUpdateBotMessageReactions => update._ === 'updateBotMessageReactions' && update.reactions[0]?.count === 1);
    expect(client.updates.filter(({ _ }) => _ === 'updateBotMessageReactions')).toHaveLength(2);
  });

  test('are not told to a bot that does not ask for them', async () => {
    await bot.fetch({ offset: bot.offset, allowed_updates: [] });
    const msgId = await postIn(ann, channelId, 'more news');
    await react(ben, channelId, msgId, '👍');
    await client.waitFor('counts of it', (update): update is tl.RawUpdateBotMessageReactions => update._ === 'updateBotMessageReactions' && update.msgId === msgId);
    await write(ann, made, 'the end');
    expect((await bot.until(({ message }) => message?.text === 'the end')).map(countsIn).filter((one) => one !== undefined)).toEqual([]);
  });
});

test('nobody has boosted anything', async () => {
  expect(await bot.call('getUserChatBoosts', { chat_id: channelId, user_id: ben.id })).toEqual({ boosts: [] });
  expect(await refusal('getUserChatBoosts', { chat_id: channelId })).toBe('Bad Request: invalid user_id specified');
  expect(await refusal('getUserChatBoosts', { chat_id: ann.id, user_id: ann.id })).toBe('Bad Request: method is available for supergroup and channel chats only');
});

describe('reactions in a private chat', () => {
  test('are told to the bot', async () => {
    await bot.fetch({ offset: bot.offset, allowed_updates: ['message', 'message_reaction'] });
    const { message_id } = await bot.call<{ message_id: number }>('sendMessage', { chat_id: ann.id, text: 'do you like it?' });
    const { id: msgId } = await ann.sees('do you like it?');
    await react(ann, made.id, msgId, '👍');
    // A repeat is no news.
    await react(ann, made.id, msgId, '👍');
    await react(ann, made.id, msgId, '🔥');
    await react(ann, made.id, msgId);
    const seen = await bot.until((update) => changeIn(update)?.message_id === message_id && changeIn(update)!.new_reaction.length === 0);
    expect(changesIn(seen)).toEqual([['Ann', [], ['👍']], ['Ann', ['👍'], ['🔥']], ['Ann', ['🔥'], []]]);
    expect((seen.find((update) => changeIn(update) !== undefined)!['message_reaction'] as { chat: object }).chat).toMatchObject({ id: ann.id, type: 'private' });
    // What the bot gives is not told to it.
    const hers = await write(ann, made, 'and you?');
    expect(hers.id).toBe(made.id);
    const [told] = (await bot.until(({ message }) => message?.text === 'and you?')).slice(-1);
    expect(await bot.call('setMessageReaction', { chat_id: ann.id, message_id: (told!.message as { message_id: number }).message_id, reaction: [{ type: 'emoji', emoji: '👏' }] })).toBe(true);
    await write(ann, made, 'thanks');
    expect(changesIn(await bot.until(({ message }) => message?.text === 'thanks'))).toEqual([]);
  });
});
