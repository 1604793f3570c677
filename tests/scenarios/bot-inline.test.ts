import { BotClient } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectInlineMessageId } from '../../packages/bot-api/src/objects/index.ts';
import { inline, makeBot, press as button, readMessage } from './bot-stage.ts';
import { channelStage, createChannel } from './channel-stage.ts';
import { CheckedBot } from './checked-bot.ts';
import { answering, ask, asking, seesQuery, sending, startInline } from './inline-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const meetInline = (username: string, ...settings: string[]): ReturnType<typeof startInline> => startInline(scenario, username, ...settings);

/** A result with a text. */
const article = (id: string, message: string, rest: Partial<tl.RawInputBotInlineMessageText> = {}): tl.RawInputBotInlineResult => ({
  _: 'inputBotInlineResult', id, type: 'article', title: `About ${id}`, sendMessage: { _: 'inputBotInlineMessageText', message, ...rest },
});

describe('inline mode', () => {
  test('asks the bot, and sends the chosen result with the name of the bot', async () => {
    const { bot, person } = await meetInline('Finder_bot', '--inline-feedback', '100');
    await using _ = bot;
    const other = await scenario.world.user('Other');
    await person.meet(other);
    const answer = person.main.call(asking(person, bot, 'cats', { peer: person.main.inputPeer(other.id) }));
    const query = await seesQuery(bot, 'cats');
    expect(query).toMatchObject({ userId: person.id, offset: '', peerType: { _: 'inlineQueryPeerTypePM' } });
    const results = [article('1', 'cats purr', { entities: [{ _: 'messageEntityBold', offset: 0, length: 4 }] }), article('2', 'cats sleep')];
    await bot.call(answering(query.queryId, results, { nextOffset: '2', switchPm: { _: 'inlineBotSwitchPM', text: 'More', startParam: 'more' } }));
    await bot.call(answering(query.queryId, results, { nextOffset: '2', switchPm: { _: 'inlineBotSwitchPM', text: 'More', startParam: 'more' } }));
    expect(await bot.refusal(answering(query.queryId, []))).toBe('QUERY_ID_INVALID');
    const found = await answer;
    expect(found).toMatchObject({
      nextOffset: '2', cacheTime: 0, switchPm: { text: 'More', startParam: 'more' }, users: [{ id: bot.id, botInlinePlaceholder: 'Search…' }],
      results: [{ id: '1', type: 'article', title: 'About 1', sendMessage: { message: 'cats purr' } }, { id: '2' }],
    });

    await person.main.change(sending(person.main.inputPeer(other.id), found.queryId, '1'));
    const { id } = await other.sees('cats purr');
    expect(await readMessage(other, id)).toMatchObject({ viaBotId: bot.id, fromId: { userId: person.id }, entities: [{ _: 'messageEntityBold' }] });
    expect(await bot.waitFor('chosen result', isChosen)).toMatchObject({ userId: person.id, query: 'cats', id: '1' });

    const top = await person.main.call({ _: 'contacts.getTopPeers', botsInline: true, offset: 0, limit: 5, hash: Long.ZERO });
    expect(top).toMatchObject({ categories: [{ category: { _: 'topPeerCategoryBotsInline' }, peers: [{ peer: { userId: bot.id } }] }] });

    // A forward still names the bot, a copy without its author does not.
    for (const [dropAuthor, viaBotId] of [[false, bot.id], [true, undefined]] as const) {
      await other.main.change({ _: 'messages.forwardMessages', fromPeer: other.main.inputPeer(person.id), toPeer: { _: 'inputPeerSelf' }, id: [id], randomId: [randomLong()], dropAuthor });
      const saved = await other.main.call({ _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
      expect((saved as tl.messages.RawMessages).messages[0]).toMatchObject({ message: 'cats purr' });
      expect(((saved as tl.messages.RawMessages).messages[0] as tl.RawMessage).viaBotId).toBe(viaBotId);
    }

    const refused = async (queryId: tl.Long, resultId: string): Promise<string> => (await person.main.fails(sending(person.main.inputPeer(other.id), queryId, resultId))).text;
    expect(await refused(found.queryId, '3')).toBe('RESULT_ID_INVALID');
    expect(await refused(found.queryId, '')).toBe('RESULT_ID_EMPTY');
    expect(await refused(Long.ONE, '1')).toBe('INLINE_RESULT_EXPIRED');
    // What was not cached is for the person who asked.
    expect((await other.main.fails(sending(other.main.inputPeer(person.id), found.queryId, '1'))).text).toBe('INLINE_RESULT_EXPIRED');
  });

  test('gives results again as long as the bot allows', async () => {
    const { bot, person } = await meetInline('Cached_bot');
    await using _ = bot;
    const other = await scenario.world.user('Other');
    await other.main.call({ _: 'contacts.resolveUsername', username: 'Cached_bot' });
    const first = await ask({ person, bot }, 'public', [article('1', 'for all')], { cacheTime: 300 });
    const again = await other.main.call(asking(other, bot, 'public'));
    expect(again.queryId).toEqual(first.queryId);
    expect(again.cacheTime).toBeGreaterThan(0);
    await other.main.change(sending({ _: 'inputPeerSelf' }, again.queryId, '1'));

    const own = await ask({ person, bot }, 'private', [article('1', 'for one')], { cacheTime: 300, private: true });
    expect((await person.main.call(asking(person, bot, 'private'))).queryId).toEqual(own.queryId);
    const before = bot.updates.length;
    const asked = other.main.call(asking(other, bot, 'private'));
    const query = await bot.waitFor('the question of the other', (update): update is tl.RawUpdateBotInlineQuery => update._ === 'updateBotInlineQuery' && bot.updates.indexOf(update) >= before);
    expect(query.userId).toBe(other.id);
    await bot.call(answering(query.queryId, [article('1', 'for the other')]));
    expect((await asked).results).toMatchObject([{ sendMessage: { message: 'for the other' } }]);
  });

  test('answers a repeated send as the first one, also when the results are over, and tells the bot once', async () => {
    const { bot, person } = await meetInline('Repeated_bot', '--inline-feedback', '100');
    await using _ = bot;
    const other = await scenario.world.user('Other');
    await person.meet(other);
    const group = await createChannel(person);
    const { queryId } = await ask({ person, bot }, 'twice', [article('1', 'only once'), article('2', 'the last one')]);
    const peers: tl.TypeInputPeer[] = [person.main.inputPeer(other.id), person.main.inputPeer(group)];
    const requests = peers.flatMap((peer) => [{}, { scheduleDate: Math.floor(Date.now() / 1000) + 3600 }].map((when) => ({ ...sending(peer, queryId, '1'), ...when })));
    const idIn = (answer: tl.TypeUpdates): number => (answer as tl.RawUpdates).updates.find((update) => update._ === 'updateMessageID')!.id;
    const ids: number[] = [];
    for (const request of requests) {
      // Two at once, as a client that lost its connection sends them.
      const [first, second] = await Promise.all([person.main.change(request), person.main.change(request)]);
      expect(idIn(second)).toBe(idIn(first));
      ids.push(idIn(first));
    }
    const last = sending(peers[0]!, queryId, '2');
    const lastId = idIn(await person.main.change(last));
    await person.main.change({ _: 'messages.deleteMessages', revoke: true, id: [lastId] });
    await scenario.server.db.q.updateTable('inline_sets').set({ kept_until: 1 }).where('bot_id', '=', BigInt(bot.id)).execute();

    expect((await person.main.fails(sending(peers[0]!, queryId, '1'))).text).toBe('INLINE_RESULT_EXPIRED');
    for (const [at, request] of requests.entries()) expect(idIn(await person.main.change(request))).toBe(ids[at]);
    expect((await person.main.fails(last)).text).toBe('RANDOM_ID_DUPLICATE');
    const end = bot.waitFor('a text', (update): update is tl.RawUpdateNewMessage => update._ === 'updateNewMessage');
    await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(bot.id), message: 'the end', randomId: randomLong() });
    await end;
    expect(bot.updates.filter((update) => update._ === 'updateBotInlineSend')).toHaveLength(requests.length + 1);
  });

  test('refuses what is no result, and bots without it', async () => {
    const { bot, person } = await meetInline('Strict_bot');
    await using _ = bot;
    const plain = await makeBot(scenario, 'Plain_bot');
    await person.main.call({ _: 'contacts.resolveUsername', username: 'Plain_bot' });
    const other = await scenario.world.user('Other');
    await person.meet(other);
    const refusedFor = async (id: number): Promise<string> => (await person.main.fails({ ...asking(person, bot, 'x'), bot: person.main.inputUser(id) })).text;
    expect(await refusedFor(plain.id)).toBe('BOT_INLINE_DISABLED');
    expect(await refusedFor(other.id)).toBe('BOT_INVALID');

    const answer = person.main.call(asking(person, bot, 'strict'));
    const { queryId } = await seesQuery(bot, 'strict');
    const many = Array.from({ length: 51 }, (_, at) => article(String(at), 'x'));
    const text = article('1', 'x');
    for (const [error, results, rest] of [
      ['RESULTS_TOO_MUCH', many, {}],
      ['RESULT_ID_DUPLICATE', [text, text], {}],
      ['RESULT_ID_EMPTY', [article('', 'x')], {}],
      ['RESULT_ID_INVALID', [article('x'.repeat(65), 'x')], {}],
      ['RESULT_TYPE_INVALID', [{ ...text, type: 'poem' }], {}],
      ['ARTICLE_TITLE_EMPTY', [{ ...text, title: ' ' }], {}],
      ['MESSAGE_EMPTY', [article('1', ' ')], {}],
      ['SEND_MESSAGE_MEDIA_INVALID', [{ ...text, sendMessage: { _: 'inputBotInlineMessageMediaAuto', message: '' } }], {}],
      ['SEND_MESSAGE_TYPE_INVALID', [{ ...text, sendMessage: { _: 'inputBotInlineMessageGame' } }], {}],
      ['NEXT_OFFSET_INVALID', [text], { nextOffset: 'x'.repeat(65) }],
      ['SWITCH_PM_TEXT_EMPTY', [text], { switchPm: { _: 'inlineBotSwitchPM', text: '', startParam: 'x' } }],
      ['START_PARAM_INVALID', [text], { switchPm: { _: 'inlineBotSwitchPM', text: 'x', startParam: '/' } }],
    ] as [string, tl.TypeInputBotInlineResult[], Partial<tl.messages.RawSetInlineBotResultsRequest>][]) {
      expect(await bot.refusal(answering(queryId, results, rest))).toBe(error);
    }
    expect(await bot.refusal({ _: 'messages.setBotCallbackAnswer', queryId, cacheTime: 0 })).toBe('QUERY_ID_INVALID');
    await bot.call(answering(queryId, []));
    expect((await answer).results).toEqual([]);
  });
});

