import { expect, test } from 'vitest';
import { CloudError, type ChatReference, type Message } from '@aerogram/testing';
import { StandIn } from './stand-in.ts';

const message = (id: number, text: string, chat = '22'): Message => ({ id, chat, from: null, out: false, date: 0, text, buttons: [] });

/** The error of something that fails. */
const errorOf = (promise: Promise<unknown>): Promise<CloudError> =>
  promise.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error as CloudError,
  );

test('a chat is a person, a bot, a group, a username, an id or the own notes', async () => {
  await using standIn = await StandIn.start({ 'people.createGroup': () => ({ result: { chat: '-1001', title: 'Club' } }) });
  const { cloud } = standIn;
  const ann = await cloud.person('Ann');
  const bot = await cloud.bot();
  const group = await ann.createGroup('Club', bot, '@bob');
  expect(standIn.last('people.createGroup')).toEqual({ person: '11', title: 'Club', members: ['22', '@bob'] });

  const references: [ChatReference, string][] = [
    [ann, '11'],
    [bot, '22'],
    [group, '-1001'],
    ['@news', '@news'],
    ['news', '@news'],
    ['-1005', '-1005'],
    ['me', 'me'],
  ];
  for (const [chat, wire] of references) {
    await ann.send(chat, 'hi');
    expect(standIn.last('people.send')).toEqual({ person: '11', chat: wire, text: 'hi' });
  }
});

test('what is no chat, and too long a time limit, is refused before the server is asked', async () => {
  await using standIn = await StandIn.start();
  const ann = await standIn.cloud.person('Ann');
  const asked = standIn.asked.length;
  expect((await errorOf(ann.send('no such chat!', 'hi'))).message).toContain(`'no such chat!' is no chat`);
  const bot = standIn.cloud.bot();
  expect((await errorOf(ann.send(bot as unknown as ChatReference, 'hi'))).message).toContain('Put await before the call that made it.');
  await bot;
  class Program {
    readonly token = '1:secret';
  }
  const error = await errorOf(ann.send(new Program() as unknown as ChatReference, 'hi'));
  expect(error.message).toMatch(/^an object of the class Program is no chat: give what person\(\), bot\(\)/);
  expect((await errorOf(ann.next('bot', 'hi', { timeout: '2m' }))).message).toBe('a time limit of 120 s is too long: at most a minute');
  expect(standIn.asked.slice(asked).map(({ operation }) => operation)).toEqual(['bots.create']);
});

test('a message is answered in its chat', async () => {
  await using standIn = await StandIn.start();
  const ann = await standIn.cloud.person('Ann');
  await ann.reply(message(7, 'hello', '-1001'), 'hi', { parseMode: 'HTML' });
  expect(standIn.last('people.send')).toEqual({ person: '11', chat: '-1001', text: 'hi', parseMode: 'HTML', replyTo: 7 });
  await ann.delete([message(1, ''), message(2, '')]);
  expect(standIn.last('people.delete')).toEqual({ person: '11', chat: '22', ids: [1, 2], forBoth: true });
  expect((await errorOf(ann.delete([message(1, ''), message(2, '', '23')]))).message).toContain('of several chats');
});

test('a match is text, a pattern or several conditions', async () => {
  await using standIn = await StandIn.start();
  const ann = await standIn.cloud.person('Ann');
  const sent = async (...match: Parameters<typeof ann.next> extends [unknown, ...infer Rest] ? Rest : never): Promise<unknown> => {
    await ann.next('bot', ...match);
    return standIn.last('people.next');
  };
  const common = { person: '11', chat: '@bot', timeoutMs: 4000 };
  expect(await sent()).toEqual(common);
  expect(await sent('hi')).toEqual({ ...common, match: { text: 'hi' } });
  expect(await sent(/hi/gi)).toEqual({ ...common, match: { regex: { source: 'hi', flags: 'i' } } });
  expect(await sent({ text: /hi/, buttons: true, media: 'photo' })).toEqual({ ...common, match: { regex: { source: 'hi', flags: '' }, hasButtons: true, media: 'photo' } });
  expect(await sent({ text: 'hi', action: 'messageActionPinMessage' }, { timeout: '2s' })).toEqual({
    ...common,
    timeoutMs: 2000,
    match: { text: 'hi', action: 'messageActionPinMessage' },
  });
});

test('conditions that do not exist, and a function for an edit, are refused', async () => {
  await using standIn = await StandIn.start();
  const ann = await standIn.cloud.person('Ann');
  const misspelt = { txt: 'hi' } as unknown as { text: string };
  expect((await errorOf(ann.next('bot', misspelt))).message).toBe("{ txt: 'hi' } cannot be waited for here: give text, a pattern or { text, buttons, media, action }");
  expect((await errorOf(ann.edited(message(1, ''), (() => false) as unknown as string))).message).toContain('cannot be waited for here');
});

