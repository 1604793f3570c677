import { HomeAway, homeDcOf, isMarkedChannel } from '@aerogram/cluster';
import { type RpcError, rpcError } from '@aerogram/errors';
import type { Database, Tx } from '@aerogram/storage';
import type { z } from 'zod';

import { packPlain, tellLast, type Told, unpackPlain } from '../effects/index.ts';
import { channelIdOf } from '../events/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { confirmUsername } from './directory-store.ts';
import { deleteNameRow, findNamed, findNameRow } from './home-names-store.ts';
import { mayBeName, type Name, type NameConfirmed, type NameFreed, NAMES_AT_ONCE, type NameType, wireFound, wireOwner, wireReserved } from './name.ts';
import { findUntold } from './told-names-store.ts';

/** Finds the DC that decides about names, if it is another one, without the link to it. */
export async function findDecider({ q }: Pick<Database, 'q'>): Promise<number | undefined> {
  return (await q.selectFrom('homes').select('dc').where('of_names', '=', true).where('is_own', '=', false).executeTakeFirst())?.dc;
}

/** The error for a client whose call needs another data centre that does not answer; clients repeat it. */
const awayError = (dc: number): RpcError => rpcError('INTERDC_%d_CALL_ERROR', dc);

/**
 * Phone numbers and usernames, of which each belongs to one peer in the whole community. The first home decides who gets one; each home also keeps those of its own peers. A
 * home gives a name to a peer in three steps: it reserves the name in its own tables (`directory-store.ts`), asks the first home ({@link Names.claim}), and then writes the owner's
 * row, confirms the name in its own tables and tells the first home in one transaction ({@link Names.confirm}). The first home itself, and a server that is alone, skip the second step.
 *
 * A home may pass a name that it has from one of its own peers to another without asking the first home.
 */
export class Names {
  readonly #deps: Pick<DomainDeps, 'db' | 'homes'>;

  constructor(deps: Pick<DomainDeps, 'db' | 'homes'>) {
    this.#deps = deps;
  }

