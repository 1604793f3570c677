import { DatabaseUnavailable } from '../database/errors.ts';
import type { ClusterView } from './node-store.ts';
import { judgePrimary, type KnownPrimary, mustBeNoted } from './note-timeline.ts';

/** What a renewal says of the primary. */
export interface PrimaryFinding {
  /** It is to be noted. */
  hasNews: boolean;
  /** Transactions may begin: it is noted as far as they depend on it. */
  isKnown: boolean;
  /** The connections to the former one are of no use. */
  isChanged: boolean;
}

/** Follows which server is the primary of the database. */
export class PrimaryWatch {
  #known: KnownPrimary;

  constructor({ timeline, isSynchronous }: ClusterView) {
    this.#known = { timeline, isSynchronous };
  }

  get known(): KnownPrimary {
    return this.#known;
  }

  /** Takes what a renewal has read. @throws DatabaseUnavailable when a former primary has answered, which is not served from again */
  look(view: ClusterView): PrimaryFinding {
    const { timeline, isSynchronous } = view;
    if (timeline < this.#known.timeline) throw new DatabaseUnavailable(`a former primary of the database answers: it has timeline ${timeline}, and ${this.#known.timeline} was met before`);
    const news = judgePrimary(view, this.#known);
    const isKnown = !mustBeNoted(news);
    const isChanged = isKnown && timeline !== this.#known.timeline;
    if (isKnown) this.#known = { timeline, isSynchronous };
    return { hasNews: news !== 'none', isKnown, isChanged };
  }
}