test('a function is asked about each message until one fits', async () => {
  const texts = ['one', 'two', 'three'];
  let taken = 0;
  await using standIn = await StandIn.start({
    'people.next': ({ params }) => {
      expect(params).not.toHaveProperty('match');
      const text = texts[taken++];
      return text === undefined ? { error: { code: 'timeout', message: 'nothing came', talk: 'Bot: three' } } : { result: message(taken, text) };
    },
  });
  const ann = await standIn.cloud.person('Ann');
  expect(await ann.next('bot', ({ text }) => text.startsWith('t'))).toMatchObject({ id: 2, text: 'two' });
  const error = await errorOf(ann.next('bot', ({ text }) => text === 'never', { timeout: 400 }));
  expect(error).toMatchObject({ code: 'timeout', talk: 'Bot: three' });
  expect(error.message).toMatch(/^Ann waited 400 ms for a message that fits .*never/);
});

test('an error shows the talk, and its stack begins at the line of the test', async () => {
  await using standIn = await StandIn.start({
    'people.next': () => ({ error: { code: 'timeout', message: 'Ann waited 5 s', talk: 'Ann: /start\nBot: Hello\n[Yes] [No]' } }),
    'people.send': () => ({ error: { code: 'refused', message: 'Ann may not write here', refusal: 'CHAT_WRITE_FORBIDDEN' } }),
  });
  const ann = await standIn.cloud.person('Ann');
  const error = await errorOf(ann.next('bot'));
  expect(error).toBeInstanceOf(CloudError);
  expect(error.message).toBe('Ann waited 5 s\n\n    Ann: /start\n    Bot: Hello\n    [Yes] [No]\n');
  const frames = error.stack!.split('\n').filter((line) => line.includes(' at '));
  expect(frames[0]).toContain('actors.test.ts');
  expect(error.stack).toContain('Bot: Hello');
  expect(await errorOf(ann.send('bot', 'hi'))).toMatchObject({ code: 'refused', refusal: 'CHAT_WRITE_FORBIDDEN', message: 'Ann may not write here' });
});

test('a result of an inline query can be chosen at once, by its place or its id', async () => {
  await using standIn = await StandIn.start({
    'people.inline': () => ({ result: { queryId: 'q1', results: [{ id: 'a', type: 'article', title: 'First' }, { id: 'b', type: 'article' }] } }),
    'people.choose': ({ params }) => ({ result: message(9, String(params['id'])) }),
  });
  const ann = await standIn.cloud.person('Ann');
  const bot = await standIn.cloud.bot();
  expect(await ann.inline(bot, 'cats').choose(1)).toMatchObject({ text: 'b' });
  expect(standIn.last('people.inline')).toEqual({ person: '11', bot: '22', query: 'cats', timeoutMs: 4000 });
  expect(standIn.last('people.choose')).toEqual({ person: '11', queryId: 'q1', id: 'b', chat: '22' });
  await ann.inline(bot, 'cats').choose('a', '-1001');
  expect(standIn.last('people.choose')).toEqual({ person: '11', queryId: 'q1', id: 'a', chat: '-1001' });
  const answer = await ann.inline(bot, 'cats', { chat: '-1002' });
  expect(answer).toEqual({ results: [{ id: 'a', type: 'article', title: 'First' }, { id: 'b', type: 'article' }] });
  expect((await errorOf(ann.inline(bot, 'cats').choose(5))).message).toContain("no result 5; there are:\n  0: First (id 'a')");
});

test('a button is pressed in a chat or on a message', async () => {
  await using standIn = await StandIn.start();
  const ann = await standIn.cloud.person('Ann');
  await ann.press('bot', 'Yes');
  expect(standIn.last('people.press')).toEqual({ person: '11', chat: '@bot', label: 'Yes', timeoutMs: 4000 });
  await ann.press(message(4, ''), 'No', { timeout: 100 });
  expect(standIn.last('people.press')).toEqual({ person: '11', chat: '22', message: 4, label: 'No', timeoutMs: 100 });
});

test('files travel as base64', async () => {
  await using standIn = await StandIn.start({
    'people.upload': () => ({ result: { file: 'f1' } }),
    'people.download': () => ({ result: { name: 'a.txt', base64: Buffer.from('hi').toString('base64') } }),
  });
  const ann = await standIn.cloud.person('Ann');
  const file = await ann.upload('a.txt', 'hi');
  expect(standIn.last('people.upload')).toEqual({ person: '11', name: 'a.txt', base64: 'aGk=' });
  await ann.send('bot', 'look', { media: { file } });
  expect(standIn.last('people.send')).toMatchObject({ media: { kind: 'document', file: 'f1' } });
  await ann.send('bot', 'look', { media: { kind: 'photo', name: 'a.jpg', content: new Uint8Array([1, 2]) } });
  expect(standIn.last('people.send')).toMatchObject({ media: { kind: 'photo', name: 'a.jpg', base64: 'AQI=' } });
  expect(new TextDecoder().decode((await ann.download(message(1, ''))).content)).toBe('hi');
});

test('a set asks in its own name and ends once', async () => {
  await using standIn = await StandIn.start({ 'sets.create': () => ({ result: { set: 's7' } }) });
  {
    await using set = await standIn.cloud.set({ limits: true });
    await set.person('Ann');
    await set.end();
  }
  await standIn.cloud.person('Bob');
  expect(standIn.asked.map(({ operation, set }) => [operation, set])).toEqual([
    ['sets.create', 'main'],
    ['people.create', 's7'],
    ['sets.end', 's7'],
    ['people.create', 'main'],
  ]);
});
