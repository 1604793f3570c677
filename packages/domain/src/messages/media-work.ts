import type { Random } from '@aerogram/runtime';
import type { Database, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { Polls } from '../polls/index.ts';
import type { Preview, WebPages } from '../web-pages/index.ts';

/** What {@link MediaWork.start} needs. */
export interface StartDeps {
  random: Random;
  webPages: Pick<WebPages, 'findPreview'>;
  polls: Pick<Polls, 'doStart'>;
  senderId: bigint;
}

/** The next message of one that repeats. */
export interface Renewal {
  senderId: bigint;
  /** By how many seconds it is sent later. */
  laterS: number;
  polls: Pick<Polls, 'copyIn'>;
}

/** What is done with media of a kind when their message is sent, besides storing them. The functions stand in the subject of the kind; `prepare-media.ts` lists them. */
export interface MediaWork<M> {
  /** Whether something of the media is decided only when the message is sent. Pure. */
  waits(media: M): boolean;
  /** Decides what waited. */
  start(media: M, deps: StartDeps): Promise<{ media?: tl.MessageMedia | undefined; pending?: Preview['pending'] }>;
  /** The media of the next message of one that repeats, in the transaction that schedules it. Undefined for kinds of which it has the same. */
  renew?(tx: Tx, media: M, renewal: Renewal): Promise<tl.MessageMedia>;
  /** Deletes what was stored for a message that was refused. */
  drop?(media: M, deps: { polls: Pick<Polls, 'doDropUnsent'> }): Promise<void>;
  /** Lists media that belong to these and are not stored with the message, whose rights the sender must have, too. */
  listBesides?(db: Pick<Database, 'run'>, media: M): Promise<tl.MessageMedia[]>;
}

/** Nothing is left to be done with such media when they are sent. */
export const NO_WORK: MediaWork<tl.MessageMedia> = { waits: () => false, start: (media) => Promise.resolve({ media }) };
