import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { MISSING, TDLIB_ID_STEP, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';
import { befriend, eventually, knowsGroup, leave } from './supergroup-story.ts';

const libraries = useLibraries({}, ['tdlib']);
const missing = MISSING.tdlib;
const TIMEOUT_MS = 180_000;

/** The account that brings answers to comments, as clients know it. */
const REPLIES = 1271266957;

interface Brought extends Plain {
  id: number;
}

interface Thread extends Plain {
  chat_id: number;
  message_thread_id: number;
  unread_message_count: number;
  reply_info?: { reply_count: number };
}

/** Opens the comments of a post, as soon as the discussion group has its copy. */
const openThread = async ({ client }: Person, chat_id: number, message_id: number): Promise<Thread> =>
  (await eventually('the comments', () => client.request<Thread>({ _: 'getMessageThread', chat_id, message_id }).catch(() => undefined), (thread) => thread !== undefined))!;

async function comment({ client }: Person, { chat_id, message_thread_id }: Thread, text: string, answeredId?: number): Promise<void> {
  const input_message_content = { _: 'inputMessageText', text: { _: 'formattedText', text, entities: [] } };
  const reply_to = answeredId === undefined ? {} : { reply_to: { _: 'inputMessageReplyToMessage', message_id: answeredId } };
  await client.request({ _: 'sendMessage', chat_id, topic_id: { _: 'messageTopicThread', message_thread_id }, ...reply_to, input_message_content });
}

async function commentsOf({ client }: Person, chat_id: number, message_id: number): Promise<string[]> {
  const { messages } = await client.request<{ messages: { content: { text?: { text: string } } }[] }>({ _: 'getMessageThreadHistory', chat_id, message_id, from_message_id: 0, offset: 0, limit: 50 });
  return messages.flatMap(({ content }) => content.text?.text ?? []).toReversed();
}

describe.runIf(missing === undefined)(`TDLib finds what it expects of comments below posts${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('a member of the group and a reader of the channel comment', { timeout: TIMEOUT_MS }, async () => {
    const [alice, bob, carol] = (await Promise.all(['Alice', 'Bob', 'Carol'].map((name) => enter(libraries, 'tdlib', name)))) as [Person, Person, Person];
    for (const other of [bob, carol]) await befriend(alice, other);
    const { peer: channel } = await alice.client.createChannel({ title: 'News' });
    const { peer: group } = await alice.client.createSupergroup({ title: 'Talk' });
    await alice.client.addMembers({ peer: channel, users: [bob.id, carol.id] });
    await alice.client.addMembers({ peer: group, users: [bob.id] });
    await knowsGroup(bob, group);
    const suitable = await alice.client.request<{ chat_ids: number[] }>({ _: 'getSuitableDiscussionChats' });
    expect(suitable.chat_ids).toContain(group);
    await alice.client.request({ _: 'setChatDiscussionGroup', chat_id: channel, discussion_chat_id: group });
    const post = (await alice.client.send({ peer: channel, text: 'the wall is open' })).id * TDLIB_ID_STEP;
    await carol.client.seesMessage('the wall is open');
    await bob.client.sees('the copy', (event) => event.kind === 'message' && event.peer === group && event.text === 'the wall is open');

    const ofBob = await openThread(bob, channel, post);
    expect(ofBob.chat_id).toBe(group);
    await comment(bob, ofBob, 'at last');
    await alice.client.seesMessage('at last');
    const ofCarol = await openThread(carol, channel, post);
    await comment(carol, ofCarol, 'see you there');
    await alice.client.seesMessage('see you there');
    for (const person of [alice, bob, carol]) await eventually(`both comments of ${person.firstName}`, () => commentsOf(person, channel, post).catch((): string[] => []), (texts) => texts.slice(-2).join() === 'at last,see you there');
    await carol.client.request({ _: 'openChat', chat_id: channel });
    await eventually('the number of comments', async () => {
      await carol.client.request({ _: 'viewMessages', chat_id: channel, message_ids: [post], source: { _: 'messageSourceChatHistory' }, force_read: true });
      return carol.client.request<{ interaction_info?: { reply_info?: { reply_count: number } } }>({ _: 'getMessage', chat_id: channel, message_id: post });
    }, (message) => message.interaction_info?.reply_info?.reply_count === 2);

    // Carol is not in the group, so what answers her comes to the chat with Replies.
    const { messages } = await alice.client.request<{ messages: { id: number; content: { text?: { text: string } } }[] }>({ _: 'getMessageThreadHistory', chat_id: channel, message_id: post, from_message_id: 0, offset: 0, limit: 50 });
    const { id: commentId } = messages.find(({ content }) => content.text?.text === 'see you there')!;
    await comment(alice, ofBob, 'by the gate', commentId);
    await carol.client.sees('the answer', (event) => event.kind === 'message' && event.peer === REPLIES && event.text === 'by the gate');
    await carol.client.request({ _: 'getUser', user_id: REPLIES });
    await carol.client.request({ _: 'createPrivateChat', user_id: REPLIES, force: false });
    const { messages: brought } = await eventually('the history', () => carol.client.request<{ messages: Brought[] }>({ _: 'getChatHistory', chat_id: REPLIES, from_message_id: 0, offset: 0, limit: 10 }), (history) => history.messages.length === 1);
    expect(brought).toMatchObject([{ forward_info: { origin: { sender_user_id: alice.id }, source: { chat_id: group } }, reply_to: { chat_id: group, message_id: commentId } }]);
    expect(await carol.client.request({ _: 'getChat', chat_id: REPLIES })).toMatchObject({ unread_count: 1, permissions: { can_send_basic_messages: false } });
    await carol.client.request({ _: 'blockMessageSenderFromReplies', message_id: brought[0]!.id, delete_message: true, delete_all_messages: true, report_spam: true });
    const blocked = await carol.client.request({ _: 'getBlockedMessageSenders', block_list: { _: 'blockListMain' }, offset: 0, limit: 10 });
    expect(blocked).toMatchObject({ total_count: 1, senders: [{ user_id: alice.id }] });
    await leave(alice, bob, carol);
  });
});
