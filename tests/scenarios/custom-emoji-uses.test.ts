import { Long, type tl } from '@mtcute/node';
import { type Actor, type Device, verifyUpdates } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promoteBotIn } from './bot-api-chats-stage.ts';
import { makeBot, readMessage, UNHURRIED_BOTS, write as writeTo } from './bot-stage.ts';
import { channelStage, createChannel, inviteTo, postIn } from './channel-stage.ts';
import { createGroup, people, write } from './group-stage.ts';
import { PollingBot } from './polling-bot.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
/** Ids of custom emoji. */
let emoji: tl.Long[];
beforeAll(async () => {
  scenario = await startScenario({ env: UNHURRIED_BOTS });
  const asker = await scenario.world.user('Asker');
  const set = await asker.main.call({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetShortName', shortName: 'AerogramFaceEmoji' }, hash: 0 });
  if (set._ === 'messages.stickerSetNotModified') throw new Error('the set was not sent');
  emoji = set.documents.map(({ id }) => id);
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const SELF = { _: 'inputPeerSelf' } as const;
const custom = (at: number): tl.RawReactionCustomEmoji => ({ _: 'reactionCustomEmoji', documentId: emoji[at]! });
const thumb: tl.RawReactionEmoji = { _: 'reactionEmoji', emoticon: '👍' };
const unknown: tl.RawReactionCustomEmoji = { _: 'reactionCustomEmoji', documentId: Long.ONE };

const reacting = (peer: tl.TypeInputPeer, msgId: number, reaction: tl.TypeReaction[], addToRecent = false): tl.messages.RawSendReactionRequest => ({ _: 'messages.sendReaction', peer, msgId, reaction, addToRecent });
const allowing = (peer: tl.TypeInputPeer, availableReactions: tl.TypeChatReactions): tl.messages.RawSetChatAvailableReactionsRequest => ({ _: 'messages.setChatAvailableReactions', peer, availableReactions });
const refusal = async (actor: Actor, request: Parameters<Device['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;

describe('a custom emoji in a private chat', () => {
  test('is a reaction like any other: it is shown on both sides, unread for the author, and listed', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const sent = await alice.send(bob, 'good news');
    const seen = await bob.sees('good news');
    const peer = bob.main.inputPeer(alice.id);
    await verifyUpdates([alice, bob], async () => {
      const answer = await bob.main.change(reacting(peer, seen.id, [custom(0), thumb, custom(0)], true));
      expect(answer).toMatchObject({ updates: [{ reactions: { results: [{ chosenOrder: 0, count: 1, reaction: custom(0) }, { chosenOrder: 1, reaction: thumb }] } }] });
      const pushed = await alice.main.seesUpdate('updateMessageReactions', ({ msgId }) => msgId === sent.id);
      expect(pushed.reactions.recentReactions).toMatchObject([{ unread: true, reaction: custom(0) }, { unread: true, reaction: thumb }]);
    });
    const list = { _: 'messages.getMessageReactionsList', peer, id: seen.id, limit: 10 } as const;
    expect(await bob.main.call({ ...list, reaction: custom(0) })).toMatchObject({ count: 1, reactions: [{ reaction: custom(0) }] });
    expect(await bob.main.call({ ...list, reaction: custom(1) })).toMatchObject({ count: 0, reactions: [] });
    for (const reaction of [[unknown], [thumb, unknown]]) expect(await refusal(bob, reacting(peer, seen.id, reaction))).toBe('REACTION_INVALID');
    expect(await refusal(bob, reacting(peer, seen.id, [0, 1, 2, 3].map(custom)))).toBe('REACTIONS_TOO_MANY');
  });

  test('comes first among the reactions that are used, is among the recent ones, and can be the default', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const tablet = await alice.device();
    const sent = await alice.send(bob, 'hm');
    await alice.main.change(reacting(alice.main.inputPeer(bob.id), sent.id, [custom(2)], true));
    for (const _ of ['messages.getTopReactions', 'messages.getRecentReactions'] as const) {
      const answer = (await alice.main.call({ _, limit: 3, hash: Long.ZERO })) as tl.messages.RawReactions;
      expect(answer.reactions[0]).toEqual(custom(2));
      expect(await alice.main.call({ _, limit: 3, hash: answer.hash })).toEqual({ _: 'messages.reactionsNotModified' });
    }
    await alice.main.call({ _: 'messages.setDefaultReaction', reaction: custom(1) });
    await tablet.seesUpdate('updateConfig');
    expect((await tablet.call({ _: 'help.getConfig' })).reactionsDefault).toEqual(custom(1));
    expect(await refusal(alice, { _: 'messages.setDefaultReaction', reaction: unknown })).toBe('REACTION_INVALID');
  });

  test('is a tag in Saved Messages, which has a name and finds messages', async () => {
    const [alice] = (await people(scenario, 'Alice')) as [Actor];
    const note = await alice.send(alice, 'buy milk');
    await verifyUpdates([alice], async () => {
      await alice.main.change(reacting(SELF, note.id, [custom(0)]));
      await alice.main.call({ _: 'messages.updateSavedReactionTag', reaction: custom(0), title: 'shop' });
    });
    const tags = (await alice.main.call({ _: 'messages.getSavedReactionTags', hash: Long.ZERO })) as tl.messages.RawSavedReactionTags;
    expect(tags.tags).toMatchObject([{ reaction: custom(0), title: 'shop', count: 1 }]);
    expect(await alice.main.call({ _: 'messages.getSavedReactionTags', hash: tags.hash })).toEqual({ _: 'messages.savedReactionTagsNotModified' });
    const found = async (at: number): Promise<number[]> => {
      const window = { minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO };
      const answer = await alice.main.call({ _: 'messages.search', peer: SELF, q: '', filter: { _: 'inputMessagesFilterEmpty' }, savedReaction: [custom(at)], ...window });
      return 'messages' in answer ? answer.messages.map(({ id }) => id) : [];
    };
    expect([await found(0), await found(1)]).toEqual([[note.id], []]);
    expect(await refusal(alice, reacting(SELF, note.id, [unknown]))).toBe('REACTION_INVALID');
  });
});

describe('in a group or channel, custom emoji', () => {
  /** Tries what an admin can decide for another member. @param peerOf the place as somebody names it @param msgId the member's id of a message there */
  async function tryRules([alice, bob]: [Actor, Actor], peerOf: (actor: Actor) => tl.TypeInputPeer, msgId: number): Promise<void> {
    const peer = peerOf(alice);
    const react = (...reaction: tl.TypeReaction[]): tl.messages.RawSendReactionRequest => reacting(peerOf(bob), msgId, reaction);
    expect(await refusal(bob, react(custom(0)))).toBe('REACTION_INVALID');
    await alice.main.change(allowing(peer, { _: 'chatReactionsAll', allowCustom: true }));
    expect(await refusal(alice, allowing(peer, { _: 'chatReactionsAll', allowCustom: true }))).toBe('CHAT_NOT_MODIFIED');
    expect(await refusal(bob, react(unknown))).toBe('REACTION_INVALID');
    expect(await bob.main.change(react(custom(0), thumb))).toMatchObject({ updates: [{ reactions: { results: [{ reaction: custom(0), chosenOrder: 0 }, { reaction: thumb, chosenOrder: 1 }] } }] });
    await alice.main.change(allowing(peer, { _: 'chatReactionsSome', reactions: [thumb, custom(1), custom(1)] }));
    expect(await refusal(bob, react(custom(0), custom(1)))).toBe('REACTION_INVALID');
    expect(await bob.main.change(react(custom(1)))).toMatchObject({ updates: [{ reactions: { results: [{ reaction: custom(1) }] } }] });
    expect(await refusal(alice, allowing(peer, { _: 'chatReactionsSome', reactions: [thumb, unknown] }))).toBe('REACTION_INVALID');
  }

  test('are allowed by the admins of a basic group', async () => {
    const [alice, bob] = (await people(scenario, 'Alice', 'Bob')) as [Actor, Actor];
    const group = await createGroup(alice, [bob]);
    await write(alice, group, 'news');
    const { id } = await bob.sees('news');
    await tryRules([alice, bob], () => group.peer, id);
    const { fullChat } = await bob.main.call({ _: 'messages.getFullChat', chatId: group.id });
    expect(fullChat.availableReactions).toEqual({ _: 'chatReactionsSome', reactions: [thumb, custom(1)] });
  });

  test.each(['megagroup', 'broadcast'] as const)('are allowed by the admins of a %s, and their log shows it', async (kind) => {
    const { id, alice, bob, carol } = await channelStage(scenario, kind);
    const msgId = await postIn(alice, id, 'news');
    await bob.sees('news');
    const [peer, channel] = [alice.main.inputPeer(id), alice.main.inputChannel(id)];
    await tryRules([alice, bob], ({ main }) => main.inputPeer(id), msgId);
    const log = await alice.main.call({ _: 'channels.getAdminLog', channel, q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 1 });
    expect(log.events[0]!.action).toMatchObject({ prevValue: { _: 'chatReactionsAll', allowCustom: true }, newValue: { reactions: [thumb, custom(1)] } });
    const shown = await carol.main.call({ _: 'messages.getMessagesReactions', peer: carol.main.inputPeer(id), id: [msgId] });
    expect(shown).toMatchObject({ updates: [{ reactions: { results: [{ count: 1, reaction: custom(1) }] } }] });
    if (kind === 'broadcast') return;
    const unread = await alice.main.call({ _: 'messages.getUnreadReactions', peer, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0 });
    expect(unread).toMatchObject({ messages: [{ id: msgId, reactions: { recentReactions: [{ unread: true, reaction: custom(1) }] } }] });
    const list = { _: 'messages.getMessageReactionsList', peer, id: msgId, limit: 10 } as const;
    expect(await alice.main.call({ ...list, reaction: custom(1) })).toMatchObject({ count: 1, reactions: [{ reaction: custom(1) }] });
    expect(await alice.main.call({ ...list, reaction: custom(0) })).toMatchObject({ count: 0 });
  });
});

test('bots give custom emoji, are told of them, and learn which are allowed', async () => {
  const made = await makeBot(scenario, 'Face_bot');
  const bot = new PollingBot(scenario.server, made);
  const [ann, ben] = (await people(scenario, 'Ann', 'Ben')) as [Actor, Actor];
  await writeTo(ann, made, '/start');
  await bot.until(({ message }) => message !== undefined);
  await bot.fetch({ offset: bot.offset, allowed_updates: ['message', 'message_reaction', 'message_reaction_count'] });
  const id = emoji[0]!.toString();
  const [group, news] = [await createChannel(ann), await createChannel(ann, 'broadcast')];
  for (const [channel, rights] of [[group, { deleteMessages: true }], [news, { postMessages: true }]] as const) {
    await inviteTo(ann, channel, [ben]);
    if (channel === group) await ann.main.invite({ _: 'channels.inviteToChannel', channel: ann.main.inputChannel(channel), users: [ann.main.inputUser(made.id)] });
    await promoteBotIn(ann, channel, made, rights);
    await ann.main.change(allowing(ann.main.inputPeer(channel), { _: 'chatReactionsSome', reactions: [thumb, custom(0)] }));
  }
  const target = { chat_id: group, message_id: await postIn(ann, group, 'look') };
  const given = (key: string) => ({ ...target, reaction: [{ type: 'custom_emoji', custom_emoji_id: key }] });
  expect((await bot.call<{ available_reactions: unknown }>('getChat', { chat_id: group })).available_reactions).toEqual([{ type: 'emoji', emoji: '👍' }, { type: 'custom_emoji', custom_emoji_id: id }]);
  expect((await bot.ask('setMessageReaction', given(emoji[1]!.toString()))).description).toBe('Bad Request: REACTION_INVALID');
  expect(await bot.call('setMessageReaction', given(id))).toBe(true);
  await ben.main.seesUpdate('updateMessageReactions', ({ reactions: { results } }) => results[0]?.reaction._ === 'reactionCustomEmoji');
  await ben.main.call(reacting(ben.main.inputPeer(group), target.message_id, [custom(0)]));
  const told = await bot.until(({ message_reaction: change }) => change !== undefined);
  expect(told.at(-1)!['message_reaction']).toMatchObject({ message_id: target.message_id, old_reaction: [], new_reaction: [{ type: 'custom_emoji', custom_emoji_id: id }] });
  await ben.main.call(reacting(ben.main.inputPeer(news), await postIn(ann, news, 'read'), [custom(0)]));
  const counted = await bot.until(({ message_reaction_count: counts }) => counts !== undefined);
  expect(counted.at(-1)!['message_reaction_count']).toMatchObject({ reactions: [{ type: { type: 'custom_emoji', custom_emoji_id: id }, total_count: 1 }] });
});

test('bots show custom emoji on buttons, and none that the server does not have', async () => {
  const made = await makeBot(scenario, 'Button_bot');
  const bot = new PollingBot(scenario.server, made);
  const [ann] = (await people(scenario, 'Ann')) as [Actor];
  await writeTo(ann, made, '/start');
  const id = emoji[0]!.toString();
  const keyboard = (icon: string) => ({ inline_keyboard: [[{ text: 'press', style: 'danger', icon_custom_emoji_id: icon, callback_data: 'x' }]] });
  expect(await bot.call('sendMessage', { chat_id: ann.id, text: 'a button', reply_markup: keyboard(id) })).toMatchObject({ reply_markup: keyboard(id) });
  const { replyMarkup } = await readMessage(ann, (await ann.sees('a button')).id);
  expect((replyMarkup as tl.RawReplyInlineMarkup).rows[0]!.buttons[0]).toMatchObject({ style: { bgDanger: true, icon: emoji[0] } });
  expect((await bot.ask('sendMessage', { chat_id: ann.id, text: 'x', reply_markup: keyboard('7') })).description).toBe('Bad Request: wrong file identifier/HTTP URL specified');
});
