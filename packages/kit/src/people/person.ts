import type { UploadedFile } from '@aerogram/bot-api';
import { RpcError } from '@aerogram/errors';
import { type DirectCaller, directCallerOf } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { KitError } from '../kit-error.ts';
import type { KitParts } from '../kit-parts.ts';
import { TakenMessages } from './taken-messages.ts';

/** The test that a person belongs to. */
export interface Surroundings {
  /** Whether a person, bot, group or channel belongs to another test. @param peerId marked id */
  isForeign(peerId: bigint): boolean;
  /** The name of a person or bot of this test as errors have it; undefined for others. */
  nameOf(id: bigint): string | undefined;
  /** The ids of the bots of this test. */
  readonly bots: ReadonlySet<bigint>;
  /** Notes a group or channel that a person of this test has made. @param peerId marked id */
  addChat(peerId: bigint, creator: Person): void;
}

/** What is known of a person when it has been made. */
export interface PersonFacts {
  id: bigint;
  name: string;
  username: string | undefined;
  /** A test number, digits only. */
  phone: string;
  /** Logs in with the number, in any client. */
  code: string;
}

/** Somebody with an account, who does what tests say. */
export class Person {
  readonly id: bigint;
  readonly name: string;
  readonly username: string | undefined;
  readonly phone: string;
  readonly code: string;
  readonly set: Surroundings;
  readonly kit: KitParts;
  /** Files that this person has uploaded and may send, by their names in operations. */
  readonly uploads = new Map<string, UploadedFile>();
  readonly #caller: DirectCaller;
  /** By the marked id of the chat. */
  readonly #taken = new Map<bigint, TakenMessages>();

  constructor(kit: KitParts, set: Surroundings, { id, name, username, phone, code }: PersonFacts) {
    this.kit = kit;
    this.set = set;
    this.id = id;
    this.name = name;
    this.username = username;
    this.phone = phone;
    this.code = code;
    this.#caller = directCallerOf({ userId: id, isBot: false, dcId: kit.config.homeDcId }, { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', localPort: 0 });
  }

  /** What this person has taken of the messages of a chat. @param peerId marked id of the chat */
  takenIn(peerId: bigint): TakenMessages {
    const taken = this.#taken.get(peerId) ?? new TakenMessages();
    this.#taken.set(peerId, taken);
    return taken;
  }

  /**
   * Calls a method as an app of this person would.
   * @throws KitError `refused`
   */
  async invoke<R extends tl.AnyMethod>(request: R): Promise<tl.RpcMethods[R['_']]['res']> {
    try {
      return await this.kit.calls.invoke(this.#caller, request);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      throw new KitError('refused', `The server refused ${request._} of ${this.name}: ${error.text}`, { refusal: error.text });
    }
  }
}
