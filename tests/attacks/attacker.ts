import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import type { ClientKey } from '@aerogram/mtproto/client';
import { ATTACKS } from './attacks.ts';

/** Arguments of the attacking process. */
export interface AttackCommand {
  info: ServerInfo;
  name: string;
  forMs: number;
  /** Accounts whose keys the attacker has. */
  accounts: number;
}

/** Messages of the attacking process: first that it begins, then how many packets, requests or connections it made. */
export type AttackReport = { begins: true } | { sent: number } | { error: string };

/** Long texts, so that one request for the history is answered with 400 KB. */
const HISTORY_TEXTS = 100;

/** The attacking process: runs one attack after another, as told. Exits with its parent. */
export function serveAttacks(): void {
  const keys: ClientKey[] = [];
  const tell = (report: AttackReport): void => void process.send!(report);
  process.on('message', (command: AttackCommand) => {
    attack(command, keys, tell).then((sent) => tell({ sent }), (error: unknown) => tell({ error: String(error) }));
  });
}

async function attack({ info, name, forMs, accounts }: AttackCommand, keys: ClientKey[], tell: (report: AttackReport) => void): Promise<number> {
  const run = ATTACKS[name];
  if (!run) throw new Error(`no attack "${name}"`);
  while (keys.length < accounts) keys.push(await makeAttacker(info, keys.length));
  tell({ begins: true });
  return run({ info, keys, signal: AbortSignal.timeout(forMs) });
}

async function makeAttacker(info: ServerInfo, number: number): Promise<ClientKey> {
  const account = await RawAccount.signUp(info, { name: `Mallory ${number}`, phone: `999663${String(number).padStart(4, '0')}`, code: '33333' });
  for (let i = 0; i < HISTORY_TEXTS; i++) await account.send(account, `${i} `.padEnd(4_000, 'x'));
  account.disconnect();
  return account.key;
}
