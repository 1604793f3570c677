import type { ServerInfo } from '@aerogram/dev-env/load';
import type { RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { encode, type tl } from '@aerogram/tl';
import { findChannel } from './channel-fan-out.ts';
import { runPaced } from './deliveries.ts';
import { openClients } from './idle-load.ts';
import type { Outcome } from './outcome.ts';
import { call, connectSeeded, timeCall } from './seeded-client.ts';
import { send } from './send-load.ts';

/** What is given to a post: a reaction, or a vote in the poll that the post is. */
export type GivenKind = 'reactions' | 'votes';

/** Emoji of reactions, and options of the poll. */
const CHOICES = ['👍', '❤'] as const;
/** Messages of the chat beside, per second. */
const BESIDE_PER_SECOND = 20;
const BESIDE_SENDERS = 2;
/** Milliseconds between two questions for the total. */
const ASK_MS = 100;
/** How long the total may take. */
const PATIENCE_MS = 60_000;

const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });

/** The creator posts a message, or a public poll. */
async function postTarget(creator: RawClient, peer: tl.inputPeerChannel, kind: GivenKind): Promise<number> {
  const random_id = systemRandom.int63();
  const answers = CHOICES.map((text): tl.PollAnswer => ({ _: 'inputPollAnswer', text: words(text) }));
  const poll = { _: 'poll', id: 0n, public_voters: true, question: words('Which?'), answers, hash: 0n } as const;
  const sent =
    kind === 'reactions'
      ? await call<'messages.sendMessage'>(creator, { _: 'messages.sendMessage', peer, message: 'Which?', random_id })
      : await call<'messages.sendMedia'>(creator, { _: 'messages.sendMedia', peer, media: { _: 'inputMediaPoll', poll }, message: '', random_id });
  const named = sent._ === 'updates' ? sent.updates.find((update) => update._ === 'updateMessageID') : undefined;
  if (named?._ !== 'updateMessageID') throw new Error(`a post is answered by ${sent._}`);
  return named.id;
}

/** The options of the poll, which the server gives. */
async function optionsOf(client: RawClient, peer: tl.inputPeerChannel, msgId: number): Promise<Uint8Array[]> {
  const found = await call<'channels.getMessages'>(client, { _: 'channels.getMessages', channel: { ...peer, _: 'inputChannel' }, id: [{ _: 'inputMessageID', id: msgId }] });
  const message = 'messages' in found ? found.messages[0] : undefined;
  if (message?._ !== 'message' || message.media?._ !== 'messageMediaPoll') throw new Error('the poll is not there');
  return message.media.poll.answers.map((answer) => (answer as tl.pollAnswer).option);
}

/** How many have reacted or voted, as a member reads it. */
async function totalOf(client: RawClient, peer: tl.inputPeerChannel, msgId: number, kind: GivenKind): Promise<number> {
  const answer =
    kind === 'reactions'
      ? await call<'messages.getMessagesReactions'>(client, { _: 'messages.getMessagesReactions', peer, id: [msgId] })
      : await call<'messages.getPollResults'>(client, { _: 'messages.getPollResults', peer, msg_id: msgId, poll_hash: 0n });
  const update = answer._ === 'updates' ? answer.updates[0] : undefined;
  if (update?._ === 'updateMessageReactions') return update.reactions.results.reduce((sum, { count }) => sum + count, 0);
  return update?._ === 'updateMessagePoll' ? (update.results.total_voters ?? 0) : 0;
}

/** The request with which a client reacts or votes. @param n which of the choices */
function giving(kind: GivenKind, peer: tl.inputPeerChannel, { msgId, options, n }: { msgId: number; options: readonly Uint8Array[]; n: number }): Uint8Array {
  const choice = n % CHOICES.length;
  return kind === 'reactions'
    ? encode({ _: 'messages.sendReaction', peer, msg_id: msgId, reaction: [{ _: 'reactionEmoji', emoticon: CHOICES[choice]! }] })
    : encode({ _: 'messages.sendVote', peer, msg_id: msgId, options: [options[choice]!] });
}

/** Many give something to one post. */
export interface Rush {
  server: ServerInfo;
  channel: string;
  kind: GivenKind;
  /** How many of the connected members do so at the same moment. */
  count: number;
  /** How many more do so after the measurement. */
  more: number;
}

/**
 * Connected members react to one post, or vote in one poll, all at once, while four other accounts write to each other.
 * `ackMs` has one value: the time until everyone is counted. `byName`: `beside` are the times of the others' messages from the call to the push,
 * `pushes` one value, the mean number of pushes to a connected member, `id` the id of the post.
 */
export async function rush({ server, channel, kind, count, more }: Rush): Promise<Outcome> {
  await using creator = await connectSeeded(server, 0);
  const peer = await findChannel(creator, channel);
  const msgId = await postTarget(creator, peer, kind);
  const options = kind === 'votes' ? await optionsOf(creator, peer, msgId) : [];
  const open = openClients().slice(0, count + more);
  const requests: Uint8Array[] = [];
  for (const [n, client] of open.entries()) requests.push(giving(kind, await findChannel(client, channel), { msgId, options, n }));
  let pushes = 0;
  for (const client of openClients()) client.onUpdate = () => void pushes++;
  const started = performance.now();
  let isOver = false;
  const beside: number[] = [];
  const write = async (): Promise<void> => {
    while (!isOver) beside.push(...(await send(500, BESIDE_SENDERS, { perSecond: BESIDE_PER_SECOND })).deliveredMs!);
  };
  const giveAll = async (): Promise<number> => {
    await Promise.all(open.slice(0, count).map((client, n) => timeCall(client, requests[n]!)));
    while ((await totalOf(creator, peer, msgId, kind)) < count) {
      if (performance.now() - started > PATIENCE_MS) throw new Error(`not all ${count} ${kind} were counted`);
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
    return performance.now() - started;
  };
  const writing = write();
  const elapsedMs = await giveAll().finally(() => (isOver = true));
  await writing;
  const byName = { beside, pushes: [pushes / openClients().length], id: [msgId] };
  for (const [n, client] of open.slice(count).entries()) await timeCall(client, requests[count + n]!);
  return { operations: count, elapsedMs, ackMs: [elapsedMs], byName };
}

/** Members of a channel of whom none is connected otherwise react to a post, or vote, again and again, each time for the other choice. */
export async function giveAlone({ server, channel, kind, accounts, ms, perSecond }: Omit<Rush, 'count' | 'more'> & { accounts: readonly number[]; ms: number; perSecond: number }): Promise<Outcome> {
  const clients = await Promise.all(accounts.map((account) => connectSeeded(server, account)));
  await using creator = await connectSeeded(server, 0);
  try {
    const own = await findChannel(creator, channel);
    const msgId = await postTarget(creator, own, kind);
    const options = kind === 'votes' ? await optionsOf(creator, own, msgId) : [];
    const peers = await Promise.all(clients.map((client) => findChannel(client, channel)));
    const ackMs: number[] = [];
    const started = performance.now();
    await runPaced(started + ms, perSecond, async (n) => {
      const at = n % clients.length;
      // Everyone changes the choice each time.
      ackMs.push(await timeCall(clients[at]!, giving(kind, peers[at]!, { msgId, options, n: at + Math.floor(n / clients.length) })));
    });
    return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
  } finally {
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }
}
