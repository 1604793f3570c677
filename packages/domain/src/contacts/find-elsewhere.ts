import type { OtherHomes } from '@aerogram/cluster';

import type { Cards } from '../cards/index.ts';
import type { Names } from '../names/index.ts';
import type { UserRow } from '../peers/index.ts';
import type { Users } from '../users/index.ts';

interface Parts {
  homes: Pick<OtherHomes, 'dcOf'>;
  cards: Pick<Cards, 'fetch'>;
  names: Pick<Names, 'find' | 'findOne'>;
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
   * @throws RpcError 500 if the home of one of them is away and the card is not known
   */
  async findByPhones(viewer: { id: bigint; bot: boolean }, phones: readonly string[]): Promise<Map<string, UserRow>> {
    if (phones.length === 0) return new Map();
    const owners = [...(await this.#parts.names.find('phone', phones))].filter(([, userId]) => this.dcOf(userId) !== undefined);
    const rows = await this.#parts.cards.fetch(viewer, owners.map(([, userId]) => userId), 'phone');
    return new Map(owners.flatMap(([phone, userId]) => (rows.get(userId)?.deleted === false ? [[phone, rows.get(userId)!] as const] : [])));
  }

  /**
   * Finds the person elsewhere with a username.
   * @throws RpcError 500 if a home that is needed is away
   */
  async findNamed(viewerId: bigint, username: string): Promise<bigint | undefined> {
    const { names, cards, users } = this.#parts;
    const userId = await names.findOne({ type: 'username', name: username.toLowerCase() });
    if (userId === undefined || this.dcOf(userId) === undefined) return undefined;
    const viewer = { id: viewerId, bot: (await users.findRow(viewerId))?.bot === true };
    return (await cards.fetch(viewer, [userId], 'username')).get(userId)?.deleted === false ? userId : undefined;
  }
}
