import { createHash } from 'node:crypto';
import type { Actor, World } from '@aerogram/dev-env';
import { findFreePort, type ServerProcess } from '@aerogram/dev-env/load';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { expect } from 'vitest';
import { type MadeBot, makeBot, operate, write } from '../scenarios/bot-stage.ts';
import { makeFile, sendMedia, uploadedDocument } from '../scenarios/file-stage.ts';
import { asking, sending } from '../scenarios/inline-stage.ts';
import { makePicture } from '../scenarios/photo-stage.ts';
import type { BotProcess, BotProgram } from './bot-program.ts';
import { textOf } from './people-of-libraries.ts';

/** Messages that a bot may send to one person in a minute on the server of the story; half of them at once. */
export const MESSAGES_PER_PERSON = 40;

/** What a story needs: a server, its people, and where a bot's program runs. */
export interface BotStage {
  server: ServerProcess;
  databaseUrl: string;
  world: World;
  process: BotProcess;
}

/** A running bot and somebody who talks to it. */
export interface Talk {
  bot: BotProgram;
  made: MadeBot;
  person: Actor;
}

/** Makes a bot that can be used inline, and starts its program, which does not get updates yet. */
export async function openBot({ server, databaseUrl, process }: Omit<BotStage, 'world'>, username: string): Promise<{ bot: BotProgram; made: MadeBot }> {
  const where = { server: { databaseUrl, dataDir: server.dataDir } };
  const made = await makeBot(where, username);
  await operate(where, 'bot', 'set', `@${username}`, '--inline', 'Which tea?');
  const bot = process.program(username);
  const { host, port } = server.info.http;
  const photos = [await makePicture(640, 480), await makePicture(480, 640)].map((photo) => photo.toString('base64'));
  const sticker = (await makePicture(512, 512, 'png')).toString('base64');
  expect(await bot.open({ root: `http://${host}:${port}`, token: made.token, photos, sticker })).toEqual({ id: made.id, username });
  return { bot, made };
}

/** Writes to a chat of which the person knows. */
export async function say({ person }: Pick<Talk, 'person'>, chat: number, message: string): Promise<void> {
  await person.main.change({ _: 'messages.sendMessage', peer: person.main.inputPeer(chat), message, randomId: randomLong() });
}

/** Starts a bot, first by hand, then with a link that has a parameter. */
export async function greet({ bot, made, person }: Talk): Promise<void> {
  await bot.startPolling();
  await write(person, made, '/start');
  await person.sees(`hello ${person.name}`);
  await person.main.change({ _: 'messages.startBot', bot: person.main.inputUser(made.id), peer: person.main.inputPeer(made.id), randomId: randomLong(), startParam: 'flyer' });
  await person.sees(`hello ${person.name}, flyer`);
}

/** A command, a keyboard, a press, its answer, and the edit of the message. */
export async function orderCoffee({ made, person }: Talk): Promise<void> {
  await say({ person }, made.id, '/tea');
  const { id, raw } = await person.sees('tea or coffee?');
  expect(raw).toMatchObject({ reply_markup: { rows: [{ buttons: [{ text: 'tea' }] }, { buttons: [{ text: 'coffee' }] }] } });
  const answer = await person.main.call({ _: 'messages.getBotCallbackAnswer', peer: person.main.inputPeer(made.id), msgId: id, data: Buffer.from('coffee') });
  expect(answer).toMatchObject({ message: 'one coffee', alert: true });
  const edited = await person.sees('coffee is coming');
  expect(edited.id).toBe(id);
  expect(edited.entities).toContain('messageEntityBold');
}

/** Two photos that the bot uploads as an album. */
export async function lookAtAlbum({ made, person }: Talk): Promise<void> {
  await say({ person }, made.id, '/album');
  const [first, second] = [(await person.sees('photo 0')).raw as { grouped_id?: bigint; media?: object }, (await person.sees('photo 1')).raw as { grouped_id?: bigint; media?: object }];
  expect(first.media).toMatchObject({ _: 'messageMediaPhoto' });
  expect(second.media).toMatchObject({ _: 'messageMediaPhoto' });
  expect(first.grouped_id).toBeDefined();
  expect(second.grouped_id).toBe(first.grouped_id);
}

