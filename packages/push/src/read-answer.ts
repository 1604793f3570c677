import type { PushOutcome } from '@aerogram/domain';
import { type PostAnswer, PostFailure, type PostRequest } from '@aerogram/web-fetch';

import { AGAIN_S } from './provider.ts';
import { PushAddressClosed, type PushHosts } from './push-hosts.ts';

/** How a push service says that a subscription is over. */
const GONE: ReadonlySet<number> = new Set([404, 410]);
/** How it says that it will never take this notice: malformed, too long, or meant for another key. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403, 413]);

/** Asks a push service that a device names. Never rejects. @returns its answer, or what follows from having none */
export async function askService(hosts: PushHosts, origin: string, request: PostRequest): Promise<PostAnswer | PushOutcome> {
  try {
    return await hosts.post(origin, request);
  } catch (error) {
    if (error instanceof PushAddressClosed) return { kind: 'gone' };
    if (error instanceof PostFailure) return { kind: 'later', afterS: AGAIN_S };
    throw error;
  }
}

/** What an answer says of a notice, if the service says it by the status alone. Pure. */
export function outcomeOf({ status, retryAfterS }: Pick<PostAnswer, 'status' | 'retryAfterS'>): PushOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (GONE.has(status)) return { kind: 'gone' };
  if (REFUSED.has(status)) return { kind: 'refused', reason: String(status) };
  return { kind: 'later', afterS: retryAfterS };
}

/** Reads JSON of a push service. Pure. @returns an empty object if it is none */
export function readJson(body: Uint8Array): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
