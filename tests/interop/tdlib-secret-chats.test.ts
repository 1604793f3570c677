import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DriverClient, DriverEvent, Plain } from './driver-client.ts';
import { MISSING, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

const libraries = useLibraries({}, ['tdlib']);
const missing = MISSING.tdlib;

const plainText = (text: string): object => ({ _: 'formattedText', text, entities: [] });

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aerogram-secret-'));
  await writeFile(join(directory, 'sent.jpg'), await sharp({ create: { width: 400, height: 300, channels: 3, background: '#2a8f5a' } }).jpeg().toBuffer());
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A message of a secret chat as TDLib has it. */
interface SecretMessage {
  id: number;
  content: Plain & { photo?: { sizes: { photo: { id: number; local: { path: string } } }[] } };
}

/** What TDLib says of a secret chat. */
interface SecretChatUpdate {
  id: number;
  state: Plain;
}

/** A chat as TDLib announces it. */
interface NewChat {
  id: number;
  type: Plain & { user_id: number; secret_chat_id: number };
}

function stateIn(event: DriverEvent): SecretChatUpdate | undefined {
  return event.kind === 'update' && event.update._ === 'updateSecretChat' ? (event.update as unknown as { secret_chat: SecretChatUpdate }).secret_chat : undefined;
}

function newSecretChatIn(event: DriverEvent): NewChat | undefined {
  const chat = event.kind === 'update' && event.update._ === 'updateNewChat' ? (event.update as unknown as { chat: NewChat }).chat : undefined;
  return chat?.type._ === 'chatTypeSecret' ? chat : undefined;
}

/** Waits until TDLib says that a secret chat is in a state. */
async function isIn({ client }: Person, secretChatId: number, state: 'Pending' | 'Ready' | 'Closed'): Promise<void> {
  const fits = (event: DriverEvent): boolean => stateIn(event)?.id === secretChatId && stateIn(event)?.state._ === `secretChatState${state}`;
  await client.sees(`the chat ${state}`, fits);
}

/** The ids under which TDLib has a secret chat that somebody else has begun. */
async function begunBy({ client }: Person, userId: number): Promise<{ chatId: number; secretChatId: number }> {
  const chat = newSecretChatIn(await client.sees('a secret chat', (event) => newSecretChatIn(event)?.type.user_id === userId))!;
  return { chatId: chat.id, secretChatId: chat.type.secret_chat_id };
}

/** Waits for a message of a chat whose content is of a kind. */
async function seesContent(client: DriverClient, chatId: number, kind: string): Promise<SecretMessage> {
  const find = async (): Promise<SecretMessage | undefined> => {
    const { messages } = await client.request<{ messages: SecretMessage[] }>({ _: 'getChatHistory', chat_id: chatId, from_message_id: 0, offset: 0, limit: 50, only_local: false });
    return messages.find(({ content }) => content._ === kind);
  };
  await expect.poll(find, { timeout: 20_000, interval: 50 }).toBeDefined();
  return (await find())!;
}

const secretChatsOf = ({ client }: Person): DriverEvent[] => client.events.filter((event) => (stateIn(event) ?? newSecretChatIn(event)) !== undefined);

describe.runIf(missing === undefined)(`TDLib and secret chats${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('a chat carries text, a photo, a timer and a notice of a screenshot, with the same key on both sides, and each side can close it; a third device gets nothing', async () => {
    const [alice, bob] = [await enter(libraries, 'tdlib', 'Alice'), await enter(libraries, 'tdlib', 'Bob')];
    const tablet = await enter(libraries, 'tdlib', 'Alice', alice);
    await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
    await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });

    const own = await alice.client.request<{ id: number; type: { secret_chat_id: number } }>({ _: 'createNewSecretChat', user_id: bob.id });
    const there = await begunBy(bob, alice.id);
    await isIn(alice, own.type.secret_chat_id, 'Ready');
    await isIn(bob, there.secretChatId, 'Ready');
    const keyOf = async ({ client }: Person, secret_chat_id: number): Promise<string> => (await client.request<{ key_hash: string }>({ _: 'getSecretChat', secret_chat_id })).key_hash;
    const key = await keyOf(alice, own.type.secret_chat_id);
    expect(key.length).toBeGreaterThan(20);
    expect(await keyOf(bob, there.secretChatId)).toBe(key);

    const send = (client: DriverClient, chat_id: number, input_message_content: object): Promise<Plain> => client.request({ _: 'sendMessage', chat_id, input_message_content });
    // One after the other: TDLib logs when messages of a secret chat cross each other.
    for (let n = 0; n < 5; n++) {
      await send(alice.client, own.id, { _: 'inputMessageText', text: plainText(`from Alice ${n}`) });
      await bob.client.seesMessage(`from Alice ${n}`);
      await send(bob.client, there.chatId, { _: 'inputMessageText', text: plainText(`from Bob ${n}`) });
      await alice.client.seesMessage(`from Bob ${n}`);
    }
    // In a secret chat the timer is that of all later messages, and runs from when a message is seen.
    await alice.client.request({ _: 'setChatMessageAutoDeleteTime', chat_id: own.id, message_auto_delete_time: 2 });
    await seesContent(bob.client, there.chatId, 'messageChatSetMessageAutoDeleteTime');
    const photo = { _: 'inputPhoto', photo: { _: 'inputFileLocal', path: join(directory, 'sent.jpg') }, width: 400, height: 300 };
    await send(alice.client, own.id, { _: 'inputMessagePhoto', photo, caption: plainText('a picture') });
    const seen = await seesContent(bob.client, there.chatId, 'messagePhoto');
    const file = seen.content.photo!.sizes.at(-1)!.photo;
    const loaded = await bob.client.request<{ local: { path: string; is_downloading_completed: boolean } }>({ _: 'downloadFile', file_id: file.id, priority: 1, offset: 0, limit: 0, synchronous: true });
    expect(loaded.local.is_downloading_completed).toBe(true);
    expect(await sharp(loaded.local.path).metadata()).toMatchObject({ width: 400, height: 300 });
    await bob.client.request({ _: 'openChat', chat_id: there.chatId });
    await bob.client.request({ _: 'viewMessages', chat_id: there.chatId, message_ids: [seen.id], force_read: true });
    await bob.client.request({ _: 'openMessageContent', chat_id: there.chatId, message_id: seen.id });
    // When its time is over, the photo is deleted on both sides.
    for (const [{ client }, chatId] of [[bob, there.chatId], [alice, own.id]] as const) {
      const hasPhoto = async (): Promise<boolean> => {
        const { messages } = await client.request<{ messages: SecretMessage[] }>({ _: 'getChatHistory', chat_id: chatId, from_message_id: 0, offset: 0, limit: 50, only_local: false });
        return messages.some(({ content }) => content._ === 'messagePhoto' && content.photo!.sizes.length > 0);
      };
      await expect.poll(hasPhoto, { timeout: 20_000, interval: 100 }).toBe(false);
    }
    const timer = await seesContent(bob.client, there.chatId, 'messageChatSetMessageAutoDeleteTime');
    await bob.client.request({ _: 'viewMessages', chat_id: there.chatId, message_ids: [timer.id], source: { _: 'messageSourceScreenshot' }, force_read: true });
    await seesContent(alice.client, own.id, 'messageScreenshotTaken');

    await bob.client.request({ _: 'closeSecretChat', secret_chat_id: there.secretChatId });
    await isIn(alice, own.type.secret_chat_id, 'Closed');
    const second = await alice.client.request<{ type: { secret_chat_id: number } }>({ _: 'createNewSecretChat', user_id: bob.id });
    await isIn(alice, second.type.secret_chat_id, 'Ready');
    await alice.client.request({ _: 'closeSecretChat', secret_chat_id: second.type.secret_chat_id });
    await bob.client.sees('the second chat closed', () => bob.client.events.filter((event) => stateIn(event)?.state._ === 'secretChatStateClosed').length >= 2);

    // What the tablet was told before this text has arrived.
    await bob.client.send({ peer: alice.id, text: 'an ordinary message' });
    await tablet.client.seesMessage('an ordinary message');
    expect(secretChatsOf(tablet)).toEqual([]);
    expect(await alice.client.complaints()).toEqual([]);
    for (const { client } of [alice, tablet, bob]) await client.close();
  });

  test('a device that was away gets what was written meanwhile, and of two devices one has the chat', async () => {
    const [alice, bob] = [await enter(libraries, 'tdlib', 'Alice'), await enter(libraries, 'tdlib', 'Bob')];
    const desktop = await enter(libraries, 'tdlib', 'Bob', bob);
    await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
    for (const { client } of [bob, desktop]) await client.addContact({ phone: alice.phone, firstName: 'Alice' });
    const own = await alice.client.request<{ id: number; type: { secret_chat_id: number } }>({ _: 'createNewSecretChat', user_id: bob.id });
    await isIn(alice, own.type.secret_chat_id, 'Ready');
    const states = (): string[] => [bob, desktop].map((person) => JSON.stringify(secretChatsOf(person)));
    await expect.poll(() => states().filter((state) => state.includes('secretChatStateReady')).length, { timeout: 20_000, interval: 50 }).toBe(1);
    const winner = states()[0]!.includes('secretChatStateReady') ? bob : desktop;
    const session = await winner.client.export();
    await winner.client.close();
    for (let n = 0; n < 20; n++) await alice.client.request({ _: 'sendMessage', chat_id: own.id, input_message_content: { _: 'inputMessageText', text: plainText(`while away ${n}`) } });
    const again = libraries.drivers.get('tdlib')!.client('tdlib-again');
    await again.open({ server: libraries.server.info, transport: 'obfuscated', session });
    for (let n = 0; n < 20; n++) await again.seesMessage(`while away ${n}`);
    // TDLib logs the error of the device that lost, unless it was told first that the chat is over.
    expect((await alice.client.complaints()).filter((line) => !line.includes('ENCRYPTION_ALREADY_ACCEPTED'))).toEqual([]);
    for (const client of [alice.client, (winner === bob ? desktop : bob).client, again]) await client.close();
  });
});
