type Tell = (moves: boolean) => void;

/** Lets so many move at once. Those that wait take the places of those that stop, in the order in which they came. */
export class MovingList {
  readonly #max: number;
  #wanting = new Set<Tell>();
  #moving = new Set<Tell>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Asks for a place. @param tell is called when there is one @returns what gives it back */
  want(tell: Tell): () => void {
    this.#wanting.add(tell);
    this.#fill();
    return () => {
      this.#wanting.delete(tell);
      if (this.#moving.delete(tell)) this.#fill();
    };
  }

  #fill(): void {
    for (const tell of this.#wanting) {
      if (this.#moving.size >= this.#max) return;
      this.#wanting.delete(tell);
      this.#moving.add(tell);
      tell(true);
    }
  }
}
