import type { Domain } from '@aerogram/domain';
import type { Clock, Logger, Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { FileIds } from './files/file-ids.ts';

/** One call of the Bot API, as its method sees it. */
export interface BotCall {
  readonly botId: bigint;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** For what is no method of the MTProto API. Everything else goes through {@link BotCall.invoke}, where rights and limits are enforced. */
  readonly domain: Domain;
  /** Names files for the bot. */
  readonly fileIds: FileIds;
  /**
   * Calls a method of the MTProto API as the bot.
   * @throws RpcError which becomes the error of the Bot API, unless the method catches it
   */
  invoke<M extends keyof tl.RpcMethods>(request: tl.RpcMethods[M]['req'] & { _: M }): Promise<tl.RpcMethods[M]['res']>;
}
