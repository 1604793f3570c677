import { QuotaBuckets, type QuotaDeps } from '../shared/index.ts';

/** Quotas on fetching pages, per user and per site. */
export class FetchLimits {
  readonly #ofUsers: QuotaBuckets;
  readonly #picturesOfUsers: QuotaBuckets;
  readonly #ofSites: QuotaBuckets;

  constructor(deps: QuotaDeps) {
    this.#ofUsers = new QuotaBuckets(deps, 'pageFetches');
    this.#picturesOfUsers = new QuotaBuckets(deps, 'pagePictures');
    this.#ofSites = new QuotaBuckets(deps, 'pageFetchesOfSite');
  }

  /**
   * Takes one fetch from the quotas.
   * @param url normalised
   * @returns false if the quota of the user or of the site is used up
   */
  take(readerId: bigint, url: string): boolean {
    return this.#ofUsers.take(String(readerId), 1) === 0 && this.takeOfSite(url);
  }

  /**
   * Takes one picture from the quota of the user.
   * @returns false if the quota is used up
   */
  takePicture(readerId: bigint): boolean {
    return this.#picturesOfUsers.take(String(readerId), 1) === 0;
  }

  /**
   * Takes one fetch from the quota of the site alone, for a redirect or the picture of a page.
   * @returns false if the quota is used up
   */
  takeOfSite(url: string): boolean {
    return this.#ofSites.take(new URL(url).hostname, 1) === 0;
  }
}
