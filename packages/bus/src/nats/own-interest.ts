import { PART, writeInterest } from './interest-list.ts';

/** What this node listens to, and which of it the others were not told yet. */
export class OwnInterest {
  readonly #keys = new Set<number>();
  readonly #began = new Set<number>();
  readonly #ceased = new Set<number>();

  /** Whether the others lack hints until they are told. What has ceased only costs them messages. */
  get isUrgent(): boolean {
    return this.#began.size > 0;
  }

  begin(key: number): void {
    this.#keys.add(key);
    if (!this.#ceased.delete(key)) this.#began.add(key);
  }

  cease(key: number): void {
    this.#keys.delete(key);
    if (!this.#began.delete(key)) this.#ceased.add(key);
  }

  /** The bodies of messages that tell what has changed since it was taken last; none if nothing has. */
  takeChanges(keysPerBody: number): Buffer[] {
    const changes = [...this.#began, ...Array.from(this.#ceased, (key) => -key)];
    this.#forgetChanges();
    return inParts(changes, keysPerBody).map((keys) => writeInterest(PART.changes, keys));
  }

  /** The bodies of messages that tell everything. They and the changes that are taken later say all. */
  takeAll(keysPerBody: number): Buffer[] {
    this.#forgetChanges();
    const lists = inParts([...this.#keys], keysPerBody);
    if (lists.length === 0) lists.push([]);
    return lists.map((keys, index) => {
      const isFirst = index === 0;
      const isLast = index === lists.length - 1;
      return writeInterest(isFirst || isLast ? (isFirst ? PART.first : 0) | (isLast ? PART.last : 0) : PART.middle, keys);
    });
  }

  #forgetChanges(): void {
    this.#began.clear();
    this.#ceased.clear();
  }
}

function inParts(keys: readonly number[], length: number): number[][] {
  return Array.from({ length: Math.ceil(keys.length / length) }, (_, index) => keys.slice(index * length, (index + 1) * length));
}
