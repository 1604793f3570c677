import { RpcError, type ErrorName } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { mediaKindOf } from '../content/index.ts';
import { unpackMessageExtra } from '../events/index.ts';
import { type ScheduledRow, UNTIL_ONLINE_DATE } from '../messages/index.ts';
import { type Notice, unsentNotice } from '../service/index.ts';

/** Reasons why a message was not sent, as clauses that follow "because". */
const REASONS: Partial<Record<ErrorName, string>> = {
  INPUT_USER_DEACTIVATED: 'their account was deleted',
  // Their data centre was removed.
  PEER_ID_INVALID: 'they cannot be reached from here any more',
  YOU_BLOCKED_USER: 'you have blocked this user',
  CHANNEL_PRIVATE: 'you are not a member any more',
  CHAT_ADMIN_REQUIRED: 'you may not write there any more',
  CHAT_WRITE_FORBIDDEN: 'you may not write there any more',
  USER_BANNED_IN_CHANNEL: 'you may not write there any more',
  TOPIC_CLOSED: 'the topic was closed',
  TOPIC_DELETED: 'the topic was deleted',
  USER_IS_BLOCKED: 'this user does not accept messages from you',
  PEER_FLOOD: 'you have written to too many people who have not answered, or your account is limited',
  'FLOOD_WAIT_%d': 'too many messages were being sent at that time',
};

/** The notice for the author of a scheduled message that could not be sent. Pure. */
export function describeUnsent(row: ScheduledRow, receiver: tl.User | tl.Chat | undefined, error: unknown): Notice {
  return unsentNotice({
    content: describeContent(row),
    to: { id: row.peer_id > 0n ? row.peer_id : undefined, name: nameOf(receiver) },
    scheduledDate: row.schedule_date === UNTIL_ONLINE_DATE ? undefined : row.schedule_date,
    reason: describeReason(error),
    repeats: row.repeat_period !== null,
  });
}

function describeReason(error: unknown): string {
  if (!(error instanceof RpcError) || error.code >= 500) return 'of a fault of the server';
  return REASONS[error.entry] ?? `it was refused (${error.text})`;
}

function describeContent(row: ScheduledRow): string {
  if (row.text !== '') return row.text;
  const { media } = unpackMessageExtra(row.extra);
  return media === undefined ? 'A message without text' : mediaKindOf(media).label(media);
}

function nameOf(receiver: tl.User | tl.Chat | undefined): string {
  if (receiver !== undefined && 'title' in receiver) return receiver.title;
  if (receiver?._ !== 'user' || receiver.deleted) return 'Deleted Account';
  return [receiver.first_name, receiver.last_name].filter((part) => part).join(' ');
}