const press = (text: string): tl.RawReplyInlineMarkup => ({
  _: 'replyInlineMarkup', rows: [{ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButtonCallback', text, data: Buffer.from(text) }] }],
});

const isChosen = (update: tl.TypeUpdate): update is tl.RawUpdateBotInlineSend => update._ === 'updateBotInlineSend';
const isPressed = (update: tl.TypeUpdate): update is tl.RawUpdateInlineBotCallbackQuery => update._ === 'updateInlineBotCallbackQuery';

describe('a message that was sent via a bot', () => {
  test('has buttons for everybody in the chat, and the bot edits all copies', async () => {
    const { bot, person } = await meetInline('Editing_bot', '--inline-feedback', '100');
    await using _ = bot;
    const other = await scenario.world.user('Other');
    await person.meet(other);
    const { queryId } = await ask({ person, bot }, 'poll', [article('1', 'tea?', { replyMarkup: press('yes') })]);
    await person.main.change(sending(person.main.inputPeer(other.id), queryId, '1'));
    const { id } = await other.sees('tea?');
    expect((await readMessage(other, id)).replyMarkup).toMatchObject({ rows: [{ buttons: [{ text: 'yes' }] }] });
    const { msgId } = await bot.waitFor('chosen result', isChosen);
    expect(msgId).toMatchObject({ _: 'inputBotInlineMessageID64' });

    const answer = other.main.call({ _: 'messages.getBotCallbackAnswer', peer: other.main.inputPeer(person.id), msgId: id, data: Buffer.from('yes') });
    const query = await bot.waitFor('press', isPressed);
    expect(query).toMatchObject({ userId: other.id, msgId });
    await bot.call({ _: 'messages.setBotCallbackAnswer', queryId: query.queryId, message: 'noted', cacheTime: 0 });
    expect((await answer).message).toBe('noted');

    const edit = (change: Partial<tl.messages.RawEditInlineBotMessageRequest>): tl.messages.RawEditInlineBotMessageRequest => ({ _: 'messages.editInlineBotMessage', id: msgId!, ...change });
    expect(await bot.call(edit({ message: 'tea for one', replyMarkup: press('more') }))).toBe(true);
    expect(await readMessage(other, id)).toMatchObject({ message: 'tea for one', viaBotId: bot.id, replyMarkup: { rows: [{ buttons: [{ text: 'more' }] }] } });
    expect(await bot.refusal(edit({ message: 'tea for one', replyMarkup: press('more') }))).toBe('MESSAGE_NOT_MODIFIED');
    expect(await bot.refusal(edit({ id: { ...(msgId as tl.RawInputBotInlineMessageID64), id: (msgId as tl.RawInputBotInlineMessageID64).id + 1 }, message: 'x' }))).toBe('MESSAGE_ID_INVALID');

    // Neither its sender nor another bot may change what the bot says.
    const own = (msgId as tl.RawInputBotInlineMessageID64).id;
    expect((await person.main.fails({ _: 'messages.editMessage', peer: person.main.inputPeer(other.id), id: own, message: 'mine' })).text).toBe('MESSAGE_AUTHOR_REQUIRED');
    await using nosy = await BotClient.logIn(scenario.server, (await makeBot(scenario, 'Curious_bot')).token);
    expect(await nosy.refusal(edit({ message: 'x' }))).toBe('MESSAGE_ID_INVALID');
  });

  test('has buttons also in the saved messages of its sender', async () => {
    const { bot, person } = await meetInline('Saving_bot', '--inline-feedback', '100');
    await using _ = bot;
    const peer = { _: 'inputPeerSelf' } as const;
    const { queryId } = await ask({ person, bot }, 'note', [article('1', 'remember', { replyMarkup: press('done') })]);
    await person.main.change(sending(peer, queryId, '1'));
    const { msgId } = await bot.waitFor('chosen result', isChosen);
    const history = await person.main.call({ _: 'messages.getHistory', peer, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
    const [{ id }] = (history as tl.messages.RawMessages).messages as [tl.RawMessage];
    const answer = person.main.call({ _: 'messages.getBotCallbackAnswer', peer, msgId: id, data: Buffer.from('done') });
    const query = await bot.waitFor('press', isPressed);
    expect(query).toMatchObject({ userId: person.id, msgId });
    await bot.call({ _: 'messages.setBotCallbackAnswer', queryId: query.queryId, message: 'well', cacheTime: 0 });
    expect((await answer).message).toBe('well');
    await bot.call({ _: 'messages.editInlineBotMessage', id: msgId!, message: 'remembered' });
    expect(await readMessage(person, id)).toMatchObject({ message: 'remembered', viaBotId: bot.id });
  });

  test('needs the right to use inline bots in a group', async () => {
    const { bot } = await meetInline('Grouping_bot', '--inline-feedback', '100');
    await using _ = bot;
    const { id, alice, bob } = await channelStage(scenario);
    await bob.main.call({ _: 'contacts.resolveUsername', username: 'Grouping_bot' });
    const { queryId } = await ask({ person: bob, bot }, 'group', [article('1', 'to the group', { replyMarkup: press('ok') })], { cacheTime: 300 });
    const restrict = (rights: Partial<tl.RawChatBannedRights>): Promise<unknown> =>
      alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: alice.main.inputPeer(id), bannedRights: { _: 'chatBannedRights', untilDate: 0, ...rights } });
    await restrict({ sendInline: true });
    expect((await bob.main.fails(sending(bob.main.inputPeer(id), queryId, '1'))).text).toBe('CHAT_SEND_INLINE_FORBIDDEN');
    await restrict({});
    await bob.main.change(sending(bob.main.inputPeer(id), queryId, '1'));
    const { msgId } = await bot.waitFor('chosen result', isChosen);

    // The bot is no member, and is told of presses all the same.
    const answer = alice.main.call({ _: 'messages.getBotCallbackAnswer', peer: alice.main.inputPeer(id), msgId: (await alice.sees('to the group')).id, data: Buffer.from('ok') });
    const query = await bot.waitFor('press', isPressed);
    expect(query).toMatchObject({ userId: alice.id, msgId });
    await bot.call({ _: 'messages.setBotCallbackAnswer', queryId: query.queryId, message: 'fine', cacheTime: 0 });
    expect((await answer).message).toBe('fine');
    await bot.call({ _: 'messages.editInlineBotMessage', id: msgId!, message: 'changed in the group' });
    const history = await alice.main.call({ _: 'messages.getHistory', peer: alice.main.inputPeer(id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
    expect((history as tl.messages.RawChannelMessages).messages[0]).toMatchObject({ message: 'changed in the group', viaBotId: bot.id });
  });
});

describe('results', () => {
  test('are places, contacts and files of the bot', async () => {
    const { bot, person } = await meetInline('Media_bot');
    await using _ = bot;
    const bytes = Buffer.from('a small text file');
    await bot.call({ _: 'upload.saveFilePart', fileId: Long.ONE, filePart: 0, bytes });
    const uploaded = await bot.call({
      _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' },
      media: { _: 'inputMediaUploadedDocument', file: { _: 'inputFile', id: Long.ONE, parts: 1, name: 'note.txt', md5Checksum: '' }, mimeType: 'text/plain', attributes: [{ _: 'documentAttributeFilename', fileName: 'note.txt' }] },
    });
    const { document } = uploaded as { document: tl.RawDocument };
    const place: tl.RawInputGeoPoint = { _: 'inputGeoPoint', lat: 48.1, long: 11.5 };
    const plain = (id: string, type: string, sendMessage: tl.TypeInputBotInlineMessage): tl.RawInputBotInlineResult => ({ _: 'inputBotInlineResult', id, type, title: type, sendMessage });
    const found = await ask({ person, bot }, 'media', [
      { _: 'inputBotInlineResultDocument', id: 'file', type: 'file', title: 'A note', document: { _: 'inputDocument', id: document.id, accessHash: document.accessHash, fileReference: document.fileReference }, sendMessage: { _: 'inputBotInlineMessageMediaAuto', message: 'read this' } },
      plain('geo', 'geo', { _: 'inputBotInlineMessageMediaGeo', geoPoint: place }),
      plain('live', 'geo', { _: 'inputBotInlineMessageMediaGeo', geoPoint: place, period: 900 }),
      plain('venue', 'venue', { _: 'inputBotInlineMessageMediaVenue', geoPoint: place, title: 'Hall', address: 'Main Street', provider: '', venueId: '', venueType: '' }),
      plain('contact', 'contact', { _: 'inputBotInlineMessageMediaContact', phoneNumber: '+15550009999', firstName: 'Ann', lastName: '', vcard: '' }),
    ]);
    // Whoever is shown a file may load it.
    const shown = (found.results[0] as tl.RawBotInlineMediaResult).document as tl.RawDocument;
    const loaded = await person.main.call({ _: 'upload.getFile', location: { _: 'inputDocumentFileLocation', id: shown.id, accessHash: shown.accessHash, fileReference: shown.fileReference, thumbSize: '' }, offset: 0, limit: 4096 });
    expect(Buffer.from((loaded as tl.upload.RawFile).bytes).toString()).toBe('a small text file');
    for (const [id, message] of [
      ['file', { message: 'read this', media: { _: 'messageMediaDocument', document: { id: shown.id } } }],
      ['geo', { media: { _: 'messageMediaGeo' } }],
      ['live', { media: { _: 'messageMediaGeoLive', period: 900 } }],
      ['venue', { media: { _: 'messageMediaVenue', title: 'Hall' } }],
      ['contact', { media: { _: 'messageMediaContact', firstName: 'Ann' } }],
    ] as const) {
      await person.main.change(sending({ _: 'inputPeerSelf' }, found.queryId, id));
      const saved = await person.main.call({ _: 'messages.getHistory', peer: { _: 'inputPeerSelf' }, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 1, maxId: 0, minId: 0, hash: Long.ZERO });
      expect((saved as tl.messages.RawMessages).messages[0]).toMatchObject({ ...message, viaBotId: bot.id });
    }
  });
});

test('a message that was sent in inline mode is edited by its id over the Bot API', async () => {
  const { bot, person } = await meetInline('Inline_sender_bot', '--inline-feedback', '100');
  await using _ = bot;
  const http = new CheckedBot(scenario.server, bot.made.token);
  const other = new CheckedBot(scenario.server, (await makeBot(scenario, 'Inline_editor_bot')).token);
  const { queryId } = await ask({ person, bot }, 'q', [article('1', 'chosen', { replyMarkup: inline(button('b')) })]);
  await person.main.change(sending({ _: 'inputPeerSelf' }, queryId, '1'));
  const { msgId } = await bot.waitFor('the choice', (update): update is tl.RawUpdateBotInlineSend => update._ === 'updateBotInlineSend');
  const { dcId, ownerId, id, accessHash } = msgId as tl.RawInputBotInlineMessageID64;
  const inline_message_id = projectInlineMessageId({ _: 'inputBotInlineMessageID64', dc_id: dcId, owner_id: BigInt(String(ownerId)), id, access_hash: BigInt(accessHash.toString()) });
  expect(await http.call('editMessageText', { inline_message_id, text: 'edited inline', reply_markup: { inline_keyboard: [[{ text: 'c', callback_data: 'c' }]] } })).toBe(true);
  await person.sees('edited inline');
  expect(await http.call('editMessageReplyMarkup', { inline_message_id })).toBe(true);
  expect(await http.refusal('editMessageReplyMarkup', { inline_message_id })).toMatch(/message is not modified/);
  expect(await other.refusal('editMessageText', { inline_message_id, text: 'by another bot' })).toBe('400 Bad Request: message to edit not found');
});