  /** The home that decides, if it is another one. */
  get #decider(): number | undefined {
    const { homes } = this.#deps;
    return homes === undefined || homes.own === homes.ofNames ? undefined : homes.ofNames;
  }

  /** Whether another home decides. */
  get areElsewhere(): boolean {
    return this.#decider !== undefined;
  }

  /** The DC of a peer, if it is another one. @param peerId marked; of a user or a channel */
  dcOf(peerId: bigint): number | undefined {
    return this.#deps.homes?.dcOf(plainOf(peerId));
  }

  /** The DC of a peer; undefined for service accounts. @param peerId as for {@link Names.dcOf} */
  homeOf(peerId: bigint): number | undefined {
    return homeDcOf(plainOf(peerId));
  }

  /**
   * Finds who has names, here and elsewhere. While the first home is away, only those who are here.
   * @param names as in {@link Name}
   * @param unknown gets the names of which nobody can say now who has them
   * @returns the marked ids, of users and channels of all homes
   */
  async find(type: NameType, names: Iterable<string>, unknown: Set<string> = new Set()): Promise<Map<string, bigint>> {
    return this.#find(type, names, (_dc, rest) => {
      for (const name of rest) unknown.add(name);
    });
  }

  /**
   * Finds who has a name, here or elsewhere.
   * @returns the marked id
   * @throws RpcError 500 if that is not known here, and the first home is away
   */
  async findOne({ type, name }: Name): Promise<bigint | undefined> {
    const found = await this.#find(type, [name], (dc) => {
      throw awayError(dc);
    });
    return found.get(name);
  }

  async #find(type: NameType, names: Iterable<string>, onAway: (dc: number, rest: readonly string[]) => void): Promise<Map<string, bigint>> {
    const wanted = [...new Set(names)].filter((name) => mayBeName(type, name));
    if (wanted.length === 0) return new Map();
    const found = await findNamed(this.#deps.db, type, wanted, true);
    const decider = this.#decider;
    if (decider === undefined) return found;
    const unknown = wanted.filter((name) => !found.has(name));
    for (let at = 0; at < unknown.length; at += NAMES_AT_ONCE) {
      const slice = unknown.slice(at, at + NAMES_AT_ONCE);
      try {
        const answer = await this.#ask(decider, 'names.find', { type, names: slice }, wireFound);
        // What it says of peers who are here is older than what is known here.
        for (const { name, peerId } of answer.found) if (this.dcOf(peerId) !== undefined && slice.includes(name)) found.set(name, peerId);
      } catch (error) {
        if (!(error instanceof HomeAway)) throw error;
        onAway(decider, unknown.slice(at));
        break;
      }
    }
    return found;
  }

  /**
   * Has a name that is reserved here for a peer of this home reserved in the whole community. May be repeated.
   * @returns false if somebody elsewhere has it; then the reservation here has ended
   * @throws RpcError 400 PHONE_NUMBER_BANNED if the first home has banned a number; 500 if that home is away: it may have reserved the name, which hinders nobody of this home. Also as {@link Names.checkComplete}
   */
  async claim({ type, name }: Name, peerId: bigint): Promise<boolean> {
    const decider = this.#decider;
    if (decider === undefined) return this.#claimHere({ type, name }, peerId);
    try {
      const { outcome } = await this.#ask(decider, 'names.reserve', { type, name, peerId }, wireReserved);
      if (outcome === 'later') throw awayError(decider);
      if (outcome !== 'reserved') await this.#drop({ type, name }, peerId);
      if (outcome === 'banned') throw rpcError('PHONE_NUMBER_BANNED');
      return outcome === 'reserved';
    } catch (error) {
      throw error instanceof HomeAway ? awayError(error.dc) : error;
    }
  }

  /** {@link Names.claim} at the first home. A refused reservation ends at once, because the one who has the name elsewhere may be told of in a moment. */
  async #claimHere(name: Name, peerId: bigint): Promise<true> {
    try {
      await this.checkComplete();
    } catch (error) {
      await this.#drop(name, peerId);
      throw error;
    }
    return true;
  }

  /** Ends a reservation here that was refused. */
  #drop(name: Name, peerId: bigint): Promise<void> {
    return this.#deps.db.transact('drop-refused-name', (tx) => deleteNameRow(tx, name, peerId, 'reservation'));
  }

  /**
   * Checks, at the first home, that it may give names away. A first home that was restored from a backup may have forgotten names, and would give them to a second owner, so it gives
   * none until each other home has told its names again.
   * @param exceptDc a home whose names need not be known, because it asks for a name itself
   * @throws RpcError 500 if it may not
   */
  async checkComplete(exceptDc?: number): Promise<void> {
    if (this.#deps.homes === undefined) return;
    const dc = await findUntold(this.#deps.db, exceptDc);
    if (dc !== undefined) throw awayError(dc);
  }

  /** Tells the first home what a transaction does that opens no boxes. @param date unix seconds */
  told(tx: Tx, date: number): Told {
    return tellLast(tx, this.#deps.homes, date);
  }

  /**
   * Confirms the username that was reserved for a peer, and frees the one before, in the transaction that writes the owner's row.
   * @param change lower case; undefined: none
   * @throws RpcError 400 USERNAME_OCCUPIED: somebody else took over the reservation meanwhile
   */
  async changeUsername({ tx, told }: { tx: Tx; told: Told }, peerId: bigint, { name, old }: { name: string | undefined; old: string | undefined }): Promise<void> {
    if (!(await confirmUsername(tx, name, peerId, old))) throw rpcError('USERNAME_OCCUPIED');
    if (name === old) return;
    if (name !== undefined) this.confirm(told, { type: 'username', name }, peerId);
    if (old !== undefined) this.free(told, { type: 'username', name: old }, peerId);
  }

  /** Tells the first home, in the transaction that writes the owner's row, that a peer has got a name. */
  confirm(told: Told, { type, name }: Name, peerId: bigint): void {
    if (this.#decider === undefined) return;
    const effect: NameConfirmed = { kind: 'name_confirmed', ...fromOf(peerId), type, name };
    told.tell(this.#decider, effect);
  }

  /** Tells the first home that a peer has given up a name. @param name undefined: all of them */
  free(told: Told, name: Name | undefined, peerId: bigint): void {
    if (this.#decider === undefined) return;
    const effect: NameFreed = { kind: 'name_freed', ...fromOf(peerId), ...name };
    told.tell(this.#decider, effect);
  }

  /**
   * At the first home: frees a name that a peer of another home has reserved but never got. A home that was removed confirms nothing any more, so each of its reservations is free.
   * @returns whether the name may be reserved again
   * @throws RpcError 500 if that home is away
   */
  async dropAbandoned(name: Name): Promise<boolean> {
    const { db, homes } = this.#deps;
    if (homes === undefined || this.areElsewhere) return false;
    const row = await findNameRow(db, name);
    if (row === undefined) return true;
    const dc = this.dcOf(row.peer_id);
    if (dc === undefined || row.confirmed) return false;
    try {
      if (homes.others.includes(dc) && (await this.#ask(dc, 'names.owner', name, wireOwner)).peerId !== undefined) return false;
    } catch (error) {
      throw error instanceof HomeAway ? awayError(error.dc) : error;
    }
    await db.transact('drop-abandoned-name', (tx) => deleteNameRow(tx, name, row.peer_id, 'reservation'));
    return true;
  }

  async #ask<T>(dc: number, question: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return unpackPlain(schema, await this.#deps.homes!.ask(dc, question, packPlain(body)));
  }
}

/** The id of a user or channel as in TL. */
const plainOf = (peerId: bigint): bigint => (isMarkedChannel(peerId) ? channelIdOf(peerId) : peerId);

/** How an effect names a peer. */
function fromOf(peerId: bigint): { from: bigint; isChannel?: true } {
  return isMarkedChannel(peerId) ? { from: plainOf(peerId), isChannel: true } : { from: peerId };
}
