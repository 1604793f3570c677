import { badRequest } from '../bot-error.ts';
import { isInt32 } from './int32.ts';
import type { Params } from './params.ts';

/** Maximum number of messages that one call forwards, copies or deletes. */
const IDS_MAX = 100;

/** An id in a list that is written as text. */
const DIGITS = /^-?\d+$/;

/** The id of a message; 0 if it is not given or can be none. */
export function findMessageId<Name extends string>(params: Params<Name>, name: Name): number {
  const id = params.int(name);
  return isMessageId(id) ? id : 0;
}

/**
 * Reads `message_id`. An id that no message can have is one that is not found, so it is returned as 0.
 * @throws BotError 400 `message identifier is not specified`
 */
export function readMessageId(params: Params<'message_id'>): number {
  if (!params.has('message_id')) throw badRequest('message identifier is not specified');
  return findMessageId(params, 'message_id');
}

/**
 * Reads `message_ids`: at most 100, in ascending order.
 * @throws BotError 400
 */
export function readMessageIds(params: Params<'message_ids'>): number[] {
  if (!params.has('message_ids')) throw badRequest('message identifiers are not specified');
  const value = params.json('message_ids', 'message identifiers');
  if (!Array.isArray(value)) throw badRequest('expected an Array of message identifiers');
  if (value.length > IDS_MAX) throw badRequest('too many message identifiers specified');
  if (value.length === 0) throw badRequest('message identifiers are not specified');
  return value.map(readOne);
}

function readOne(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'string') throw badRequest('message identifier must be a Number');
  const id = typeof value === 'number' || DIGITS.test(value) ? Number(value) : NaN;
  if (!Number.isInteger(id)) throw badRequest("can't parse message identifier as a Number");
  if (!isMessageId(id)) throw badRequest('invalid message identifier specified');
  return id;
}

/**
 * Checks the order of messages that are forwarded or copied together.
 * @throws BotError 400
 */
export function checkAscending(ids: readonly number[]): void {
  if (ids.some((id, index) => index > 0 && id <= ids[index - 1]!)) throw badRequest('message identifiers must be in a strictly increasing order');
}

/** Whether a message can have this id. */
function isMessageId(id: number): boolean {
  return id > 0 && isInt32(id);
}
