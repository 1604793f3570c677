import type { BoxPosition, KnownPositions } from '@aerogram/domain';

/** Lower than any position that a message box can have. */
const NOWHERE: BoxPosition = { pts: 0, looseSeq: 0 };

/**
 * The positions up to which the sessions of each owner are known to have everything, so that a repair reads only the boxes that have moved
 * since. Stored in columns, as the database query takes them: each repair reads most entries and changes none.
 */
export class PositionBook {
  readonly #places = new Map<bigint, number>();
  readonly #owners: bigint[] = [];
  readonly #pts: number[] = [];
  readonly #looseSeqs: number[] = [];

  /** Adds an owner whose position is unknown. */
  add(owner: bigint): void {
    this.#places.set(owner, this.#owners.length);
    this.#owners.push(owner);
    this.#pts.push(NOWHERE.pts);
    this.#looseSeqs.push(NOWHERE.looseSeq);
  }

  /** Records that an owner's sessions have everything up to a position. */
  settle(owner: bigint, { pts, looseSeq }: BoxPosition): void {
    const place = this.#places.get(owner);
    if (place === undefined) return;
    this.#pts[place] = pts;
    this.#looseSeqs[place] = looseSeq;
  }

  /** Records that an owner's sessions may lack something: the next repair reads the position of the box even if it has not moved. */
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

  /** Copies all entries, in pages of `size`. */
  pages(size: number): KnownPositions[] {
    const starts = Array.from({ length: Math.ceil(this.#owners.length / size) }, (_, page) => page * size);
    return starts.map((at) => ({
      owners: this.#owners.slice(at, at + size),
      pts: this.#pts.slice(at, at + size),
      looseSeqs: this.#looseSeqs.slice(at, at + size),
    }));
  }
}
