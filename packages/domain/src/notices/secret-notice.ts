import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { type PushDeviceRow, TokenType } from '../auth/index.ts';
import { isChatIn, type SecretNotice } from '../secret-chats/index.ts';
import { listChatFacts, type DeviceNotice, insertDeviceNotices } from './notice-store.ts';
import type { Ordered } from './ordered.ts';
import { APP, type NoticePayload } from './write-notice.ts';

/** What stands in place of a message's id. */
const MSG_IDS = { message: -2, request: -3, accepted: -4 } as const satisfies Record<SecretNotice['what'], number>;

const KEYS = { message: 'ENCRYPTED_MESSAGE', request: 'ENCRYPTION_REQUEST', accepted: 'ENCRYPTION_ACCEPT' } as const satisfies Record<SecretNotice['what'], string>;

const WORDS = { message: 'You have a new message', request: 'Somebody asks for a secret chat', accepted: 'Your secret chat was accepted' } as const satisfies Record<SecretNotice['what'], string>;

const WHAT_OF = new Map<number, SecretNotice['what']>(Object.entries(MSG_IDS).map(([what, msgId]) => [msgId, what as SecretNotice['what']]));

/** Devices that are connected have fetched and confirmed what is in their log after so many milliseconds, and need no notice. */
const DUE_MS = 1500;

const findTokens = defineStatement<PushDeviceRow>('find_tokens_of_devices', 'SELECT d.* FROM notice_devices d JOIN unnest($1::bigint[], $2::bigint[]) AS n (u, a) ON d.user_id = n.u AND d.auth_key_id = n.a');

const findMessage = defineStatement<{ chat_id: number; random_id: bigint }>('find_noticed_secret_message', 'SELECT chat_id, random_id FROM device_events WHERE owner_id = $1 AND auth_key_id = $2 AND qts = $3');

/** Whether a notice is about a secret chat. */
export const isSecretNotice = ({ msg_id }: Pick<DeviceNotice, 'msg_id'>): boolean => WHAT_OF.has(msg_id);

/**
 * Writes, in the transaction that adds it to the logs of devices, what their apps are told if they are closed. Browsers hear of no requests: no client that runs there has secret chats.
 * @param nowMs since 1970
 */
export async function orderSecretNotices(tx: Tx, told: readonly SecretNotice[], nowMs: number): Promise<Ordered> {
  const { rows } = await tx.run(findTokens, [told.map(({ owner }) => owner), told.map(({ authKeyId }) => authKeyId)]);
  const dueMs = Math.ceil(nowMs + DUE_MS);
  const noticeOf = new Map(told.map((one) => [`${one.owner}:${one.authKeyId}`, one]));
  const notices = rows.flatMap(({ user_id, auth_key_id, token_type }) => {
    const { what, peerId, number, date } = noticeOf.get(`${user_id}:${auth_key_id}`)!;
    if (token_type === TokenType.session || (what === 'request' && token_type === TokenType.webPush)) return [];
    return [{ owner_id: user_id, auth_key_id, token_type, peer_id: peerId, msg_id: MSG_IDS[what], pts: number, date, due_ms: BigInt(dueMs) }];
  });
  await insertDeviceNotices(tx, notices);
  return { dueMs: notices.length > 0 ? dueMs : undefined, woken: rows.filter(({ token_type }) => token_type === TokenType.session) };
}

/** What a notice is about. */
interface Subject {
  chatId: number;
  /** Of a message, 0 otherwise. */
  randomId: bigint;
}

/**
 * Reads what an app is to be told of a secret chat at this moment.
 * @returns undefined if the device has it by now, the chat is over, or the person is muted
 */
export async function readSecretNotice(db: Pick<Database, 'run'>, notice: DeviceNotice, nowDate: number): Promise<NoticePayload | undefined> {
  const { owner_id: owner, peer_id: peer } = notice;
  const what = WHAT_OF.get(notice.msg_id)!;
  const [facts] = await listChatFacts(db, [{ owner, peer, scope: 'users' }]);
  if (facts === undefined || facts.mute_until > nowDate) return undefined;
  const subject = await findSubject(db, notice, what);
  return subject && writeSecretNotice(owner, what, subject, facts.is_silent);
}

/** Writes what an app is told of a secret chat: never from whom it is, because a push service might learn it, and never a word. Pure. */
export function writeSecretNotice(owner: bigint, what: SecretNotice['what'], { chatId, randomId }: Subject, isSilent: boolean): NoticePayload {
  return {
    loc_key: KEYS[what],
    // TDLib wants a name there.
    loc_args: [APP],
    user_id: String(owner),
    custom: { encryption_id: String(chatId), ...(what === 'message' ? { random_id: String(randomId) } : {}), ...(isSilent ? { silent: '1' } : {}) },
    title: APP,
    description: WORDS[what],
    mute: '0',
    random_id: String(randomId || BigInt(chatId)),
    ...(isSilent ? {} : { sound: 'default' }),
  };
}

/** Returns what a notice is about, if that still waits for the device. */
async function findSubject(db: Pick<Database, 'run'>, { owner_id: owner, auth_key_id, pts }: DeviceNotice, what: SecretNotice['what']): Promise<Subject | undefined> {
  if (what !== 'message') return (await isChatIn(db, owner, pts, what)) ? { chatId: pts, randomId: 0n } : undefined;
  const [event] = (await db.run(findMessage, [owner, auth_key_id, pts])).rows;
  return event && { chatId: event.chat_id, randomId: event.random_id };
}
