import type { OtherHomes } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import { type Cards, findNamedCards } from '../cards/index.ts';
import type { Names } from '../names/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { Viewer } from '../privacy/index.ts';
import type { Users } from '../users/index.ts';

interface Parts {
  db: Pick<Database, 'run'>;
  homes: Pick<OtherHomes, 'dcOf'>;
  cards: Pick<Cards, 'fetch'>;
  names: Pick<Names, 'find' | 'findOne' | 'dcOf'>;
  users: Pick<Users, 'findRow'>;
}

/** Finds people of other data centres by exact phone numbers and usernames, and gets their cards for those who look for them. */
export class FindElsewhere {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** See `OtherHomes.dcOf`. */
  dcOf(peerId: bigint): number | undefined {
    return this.#parts.homes.dcOf(peerId);
  }

  /**
   * Finds those elsewhere who have these numbers and let the viewer find them.
   * @param unknown gets the numbers of which nobody can say now who has them, or whose owners' cards cannot be had now; absent: that is an error, of the owners for a single one
   * @throws RpcError 500 if the home of one of them is away and the card is not known, or the owner of a single number cannot be found out now
   */
  async findByPhones(viewer: Viewer, phones: readonly string[], unknown?: Set<string>): Promise<Map<string, UserRow>> {
    if (phones.length === 0) return new Map();
    const owners = (await this.#findOwners('phone', phones, unknown)).filter(([, id]) => this.dcOf(id) !== undefined);
    const away = new Set<bigint>();
    const rows = await this.#parts.cards.fetch(viewer, owners.map(([name, id]) => ({ id, name })), 'phone', unknown && away);
    for (const [phone, id] of owners) if (away.has(id)) unknown?.add(phone);
    return new Map(owners.flatMap(([phone, id]) => (rows.get(id)?.deleted === false ? [[phone, rows.get(id)!] as const] : [])));
  }

  /**
   * Finds the person elsewhere with a username.
   * @throws RpcError 400 CHAT_ELSEWHERE if a group or channel elsewhere has it; 500 if a home that is needed is away
   */
  async findNamed(viewerId: bigint, username: string): Promise<bigint | undefined> {
    const { cards, users, names } = this.#parts;
    const [owner] = await this.#findOwners('username', [username.toLowerCase()]);
    if (owner === undefined || names.dcOf(owner[1]) === undefined) return undefined;
    if (owner[1] < 0n) throw rpcError('CHAT_ELSEWHERE');
    const [name, id] = owner;
    const viewer = { id: viewerId, bot: (await users.findRow(viewerId))?.bot === true };
    return (await cards.fetch(viewer, [{ id, name }], 'username')).get(id)?.deleted === false ? id : undefined;
  }

  /** Who has names, by what the first home says. While it is away, cards count: their names were confirmed by it before. */
  async #findOwners(type: 'phone' | 'username', wanted: readonly string[], unknown?: Set<string>): Promise<[string, bigint][]> {
    const { db, names } = this.#parts;
    const [only] = wanted;
    if (unknown !== undefined || wanted.length > 1 || only === undefined) {
      const unsaid = new Set<string>();
      const found = await names.find(type, wanted, unsaid);
      const known = unsaid.size === 0 ? [] : [...(await findNamedCards(db, type, [...unsaid]))];
      for (const [name] of known) unsaid.delete(name);
      for (const name of unsaid) unknown?.add(name);
      return [...found, ...known];
    }
    try {
      const id = await names.findOne({ type, name: only });
      return id === undefined ? [] : [[only, id]];
    } catch (error) {
      const known = error instanceof RpcError ? await findNamedCards(db, type, wanted) : undefined;
      if (known === undefined || known.size === 0) throw error;
      return [...known];
    }
  }
}
