import { type ErrorName, RpcError } from '@aerogram/errors';

import { badRequest } from './bot-error.ts';

/** What the Bot API says where a call of the MTProto API fails, without `Bad Request: `. */
export type ErrorTexts = Readonly<Partial<Record<ErrorName, string>>>;

/** Whether an error is one of these errors of the MTProto API. */
export function isRpcError(error: unknown, ...names: readonly ErrorName[]): error is RpcError {
  return error instanceof RpcError && names.includes(error.entry);
}

/**
 * Waits for a call of the MTProto API, and says in the words of the Bot API why it has failed. For texts that depend on the method; those that do not are in the table of all errors.
 * @throws BotError 400 for the errors in `texts`; others stay as they are
 */
export async function renameErrors<T>(answer: Promise<T>, texts: ErrorTexts): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const text = error instanceof RpcError ? texts[error.entry] : undefined;
    throw text === undefined ? error : badRequest(text);
  }
}

/** Waits for a call that sets something of a chat. What is set, not changed, may be the same as before. */
export async function unlessSame(answer: Promise<unknown>): Promise<void> {
  await answer.catch((error: unknown) => {
    if (!isRpcError(error, 'CHAT_NOT_MODIFIED')) throw error;
  });
}
