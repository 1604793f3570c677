import { markPeer } from '@aerogram/cluster';
import { filesOf, mediaInside } from '@aerogram/domain';
import { RpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { isExternal } from './forward-object.ts';
import type { KnownPeers } from './known-peers.ts';
import type { ObjectSource } from './object-source.ts';
import { findSetNames } from './sticker-object.ts';

/** A message that has content. */
export type ShownMessage = tl.message | tl.messageService;

/** Where a message is. */
export interface MessagePlace {
  peer: tl.Peer;
  id: number;
}

/** Maximum number of messages of one call. */
const CALL_MAX = 200;

const keyOf = ({ peer, id }: MessagePlace): string => `${markPeer(peer)}:${id}`;

/** The message of the same chat that a message replies to or, as a service message, says to be pinned; undefined if there is none. */
export function linkedPlace({ reply_to: header, peer_id: peer }: ShownMessage): MessagePlace | undefined {
  if (header?._ !== 'messageReplyHeader' || header.reply_to_msg_id === undefined || isExternal(header, peer)) return undefined;
  return { peer, id: header.reply_to_msg_id };
}

/** A message to load, and the id of the message that replies to it; undefined if none does. */
interface Link {
  place: MessagePlace;
  replyId: number | undefined;
}

function linkedIn(message: ShownMessage): Link | undefined {
  const place = linkedPlace(message);
  return place && { place, replyId: message.id };
}

/** Messages by their places, and what else objects of messages contain that TL messages only name. */
export class LinkedMessages {
  readonly #found = new Map<string, ShownMessage>();
  readonly #source: ObjectSource;
  readonly #peers: KnownPeers;
  /** The short names of sticker sets, by id. */
  setNames: ReadonlyMap<bigint, string> = new Map();

  /** @param peers gets the users and chats of the messages that are loaded */
  constructor(source: ObjectSource, peers: KnownPeers) {
    this.#source = source;
    this.#peers = peers;
  }

  /** The message; undefined if the bot does not see it. */
  find(place: MessagePlace): ShownMessage | undefined {
    return this.#found.get(keyOf(place));
  }

  /** Loads all that the objects of these messages contain. */
  async complete(messages: readonly ShownMessage[]): Promise<void> {
    this.#add(messages);
    await this.#load(messages.flatMap((message) => linkedIn(message) ?? []));
    this.setNames = await findSetNames(this.#source, Array.from(this.#found.values(), documentsIn).flat());
  }

  /** Loads messages that are not there yet. Those that the bot does not see, or that cannot be loaded now, are left out. */
  load(places: readonly MessagePlace[]): Promise<void> {
    return this.#load(places.map((place) => ({ place, replyId: undefined })));
  }

  async #load(links: readonly Link[]): Promise<void> {
    const missing = new Map(links.filter(({ place }) => !this.#found.has(keyOf(place))).map((link) => [keyOf(link.place), link]));
    const idsOfBox: tl.InputMessage[][] = [];
    const idsOfChannels = new Map<bigint, tl.InputMessage[][]>();
    for (const { place: { peer, id }, replyId } of missing.values()) {
      const named: tl.InputMessage = { _: 'inputMessageID', id };
      if (peer._ !== 'peerChannel') {
        idsOfBox.push([named]);
        continue;
      }
      // Asks by id and as what the reply answers: some messages may be read only by way of the reply, and a reply that was deleted leads to none.
      const inputs: tl.InputMessage[] = replyId === undefined ? [named] : [named, { _: 'inputMessageReplyTo', id: replyId }];
      idsOfChannels.set(peer.channel_id, [...(idsOfChannels.get(peer.channel_id) ?? []), inputs]);
    }
    const { invoke } = this.#source;
    await Promise.all([
      ...callsOf(idsOfBox).map((id) => this.#take(() => invoke({ _: 'messages.getMessages', id }))),
      ...Array.from(idsOfChannels).flatMap(([channelId, ids]) =>
        callsOf(ids).map((id) => this.#take(() => invoke({ _: 'channels.getMessages', channel: this.#peers.inputChannel(channelId), id })))),
    ]);
  }

  async #take(call: () => Promise<tl.messages.Messages>): Promise<void> {
    try {
      const answer = await call();
      if (answer._ === 'messages.messagesNotModified') return;
      this.#peers.add(answer.users, answer.chats);
      this.#add(answer.messages);
    } catch (error) {
      // A message without the one that it replies to is better than none.
      if (!(error instanceof RpcError)) throw error;
    }
  }

  #add(messages: readonly tl.Message[]): void {
    for (const message of messages) if (message._ !== 'messageEmpty') this.#found.set(keyOf({ peer: message.peer_id, id: message.id }), message);
  }
}

/** The messages of each call. */
function callsOf(links: readonly tl.InputMessage[][]): tl.InputMessage[][] {
  const inputs = links.flat();
  const starts = Array.from({ length: Math.ceil(inputs.length / CALL_MAX) }, (_, index) => index * CALL_MAX);
  return starts.map((start) => inputs.slice(start, start + CALL_MAX));
}

/** The documents that a message shows. */
function documentsIn(message: ShownMessage): tl.document[] {
  if (message._ === 'messageService') return [];
  const { media, reply_to: header } = message;
  const replied = header?._ === 'messageReplyHeader' ? header.reply_media : undefined;
  return [media, replied].flatMap(documentsOf);
}

/** The documents that media show, also those in a poll. Pure. */
export function documentsOf(media: tl.MessageMedia | undefined): tl.document[] {
  return media === undefined ? [] : [media, ...mediaInside(media)].flatMap(filesOf).filter((file) => file._ === 'document');
}
