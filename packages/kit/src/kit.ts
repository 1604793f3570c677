import type { ServerFile } from '@aerogram/runtime';

import type { KitParts } from './kit-parts.ts';
import type { TestSets } from './test-sets.ts';
import type { WebLinks } from './web-links.ts';

/** A server for tests, with what tests may do to it. */
export interface Kit extends KitParts {
  readonly sets: TestSets;
  /** Links that open the web client logged in as a person. */
  readonly webLinks: WebLinks;
  /** Addresses and keys. */
  readonly server: ServerFile;
}
