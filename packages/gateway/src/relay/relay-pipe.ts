import { encodeIntermediate, FREED_FROM_BYTES, freeBytes, INTERMEDIATE_TAG } from '@aerogram/mtproto';
import { SmallMap } from '../small-map.ts';
import type { BytePipe, PipeOwner } from '../byte-pipe.ts';
import { type Hello, readMessage, type RelayMessage, writeMessage } from './messages.ts';
import { MAX_KEYS } from './moved-keys.ts';
import type { RelayChannel, RelayEvents } from './other-nodes.ts';

/** When this many bytes are unsent, `onDrain` follows once there are fewer than DRAINED_BYTES. */
const FULL_BYTES = 1024 * 1024;

const DRAINED_BYTES = 128 * 1024;

const NO_BYTES = new Uint8Array();

/**
 * The connection of a client to another node, at the owner of its key: a stream in the intermediate transport, whatever transport the client uses there. The
 * entry node sends no more packets than there is room for until those before are taken, so there is nothing to pause.
 */
export class RelayPipe implements BytePipe, RelayEvents {
  readonly kind = 'relay';
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly isForwarded: boolean | undefined;
  readonly #channel: RelayChannel;
  readonly #onClosed: () => void;
  #owner: PipeOwner | undefined;
  /** Lengths of the packets that are not taken. */
  readonly #received: number[] = [];
  #taken = 0;
  #isRefused = false;
  #hasBegun = false;
  #isFull = false;
  /** Keys under which the client has made calls, as the entry node was told. */
  readonly #called = new SmallMap<bigint, true>();
  /** The newest generation by which the entry node has chosen this one. */
  generation = 0;
  /** The connection at the entry node stays when this one is closed: its keys are served by another node. */
  staysOpen = false;

  /** @param onClosed called once */
  constructor(channel: RelayChannel, client: Hello, onClosed: () => void) {
    this.#channel = channel;
    this.#onClosed = onClosed;
    ({ remoteAddress: this.remoteAddress, localAddress: this.localAddress, localPort: this.localPort, isForwarded: this.isForwarded } = client);
  }

  get unsentBytes(): number {
    return this.#channel.unsentBytes;
  }

  open(owner: PipeOwner): void {
    this.#owner = owner;
  }

  message(body: Uint8Array): void {
    const message = readMessage(body);
    if (message.kind !== 'packet') return this.#channel.consumed(body.length);
    this.generation = Math.max(this.generation, message.generation);
    this.#received.push(body.length);
    const framed = encodeIntermediate(message.data, NO_BYTES, message.quickAck);
    this.#owner?.onData(this.#hasBegun ? framed : Buffer.concat([TAG, framed]));
    this.#hasBegun = true;
  }

  room(): void {
    if (!this.#isFull || this.unsentBytes >= DRAINED_BYTES) return;
    this.#isFull = false;
    this.#owner?.onDrain();
  }

  closed(by: 'self' | 'other' | 'link'): void {
    this.#onClosed();
    this.#owner?.onClosed(by === 'link' ? 'network' : 'client');
  }

  write(packets: readonly Uint8Array[]): void {
    for (const packet of packets) {
      const body = packet.subarray(4);
      if (packet.length === 4) this.#send({ kind: 'quickAck', value: readWord(packet) });
      else if (body.length === 4) this.#send({ kind: 'fault', value: readWord(body) });
      else this.#send({ kind: 'answer', data: body });
      if (packet.length >= FREED_FROM_BYTES) freeBytes(packet);
    }
    if (this.unsentBytes >= FULL_BYTES) this.#isFull = true;
  }

  /** The next packet is dealt with. */
  taken(): void {
    this.#channel.consumed(this.#received.shift() ?? 0);
    if (this.#isRefused) this.#isRefused = false;
    else if (this.#taken++ === 0) setImmediate(() => this.#tellTaken());
  }

  /** The next packet belongs to another node; `taken` follows. */
  refuse(generation: number): void {
    this.#tellTaken();
    this.#isRefused = true;
    this.#send({ kind: 'wrong', value: generation });
  }

  /** A session under this key is served by another node from now on. */
  moved(authKeyId: bigint): void {
    this.#called.delete(authKeyId);
    this.#send({ kind: 'moved', authKeyId });
  }

  /** The client makes a call under this key. */
  called(authKeyId: bigint): void {
    if (this.#called.has(authKeyId)) return;
    if (this.#called.size >= MAX_KEYS) this.#called.clear();
    this.#called.set(authKeyId, true);
    this.#send({ kind: 'called', authKeyId });
  }

  pause(): void {}

  resume(): void {}

  end(): void {
    this.#leave();
    this.#channel.close();
  }

  destroy(): void {
    this.#leave();
    this.#channel.destroy();
  }

  #leave(): void {
    this.#tellTaken();
    if (this.staysOpen) this.#send({ kind: 'stay' });
  }

  #tellTaken(): void {
    if (this.#taken > 0) this.#send({ kind: 'taken', value: this.#taken });
    this.#taken = 0;
  }

  #send(message: RelayMessage): void {
    this.#channel.send(writeMessage(message));
  }
}

const TAG = Buffer.alloc(4);
TAG.writeUInt32LE(INTERMEDIATE_TAG);

const readWord = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
