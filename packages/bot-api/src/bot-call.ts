import type { Domain } from '@aerogram/domain';
import type { Clock, Logger, Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { BotInstances } from './bot-instances.ts';
import type { FileIds } from './files/file-ids.ts';
import type { LocalFiles } from './files/local-files.ts';
import type { Receivers } from './updates/receivers.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

/** Calls a method of the MTProto API as a bot. @throws RpcError */
export type Invoke = <R extends tl.AnyMethod>(request: R) => Promise<tl.RpcMethods[R['_']]['res']>;

/** One call of the Bot API, as its method sees it. */
export interface BotCall {
  readonly botId: bigint;
  /** Hash of the secret part of the token that came with the request; absent for a method in the answer of a webhook. */
  readonly tokenHash?: Uint8Array;
  /** Checks the token of the request again, for methods that take long: it may have been revoked since. A method in the answer of a webhook has none. @throws BotError 401 */
  checkToken(): Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** For what is no method of the MTProto API. Everything else goes through {@link BotCall.invoke}, where rights and limits are enforced. */
  readonly domain: Domain;
  /** Names files for the bot. */
  readonly fileIds: FileIds;
  /** Copies of files for programs on this machine; undefined unless the server is in local mode. */
  readonly localFiles?: LocalFiles | undefined;
  /** Who gets the updates of bots. */
  readonly receivers: Receivers;
  readonly webhooks: Webhooks;
  /** What runs for bots. */
  readonly instances: BotInstances;
  /** Fires when the client has closed the connection, so that nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Calls a method of the MTProto API as the bot. An RpcError becomes the error of the Bot API, unless the method catches it. */
  readonly invoke: Invoke;
}

/** A result of a method that comes with a description. */
export class Described {
  readonly result: unknown;
  readonly description: string;

  constructor(result: unknown, description: string) {
    this.result = result;
    this.description = description;
  }
}

/** A result of a method that is JSON already. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
