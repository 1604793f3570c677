import type { RpcError } from '@aerogram/errors';
import type { Logger } from '@aerogram/runtime';

import type { CallRun } from './call-run.ts';

/** Writes to the log, at the level debug, which method was called by whom, what came of it, and which events its answer carries; nothing of what it says. */
export function logCall(log: Logger, { call, key, boxSteps }: CallRun, { method, error, ms }: { method: string; error: RpcError | undefined; ms: number }): void {
  const steps = boxSteps.map(({ owner, pts, ptsCount }) => ({ owner: String(owner), pts, ptsCount }));
  const user = key?.userId === undefined ? undefined : String(key.userId);
  log.debug({ call: method, outcome: error?.message ?? 'ok', user, session: call.session.sessionId.toString(16), msgId: String(call.msgId), ms: Math.round(ms), steps }, 'a call was answered');
}
