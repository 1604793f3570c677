/** Content is kept in slots of this many bytes, which is a block of file hashes. */
export const SLOT_BYTES = 128 * 1024;
/** Slots are cut from buffers of this many bytes. */
const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * Memory in slots of one size. It grows up to its limit and is reused from then on, so that neither the garbage collector nor fragmentation
 * of the heap makes the process larger than it was told to be.
 */
export class Arena {
  readonly slots: number;
  readonly #free: Uint8Array[] = [];
  #made = 0;
  #chunk = new Uint8Array(0);

  /** @param bytes the limit; a rest that does not fill a slot is not used */
  constructor(bytes: number) {
    this.slots = Math.floor(bytes / SLOT_BYTES);
  }

  /** Number of slots that can be taken now. */
  get left(): number {
    return this.#free.length + this.slots - this.#made;
  }

  /** Takes a slot, with whatever it contained before. @throws RangeError when none is left */
  take(): Uint8Array {
    const used = this.#free.pop();
    if (used) return used;
    if (this.#made === this.slots) throw new RangeError('all slots are in use');
    if (this.#chunk.length === 0) this.#chunk = new Uint8Array(Math.min(CHUNK_BYTES, (this.slots - this.#made) * SLOT_BYTES));
    this.#made += 1;
    const slot = this.#chunk.subarray(0, SLOT_BYTES);
    this.#chunk = this.#chunk.subarray(SLOT_BYTES);
    return slot;
  }

  give(slot: Uint8Array): void {
    this.#free.push(slot);
  }
}
