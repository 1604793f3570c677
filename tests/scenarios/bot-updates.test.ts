import { type Actor, BotClient } from '@aerogram/dev-env';
import type { Long, tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inline, makeBot, operate, press, write } from './bot-stage.ts';
import { createChannel } from './channel-stage.ts';
import { createGroup } from './group-stage.ts';
import { type BotUpdate, PollingBot, textsOf } from './polling-bot.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const idsOf = (updates: readonly BotUpdate[]): number[] => updates.map((update) => update.update_id);

async function meet(name: string): Promise<{ bot: PollingBot; person: Actor }> {
  const person = await scenario.world.user('Person');
  const bot = new PollingBot(scenario.server, await makeBot(scenario, name));
  await write(person, bot.made, '/start');
  return { bot, person };
}

const say = (person: Actor, bot: PollingBot, message: string): Promise<unknown> => person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.made.id), message, randomId: randomLong() });

describe('updates over HTTP', () => {
  test('tell what came before the first request, and keep coming until an offset confirms them', async () => {
    const { bot, person } = await meet('Offsets_bot');
    const first = await bot.fetch();
    expect(textsOf(first)).toEqual(['/start']);
    expect(first[0]!.update_id).toBeGreaterThanOrEqual(100_000_000);
    for (const text of ['one', 'two', 'three']) await say(person, bot, text);
    bot.offset = first[0]!.update_id + 1;
    expect(await bot.untilText('three')).toEqual(['one', 'two', 'three']);
    // What comes after the confirmed ones has the next id.
    await say(person, bot, 'four');
    const [four] = await bot.fetch({ offset: bot.offset, timeout: 20 });
    expect(four).toMatchObject({ update_id: bot.offset, message: { text: 'four' } });
    await say(person, bot, 'five');
    const pair = [bot.offset, bot.offset + 1];
    await expect.poll(async () => idsOf(await bot.fetch())).toEqual(pair);
    // An offset that no update has yet is from elsewhere.
    expect(idsOf(await bot.fetch({ offset: bot.offset + 1000 }))).toEqual(pair);
    expect(idsOf(await bot.fetch({ limit: 1 }))).toEqual([pair[0]]);
    expect(idsOf(await bot.fetch({ offset: -1 }))).toEqual([pair[1]]);
    expect(idsOf(await bot.fetch())).toEqual([pair[1]]);
  });

  test('tell of a checklist, and of what is done and new in it', async () => {
    const { bot, person } = await meet('Checklists_bot');
    const words = (text: string): tl.RawTextWithEntities => ({ _: 'textWithEntities', text, entities: [] });
    const task = (id: number): tl.RawTodoItem => ({ _: 'todoItem', id, title: words(`Task ${id}`) });
    const peer = person.main.inputPeer(bot.made.id);
    const todo: tl.RawTodoList = { _: 'todoList', title: words('Camping'), list: [task(1), task(2)] };
    const { updates } = (await person.main.change({ _: 'messages.sendMedia', peer, media: { _: 'inputMediaTodo', todo }, message: '', randomId: randomLong() })) as tl.RawUpdates;
    const { id: msgId } = updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID;
    const [first, second, third] = [{ id: 1, text: 'Task 1' }, { id: 2, text: 'Task 2' }, { id: 3, text: 'Task 3' }];
    const done = { ...second, completed_by_user: { id: person.id } };
    const hears = (field: string): Promise<BotUpdate[]> => bot.until(({ message }) => message?.[field] !== undefined);
    const told = (await hears('checklist')).at(-1);
    expect(told).toMatchObject({ message: { checklist: { title: 'Camping', tasks: [first, second] } } });
    await person.main.change({ _: 'messages.toggleTodoCompleted', peer, msgId, completed: [2], incompleted: [] });
    expect(await hears('checklist_tasks_done')).toMatchObject([
      { edited_message: { checklist: { tasks: [first, done] } } },
      { message: { checklist_tasks_done: { marked_as_done_task_ids: [2], checklist_message: { checklist: { tasks: [first, done] } } } } },
    ]);
    await person.main.change({ _: 'messages.appendTodoList', peer, msgId, list: [task(3)] });
    expect(await hears('checklist_tasks_added')).toMatchObject([{ edited_message: { checklist: { tasks: [first, done, third] } } }, { message: { checklist_tasks_added: { tasks: [third] } } }]);
    // A copy is a checklist of which nothing is done.
    const where = { chat_id: person.id, from_chat_id: person.id };
    const { message_id } = await bot.call<{ message_id: number }>('copyMessage', { ...where, message_id: told!.message!.message_id });
    const { checklist } = await bot.call<{ checklist: object }>('forwardMessage', { ...where, message_id });
    expect(checklist).toEqual({ title: 'Camping', tasks: [first, second, third] });
  });

  test('wait for something to happen', async () => {
    const { bot, person } = await meet('Waiting_bot');
    await bot.untilText('/start');
    const waited = bot.untilText('at last');
    await say(person, bot, 'at last');
    expect(await waited).toEqual(['at last']);
    expect(await bot.fetch({ offset: bot.offset })).toEqual([]);
  });

  test('go to the last poller only, and the one before is told so', async () => {
    const { bot: any, person } = await meet('Conflict_bot');
    // Asks one node, if there are several: requests at different ones may overtake each other.
    const bot = new PollingBot({ info: scenario.server.info }, any.made);
    await bot.untilText('/start');
    const ask = (): ReturnType<PollingBot['ask']> => bot.ask('getUpdates', { offset: bot.offset, timeout: 20 });
    const older = ask();
    // The older one has to wait before the other comes.
    await bot.call('getMe');
    const newer = ask();
    expect(await older).toEqual({ ok: false, error_code: 409, description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running' });
    await say(person, bot, 'for the newer one');
    expect(textsOf((await newer).result as BotUpdate[])).toEqual(['for the newer one']);
  });

  test('are only of the kinds that the bot wants, until it wants others', async () => {
    const { bot, person } = await meet('Kinds_bot');
    await bot.untilText('/start');
    expect(await bot.fetch({ offset: bot.offset, allowed_updates: ['callback_query', 'no_such_kind'] })).toEqual([]);
    await say(person, bot, 'unwanted');
    const group = await createGroup(person, []);
    await person.main.invite({ _: 'messages.addChatUser', chatId: group.id, userId: person.main.inputUser(bot.made.id), fwdLimit: 50 });
    expect(await bot.fetch({ offset: bot.offset, timeout: 1 })).toEqual([]);
    expect(await bot.fetch({ offset: bot.offset, allowed_updates: [] })).toEqual([]);
    await say(person, bot, 'wanted');
    expect(await bot.untilText('wanted')).toEqual(['wanted']);
  });

  test('of a group are those that a bot may see, from its beginning there', async () => {
    const { bot: shy, person } = await meet('Shy_http_bot');
    const open = new PollingBot(scenario.server, await makeBot(scenario, 'Open_http_bot'));
    await operate(scenario, 'bot', 'set', '@Open_http_bot', '--privacy', 'off');
    await write(person, open.made, '/start');
    const id = await createChannel(person);
    const group = { _: 'messages.sendMessage' as const, peer: person.main.inputPeer(id) };
    const post = (message: string): Promise<unknown> => person.main.change({ ...group, message, randomId: randomLong() });
    await post('before');
    await person.main.invite({ _: 'channels.inviteToChannel', channel: person.main.inputChannel(id), users: [shy, open].map((bot) => person.main.inputUser(bot.made.id)) });
    await post('for all');
    // The one that sees everything listens already; the other fetches all of it later.
    expect(await open.untilText('for all')).not.toContain('before');
    await post(`/hello@${shy.made.username}`);
    await post('the end');
    expect(await open.untilText('the end')).toContain(`/hello@${shy.made.username}`);
    const texts = await shy.untilText(`/hello@${shy.made.username}`);
    expect(texts.filter((text) => text !== undefined)).toEqual(['/start', `/hello@${shy.made.username}`]);
    // Nothing of what is hidden comes later.
    await post(`/bye@${shy.made.username}`);
    expect(await shy.untilText(`/bye@${shy.made.username}`)).toEqual([`/bye@${shy.made.username}`]);
  });

  test('have what people send', async () => {
    const { bot, person } = await meet('Content_bot');
    await bot.call('sendMessage', { chat_id: person.id, text: 'Well?', reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] } });
    const { id: replyToMsgId } = await person.sees('Well?');
    const peer = person.main.inputPeer(bot.made.id);
    await person.main.change({ _: 'messages.sendMessage', peer, message: 'Yes', randomId: randomLong(), replyTo: { _: 'inputReplyToMessage', replyToMsgId } });
    const geoPoint: tl.RawInputGeoPoint = { _: 'inputGeoPoint', lat: 10, long: 20 };
    const media: tl.TypeInputMedia[] = [
      { _: 'inputMediaDice', emoticon: '🎲' },
      { _: 'inputMediaVenue', geoPoint, title: 'Café', address: 'Street', provider: '', venueId: '', venueType: '' },
      { _: 'inputMediaContact', phoneNumber: '15550001111', firstName: 'Somebody', lastName: '', vcard: '' },
      { _: 'inputMediaGeoLive', geoPoint, period: 900 },
    ];
    for (const one of media) await person.main.change({ _: 'messages.sendMedia', peer, media: one, message: '', randomId: randomLong() });
    await say(person, bot, 'the end');
    const [start, answer, ...sent] = (await bot.until(({ message }) => message?.text === 'the end')).map(({ message }) => message as Record<string, unknown>);
    expect(start).toMatchObject({ text: '/start', from: { id: person.id, first_name: 'Person', language_code: 'en' }, chat: { type: 'private' } });
    expect(answer).toMatchObject({ text: 'Yes', reply_to_message: { text: 'Well?', from: { id: bot.made.id, is_bot: true }, reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] } } });
    const kinds = ['dice', 'venue', 'contact', 'location'];
    expect(sent.map((message) => kinds.filter((kind) => kind in message))).toEqual([['dice'], ['venue', 'location'], ['contact'], ['location'], []]);
  });

  test('tell what becomes of a group', async () => {
    const { bot, person } = await meet('Garden_bot');
    const { updates } = await person.main.invite({ _: 'messages.createChat', users: [person.main.inputUser(bot.made.id)], title: 'Garden' });
    const { id: chatId } = (updates as tl.RawUpdates).chats[0]!;
    await person.main.change({ _: 'messages.editChatTitle', chatId, title: 'Orchard' });
    await person.main.change({ _: 'messages.setHistoryTTL', peer: { _: 'inputPeerChat', chatId }, period: 86_400 });
    await bot.call('leaveChat', { chat_id: -chatId });
    const seen = await bot.until(({ message }) => message !== undefined && 'left_chat_member' in message);
    expect(seen.flatMap(({ message }) => ((message as { chat?: { id: number } } | undefined)?.chat?.id === -chatId ? [message] : []))).toMatchObject([
      { group_chat_created: true, chat: { type: 'group' } },
      { new_chat_title: 'Orchard' },
      { message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 } },
      { left_chat_member: { id: bot.made.id } },
    ]);
  });

  test('end when the token is revoked or the bot deleted while a poller waits', async () => {
    const { bot } = await meet('Leaked_bot');
    await bot.untilText('/start');
    const waiting = (poller: PollingBot): ReturnType<PollingBot['ask']> => poller.ask('getUpdates', { offset: bot.offset, timeout: 50 });
    const refused = { ok: false, error_code: 401, description: 'Unauthorized' };
    const leaked = waiting(bot);
    // The poll waits before the next request is answered.
    await bot.call('getMe');
    const revokedMs = Date.now();
    const { token } = JSON.parse(await operate(scenario, 'bot', 'revoke', '@Leaked_bot', '--json')) as { token: string };
    expect(await leaked).toEqual(refused);
    const renewed = new PollingBot(scenario.server, { ...bot.made, token });
    const last = waiting(renewed);
    await renewed.call('getMe');
    await operate(scenario, 'bot', 'delete', '@Leaked_bot');
    expect(await last).toEqual(refused);
    // Polls that nobody ends take 50 seconds.
    expect(Date.now() - revokedMs).toBeLessThan(20_000);
  });

  test('of the default kinds come again after null, and the operator sees how many wait', async () => {
    const { bot, person } = await meet('Null_bot');
    await bot.untilText('/start');
    const kinds = async (): Promise<unknown> => (await bot.call('getWebhookInfo')).allowed_updates;
    await bot.fetch({ offset: bot.offset, allowed_updates: ['callback_query'] });
    expect(await kinds()).toEqual(['callback_query']);
    await bot.fetch({ offset: bot.offset, allowed_updates: null });
    expect(await kinds()).toBeUndefined();
    await say(person, bot, 'wanted');
    expect(await bot.untilText('wanted')).toEqual(['wanted']);
    await say(person, bot, 'unconfirmed');
    expect(textsOf(await bot.fetch({ offset: bot.offset, timeout: 20 }))).toEqual(['unconfirmed']);
    // What is confirmed is deleted a little later.
    const backlog = async (): Promise<unknown> => (JSON.parse(await operate(scenario, 'bot', 'list', '--json')) as { username: string; backlog: number }[]).find(({ username }) => username === 'Null_bot')?.backlog;
    await expect.poll(backlog, { timeout: 15_000 }).toBe(1);
    expect(await operate(scenario, 'bot', 'list')).toContain('updates that wait: 1');
  });

  test('bring a press that happens between two requests, once', async () => {
    const { bot, person } = await meet('Pressed_http_bot');
    await using client = await BotClient.logIn(scenario.server, bot.made.token);
    await client.call({ _: 'messages.sendMessage', peer: client.peerOf(person), message: 'press', replyMarkup: inline(press('now')), randomId: randomLong() });
    const { id } = await person.sees('press');
    const answer = person.main.call({ _: 'messages.getBotCallbackAnswer', peer: person.main.inputPeer(bot.made.id), msgId: id, data: Buffer.from('now') });
    const pressed = await client.waitFor('the press', (update) => update._ === 'updateBotCallbackQuery');
    const seen = await bot.until(({ callback_query: query }) => query !== undefined);
    expect(seen.find(({ callback_query: query }) => query !== undefined)!.callback_query).toMatchObject({ id: String((pressed as { queryId: unknown }).queryId), data: 'now' });
    await client.call({ _: 'messages.setBotCallbackAnswer', queryId: (pressed as { queryId: Long }).queryId, cacheTime: 0, message: 'done' });
    expect(await answer).toMatchObject({ message: 'done' });
    expect(await bot.fetch({ offset: bot.offset })).toEqual([]);
  });

  test('are all there after the server was restarted, under the same ids', async () => {
    const { bot, person } = await meet('Restarted_bot');
    await bot.untilText('/start');
    await say(person, bot, 'before');
    const [before] = await bot.fetch({ offset: bot.offset, timeout: 20 });
    await scenario.server.restart();
    const again = new PollingBot(scenario.server, bot.made);
    again.offset = bot.offset;
    await say(person, bot, 'after');
    await expect.poll(async () => textsOf(await again.fetch({ offset: again.offset }))).toEqual(['before', 'after']);
    const [same, next] = await again.fetch({ offset: again.offset });
    expect(same).toEqual(before);
    expect(next!.update_id).toBe(before!.update_id + 1);
  });
});
