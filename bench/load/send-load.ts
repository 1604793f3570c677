import { ownerOf } from '@aerogram/cluster';
import { RawAccount, type ServerInfo } from '@aerogram/dev-env/load';
import { systemRandom } from '@aerogram/runtime';
import { ChannelLoad } from './channel-load.ts';
import { Deliveries, runPaced, type SendPace } from './deliveries.ts';
import { GroupLoad } from './group-load.ts';
import { type AwayPeople, putAway, tellAway } from './notice-load.ts';
import { type Outcome, sourceAddress } from './outcome.ts';

const accounts: RawAccount[] = [];
const deliveries = new Deliveries();

/** The order in which four pairs connect so that, with two processes that take turns, each process gets every combination. */
const EVEN_ORDER = [0, 1, 3, 2, 4, 6, 5, 7];

/** A phone number for tests, and the code that it gets. @param n below 90,000 */
export function phoneOf(n: number): { phone: string; code: string } {
  return { phone: `99966${n % 10}${String(1000 + Math.floor(n / 10))}`, code: String(n % 10).repeat(5) };
}

/**
 * Signs up accounts until there are `count`; account 2i then knows account 2i + 1.
 * @param server that they connect to; several nodes: to one after the other
 * @param isEven connects one after the other, so that two serving processes get the same number of connections of each kind
 */
export async function signUp(server: ServerInfo | readonly ServerInfo[], count: number, isEven = false): Promise<Outcome> {
  const servers = [server].flat();
  const signUpOne = (n: number): Promise<RawAccount> => RawAccount.signUp(servers[n % servers.length]!, {
    name: `Account ${n}`, ...phoneOf(n), localAddress: sourceAddress(n),
  });
  for (let from = accounts.length; from < count; from += 8) {
    const batch = Array.from({ length: Math.min(8, count - from) }, (_, i) => from + i);
    if (isEven) for (const i of EVEN_ORDER) accounts[from + i] = await signUpOne(from + i);
    else accounts.push(...await Promise.all(batch.map(signUpOne)));
  }
  for (let i = 0; i + 1 < accounts.length; i += 2) await accounts[i]!.meet(accounts[i + 1]!);
  return { operations: 0, elapsedMs: 0, ackMs: [] };
}

/** Registers a device for notices of each of the first accounts. @param origin of their push service; by default nothing is listening there */
export async function registerDevices(count: number, origin = 'http://127.0.0.1:9'): Promise<Outcome> {
  for (const [n, account] of accounts.slice(0, count).entries()) {
    await account.call<'account.registerDevice'>({ _: 'account.registerDevice', token_type: 4, token: `${origin}/${n}`, app_sandbox: false, secret: new Uint8Array(), other_uids: [] });
  }
  return { operations: 0, elapsedMs: 0, ackMs: [] };
}

let away: AwayPeople | undefined;

/** Every second account writes to the next one, whose only device is away. */
export async function tellPeopleAway(command: Parameters<typeof tellAway>[1]): Promise<Outcome> {
  away ??= await putAway(accounts.filter((_, n) => n % 2 === 0), accounts.filter((_, n) => n % 2 === 1));
  return tellAway(away, command);
}

/** A node of a cluster, by its name. */
export interface NodeAddress {
  name: string;
  info: ServerInfo;
}

/** Connects all accounts anew: to the nodes that serve their keys, or each to another one, which relays its packets. */
export async function connectToNodes(nodes: readonly NodeAddress[], isRelayed: boolean): Promise<Outcome> {
  const names = nodes.map(({ name }) => name);
  for (const account of accounts) {
    const owner = names.indexOf(ownerOf(account.key.key.id, names));
    await account.connect(nodes[(owner + (isRelayed ? 1 : 0)) % nodes.length]!.info);
  }
  return { operations: 0, elapsedMs: 0, ackMs: [] };
}

/** An account that has signed up. */
export function accountAt(n: number): RawAccount {
  const account = accounts[n];
  if (account === undefined) throw new Error(`account ${n} has not signed up`);
  return account;
}

/** Account `from` + 2i sends to account `from` + 2i + 1. */
export function send(ms: number, senders: number, pace: SendPace, from = 0): Promise<Outcome> {
  for (let sender = 0; sender < senders; sender++) accounts[from + 2 * sender + 1]!.onText = (text) => deliveries.arrived(text);
  return deliveries.run(ms, senders, pace, (sender, text) => accounts[from + 2 * sender]!.send(accounts[from + 2 * sender + 1]!, text, systemRandom.int63()));
}

/**
 * Two loads at once, of `perSecond` each: the first pairs of accounts, whose deliveries are not awaited, and the pairs after them.
 * @returns what the second ones experience, with the times until the sends of the first ones were answered as `away`
 */
export async function sendBesideAway(ms: number, senders: number, perSecond: number): Promise<Outcome> {
  const away: number[] = [];
  const run = performance.now().toFixed(0);
  const [beside] = await Promise.all([
    send(ms, senders, { perSecond }, 2 * senders),
    runPaced(performance.now() + ms, perSecond, async (n) => {
      const at = performance.now();
      const sender = n % senders;
      await accounts[2 * sender]!.send(accounts[2 * sender + 1]!, `${run} away ${n}`.padEnd(100, '.'));
      away.push(performance.now() - at);
    }),
  ]);
  return { ...beside, byName: { away } };
}

let group: GroupLoad | undefined;

/** Account 0 sends to a basic group of the first accounts, which is created first. */
export async function sendToGroup(ms: number, pace: SendPace, { members, online }: { members: number; online: boolean }): Promise<Outcome> {
  const [creator, ...others] = accounts.slice(0, members);
  if (creator === undefined) throw new Error('nobody has signed up');
  group ??= await GroupLoad.create([creator, ...others]);
  return group.send(ms, pace, online);
}

/** The accounts after the members of the group send to each other while account 0 sends to the group. @returns what the others experience */
export async function sendBesideGroup(ms: number, { pace, ...others }: { senders: number; pace: SendPace; members: number; groupPace: SendPace }): Promise<Outcome> {
  const { senders, members, groupPace } = others;
  const [beside] = await Promise.all([send(ms, senders, pace, members), sendToGroup(ms, groupPace, { members, online: false })]);
  return beside;
}

let channel: ChannelLoad | undefined;

/** Account 0 posts in a channel of all accounts, which is created first. */
export async function post(ms: number, pace: SendPace, { kind, online }: { kind: 'megagroup' | 'broadcast'; online: boolean }): Promise<Outcome> {
  const [creator, ...others] = accounts;
  if (creator === undefined) throw new Error('nobody has signed up');
  channel ??= await ChannelLoad.create([creator, ...others], kind);
  return channel.send(ms, pace, online);
}
