import { describe, expect, test } from 'vitest';
import type { DriverClient, Plain } from './driver-client.ts';
import { LIBRARIES, useLibraries } from './libraries.ts';
import { closeAll, enter, enterPair, isOld, NO_HASH, randomId } from './people-of-libraries.ts';
import { eventually, knowsGroup } from './supergroup-story.ts';

const libraries = useLibraries();
const TIMEOUT_MS = 120_000;

/** The comments of a post of a channel as a library opens them. */
interface Discussion {
  /** Marked id of the discussion group. */
  peer: number;
  /** The first message of the copy. */
  root: number;
}

/** Opens the comments of a post, as soon as the discussion group has its copy. */
async function discuss({ client }: { client: DriverClient }, peer: number, msg_id: number): Promise<Discussion> {
  const answer = await eventually('the copy of the post', () => client.invoke('messages.getDiscussionMessage', { peer: { $peer: peer }, msg_id }).catch(() => undefined), (one) => one !== undefined);
  const root = (answer!['messages'] as Plain[]).at(-1) as Plain & { id: number; peer_id: { channel_id: string | number } };
  return { peer: -(1_000_000_000_000 + Number(root.peer_id.channel_id)), root: root.id };
}

/** Writes a comment. */
async function comment({ client }: { client: DriverClient }, { peer, root }: Discussion, message: string): Promise<void> {
  const reply = isOld(client.library) ? { reply_to_msg_id: root } : { reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: root } };
  await client.invoke('messages.sendMessage', { peer: { $peer: peer }, message, random_id: randomId(), ...reply });
}

/** The texts below a post, oldest first. */
async function commentsOf({ client }: { client: DriverClient }, peer: number, msg_id: number): Promise<string[]> {
  const window = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 50, max_id: 0, min_id: 0, hash: NO_HASH };
  const { messages } = (await client.invoke('messages.getReplies', { peer: { $peer: peer }, msg_id, ...window })) as Plain & { messages: Plain[] };
  return messages.map(({ message }) => message as string).toReversed();
}

describe('the comments below a post are the same in every library', () => {
  for (const [at, acts] of LIBRARIES.entries()) {
    const member = LIBRARIES[(at + 1) % LIBRARIES.length]!;
    const outsider = LIBRARIES[(at + 2) % LIBRARIES.length]!;
    test(`${acts} owns the channel, ${member} is in its group, ${outsider} only reads the channel`, { timeout: TIMEOUT_MS }, async () => {
      const [alice, bob] = await enterPair(libraries, acts, member);
      const carol = await enter(libraries, outsider, 'Carol');
      await alice.client.addContact({ phone: carol.phone, firstName: 'Carol' });
      const { peer: channel } = await alice.client.createChannel({ title: 'News' });
      const { peer: group } = await alice.client.createSupergroup({ title: 'Talk' });
      await alice.client.addMembers({ peer: channel, users: [bob.id, carol.id] });
      await alice.client.addMembers({ peer: group, users: [bob.id] });
      await knowsGroup(bob, group);
      await alice.client.invoke('channels.setDiscussionGroup', { broadcast: { $peer: channel }, group: { $peer: group } });
      const { id: post } = await alice.client.send({ peer: channel, text: 'the wall is open' });
      await carol.client.seesMessage('the wall is open');

      // The member gets the copy like any message of the group.
      await bob.client.sees('the copy', (event) => event.kind === 'message' && event.peer === group && event.text === 'the wall is open' && event.from === channel);
      const ofBob = await discuss(bob, channel, post);
      expect(ofBob.peer).toBe(group);
      await comment(bob, ofBob, 'at last');
      const ofCarol = await discuss(carol, channel, post);
      expect(ofCarol).toEqual(ofBob);
      await comment(carol, ofCarol, 'see you there');
      await alice.client.sees('the comment', (event) => event.kind === 'message' && event.peer === group && event.text === 'see you there' && event.from === carol.id);
      for (const person of [alice, bob, carol]) expect(await commentsOf(person, channel, post)).toEqual(['at last', 'see you there']);

      // Somebody who is not in the group reads the comments and nothing else of it.
      await alice.client.send({ peer: group, text: 'for members only' });
      await expect(carol.client.history({ peer: group, limit: 10 })).rejects.toThrow(/CHANNEL_PRIVATE|ChannelPrivate/);
      const shown = await eventually('the number of comments', () => carol.client.invoke('messages.getMessagesViews', { peer: { $peer: channel }, id: [post], increment: false }), (answer) => (answer['views'] as { replies?: { replies: number } }[])[0]!.replies?.replies === 2);
      expect(shown['views']).toMatchObject([{ replies: { comments: true, replies: 2, recent_repliers: expect.any(Array) as unknown } }]);

      await alice.client.edit({ peer: channel, id: post, text: 'the wall is closed' });
      await bob.client.sees('the edited copy', (event) => event.kind === 'edit' && event.peer === group && event.text === 'the wall is closed');
      await alice.client.delete({ peer: channel, ids: [post] });
      await bob.client.sees('that the copy is gone', (event) => event.kind === 'delete' && event.ids.includes(ofBob.root));
      await closeAll(alice, bob, carol);
    });
  }
});
