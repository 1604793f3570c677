import { isSealed, type OutgoingPacket, type UnsealedPacket } from '@aerogram/mtproto';

interface Place {
  /** Undefined until it is sealed. */
  packet: Uint8Array | undefined;
  bytes: number;
}

export interface OutgoingLineOptions {
  seal(packet: UnsealedPacket): Promise<Uint8Array>;
  /** Called when `takeReady` has more to give. */
  onReady(): void;
  onError(error: unknown): void;
}

/**
 * Packets of one connection while long ones are sealed in other threads. They leave in the order in which they came, because their message
 * ids and sequence numbers ascend in that order.
 */
export class OutgoingLine {
  readonly #options: OutgoingLineOptions;
  readonly #places: Place[] = [];
  #bytes = 0;

  constructor(options: OutgoingLineOptions) {
    this.#options = options;
  }

  /** Bytes of all packets that have not left. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Puts a packet at the end, and has it sealed if it is not. */
  add(packet: OutgoingPacket): void {
    const ready = isSealed(packet);
    const place: Place = { packet: ready ? packet : undefined, bytes: ready ? packet.length : packet.padded.length };
    this.#places.push(place);
    this.#bytes += place.bytes;
    if (ready) return;
    this.#options.seal(packet).then(
      (sealed) => {
        place.packet = sealed;
        if (this.#places[0] === place) this.#options.onReady();
      },
      (error: unknown) => this.#options.onError(error),
    );
  }

  /** Takes the packets at the front that are sealed. */
  takeReady(): Uint8Array[] {
    const ready: Uint8Array[] = [];
    for (let first = this.#places[0]; first?.packet; first = this.#places[0]) {
      ready.push(first.packet);
      this.#bytes -= first.bytes;
      this.#places.shift();
    }
    return ready;
  }
}
