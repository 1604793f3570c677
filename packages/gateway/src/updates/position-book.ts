import type { BoxPosition, KnownPositions } from '@aerogram/domain';

/** Smaller than any position that a box can have. */
const NOWHERE: BoxPosition = { pts: 0, looseSeq: 0 };

/**
 * Up to where the sessions of each owner are known to have everything, so that a round of repair reads only what has moved since.
 * In columns, as the database is asked: most owners are looked at in every round and touched in none.
 */
export class PositionBook {
  readonly #places = new Map<bigint, number>();
  readonly #owners: bigint[] = [];
  readonly #pts: number[] = [];
  readonly #looseSeqs: number[] = [];

  /** Takes an owner in, of whom nothing is known yet. */
  add(owner: bigint): void {
    this.#places.set(owner, this.#owners.length);
    this.#owners.push(owner);
    this.#pts.push(NOWHERE.pts);
    this.#looseSeqs.push(NOWHERE.looseSeq);
  }

  /** Notes that an owner's sessions have everything up to a position. */
  settle(owner: bigint, { pts, looseSeq }: BoxPosition): void {
    const place = this.#places.get(owner);
    if (place === undefined) return;
    this.#pts[place] = pts;
    this.#looseSeqs[place] = looseSeq;
  }

  /** An owner's sessions may lack something: the next round reads where the box is, moved or not. */
  unsettle(owner: bigint): void {
    this.settle(owner, NOWHERE);
  }

  remove(owner: bigint): void {
    const place = this.#places.get(owner);
    if (place === undefined) return;
    this.#places.delete(owner);
    const [last, pts, looseSeq] = [this.#owners.pop()!, this.#pts.pop()!, this.#looseSeqs.pop()!];
    if (last === owner) return;
    this.#places.set(last, place);
    this.#owners[place] = last;
    this.#pts[place] = pts;
    this.#looseSeqs[place] = looseSeq;
  }

  /** Everybody as they are now, in pages of so many. */
  pages(size: number): KnownPositions[] {
    const starts = Array.from({ length: Math.ceil(this.#owners.length / size) }, (_, page) => page * size);
    return starts.map((at) => ({
      owners: this.#owners.slice(at, at + size),
      pts: this.#pts.slice(at, at + size),
      looseSeqs: this.#looseSeqs.slice(at, at + size),
    }));
  }
}
