import { defineGauge, type Logger, type Metrics } from '@aerogram/runtime';
import { Channel, CHANNEL, type ChannelEvents, type ChannelPort } from './channel.ts';
import { FRAME, LinkFault } from './frames.ts';

/** Decides about a channel that another node opens, by what it says of it. @returns who is told of what comes; undefined refuses it */
export type ChannelHandler = (channel: Channel, hello: Uint8Array) => ChannelEvents | undefined;

interface Needs {
  log: Logger;
  metrics: Metrics;
  limits: { maxChannels: number };
  /** The end that opened the connection numbers its channels with odd numbers, the other one with even numbers. */
  isOpener: boolean;
  send(frame: { kind: number; channel: number; body: Uint8Array; onSent?: () => void }): void;
  nameOf(): string;
  handler(): ChannelHandler | undefined;
}

const openChannels = defineGauge({ name: 'aerogram_link_channels', help: 'Channels over links to other nodes.' });

/** Bytes of messages of all channels of a link that the other end may hold; beyond, each may send one message. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
/** From this many on, channels that read little get little, and consumed bytes are told at once. */
const CROWDED_BYTES = MAX_HELD_BYTES / 2;
/** Channels without room that are looked at again when one gets room. */
const WOKEN_AT_ONCE = 16;
/** Bytes of frames of channels that wait in the link; the rest waits in the channels, so that calls find room. */
const MAX_QUEUED_BYTES = 4 * 1024 * 1024;

/** The channels over one link, of both ends. */
export class LinkChannels implements ChannelPort {
  readonly #needs: Needs;
  readonly #channels = new Map<number, Channel>();
  /** Those that may have something to send, in turn. */
  readonly #ready = new Set<Channel>();
  readonly #starved = new Set<Channel>();
  /** Opened by this end. */
  #own = 0;
  #queuedBytes = 0;
  #heldBytes = 0;
  /** Of messages of the other end that it does not know to be consumed. */
  #receivedBytes = 0;
  /** Those that have consumed what they have not told. */
  readonly #owing = new Set<Channel>();
  #lastId: number;
  #isEnded = false;
  #isPumping = false;

  constructor(needs: Needs) {
    this.#needs = needs;
    this.#lastId = needs.isOpener ? 0xffffffff : 0;
  }

  get hasRoom(): boolean {
    return this.#heldBytes < MAX_HELD_BYTES;
  }

  get isCrowded(): boolean {
    return this.#heldBytes >= CROWDED_BYTES;
  }

  /** Opens a channel; see `LinkHub.openChannel`. */
  open(hello: Uint8Array, listen: (channel: Channel) => ChannelEvents): Channel | undefined {
    if (this.#isEnded || this.#own >= this.#needs.limits.maxChannels) return undefined;
    do this.#lastId = (this.#lastId + 2) >>> 0;
    while (this.#channels.has(this.#lastId));
    const channel = this.#add(this.#lastId);
    this.#own += 1;
    this.send(channel.id, CHANNEL.open, hello);
    channel.listen(listen(channel));
    return channel;
  }

  /** Takes a whole frame of a channel. @throws LinkFault if the other end does not keep to the protocol */
  take(id: number, bytes: Uint8Array): void {
    const body = bytes.subarray(1);
    if (bytes[0] === CHANNEL.open) return this.#opened(id, body);
    // What belongs to a channel that has ended here was sent before the other end knew.
    const channel = this.#channels.get(id);
    if (!channel) return;
    if (bytes[0] === CHANNEL.room && body.length === 4) this.#guard(channel, () => channel.gotRoom(Buffer.from(body).readUInt32BE()));
    else if (bytes[0] === CHANNEL.close) channel.end('other');
    else if (bytes[0] !== CHANNEL.message) throw new LinkFault('a frame of a channel that is none');
    else this.#guard(channel, () => {
      if (!channel.take(body)) throw new LinkFault('more than a channel has room for');
    });
  }

  /** Ends all channels: there is no link any more. */
  end(): void {
    this.#isEnded = true;
    for (const channel of Array.from(this.#channels.values())) channel.end('link');
  }

  ready(channel: Channel): void {
    this.#ready.add(channel);
    this.#pump();
  }

  starved(channel: Channel): void {
    this.#starved.add(channel);
  }

  send(channel: number, kind: number, body: Uint8Array): void {
    const bytes = Buffer.allocUnsafe(1 + body.length);
    bytes[0] = kind;
    bytes.set(body, 1);
    this.#queuedBytes += bytes.length;
    const onSent = (): void => {
      this.#queuedBytes -= bytes.length;
      this.#pump();
    };
    this.#needs.send({ kind: FRAME.channel, channel, body: bytes, onSent });
  }

  count(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes > 0) return;
    let looked = 0;
    for (const channel of this.#starved) {
      if (!this.hasRoom || ++looked > WOKEN_AT_ONCE) return;
      this.#starved.delete(channel);
      this.#ready.add(channel);
    }
  }

  countReceived(bytes: number): void {
    this.#receivedBytes += bytes;
    if (bytes > 0) this.#tellIfCrowded();
  }

  owes(channel: Channel): void {
    this.#owing.add(channel);
    this.#tellIfCrowded();
  }

  /** What is consumed and not told takes room from all channels of the other end. */
  #tellIfCrowded(): void {
    if (this.#receivedBytes < CROWDED_BYTES || this.#owing.size === 0) return;
    const owing = Array.from(this.#owing);
    this.#owing.clear();
    for (const channel of owing) channel.tellRoom();
  }

  ended(channel: Channel): void {
    this.#channels.delete(channel.id);
    if (this.#isOwn(channel.id)) this.#own -= 1;
    this.#ready.delete(channel);
    this.#starved.delete(channel);
    this.#owing.delete(channel);
    this.#needs.metrics.gauge(openChannels).dec();
  }

  failed({ node }: Channel, error: unknown): void {
    this.#needs.log.error({ err: error, node }, 'what came from another node could not be handled');
  }

  #isOwn(id: number): boolean {
    return (id % 2 === 1) === this.#needs.isOpener;
  }

  #add(id: number): Channel {
    const channel = new Channel(this, id, this.#needs.nameOf());
    this.#channels.set(id, channel);
    this.#needs.metrics.gauge(openChannels).inc();
    return channel;
  }

  #opened(id: number, hello: Uint8Array): void {
    if (this.#channels.has(id) || this.#isOwn(id)) throw new LinkFault('a channel with the number of another');
    const channel = this.#add(id);
    const mayOpen = this.#channels.size - this.#own <= this.#needs.limits.maxChannels;
    this.#guard(channel, () => {
      const events = mayOpen ? this.#needs.handler()?.(channel, hello) : undefined;
      if (events) channel.listen(events);
      else channel.close();
    });
  }

  /** An internal error ends one channel, not the link. */
  #guard(channel: Channel, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof LinkFault) throw error;
      this.failed(channel, error);
      channel.destroy();
    }
  }

  /** Lets the channels send in turn, a message each. */
  #pump(): void {
    if (this.#isPumping || this.#isEnded) return;
    this.#isPumping = true;
    for (const channel of this.#ready) {
      if (this.#queuedBytes >= MAX_QUEUED_BYTES) break;
      this.#ready.delete(channel);
      if (channel.step()) this.#ready.add(channel);
    }
    this.#isPumping = false;
  }
}
