import { createLogger } from '@aerogram/runtime';
import { expect, test } from 'vitest';
import type { LiveSession } from '../src/live-session.ts';
import { PushLog } from '../src/updates/push-log.ts';

test('a session that has logged out has no user in the log', () => {
  const lines: Record<string, unknown>[] = [];
  const log = PushLog.open(createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) } }))()!;
  const session = { sessionId: 255n, userId: 7n } as LiveSession;
  log.detached(7n, session);
  log.detached(7n, { ...session, userId: undefined });
  expect(lines.map(({ owner, user, session: id }) => ({ owner, user, id }))).toEqual([{ owner: '7', user: '7', id: 'ff' }, { owner: '7', user: undefined, id: 'ff' }]);
});
