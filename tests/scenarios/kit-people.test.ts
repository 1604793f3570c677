// People, bots and sets of the kit: what tests of bot makers do, over a server in this process.
import { KitError } from '@aerogram/kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type Message, Stage, type StagedBot, type StagedPerson, type StagedSet } from './kit-stage.ts';
import { makePicture } from './photo-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

/** The error of an operation that must fail. */
async function errorOf(operation: Promise<unknown>): Promise<KitError> {
  const thrown: unknown = await operation.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof KitError)) throw new Error(`not an error of the kit: ${String(thrown)}`);
  return thrown;
}

describe('a person and a bot', () => {
  let set: StagedSet;
  let ann: StagedPerson;
  let bot: StagedBot;
  beforeEach(async () => {
    set = stage.set();
    [bot, ann] = [await set.bot(), await set.person('Ann')];
  });

  /** Ann writes /start, and the bot has read it. */
  const start = async (): Promise<void> => {
    await ann.send(bot, '/start');
    await bot.update();
  };

  it('write to each other', async () => {
    await ann.send(bot, '/start');
    expect(await bot.update()).toMatchObject({ message: { text: '/start', from: { first_name: 'Ann' }, entities: [{ type: 'bot_command' }] } });
    await bot.call('sendMessage', { chat_id: ann.id, text: 'Welcome' });
    expect(await ann.next(bot)).toMatchObject({ text: 'Welcome', from: { id: bot.id, username: bot.username }, out: false });
  });

  it('wait for the next message that matches, and for one that comes later', async () => {
    await start();
    for (const text of ['one', 'two', 'three']) await bot.call('sendMessage', { chat_id: ann.id, text });
    expect((await ann.next(bot, { text: 'two' })).text).toBe('two');
    const later = ann.next(bot, { regex: { source: '^F', flags: 'i' } });
    await bot.call('sendMessage', { chat_id: ann.id, text: 'four' });
    expect((await later).text).toBe('four');
  });

  it('share out the messages among those who wait at the same time', async () => {
    await start();
    const waits = [ann.next(bot), ann.next(bot), ann.next(bot)];
    for (const text of ['one', 'two', 'three']) await bot.call('sendMessage', { chat_id: ann.id, text });
    const texts = (await Promise.all(waits)).map(({ text }) => text);
    expect(texts.toSorted()).toEqual(['one', 'three', 'two']);
    const late = [ann.next(bot, { text: 'first' }), ann.next(bot, { text: 'second' })];
    for (const text of ['second', 'first']) await bot.call('sendMessage', { chat_id: ann.id, text });
    expect((await Promise.all(late)).map(({ text }) => text)).toEqual(['first', 'second']);
  });

  it('are told of a pattern that would take years', async () => {
    await start();
    await bot.call('sendMessage', { chat_id: ann.id, text: `${'a'.repeat(60)}!` });
    expect(await errorOf(ann.next(bot, { regex: { source: '^(a+)+$' } }))).toMatchObject({ code: 'invalid', message: expect.stringContaining('takes more than 1 s') as string });
    expect((await ann.next(bot, { regex: { source: '^a+!$' } })).text).toMatch(/!$/);
  });

  it('time out with the talk in the error', async () => {
    await start();
    await bot.call('sendMessage', { chat_id: ann.id, text: 'Choose', reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] } });
    const error = await errorOf(ann.do('next', bot, { match: { text: 'hi' }, timeoutMs: 50 }));
    expect(error).toMatchObject({ code: 'timeout', message: `Ann waited 0.05 s for a message of @${bot.username} that contains "hi"` });
    expect(error.details.talk).toMatch(/\/start[\s\S]*Choose\n {6}\[ Yes \]/);
  });

  it('are told when a bot does not run', async () => {
    await start();
    expect(await errorOf(ann.do('next', await set.bot(), { timeoutMs: 50 }))).toMatchObject({ message: expect.stringMatching(/does it run, with the token and the root URL/) as string });
  });

  it('press a button that the bot answers, and see the edit that follows', async () => {
    await start();
    const sent = await bot.call<{ message_id: number }>('sendMessage', { chat_id: ann.id, text: 'Sure?', reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }, { text: 'Site', url: 'https://example.org/' }]] } });
    const question = await ann.next(bot, { hasButtons: true });
    expect(question).toMatchObject({ buttons: [['Yes', 'Site']], inlineButtons: [[{ text: 'Yes', data: 'y' }, { text: 'Site', url: 'https://example.org/' }]] });
    expect(await ann.do('press', bot, { label: 'Site' })).toMatchObject({ kind: 'url', url: 'https://example.org/' });
    const pressed = ann.do('press', bot, { label: 'Yes' });
    const { callback_query: query } = await bot.update<{ callback_query: { id: string; data: string } }>();
    expect(query.data).toBe('y');
    await bot.call('answerCallbackQuery', { callback_query_id: query.id, text: 'Done', show_alert: true });
    expect(await pressed).toEqual({ kind: 'answered', text: 'Done', alert: true });
    const edited = ann.do('edited', bot, { id: question.id });
    await bot.call('editMessageText', { chat_id: ann.id, message_id: sent.message_id, text: 'Thanks' });
    expect(await edited).toMatchObject({ id: question.id, text: 'Thanks', buttons: [] });
  });

  it('are told when the bot does not answer a press, and which buttons there are', async () => {
    await start();
    await bot.call('sendMessage', { chat_id: ann.id, text: 'Sure?', reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] } });
    await ann.next(bot);
    expect(await errorOf(ann.do('press', bot, { label: 'Yes', timeoutMs: 50 }))).toMatchObject({ code: 'timeout', message: `Ann waited 0.05 s for the answer to the press of "Yes" in the chat with @${bot.username}` });
    expect(await errorOf(ann.do('press', bot, { label: 'No' }))).toMatchObject({ code: 'invalid', message: `Ann sees no button "No" in the chat with @${bot.username}: there are "Yes"` });
  });

  it('use a reply keyboard', async () => {
    await start();
    await bot.call('sendMessage', { chat_id: ann.id, text: 'Menu', reply_markup: { keyboard: [[{ text: 'Help' }], [{ text: 'My number', request_contact: true }]] } });
    expect((await ann.next(bot)).buttons).toEqual([['Help'], ['My number']]);
    expect((await ann.do<{ text: string }>('talk', bot)).text).toContain('Menu\n      keyboard:\n      [ Help ]\n      [ My number ]');
    expect(await ann.do('press', bot, { label: 'Help' })).toMatchObject({ kind: 'sent', message: { text: 'Help', out: true } });
    expect(await bot.update()).toMatchObject({ message: { text: 'Help' } });
    await ann.do('press', bot, { label: 'My number' });
    expect(await bot.update()).toMatchObject({ message: { contact: { phone_number: ann.phone, user_id: Number(ann.id) } } });
    await bot.call('sendMessage', { chat_id: ann.id, text: 'Bye', reply_markup: { remove_keyboard: true } });
    await ann.next(bot);
    expect(await errorOf(ann.do('press', bot, { label: 'Help' }))).toMatchObject({ code: 'invalid' });
  });

  it('send files both ways, also as an album', async () => {
    const dot = await makePicture(64, 64, 'png');
    await ann.do('send', bot, { media: { kind: 'photo', name: 'dot.png', base64: dot.toString('base64') }, text: 'a *dot*', parseMode: 'MarkdownV2' });
    expect(await bot.update()).toMatchObject({ message: { photo: expect.any(Array), caption: 'a dot', caption_entities: [{ type: 'bold' }] } });
    const { file } = await ann.act<{ file: string }>('upload', { name: 'note.txt', base64: Buffer.from('hello').toString('base64') });
    const sent = await ann.do('send', bot, { media: { kind: 'document', file } });
    expect(sent).toMatchObject({ media: { kind: 'document', fileName: 'note.txt', size: 5 } });
    expect(await ann.do('download', bot, { id: sent.id })).toEqual({ name: 'note.txt', base64: Buffer.from('hello').toString('base64') });
    await bot.update();
    const picture = new File([new Uint8Array(dot)], 'dot.png');
    await bot.call('sendMediaGroup', { chat_id: ann.id, media: [{ type: 'photo', media: 'attach://one' }, { type: 'photo', media: 'attach://two' }], one: picture, two: picture });
    const [first, second] = [await ann.next(bot), await ann.next(bot)] as (Message & { album: string; media: unknown })[];
    expect(first).toMatchObject({ media: { kind: 'photo' }, album: second!.album });
    expect((await ann.do<{ base64: string }>('download', bot, { id: first!.id })).base64).toMatch(/^\/9j\//);
  });

  it('ask inline and choose', async () => {
    const offered = ann.act<{ queryId: string; results: { id: string }[] }>('inline', { bot: `@${bot.username}`, query: 'cats' });
    const { inline_query: query } = await bot.update<{ inline_query: { id: string; query: string } }>();
    expect(query.query).toBe('cats');
    const results = [{ type: 'article', id: '1', title: 'Cat', input_message_content: { message_text: 'Meow' } }];
    await bot.call('answerInlineQuery', { inline_query_id: query.id, results });
    const { queryId, results: found } = await offered;
    expect(found).toEqual([{ id: '1', type: 'article', title: 'Cat' }]);
    const bob = await set.person('Bob');
    expect(await ann.do('choose', bob, { queryId, id: '1' })).toMatchObject({ text: 'Meow', viaBot: bot.id });
    expect(await bob.next(ann)).toMatchObject({ text: 'Meow', from: { name: 'Ann' } });
  });

  it('part when the person blocks the bot', async () => {
    await start();
    await ann.act('block', { user: `@${bot.username}` });
    expect(await bot.refusal('sendMessage', { chat_id: ann.id, text: 'hi' })).toBe('403 Forbidden: bot was blocked by the user');
    await ann.act('unblock', { user: `@${bot.username}` });
    await bot.call('sendMessage', { chat_id: ann.id, text: 'hi' });
  });

  it('react, answer, forward, edit and delete', async () => {
    await start();
    const { message_id: id } = await bot.call<{ message_id: number }>('sendMessage', { chat_id: ann.id, text: 'Hi' });
    const hi = await ann.next(bot);
    await ann.do('react', bot, { id: hi.id, emoji: '👍' });
    expect(await ann.do<Message[]>('history', bot, { limit: 1 })).toMatchObject([{ text: 'Hi', reactions: [{ emoji: '👍', count: 1, mine: true }] }]);
    const answer = await ann.do('send', bot, { text: 'and you?', replyTo: hi.id });
    expect(await bot.update()).toMatchObject({ message: { text: 'and you?', reply_to_message: { message_id: id } } });
    expect(await ann.do('edit', bot, { id: answer.id, text: 'well?' })).toMatchObject({ text: 'well?', editDate: expect.any(Number) });
    expect(await bot.update()).toMatchObject({ edited_message: { text: 'well?' } });
    const [copy] = await ann.act<Message[]>('forward', { from: `@${bot.username}`, ids: [hi.id], to: 'me' });
    expect(copy).toMatchObject({ text: 'Hi', chat: ann.id });
    for (const what of ['read', 'type']) await ann.do(what, bot);
    await ann.do('pin', bot, { id: hi.id });
    await ann.do('delete', bot, { ids: [answer.id] });
    expect((await ann.do<Message[]>('history', bot)).map(({ text }) => text)).not.toContain('well?');
  });
});

