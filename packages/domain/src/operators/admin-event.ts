import { userInfo } from 'node:os';
import type { Logger } from '@aerogram/runtime';
import { defineJobKind, type JobKind, jsonCodec } from '@aerogram/storage';

/** What the log tells of an entry of the operator log: nothing that was written by people, and no number. */
export interface AdminEvent {
  /** The entry. */
  entry: bigint;
  /** The account of this machine that gave the order at the command line. */
  by?: string;
  /** The admin who gave it on the admin page; then `by` would only say as whom the server runs. */
  userId?: bigint;
  /** The first word of the entry. */
  action: string;
  /** What it is about, such as `account 7`; absent for what has no id. */
  target?: string;
}

// Only words may come before the id, because what follows may be the title of a chat.
const WITH_ID = /^[a-z ,]*?(?:\b(account|bot|report|document|link) (\d+)\b|(?<= )(-\d+))/i;

/** Finds in the words of an entry what the log may tell. Pure. */
export function describeEntry(what: string): Pick<AdminEvent, 'action' | 'target'> {
  const [, kind = 'chat', id, chatId] = WITH_ID.exec(what) ?? [];
  const target = id ?? chatId;
  return { action: /^[a-z]*/i.exec(what)![0], ...(target !== undefined && { target: `${kind} ${target}` }) };
}

/** Who gives orders in this process: an account of the machine, or its number if it has no name. */
export function nameOrderer(env: NodeJS.ProcessEnv = process.env): string {
  try {
    return env['SUDO_USER'] ?? userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}

/**
 * The job with which the running server, or the next one that starts, writes an entry of the operator log to its own log, as the event `admin`.
 * @param log undefined in a process that only orders
 */
export function createAdminEventJob(log: Logger | undefined) {
  return defineJobKind<AdminEvent>({
    kind: 'tell-of-admin',
    codec: jsonCodec(),
    run(event) {
      log?.info({ event: 'admin', ...event }, 'an operator gave an order');
      return Promise.resolve();
    },
  }) satisfies JobKind;
}
