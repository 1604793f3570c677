import type { BotCall } from './bot-call.ts';
import type { Params } from './params/params.ts';

/** The definition of a method of the Bot API. */
export interface BotMethodDefinition<Name extends string> {
  /** As the reference writes it. Clients may write it in any case. */
  method: string;
  /** The parameters that it reads. Others have no effect, as with the official server, but for those that every method refuses. */
  params: readonly Name[];
  /** Set if it sends messages to the chat `chat_id`: how many, which counts for how fast the bot may send. */
  sends?: (params: Params<Name>) => number;
  /** @returns what becomes `result` of the answer, as a JSON value; or a {@link Described} one, or a {@link JsonText} */
  run(call: BotCall, params: Params<Name>): Promise<unknown>;
}

/** A method of the Bot API, without the names of its parameters. */
export interface BotMethod {
  readonly method: string;
  readonly params: readonly string[];
  readonly sends?: (params: Params) => number;
  run(call: BotCall, params: Params): Promise<unknown>;
}

/** Declares a method of the Bot API. */
export function defineBotMethod<Name extends string>(definition: BotMethodDefinition<Name>): BotMethod {
  return definition;
}
