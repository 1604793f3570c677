import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import type { Target } from './attack.ts';
import { ATTACKS } from './attacks.ts';
import { createGroup } from './group-attacks.ts';
import { sendFileOfParts } from './part-attacks.ts';
import { createAskedGroup } from './request-attacks.ts';

/** Arguments of the attacking process. */
export interface AttackCommand {
  info: ServerInfo;
  name: string;
  forMs: number;
  /** Accounts whose keys the attacker has. */
  accounts: number;
  /** Of the server's database, into which people are written who ask to be let in. */
  databaseUrl: string;
}

/** Messages of the attacking process: first that it begins, then how many packets, requests or connections it made. */
export type AttackReport = { begins: true } | { sent: number } | { error: string };

/** Long texts, so that one request for the history is answered with 400 KB. */
const HISTORY_TEXTS = 100;

/** The attacking process: runs one attack after another, as told. Exits with its parent. */
export function serveAttacks(): void {
  let attackers: Promise<Attackers> | undefined;
  const tell = (report: AttackReport): void => void process.send!(report);
  process.on('message', (command: AttackCommand) => {
    attackers ??= prepare(command);
    attack(command, attackers, tell).then((sent) => tell({ sent }), (error: unknown) => tell({ error: String(error) }));
  });
}

type Attackers = Pick<Target, 'accounts' | 'files' | 'keys' | 'group' | 'requests'>;

async function prepare({ info, accounts: count, databaseUrl }: AttackCommand): Promise<Attackers> {
  const accounts: RawAccount[] = [];
  while (accounts.length < count) accounts.push(await makeAttacker(info, accounts.length));
  const group = await createGroup(accounts);
  const requests = await createAskedGroup(accounts[0]!, databaseUrl);
  const files: Target['files'] = new Map(await Promise.all(accounts.map(async (account) => [account.key, await sendFileOfParts(account)] as const)));
  for (const account of accounts) account.disconnect();
  return { accounts, files, keys: accounts.map((account) => account.key), group, requests };
}

async function attack({ info, name, forMs }: AttackCommand, attackers: Promise<Attackers>, tell: (report: AttackReport) => void): Promise<number> {
  const run = ATTACKS[name];
  if (!run) throw new Error(`no attack "${name}"`);
  const ready = await attackers;
  tell({ begins: true });
  return run({ info, ...ready, signal: AbortSignal.timeout(forMs) });
}

async function makeAttacker(info: ServerInfo, number: number): Promise<RawAccount> {
  const account = await RawAccount.signUp(info, { name: `Mallory ${number}`, phone: `999663${String(number).padStart(4, '0')}`, code: '33333' });
  for (let i = 0; i < HISTORY_TEXTS; i++) await account.send(account, `${i} `.padEnd(4_000, 'x'));
  return account;
}