/** Has the bot make a sticker set of uploads, and send one of its stickers. */
export async function orderPack({ made, person }: Talk): Promise<void> {
  await say({ person }, made.id, '/pack');
  await person.sees('pack of 🐙,🦑');
  const { messages } = (await person.main.call({ _: 'messages.getHistory', peer: person.main.inputPeer(made.id), offsetId: 0, offsetDate: 0, addOffset: 0, limit: 2, maxId: 0, minId: 0, hash: Long.ZERO })) as tl.messages.RawMessages;
  expect(messages[1]).toMatchObject({ media: { document: { attributes: expect.arrayContaining([expect.objectContaining({ _: 'documentAttributeSticker', alt: '🦑' })]) as unknown } } });
}

/** A file that the bot downloads. */
export async function handInFile({ made, person }: Talk): Promise<void> {
  const file = makeFile(300_000);
  await sendMedia(person.main, await uploadedDocument(person.main, file), { peer: person.main.inputPeer(made.id) });
  await person.sees(`notes.txt: ${createHash('sha256').update(file.bytes).digest('hex')}`);
}

/** An inline query, whose result the person sends to somebody who does not know the bot. */
export async function orderInline({ made, person }: Talk, other: Actor): Promise<void> {
  await person.meet(other);
  const { queryId, results } = await person.main.call(asking(person, { id: made.id }, 'mint'));
  expect(results).toMatchObject([{ id: 'cup', title: 'mint' }]);
  await person.main.change(sending(person.main.inputPeer(other.id), queryId, 'cup'));
  expect((await other.sees('a cup of mint')).raw).toMatchObject({ via_bot_id: BigInt(made.id) });
}

/** A poll: somebody votes, takes the vote back, votes otherwise, and the bot closes it. */
export async function holdPoll({ bot, made, person }: Talk): Promise<void> {
  const peer = person.main.inputPeer(made.id);
  const earlier = bot.events.length;
  const newest = Math.max(...[...person.main.state.messages.values()].map(({ id }) => id));
  await say({ person }, made.id, '/poll');
  const findPoll = (): { id: number } | undefined => [...person.main.state.messages.values()].find(({ id, raw }) => id > newest && (raw as { media?: { _: string } }).media?._ === 'messageMediaPoll');
  await person.main.waitUntil('the poll', () => findPoll() !== undefined);
  const { id } = findPoll()!;
  const vote = (...places: number[]): Promise<unknown> => person.main.call({ _: 'messages.sendVote', peer, msgId: id, options: places.map((place) => Buffer.from(String(place))) });
  await vote(0);
  await person.sees('noted mint');
  await vote();
  await vote(1);
  await person.sees('noted sage');
  await say({ person }, made.id, '/close');
  await person.sees('closed with 1');
  const last = await bot.sees('poll', (event) => event.isClosed && bot.events.indexOf(event) >= earlier);
  expect(last.votes).toEqual([0, 1]);
}

/** Somebody reacts in a supergroup in which the bot is an admin. */
export async function reactInGroup({ bot, made, person }: Talk): Promise<void> {
  const { chats } = (await person.main.change({ _: 'channels.createChannel', megagroup: true, title: 'Tasting', about: '' })) as tl.RawUpdates;
  const group = Number(`-100${chats[0]!.id}`);
  const [channel, userId] = [person.main.inputChannel(group), person.main.inputUser(made.id)];
  await person.main.change({ _: 'channels.editAdmin', channel, userId, adminRights: { _: 'chatAdminRights', deleteMessages: true }, rank: '' });
  await say({ person }, group, 'how is it?');
  const { id: msgId } = await person.sees('how is it?');
  await person.main.call({ _: 'messages.sendReaction', peer: person.main.inputPeer(group), msgId, reaction: [{ _: 'reactionEmoji', emoticon: '🔥' }] });
  if (bot.library === 'ptb') return;
  await person.sees('saw 🔥');
  const reaction = [{ type: 'emoji', emoji: '👏' }];
  expect(await bot.raw('setMessageReaction', { chat_id: group, message_id: msgId, reaction: bot.library === 'telegraf' ? JSON.stringify(reaction) : reaction })).toBe(true);
  await person.main.waitUntil('the clap', () => person.main.events.some((event) => event._ === 'updateMessageReactions' && JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).includes('👏')));
}

