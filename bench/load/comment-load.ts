import type { ServerInfo } from '@aerogram/dev-env/load';
import { RawClientError, type RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';
import { findChannel } from './channel-fan-out.ts';
import { Deliveries, type SendPace } from './deliveries.ts';
import type { Outcome } from './outcome.ts';
import { call, connectSeeded } from './seeded-client.ts';

/** Milliseconds between two questions whether a post can be commented on. */
const ASK_MS = 5;
/** How long a post may take to reach the discussion group. */
const PATIENCE_MS = 10_000;
const DONE: Outcome = { operations: 1, elapsedMs: 1, ackMs: [] };

/** The discussion group, as the owner of the channel names it; see {@link linkGroup}. */
let group: tl.inputPeerChannel | undefined;

/** The owner of a seeded channel creates a group and makes it the discussion group of the channel. */
export async function linkGroup(server: ServerInfo, channel: string): Promise<Outcome> {
  await using owner = await connectSeeded(server, 0);
  const broadcast = { ...(await findChannel(owner, channel)), _: 'inputChannel' } as const;
  const made = await call<'channels.createChannel'>(owner, { _: 'channels.createChannel', megagroup: true, title: 'Comments', about: '' });
  const chat = made._ === 'updates' ? made.chats[0] : undefined;
  if (chat?._ !== 'channel' || chat.access_hash === undefined) throw new Error(`createChannel answers ${made._}`);
  group = { _: 'inputPeerChannel', channel_id: chat.id, access_hash: chat.access_hash };
  await call<'channels.setDiscussionGroup'>(owner, { _: 'channels.setDiscussionGroup', broadcast, group: { ...group, _: 'inputChannel' } });
  return DONE;
}

/** Where the owner writes in the discussion group: below the newest post of the channel, or outside of all threads. */
export type CommentPlace = 'post' | 'group';

/** The owner of the channel writes in the discussion group. */
export async function writeInGroup(server: ServerInfo, { channel, place, ms, pace }: { channel: string; place: CommentPlace; ms: number; pace: SendPace }): Promise<Outcome> {
  await using owner = await connectSeeded(server, 0);
  const peer = linkedGroup();
  const root = place === 'post' ? await publish(owner, await findChannel(owner, channel)) : undefined;
  const reply_to = root === undefined ? undefined : ({ _: 'inputReplyToMessage', reply_to_msg_id: root } as const);
  return await new Deliveries(() => []).run(ms, 1, pace, (_sender, message) =>
    call<'messages.sendMessage'>(owner, { _: 'messages.sendMessage', peer, message, random_id: systemRandom.int63(), ...(reply_to && { reply_to }) }),
  );
}

/** Posts one after the other. The times are from the answer to a post until it can be commented on. */
export async function postUntilOpen(server: ServerInfo, channel: string, ms: number): Promise<Outcome> {
  await using owner = await connectSeeded(server, 0);
  const peer = await findChannel(owner, channel);
  const ackMs: number[] = [];
  const started = performance.now();
  while (performance.now() - started < ms) {
    await publish(owner, peer, (waited) => ackMs.push(waited));
  }
  return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
}

/** Posts, and waits until the discussion group has its copy. @returns the id of the copy */
async function publish(owner: RawClient, peer: tl.inputPeerChannel, onOpen: (waitedMs: number) => void = () => {}): Promise<number> {
  const sent = await call<'messages.sendMessage'>(owner, { _: 'messages.sendMessage', peer, message: 'some words of an ordinary message'.padEnd(100, '.'), random_id: systemRandom.int63() });
  const named = sent._ === 'updates' ? sent.updates.find((update) => update._ === 'updateMessageID') : undefined;
  if (named?._ !== 'updateMessageID') throw new Error(`a post is answered by ${sent._}`);
  const at = performance.now();
  for (;;) {
    try {
      const { messages } = await call<'messages.getDiscussionMessage'>(owner, { _: 'messages.getDiscussionMessage', peer, msg_id: named.id });
      onOpen(performance.now() - at);
      return messages.at(-1)!.id;
    } catch (error) {
      if (!(error instanceof RawClientError) || performance.now() - at > PATIENCE_MS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}

function linkedGroup(): tl.inputPeerChannel {
  if (group === undefined) throw new Error('no channel has a discussion group');
  return group;
}
