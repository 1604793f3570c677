/** Told what comes over a channel. */
export interface ChannelEvents {
  /** A message came. Its sender has less room until `Channel.consumed` counts it. */
  message(body: Uint8Array): void;
  /** The other end has consumed messages, so fewer bytes are unsent. */
  room(): void;
  /** No message comes or leaves any more. Called once: this end has closed it, or the other one has, or there is no link any more. */
  closed(by: 'self' | 'other' | 'link'): void;
}

/** What a channel needs of the link. */
export interface ChannelPort {
  /** Whether a channel may have more than a message on the way: not if too much of all channels is not consumed. */
  readonly hasRoom: boolean;
  /** Whether so much of all channels is not consumed that each may have only a little of it. */
  readonly isCrowded: boolean;
  /** The channel may have something to send. */
  ready(channel: Channel): void;
  /** The link's other channels have taken its room. */
  starved(channel: Channel): void;
  /** Sends a frame of the channel, after those before it. */
  send(id: number, kind: number, body: Uint8Array): void;
  /** Counts bytes of messages that were sent (positive) or consumed by the other end (negative). */
  count(bytes: number): void;
  /** Counts bytes of messages that were received (positive), or of which the other end was told that they are consumed (negative). */
  countReceived(bytes: number): void;
  /** The channel has consumed what it has not told. */
  owes(channel: Channel): void;
  ended(channel: Channel): void;
  /** Somebody who was told of the end has thrown something. */
  failed(channel: Channel, error: unknown): void;
}

/** What a frame of a channel is about; the first byte of its body. */
export const CHANNEL = { open: 1, message: 2, room: 3, close: 4 } as const;

/** Bytes of messages that may be sent before the other end has consumed them; one message may go beyond it. */
export const CHANNEL_WINDOW_BYTES = 256 * 1024;

/** The same while the link is crowded: those who read nothing leave room for others. */
const CROWDED_WINDOW_BYTES = 16 * 1024;

/** What a message costs besides its bytes, so that empty ones do not come for nothing. */
const MESSAGE_BYTES = 32;
/** Room is told in steps, in bytes. */
const ROOM_STEP_BYTES = 32 * 1024;

const costOf = (body: Uint8Array): number => body.length + MESSAGE_BYTES;

/** One end of a sequence of messages between two nodes, with room of its own: a slow one holds up no other. */
export class Channel {
  /** Number of the channel on its link. */
  readonly id: number;
  /** The other node. */
  readonly node: string;
  readonly #port: ChannelPort;
  #events: ChannelEvents | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Sent, and not consumed by the other end. */
  #sentBytes = 0;
  /** Received, and not consumed here. */
  #heldBytes = 0;
  /** Consumed, and not told. */
  #owedBytes = 0;
  #state: 'open' | 'closing' | 'ended' = 'open';

  constructor(port: ChannelPort, id: number, node: string) {
    this.#port = port;
    this.id = id;
    this.node = node;
  }

  /** Bytes of messages that the other end has not consumed. */
  get unsentBytes(): number {
    return this.#waitingBytes + this.#sentBytes;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Says who is told of what comes. To be called at once by whoever opens or accepts it. */
  listen(events: ChannelEvents): void {
    this.#events = events;
  }

  /** Sends a message, as soon as there is room. Ignored after the end. */
  send(body: Uint8Array): void {
    if (this.#state !== 'open') return;
    this.#waiting.push(body);
    this.#waitingBytes += costOf(body);
    this.#port.ready(this);
  }

  /** Counts received messages of so many bytes in all as dealt with. */
  consumed(bytes: number, messages = 1): void {
    if (this.#state === 'ended') return;
    const cost = bytes + messages * MESSAGE_BYTES;
    this.#heldBytes -= cost;
    this.#owedBytes += cost;
    if (this.#owedBytes >= ROOM_STEP_BYTES) this.tellRoom();
    else this.#port.owes(this);
  }

  /** Tells the other end what was consumed. */
  tellRoom(): void {
    const owed = this.#owedBytes;
    if (owed === 0 || this.#state === 'ended') return;
    const room = Buffer.alloc(4);
    room.writeUInt32BE(owed);
    this.#owedBytes = 0;
    this.#port.countReceived(-owed);
    this.#port.send(this.id, CHANNEL.room, room);
  }

  /** Closes the channel when all messages are sent. What comes meanwhile is ignored. */
  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#port.ready(this);
  }

  /** Closes the channel at once. */
  destroy(): void {
    if (this.#state === 'ended') return;
    this.#port.send(this.id, CHANNEL.close, new Uint8Array());
    this.end('self');
  }

  /** Sends the next message if it may. To be called by the link. @returns whether it may be called again */
  step(): boolean {
    if (this.#state === 'ended') return false;
    const next = this.#waiting[0];
    if (!next) {
      if (this.#state === 'closing') this.destroy();
      return false;
    }
    if (this.#sentBytes >= CHANNEL_WINDOW_BYTES) return false;
    if (this.#sentBytes > 0 && (!this.#port.hasRoom || (this.#port.isCrowded && this.#sentBytes >= CROWDED_WINDOW_BYTES))) {
      this.#port.starved(this);
      return false;
    }
    this.#waiting.shift();
    const cost = costOf(next);
    this.#waitingBytes -= cost;
    this.#sentBytes += cost;
    this.#port.count(cost);
    this.#port.send(this.id, CHANNEL.message, next);
    return true;
  }

  /** Takes a message of the other end. @returns false if it sends more than it may */
  take(body: Uint8Array): boolean {
    if (this.#heldBytes + this.#owedBytes >= CHANNEL_WINDOW_BYTES + ROOM_STEP_BYTES) return false;
    this.#heldBytes += costOf(body);
    this.#port.countReceived(costOf(body));
    if (this.#state === 'open') this.#events?.message(body);
    else this.consumed(body.length);
    return true;
  }

  /** The other end has consumed so many bytes. */
  gotRoom(bytes: number): void {
    const freed = Math.min(bytes, this.#sentBytes);
    this.#sentBytes -= freed;
    this.#port.count(-freed);
    this.#port.ready(this);
    if (this.#state === 'open') this.#events?.room();
  }

  /** It is over; nothing more is sent. */
  end(by: 'self' | 'other' | 'link'): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#port.count(-this.#sentBytes);
    this.#sentBytes = 0;
    this.#port.countReceived(-this.#heldBytes - this.#owedBytes);
    this.#port.ended(this);
    try {
      this.#events?.closed(by);
    } catch (error) {
      this.#port.failed(this, error);
    }
  }
}