/** From polling to the library's own server and back; the server is away for a while. */
export async function moveToWebhook({ bot, made, person }: Talk): Promise<void> {
  const server = { port: await findFreePort(), secret: 'mint_and-sage' };
  await bot.stopPolling();
  await bot.startWebhook(server);
  const seen = person.main.events.length;
  await say({ person }, made.id, 'say one');
  await person.sees('said one');
  // grammY and Telegraf say so in the answer to the update.
  await person.main.waitUntil('the bot typing', () => person.main.events.slice(seen).some((event) => event._ === 'updateUserTyping' && event.userId === made.id));
  expect(await bot.raw('getWebhookInfo')).toMatchObject({ url: expect.stringContaining(`:${server.port}/`), pending_update_count: 0 });
  expect(await textOf(bot.raw('getUpdates'))).toBe("409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");

  await holdPoll({ bot, made, person });
  await bot.stopWebhook();
  await say({ person }, made.id, 'say two');
  await bot.startWebhook(server);
  await person.sees('said two');

  await bot.stopWebhook();
  await bot.startPolling();
  await say({ person }, made.id, 'say three');
  await person.sees('said three');
}

/** Two programs poll for one bot: each ends the one that waits longer. */
export async function pollTwice({ bot, made, person }: Talk): Promise<void> {
  const other = textOf(bot.raw('getUpdates', { timeout: 20 }));
  const text = 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';
  const ended = bot.sees('pollingEnded', ({ code }) => code === 409);
  const first = await Promise.race([ended, other]);
  if (typeof first !== 'string') {
    expect(first.text).toBe(text);
    // python-telegram-bot goes on by itself.
    if (bot.library !== 'ptb') await bot.startPolling();
  } else {
    ended.catch(() => {});
  }
  expect(await other).toBe(`409 ${text}`);
  await say({ person }, made.id, 'say four');
  await person.sees('said four');
}

/** More messages than the bot may send at once, and then none, because the person has blocked the bot. */
export async function writeTooMuch({ bot, made }: Talk, reader: Actor): Promise<void> {
  await write(reader, made, '/start');
  await reader.sees(`hello ${reader.name}`);
  const texts = Array.from({ length: MESSAGES_PER_PERSON / 2 + 1 }, (_, at) => `chapter ${at}`);
  for (const text of texts) await bot.sendPatiently({ chat: reader.id, text });
  await reader.sees(texts.at(-1)!);
  const written = (await reader.main.loadHistory(made.id)).map(({ text }) => text).filter((text) => text.startsWith('chapter'));
  expect(written.reverse()).toEqual(texts);
  expect(bot.events).toContainEqual(expect.objectContaining({ kind: 'refusal', method: 'sendMessage', code: 429 }));

  await reader.main.call({ _: 'contacts.block', id: reader.main.inputPeer(made.id) });
  await bot.sees('result', ({ method, result }) => method === 'getUpdates' && JSON.stringify(result).includes('"kicked"'));
  await expect.poll(() => textOf(bot.send({ chat: reader.id, text: 'the end' })), { timeout: 20_000, interval: 300 }).toBe('403 Forbidden: bot was blocked by the user');
}

/** A basic group becomes a supergroup, and the bot follows. */
export async function moveGroup({ bot, made, person }: Talk): Promise<void> {
  const { updates } = await person.main.invite({ _: 'messages.createChat', users: [person.main.inputUser(made.id)], title: 'Kitchen' });
  const group = (updates as tl.RawUpdates).chats[0]!.id;
  await say({ person }, -group, `/start@${made.username}`);
  await person.main.waitUntil('the greeting in the group', () => [...person.main.state.messages.values()].some(({ peer, text }) => peer === -group && text === `hello ${person.name}`));
  const { chats } = (await person.main.change({ _: 'messages.migrateChat', chatId: group })) as tl.RawUpdates;
  const supergroup = Number(`-100${chats.find((chat) => chat._ === 'channel')!.id}`);
  expect(await bot.sendFollowing({ chat: -group, text: 'moved as well' })).toEqual({ chat: supergroup });
  await person.sees('moved as well');
}
