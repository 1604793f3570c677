/** Hash of a list that is empty on this server, where TL has a long. */
export const EMPTY_HASH = 1n;
/** Hash of a list that is empty on this server, where TL has an int. */
export const EMPTY_INT_HASH = 1;

/**
 * Answers with a list that is empty on this server, or that the client has it. Clients keep a list by its hash, and one of them requests some lists with each key
 * that is pressed. A client that sends 0 has no copy.
 *
 * Lists of sticker sets have the hash 0: TDLib and Telegram Desktop compute it from the sets, and log an error if the server says otherwise.
 */
export function answerEmpty<N extends string, L extends { _: N; hash: bigint | number }, M extends string, U extends { _: M }>(sent: L['hash'], list: L, unchanged: U): L | U {
  return sent === list.hash ? unchanged : list;
}
