import type { QuestionName, Refusal } from './questions/index.ts';
import type { PeerId, Snippet, WaitingChange } from './models.ts';
import type { Peer } from './peers.ts';
import type { Session, ViewName } from './views.ts';

/** What a page sends to the worker. */
export type ToWorker =
  | { type: 'hello'; build: string; origin: string; language: string; hidden: boolean }
  | { type: 'ask'; id: number; name: QuestionName; say: unknown }
  | { type: 'open'; view: number; name: ViewName; say: unknown }
  | { type: 'close'; view: number }
  | { type: 'visible'; isVisible: boolean }
  | { type: 'bye' };

/** What the worker sends to a page. */
export type ToPage =
  /** The page was built with another worker: it loads itself anew. */
  | { type: 'reload' }
  /** Nobody is logged in any more, and what the worker had is gone: the page forgets the rest. */
  | { type: 'end' }
  | { type: 'answer'; id: number; get?: unknown; refusal?: Refusal }
  /** A new message, told to one page of all: it decides how loudly. */
  | { type: 'alert'; peer: PeerId; snippet: Snippet }
  /** The server refused an edit or a deletion that was left from before: told to one page of all. */
  | { type: 'refused'; kind: WaitingChange; refusal: Refusal }
  /** How many bytes of a file have come. Files are named by `fileKey`. */
  | { type: 'progress'; file: string; loaded: number; total: number }
  /** What the other side of a call says to the engine in this page. */
  | { type: 'signal'; call: number; data: Uint8Array }
  /** A call rings: told to one page of all, which is heard. */
  | { type: 'ring'; call: number }
  /** At most one a frame. Peers come before the views that name them. */
  | { type: 'patches'; session?: Session; peers?: Peer[]; views?: { view: number; patch: unknown }[] };
