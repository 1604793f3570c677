import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { type Clock, OperatorError, type Random, systemClock } from '@aerogram/runtime';
import type { MasterKeySource } from './master-key-source.ts';

const VERSION = 1;
const ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID_AT = 1;
const NONCE_AT = ID_AT + ID_BYTES;
const SEALED_AT = NONCE_AT + NONCE_BYTES;

/** Minimum time between two readings of the keys that unknown ids cause, in milliseconds. Reading them may run a command of the operator. */
const REREAD_MS = 10_000;

/** Length of every master key, in bytes. */
export const MASTER_KEY_BYTES = 32;

/** A wrapped key names a master key that this server does not have, or was changed. */
export class BlobKeyUnreadable extends OperatorError {
  override name: string = 'BlobKeyUnreadable';
}

/** The master key that a wrapped key names is not there. It may come back. */
export class MasterKeyMissing extends BlobKeyUnreadable {
  override name = 'MasterKeyMissing';
}

/** Which master key wrapped a blob key: 16 hex digits, derived from the master key. */
export function masterKeyId(masterKey: Uint8Array): string {
  return createHash('sha256').update('aerogram master key').update(masterKey).digest('hex').slice(0, 2 * ID_BYTES);
}

/**
 * The keys that encrypt the keys of blobs. The first one wraps new keys; all of them unwrap. A wrapped key is: version (1 byte), id of the
 * master key (8), nonce (12), and the key sealed with AES-256-GCM (its length and 16).
 */
export class MasterKeys {
  readonly #source: MasterKeySource;
  readonly #random: Random;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #rereading: Promise<void> | undefined;
  /** When the keys were last read for an unknown id. */
  #rereadMs = -Infinity;
  #keys = new Map<string, Uint8Array>();
  #current = '';

  private constructor(source: MasterKeySource, random: Random, clock: Pick<Clock, 'monotonicMs'>) {
    this.#source = source;
    this.#random = random;
    this.#clock = clock;
  }

  /**
   * Reads the master keys.
   * @throws OperatorError when the source has no valid key
   */
  static async open(source: MasterKeySource, random: Random, clock: Pick<Clock, 'monotonicMs'> = systemClock): Promise<MasterKeys> {
    const keys = new MasterKeys(source, random, clock);
    await keys.reload();
    return keys;
  }

  /** The id of the key that wraps new keys. */
  get currentId(): string {
    return this.#current;
  }

  /** The ids of all keys, the current one first. */
  get ids(): string[] {
    return [...this.#keys.keys()];
  }

  /** Names the place where the keys come from in messages to the operator. */
  get description(): string {
    return this.#source.description;
  }

  /** Reads the keys again, after another process has added one. */
  async reload(): Promise<void> {
    const keys = await this.#source.read();
    if (keys.length === 0) throw new OperatorError(`${this.#source.description} has no master key for files`);
    for (const key of keys) {
      if (key.length !== MASTER_KEY_BYTES) throw new OperatorError(`${this.#source.description} has a master key of ${key.length} bytes instead of 32`);
    }
    this.#keys = new Map(keys.map((key) => [masterKeyId(key), key]));
    this.#current = masterKeyId(keys[0]!);
  }

  /** Encrypts the key of a blob with the current master key. */
  wrap(blobKey: Uint8Array): Uint8Array {
    const head = Buffer.concat([Buffer.of(VERSION), Buffer.from(this.#current, 'hex'), this.#random.bytes(NONCE_BYTES)]);
    const cipher = createCipheriv('aes-256-gcm', this.#keys.get(this.#current)!, head.subarray(NONCE_AT));
    cipher.setAAD(head.subarray(0, NONCE_AT));
    return Buffer.concat([head, cipher.update(blobKey), cipher.final(), cipher.getAuthTag()]);
  }

  /**
   * Decrypts the key of a blob. A key that was wrapped after a rotation by another process is found by reading the keys again, at most every ten seconds.
   * @throws MasterKeyMissing, BlobKeyUnreadable
   */
  async unwrap(wrapped: Uint8Array): Promise<Uint8Array> {
    const id = wrappingKeyId(wrapped);
    if (!this.#keys.has(id)) await this.#reread();
    const key = this.#keys.get(id);
    if (!key) throw new MasterKeyMissing(`the master key ${id} of files is missing from ${this.#source.description}`);
    const bytes = Buffer.from(wrapped);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(NONCE_AT, SEALED_AT));
    decipher.setAAD(bytes.subarray(0, NONCE_AT));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const blobKey = decipher.update(bytes.subarray(SEALED_AT, -TAG_BYTES));
    try {
      decipher.final();
    } catch {
      throw new BlobKeyUnreadable(`a blob key that was wrapped with the master key ${id} is damaged`);
    }
    return blobKey;
  }

  /** Reads the keys again for an unknown id. Calls at the same time share one reading. */
  async #reread(): Promise<void> {
    if (this.#rereading === undefined) {
      if (this.#clock.monotonicMs() - this.#rereadMs < REREAD_MS) return;
      this.#rereading = this.reload().finally(() => {
        this.#rereading = undefined;
        this.#rereadMs = this.#clock.monotonicMs();
      });
    }
    await this.#rereading;
  }

  /** Whether a blob key is wrapped with the current master key. */
  isCurrent(wrapped: Uint8Array): boolean {
    return wrappingKeyId(wrapped) === this.#current;
  }

  /** The same blob key, wrapped with the current master key. */
  async rewrap(wrapped: Uint8Array): Promise<Uint8Array> {
    return this.isCurrent(wrapped) ? wrapped : this.wrap(await this.unwrap(wrapped));
  }
}

/**
 * The id of the master key that a wrapped key needs.
 * @throws BlobKeyUnreadable when this is no wrapped key
 */
export function wrappingKeyId(wrapped: Uint8Array): string {
  if (wrapped[0] !== VERSION || wrapped.length <= SEALED_AT + TAG_BYTES) throw new BlobKeyUnreadable('a wrapped blob key has an unknown form');
  return Buffer.from(wrapped.subarray(ID_AT, NONCE_AT)).toString('hex');
}
