import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { MISSING, TDLIB_ID_STEP, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

const libraries = useLibraries({}, ['tdlib']);
const missing = MISSING.tdlib;
const TIMEOUT_MS = 180_000;
/** Marked ids of channels are below minus this. */
const CHANNEL_BASE = 1_000_000_000_000;

const inputText = (text: string): object => ({ _: 'inputMessageText', text: { _: 'formattedText', text, entities: [] } });

async function create({ client }: Person, is_channel: boolean, title: string): Promise<number> {
  const chat = await client.request<{ id: number }>({
    _: 'createNewSupergroupChat', title, is_forum: false, is_channel, description: '', location: null, message_auto_delete_time: 0, for_import: false,
  });
  return chat.id;
}

/** Sends a text and waits until the server has it. @returns TDLib's id of the message */
async function send({ client }: Person, chat_id: number, text: string): Promise<number> {
  return (await client.send({ peer: chat_id, text })).id * TDLIB_ID_STEP;
}

async function seesText({ client }: Person, text: string): Promise<number> {
  return (await client.seesMessage(text)).id * TDLIB_ID_STEP;
}

const messageOf = ({ client }: Person, chat_id: number, message_id: number): Promise<Plain> => client.request({ _: 'getMessage', chat_id, message_id });

/** Waits until a person's library shows these counts of a message. */
const seesCounts = ({ client }: Person, chat_id: number, message_id: number, counts: Record<string, number>): Promise<unknown> =>
  client.sees(JSON.stringify(counts), (event) => {
    if (event.kind !== 'update' || event.update._ !== 'updateMessageInteractionInfo') return false;
    const { chat_id: chat, message_id: message, interaction_info: info } = event.update as Plain & { interaction_info?: Record<string, number> };
    return chat === chat_id && message === message_id && Object.entries(counts).every(([name, count]) => (info?.[name] ?? 0) >= count);
  });

describe.runIf(missing === undefined)(`TDLib finds what it expects of posts in channels${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('views, forwards, replies elsewhere, links, protection, and whose name a message bears', { timeout: TIMEOUT_MS }, async () => {
    const alice = await enter(libraries, 'tdlib', 'Alice');
    const bob = await enter(libraries, 'tdlib', 'Bob');
    await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
    await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
    const news = await create(alice, true, 'News');
    const group = await create(alice, false, 'Climbing');
    for (const peer of [news, group]) await alice.client.addMembers({ peer, users: [bob.id] });

    const post = await send(alice, news, 'the wall is open');
    expect(await seesText(bob, 'the wall is open')).toBe(post);
    expect(await messageOf(bob, news, post)).toMatchObject({ is_channel_post: true, is_outgoing: false, sender_id: { _: 'messageSenderChat', chat_id: news }, interaction_info: { view_count: 1, forward_count: 0 } });
    await bob.client.request({ _: 'openChat', chat_id: news });
    await bob.client.request({ _: 'viewMessages', chat_id: news, message_ids: [post], source: { _: 'messageSourceChatHistory' }, force_read: true });
    await seesCounts(alice, news, post, { view_count: 2 });

    // A forward names the channel and the post, and shows the counts of the post.
    await bob.client.request({ _: 'forwardMessages', chat_id: group, topic_id: null, from_chat_id: news, message_ids: [post], options: null, send_copy: false, remove_caption: false });
    await alice.client.sees('the forward', (event) => event.kind === 'message' && event.peer === group && event.text === 'the wall is open');
    const { messages } = await alice.client.request<{ messages: Plain[] }>({ _: 'getChatHistory', chat_id: group, from_message_id: 0, offset: 0, limit: 1, only_local: false });
    expect(messages[0]).toMatchObject({
      sender_id: { user_id: bob.id }, forward_info: { origin: { _: 'messageOriginChannel', chat_id: news, message_id: post } }, interaction_info: { view_count: expect.any(Number) as number },
    });
    await seesCounts(alice, news, post, { forward_count: 1 });

    const reply_to = { _: 'inputMessageReplyToExternalMessage', chat_id: news, message_id: post, quote: null, checklist_task_id: 0 };
    await bob.client.request({ _: 'sendMessage', chat_id: group, reply_to, input_message_content: inputText('at last') });
    const answer = await seesText(alice, 'at last');
    expect(await messageOf(alice, group, answer)).toMatchObject({ reply_to: { _: 'messageReplyToMessage', chat_id: news, message_id: post, origin: { _: 'messageOriginChannel', chat_id: news } } });

    expect(await bob.client.request({ _: 'getMessageLink', chat_id: news, message_id: post, media_timestamp: 0, for_album: false, in_message_thread: false })).toMatchObject({
      link: `https://t.me/c/${-news - CHANNEL_BASE}/${post / TDLIB_ID_STEP}`, is_public: false,
    });

    // An anonymous admin writes in the name of the group.
    const status = { _: 'chatMemberStatusCreator', is_anonymous: true, is_member: true, custom_title: '' };
    await alice.client.request({ _: 'setChatMemberStatus', chat_id: group, member_id: { _: 'messageSenderUser', user_id: alice.id }, status });
    // TDLib learns from the full info of the group that there is a choice.
    await alice.client.request({ _: 'getSupergroupFullInfo', supergroup_id: -group - CHANNEL_BASE });
    await alice.client.sees('the choice', (event) => event.kind === 'update' && event.update._ === 'updateChatMessageSender' && event.update['chat_id'] === group && event.update['message_sender_id'] !== undefined);
    const said = await send(alice, group, 'the group says');
    expect(await messageOf(alice, group, said)).toMatchObject({ is_outgoing: true, sender_id: { _: 'messageSenderChat', chat_id: group } });
    expect(await messageOf(bob, group, await seesText(bob, 'the group says'))).toMatchObject({ is_outgoing: false, sender_id: { _: 'messageSenderChat', chat_id: group } });
    await alice.client.request({ _: 'toggleChatHasProtectedContent', chat_id: news, has_protected_content: true });
    await bob.client.sees('the protection', (event) => event.kind === 'update' && event.update._ === 'updateChatHasProtectedContent' && event.update['has_protected_content'] === true);
    for (const { client } of [alice, bob]) expect(await client.complaints()).toEqual([]);
    for (const { client } of [alice, bob]) await client.close();
  });
});
