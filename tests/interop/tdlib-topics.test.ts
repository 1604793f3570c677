import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { MISSING, TDLIB_ID_STEP, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';
import { eventually, leave } from './supergroup-story.ts';

const libraries = useLibraries({}, ['tdlib']);
const missing = MISSING.tdlib;
const TIMEOUT_MS = 180_000;
const GENERAL_ID = 1;

/** A group that is a forum, with Alice as its owner and Bob as a member. */
async function enterForum(): Promise<{ alice: Person; bob: Person; peer: number }> {
  const alice = await enter(libraries, 'tdlib', 'Alice');
  const bob = await enter(libraries, 'tdlib', 'Bob');
  await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
  await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
  const { id: peer } = await alice.client.request<{ id: number }>({
    _: 'createNewSupergroupChat', title: 'Climbing', is_forum: false, is_channel: false, description: '', location: null, message_auto_delete_time: 0, for_import: false,
  });
  await alice.client.request({ _: 'toggleSupergroupIsForum', supergroup_id: -peer - 1_000_000_000_000, is_forum: true, has_forum_tabs: false });
  await alice.client.addMembers({ peer, users: [bob.id] });
  await bob.client.seesUpdate('updateSupergroup');
  return { alice, bob, peer };
}

async function createTopic({ client }: Person, chat_id: number, name: string): Promise<number> {
  const icon = { _: 'forumTopicIcon', color: 0xffd67e, custom_emoji_id: '0' };
  return (await client.request<{ forum_topic_id: number }>({ _: 'createForumTopic', chat_id, name, is_name_implicit: false, icon })).forum_topic_id;
}

/** Sends a text into a topic. */
async function sendIn({ client }: Person, chat_id: number, forum_topic_id: number, text: string): Promise<void> {
  const input_message_content = { _: 'inputMessageText', text: { _: 'formattedText', text, entities: [] } };
  await client.request({ _: 'sendMessage', chat_id, topic_id: { _: 'messageTopicForum', forum_topic_id }, input_message_content });
}

interface TopicOfTdlib extends Plain {
  info: { forum_topic_id: number; name: string; is_closed: boolean; is_hidden: boolean };
  is_pinned: boolean;
  unread_count: number;
}

async function topicsOf({ client }: Person, chat_id: number): Promise<TopicOfTdlib[]> {
  const answer = await client.request<{ topics: TopicOfTdlib[] }>({ _: 'getForumTopics', chat_id, query: '', offset_date: 0, offset_message_id: 0, offset_forum_topic_id: 0, limit: 100 });
  return answer.topics;
}

async function textsIn({ client }: Person, chat_id: number, forum_topic_id: number): Promise<string[]> {
  const { messages } = await client.request<{ messages: { content: { text?: { text: string } } }[] }>({ _: 'getForumTopicHistory', chat_id, forum_topic_id, from_message_id: 0, offset: 0, limit: 50 });
  return messages.flatMap(({ content }) => content.text?.text ?? []).toReversed();
}

describe.runIf(missing === undefined)(`TDLib finds what it expects of the topics of a forum${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('topics are made, written in, read, changed, pinned and deleted', { timeout: TIMEOUT_MS }, async () => {
    const { alice, bob, peer } = await enterForum();
    const ropes = await createTopic(alice, peer, 'Ropes');
    const shoes = await createTopic(alice, peer, 'Shoes');
    await eventually('the topics', () => topicsOf(bob, peer), (topics) => topics.map(({ info }) => info.name).join() === 'Shoes,Ropes,General');
    await sendIn(alice, peer, ropes, 'a new rope');
    await sendIn(alice, peer, GENERAL_ID, 'hello all');
    const said = await bob.client.seesMessage('a new rope');
    const message = await bob.client.request<Plain>({ _: 'getMessage', chat_id: peer, message_id: said.id * TDLIB_ID_STEP });
    expect(message).toMatchObject({ topic_id: { _: 'messageTopicForum', forum_topic_id: ropes } });
    await bob.client.seesMessage('hello all');
    expect(await textsIn(bob, peer, ropes)).toEqual(['a new rope']);
    expect(await textsIn(bob, peer, GENERAL_ID)).toEqual(['hello all']);
    expect(await textsIn(bob, peer, shoes)).toEqual([]);

    // Bob reads one topic; the other one stays unread.
    await bob.client.request({ _: 'openChat', chat_id: peer });
    await bob.client.request({ _: 'viewMessages', chat_id: peer, message_ids: [said.id * TDLIB_ID_STEP], source: { _: 'messageSourceForumTopicHistory' }, force_read: true });
    const unreadOf = async (): Promise<Record<string, number>> => Object.fromEntries((await topicsOf(bob, peer)).map((topic) => [topic.info.name, topic.unread_count]));
    await eventually('that Ropes is read', unreadOf, (unread) => unread['Ropes'] === 0 && unread['General']! > 0);

    await alice.client.request({ _: 'editForumTopic', chat_id: peer, forum_topic_id: ropes, name: 'Ropes and knots', edit_icon_custom_emoji: false, icon_custom_emoji_id: '0' });
    await alice.client.request({ _: 'toggleForumTopicIsClosed', chat_id: peer, forum_topic_id: shoes, is_closed: true });
    await alice.client.request({ _: 'toggleForumTopicIsPinned', chat_id: peer, forum_topic_id: ropes, is_pinned: true });
    await alice.client.request({ _: 'toggleGeneralForumTopicIsHidden', chat_id: peer, is_hidden: true });
    await eventually('the changes', () => topicsOf(bob, peer), (topics) => {
      const [first] = topics;
      const closed = topics.find(({ info }) => info.forum_topic_id === shoes);
      const general = topics.find(({ info }) => info.forum_topic_id === GENERAL_ID);
      return first?.info.name === 'Ropes and knots' && first.is_pinned && closed?.info.is_closed === true && general?.info.is_hidden === true;
    });
    await alice.client.request({ _: 'deleteForumTopic', chat_id: peer, forum_topic_id: shoes });
    await eventually('that a topic is gone', () => topicsOf(bob, peer), (topics) => !topics.some(({ info }) => info.forum_topic_id === shoes));
    await leave(alice, bob);
  });
});
