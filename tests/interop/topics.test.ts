import { describe, expect, test } from 'vitest';
import type { DriverClient, Library, Plain } from './driver-client.ts';
import { LIBRARIES, useLibraries } from './libraries.ts';
import { closeAll, enterPair, NO_HASH, randomId } from './people-of-libraries.ts';
import { knowsGroup } from './supergroup-story.ts';

const libraries = useLibraries();
const TIMEOUT_MS = 120_000;
const GENERAL_ID = 1;
/** Telethon's layer is from before topics: it sees a group. */
const ACTING: Library[] = LIBRARIES.filter((library) => library !== 'telethon');

/** Calls a method of topics: newer layers have it for any peer, older ones for channels. */
async function callOf(client: DriverClient, peer: number, name: string, args: Record<string, unknown>): Promise<Plain> {
  const method = `messages.${name}`;
  if (await client.knows(method)) return client.invoke(method, { peer: { $peer: peer }, ...args });
  return client.invoke(`channels.${name}`, { channel: { $peer: peer }, ...args });
}

async function createTopic(client: DriverClient, peer: number, title: string): Promise<number> {
  const { updates } = (await callOf(client, peer, 'createForumTopic', { title, icon_color: 0xffd67e, random_id: randomId() })) as Plain & { updates: Plain[] };
  return (updates.find(({ _ }) => _ === 'updateMessageID') as Plain & { id: number }).id;
}

async function topicsOf(client: DriverClient, peer: number): Promise<Plain[]> {
  return (await callOf(client, peer, 'getForumTopics', { offset_date: 0, offset_id: 0, offset_topic: 0, limit: 20 }))['topics'] as Plain[];
}

/** Sends a text into a topic. */
async function sendIn(client: DriverClient, peer: number, topic: number, message: string): Promise<void> {
  const reply_to = { _: 'inputReplyToMessage', reply_to_msg_id: topic, top_msg_id: topic };
  await client.invoke('messages.sendMessage', { peer: { $peer: peer }, message, random_id: randomId(), ...(topic !== GENERAL_ID && { reply_to }) });
}

async function textsIn(client: DriverClient, peer: number, msg_id: number): Promise<string[]> {
  const window = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 50, max_id: 0, min_id: 0, hash: NO_HASH };
  const { messages } = (await client.invoke('messages.getReplies', { peer: { $peer: peer }, msg_id, ...window })) as Plain & { messages: Plain[] };
  return messages.filter(({ _ }) => _ === 'message').map(({ message }) => message as string).toReversed();
}

describe('the topics of a forum are the same in every library', () => {
  for (const [at, acts] of ACTING.entries()) {
    const sees = ACTING[(at + 1) % ACTING.length]!;
    test(`${acts} owns the forum, ${sees} takes part`, { timeout: TIMEOUT_MS }, async () => {
      const [alice, bob] = await enterPair(libraries, acts, sees);
      const { peer } = await alice.client.createSupergroup({ title: 'Climbing' });
      await alice.client.addMembers({ peer, users: [bob.id] });
      await knowsGroup(bob, peer);
      await alice.client.send({ peer, text: 'from before' });
      const tabs = acts === 'mtcute' ? { tabs: false } : {};
      await alice.client.invoke('channels.toggleForum', { channel: { $peer: peer }, enabled: true, ...tabs });
      const ropes = await createTopic(alice.client, peer, 'Ropes');
      const shoes = await createTopic(alice.client, peer, 'Shoes');
      await sendIn(alice.client, peer, ropes, 'a new rope');
      await sendIn(bob.client, peer, GENERAL_ID, 'hello all');
      expect(await bob.client.seesMessage('a new rope')).toMatchObject({ peer, out: false });
      await alice.client.seesMessage('hello all');
      for (const { client } of [alice, bob]) {
        expect((await topicsOf(client, peer)).map(({ title }) => title)).toEqual(['General', 'Ropes', 'Shoes']);
        expect(await textsIn(client, peer, ropes)).toEqual(['a new rope']);
        expect(await textsIn(client, peer, shoes)).toEqual([]);
        expect(await textsIn(client, peer, GENERAL_ID)).toEqual(['from before', 'hello all']);
      }

      const unreadOf = async (title: string): Promise<unknown> => (await topicsOf(bob.client, peer)).find((topic) => topic['title'] === title)?.['unread_count'];
      expect(await unreadOf('Ropes')).toBeGreaterThan(0);
      await bob.client.invoke('messages.readDiscussion', { peer: { $peer: peer }, msg_id: ropes, read_max_id: 100 });
      expect(await unreadOf('Ropes')).toBe(0);

      await callOf(alice.client, peer, 'editForumTopic', { topic_id: shoes, title: 'Boots' });
      await callOf(alice.client, peer, 'editForumTopic', { topic_id: shoes, closed: true });
      await callOf(alice.client, peer, 'updatePinnedForumTopic', { topic_id: shoes, pinned: true });
      expect((await topicsOf(bob.client, peer))[0]).toMatchObject({ title: 'Boots', closed: true, pinned: true });
      await expect(sendIn(bob.client, peer, shoes, 'may I?')).rejects.toThrow('TOPIC_CLOSED');

      await callOf(alice.client, peer, 'deleteTopicHistory', { top_msg_id: ropes });
      expect((await topicsOf(bob.client, peer)).map(({ title }) => title)).toEqual(['Boots', 'General']);
      await closeAll(alice, bob);
    });
  }
});
