import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CommandTooSlow, linkExclusively, OperatorError, type Random, runCommand, syncDirectory } from '@aerogram/runtime';
import { codeOf } from './file-io.ts';
import { PartClaims } from './uploads/part-claims.ts';

/** Where master keys come from: a file, a setting, or a program of the operator's own. */
export interface MasterKeySource {
  /** Names the source in messages to the operator. */
  readonly description: string;
  /** Reads all keys, 32 bytes each; the first one is the current one. */
  read(): Promise<Uint8Array[]>;
}

/**
 * Reads master keys from a text: 64 hex digits each, separated by commas or white space, the current one first.
 * @throws OperatorError, which never contains the keys
 */
export function parseMasterKeys(keys: string, description: string): Uint8Array[] {
  const words = keys.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0 || !words.every((word) => /^[0-9a-fA-F]{64}$/.test(word))) {
    throw new OperatorError(`${description} must hold one or more master keys of 64 hex digits each`);
  }
  return words.map((word) => Buffer.from(word, 'hex'));
}

/** Master keys from a setting. */
export class MasterKeyText implements MasterKeySource {
  readonly description: string;
  readonly #text: string;

  /** @param description names the setting, for messages to the operator */
  constructor(text: string, description: string) {
    this.#text = text;
    this.description = description;
  }

  async read(): Promise<Uint8Array[]> {
    return parseMasterKeys(this.#text, this.description);
  }
}

const COMMAND_MS = 30_000;

/** Master keys that a program of the operator prints, which may ask a key service for them. */
export class MasterKeyCommand implements MasterKeySource {
  readonly description = 'the output of the command for master keys';
  readonly #command: string;
  readonly #timeoutMs: number;

  /**
   * @param command for the shell; what it writes to standard error goes to that of the server
   * @param timeoutMs how long it may take; for tests
   */
  constructor(command: string, timeoutMs = COMMAND_MS) {
    this.#command = command;
    this.#timeoutMs = timeoutMs;
  }

  async read(): Promise<Uint8Array[]> {
    const { code, output } = await runCommand(this.#command, { timeoutMs: this.#timeoutMs }).catch((error: unknown) => {
      throw error instanceof CommandTooSlow ? new OperatorError(`the command for master keys took longer than ${this.#timeoutMs / 1000} s and was killed`) : error;
    });
    if (code !== 0) throw new OperatorError(`the command for master keys failed (${code === null ? 'killed' : `exit code ${code}`})`);
    return parseMasterKeys(output, this.description);
  }
}

/** Master keys in a file of their own that only the server's user may read, one line each, the current one first. */
export class MasterKeyFile implements MasterKeySource {
  readonly description: string;
  readonly #file: string;
  readonly #random: Random;

  constructor(file: string, random: Random) {
    this.#file = file;
    this.#random = random;
    this.description = `the file ${file}`;
  }

  /** Reads the keys. */
  async read(): Promise<Uint8Array[]> {
    return parseMasterKeys(await readFile(this.#file, 'utf8'), this.description);
  }

  /** Creates the file with one new key, unless it exists. Of several processes that do so at once, one makes the key. */
  async create(): Promise<void> {
    try {
      await readFile(this.#file);
      return;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    await mkdir(path.dirname(this.#file), { recursive: true, mode: 0o700 });
    await this.#write([this.#random.bytes(32)], async (draft) => {
      await linkExclusively(draft, this.#file);
    });
  }

  /**
   * Adds a new key, which becomes the current one. All older keys stay, because blobs may still need them. Of several processes that do so at once, each adds
   * a key: one at a time reads the file and writes the new one in its place.
   * @throws PartBusy when another process has been adding a key for more than ten seconds
   */
  async addKey(): Promise<void> {
    await using claims = new PartClaims(path.dirname(this.#file));
    const add = async (): Promise<{ result: undefined; isWhole: boolean }> => {
      await this.#write([this.#random.bytes(32), ...(await this.read())], (draft) => rename(draft, this.#file));
      return { result: undefined, isWhole: true };
    };
    // The file is replaced as a whole, so a failure leaves nothing behind that the next one would have to know of.
    await claims.hold(`${this.#file}.claim`, add, () => Promise.resolve());
  }

  async #write(keys: readonly Uint8Array[], place: (draft: string) => Promise<void>): Promise<void> {
    const draft = `${this.#file}.${randomUUID()}`;
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(keys.map((key) => `${Buffer.from(key).toString('hex')}\n`).join(''));
        await file.sync();
      } finally {
        await file.close();
      }
      await place(draft);
      await syncDirectory(path.dirname(this.#file));
    } finally {
      await rm(draft, { force: true });
    }
  }
}