describe('a group', () => {
  it('has people who have never met, and a bot with privacy', async () => {
    const set = stage.set();
    const [bot, ann, bob] = [await set.bot(), await set.person('Ann'), await set.person('Bob')];
    const { chat } = await ann.act<{ chat: string }>('createGroup', { title: 'Tea', members: [bob.id, `@${bot.username}`] });
    await ann.send(chat, 'nobody but us');
    await ann.send(chat, '/tea');
    expect((await bob.next(chat)).text).toBe('nobody but us');
    let update = await bot.update<{ message?: { text?: string } }>();
    while (update.message?.text === undefined) update = await bot.update();
    expect(update.message.text).toBe('/tea');
    await bot.call('sendMessage', { chat_id: chat, text: 'Tea is ready' });
    for (const one of [ann, bob]) expect((await one.next(chat, { text: 'ready' })).from).toMatchObject({ username: bot.username });
    expect((await ann.do<{ name: string; role: string }[]>('members', chat)).map(({ name, role }) => `${name}: ${role}`).sort()).toEqual(['Ann: creator', 'Bob: member', `${bot.username}: member`]);
    await ann.do('promote', chat, { user: bob.id });
    await bob.do('kick', chat, { user: bot.id });
    expect(await bot.refusal('sendMessage', { chat_id: chat, text: 'hi' })).toMatch(/^403 Forbidden: bot was kicked/);
    await bob.do('leave', chat);
    const { link } = await ann.do<{ link: string }>('link', chat);
    expect(await bob.act('join', { link })).toEqual({ chat });
  });

  it('may be a basic one, and there are channels', async () => {
    const set = stage.set();
    const [ann, bob] = [await set.person('Ann'), await set.person('Bob', { username: 'bob_of_tests' })];
    const { chat } = await ann.act<{ chat: string }>('createGroup', { title: 'Old', kind: 'basic', members: ['@bob_of_tests'] });
    expect(chat).toMatch(/^-\d{1,11}$/);
    await bob.send(chat, 'hi');
    expect(await ann.next(chat)).toMatchObject({ text: 'hi', from: { name: 'Bob', username: 'bob_of_tests' } });
    const news = await ann.act<{ chat: string }>('createChannel', { title: 'News', username: 'news_of_tests' });
    await bob.act('join', { chat: '@news_of_tests' });
    await ann.send(news.chat, 'first');
    expect(await bob.next('@news_of_tests')).toMatchObject({ text: 'first', from: { name: 'News' } });
  });
});

