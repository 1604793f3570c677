import type { ServerInfo } from '@aerogram/dev-env/load';
import type { RawClient } from '@aerogram/mtproto/client';
import { systemRandom } from '@aerogram/runtime';
import { decode, type tl } from '@aerogram/tl';
import { Deliveries, type SendPace } from './deliveries.ts';
import { copyOf } from './group-load.ts';
import { openClients } from './idle-load.ts';
import type { Outcome } from './outcome.ts';
import { call, connectSeeded } from './seeded-client.ts';

/** One session in this many has its pushes decoded; those of the others are counted. */
const SAMPLE = 100;
/** How long pushes may take on a busy machine: the first post is the first of thousands for everything involved. */
const PATIENCE_MS = 60_000;
/** Constructor of `updates`. */
const UPDATES = 0x74ae4240;

/** Posts to a public channel of a seeded database. */
export interface FanOut {
  server: ServerInfo;
  /** The username of the channel, whose members have been connected by `open-sessions`. */
  channel: string;
  /** How many of the connected members post in turns; 0: only the creator, who is not one of them. */
  senders: number;
  ms: number;
  pace: SendPace;
}

/** The channel as one account names it. */
export async function findChannel(client: RawClient, username: string): Promise<tl.inputPeerChannel> {
  const { chats } = await call<'contacts.resolveUsername'>(client, { _: 'contacts.resolveUsername', username });
  const channel = chats[0];
  if (channel?._ !== 'channel' || channel.access_hash === undefined) throw new Error(`${username} is no channel`);
  return { _: 'inputPeerChannel', channel_id: channel.id, access_hash: channel.access_hash };
}

/** Posts, and waits until every connected member has got every post. */
export async function fanOut({ server, channel, senders, ms, pace }: FanOut): Promise<Outcome> {
  const open = openClients();
  const sampled = open.flatMap((_, n) => (n % SAMPLE === 0 ? [n] : []));
  const deliveries = new Deliveries((text) => sampled.map((n) => copyOf(text, n)), PATIENCE_MS);
  let received = 0;
  for (const [n, client] of open.entries()) {
    client.onUpdate = (body) => {
      const view = new DataView(body.buffer, body.byteOffset, 12);
      if (view.getUint32(0, true) !== UPDATES) return;
      // The vector of updates begins with its constructor and its length. A push may contain several posts.
      received += view.getInt32(8, true);
      if (n % SAMPLE === 0) for (const text of textsOf(decode(body) as tl.updates)) deliveries.arrived(copyOf(text, n));
    };
  }
  const posters = senders === 0 ? [await connectSeeded(server, 0)] : open.filter((_, n) => n % SAMPLE !== 0).slice(0, senders);
  try {
    const peers = await Promise.all(posters.map((client) => findChannel(client, channel)));
    const outcome = await deliveries.run(ms, posters.length, pace, (sender, message) =>
      call<'messages.sendMessage'>(posters[sender]!, { _: 'messages.sendMessage', peer: peers[sender]!, message, random_id: systemRandom.int63() }),
    );
    const expected = outcome.operations * (senders === 0 ? open.length : open.length - 1);
    for (const until = performance.now() + PATIENCE_MS; received < expected; ) {
      if (performance.now() > until) throw new Error(`${expected - received} of ${expected} pushes did not arrive`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return { ...outcome, deliveries: expected };
  } finally {
    if (senders === 0) await posters[0]![Symbol.asyncDispose]();
  }
}

/** Posts to a channel while nobody is connected. */
export async function postAlone({ server, channel, ms, pace }: Omit<FanOut, 'senders'>): Promise<Outcome> {
  await using creator = await connectSeeded(server, 0);
  const peer = await findChannel(creator, channel);
  return await new Deliveries(() => []).run(ms, 1, pace, (_sender, message) => call<'messages.sendMessage'>(creator, { _: 'messages.sendMessage', peer, message, random_id: systemRandom.int63() }));
}

/** Compares the unread count of some connected members with a count of the messages that they have not read. @throws Error when they differ */
export async function recountUnread(channel: string, members: number): Promise<Outcome> {
  const clients = openClients().slice(0, members);
  for (const client of clients) {
    const peer = await findChannel(client, channel);
    const { dialogs } = await call<'messages.getPeerDialogs'>(client, { _: 'messages.getPeerDialogs', peers: [{ _: 'inputDialogPeer', peer }] });
    const [dialog] = dialogs;
    if (dialog?._ !== 'dialog') throw new Error('a member does not have the channel in the list of chats');
    let unread = 0;
    for (let offset_id = 0; ; ) {
      const page = await call<'messages.getHistory'>(client, { _: 'messages.getHistory', peer, offset_id, offset_date: 0, add_offset: 0, limit: 100, max_id: 0, min_id: dialog.read_inbox_max_id, hash: 0n });
      const messages = 'messages' in page ? page.messages : [];
      unread += messages.filter((message) => message._ !== 'messageEmpty' && message.out !== true).length;
      if (messages.length < 100) break;
      offset_id = messages.at(-1)!.id;
    }
    if (unread !== dialog.unread_count) throw new Error(`${unread} messages are unread, and the dialog says ${dialog.unread_count}`);
  }
  return { operations: clients.length, elapsedMs: 1, ackMs: [] };
}

/** The connected accounts join a channel by an invite link and leave it again, each once, several at the same time. */
export async function joinAndLeave(server: ServerInfo, { channel, count, parallel }: { channel: string; count: number; parallel: number }): Promise<Outcome> {
  const hash = await exportLink(server, channel);
  const people = openClients().slice(0, count).values();
  const ackMs: number[] = [];
  const time = async <T>(answer: Promise<T>): Promise<T> => {
    const at = performance.now();
    const result = await answer;
    ackMs.push(performance.now() - at);
    return result;
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: parallel }, async () => {
    for (const client of people) {
      const joined = await time(call<'messages.importChatInvite'>(client, { _: 'messages.importChatInvite', hash }));
      const updates = joined._ === 'messages.chatInviteJoinResultOk' ? joined.updates : undefined;
      const chat = updates?._ === 'updates' ? updates.chats[0] : undefined;
      if (chat?._ !== 'channel' || chat.access_hash === undefined) throw new Error(`the link leads to ${JSON.stringify(chat)}`);
      await time(call<'channels.leaveChannel'>(client, { _: 'channels.leaveChannel', channel: { _: 'inputChannel', channel_id: chat.id, access_hash: chat.access_hash } }));
    }
  }));
  return { operations: ackMs.length, elapsedMs: performance.now() - started, ackMs };
}

/** The creator makes an invite link. @returns its hash */
async function exportLink(server: ServerInfo, channel: string): Promise<string> {
  await using creator = await connectSeeded(server, 0);
  const peer = await findChannel(creator, channel);
  const invite = await call<'messages.exportChatInvite'>(creator, { _: 'messages.exportChatInvite', peer });
  const hash = invite._ === 'chatInviteExported' ? /\+([\w-]+)$/.exec(invite.link)?.[1] : undefined;
  if (hash === undefined) throw new Error(`the link is ${JSON.stringify(invite)}`);
  return hash;
}

function textsOf({ updates }: tl.updates): string[] {
  return updates.flatMap((update) => (update._ === 'updateNewChannelMessage' && update.message._ === 'message' ? [update.message.message] : []));
}