describe('sets', () => {
  it('do not see each other, and free their names and numbers at the end', async () => {
    const [one, two] = [stage.set(), stage.set()];
    const bot = await one.bot({ username: 'shared_name_bot' });
    const ann = await one.person('Ann', { username: 'ann_of_one', phone: '9996612345' });
    const bob = await two.person('Bob');
    await one.run('people.createChannel', { person: ann.id, title: 'News', username: 'news_of_one' });
    for (const chat of ['@shared_name_bot', '@ann_of_one', '@news_of_one', ann.id]) expect(await errorOf(bob.send(chat, 'hi'))).toMatchObject({ code: 'invalid', message: `${chat} does not belong to the set of Bob` });
    expect(await errorOf(two.run('people.send', { person: ann.id, chat: 'me', text: 'hi' }))).toMatchObject({ code: 'invalid' });
    expect(await errorOf(two.bot({ username: 'shared_name_bot' }))).toMatchObject({ code: 'refused', details: { refusal: 'USERNAME_OCCUPIED' } });
    await one.run('sets.end');
    expect(await bot.refusal('getMe')).toBe('401 Unauthorized');
    expect(await errorOf(bob.send('@ann_of_one', 'hi'))).toMatchObject({ code: 'invalid', message: 'Nobody has the username @ann_of_one' });
    await two.bot({ username: 'shared_name_bot' });
    await two.person('Ann', { username: 'ann_of_one', phone: '9996612345' });
    await two.run('people.createChannel', { person: bob.id, title: 'News', username: 'news_of_one' });
    expect(await errorOf(one.person('Carl'))).toMatchObject({ code: 'invalid' });
  });

  it('free the names of those who are made while it ends, and of channels that were made by a call', async () => {
    const [one, two] = [stage.set(), stage.set()];
    const ann = await one.person('Ann');
    const { answer } = await ann.act<{ answer: { chats: { id: string; access_hash: string }[] } }>('call', { request: { _: 'channels.createChannel', broadcast: true, title: 'News', about: '' } });
    const { id: channel_id, access_hash } = answer.chats[0]!;
    await ann.act('call', { request: { _: 'channels.updateUsername', channel: { _: 'inputChannel', channel_id, access_hash }, username: 'late_news' } });
    const making = [one.person('Late', { username: 'late_person' }), one.bot({ username: 'late_bot' }), one.run('people.createChannel', { person: ann.id, title: 'Late', username: 'late_channel' })];
    await one.run('sets.end');
    await Promise.all(making);
    const bob = await two.person('Bob', { username: 'late_person' });
    await two.bot({ username: 'late_bot' });
    for (const username of ['late_news', 'late_channel']) await two.run('people.createChannel', { person: bob.id, title: 'News', username });
  });

  it('refuse what the server refuses, with its error', async () => {
    const set = stage.set();
    const ann = await set.person('Ann');
    expect(await errorOf(ann.send('me', ''))).toMatchObject({ code: 'refused', message: 'The server refused messages.sendMessage of Ann: MESSAGE_EMPTY', details: { refusal: 'MESSAGE_EMPTY' } });
    expect(await errorOf(set.person('Ben', { username: 'x' }))).toMatchObject({ code: 'refused', details: { refusal: 'USERNAME_INVALID' } });
  });

  it('let people call any method', async () => {
    const ann = await stage.set().person('Ann');
    await ann.act('call', { request: { _: 'account.updateProfile', about: 'hi' } });
    const { answer } = await ann.act<{ answer: unknown }>('call', { request: { _: 'users.getFullUser', id: { _: 'inputUser', user_id: ann.id, access_hash: '0' } } });
    expect(answer).toMatchObject({ full_user: { id: ann.id, about: 'hi' } });
    for (const request of [{ _: 'no.such' }, { _: 'users.getFullUser' }, { _: 'users.getFullUser', id: { _: 'inputUser', user_id: 'x', access_hash: '0' } }, { _: 'messages.deleteMessages', id: 7 }]) {
      expect(await errorOf(ann.act('call', { request }))).toMatchObject({ code: 'invalid' });
    }
  });
});
