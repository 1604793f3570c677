import type { Socket } from 'node:net';
import type pg from 'pg';
import { OtherPrimary } from './errors.ts';
import { TIMELINE } from './timeline.ts';

/**
 * A connection on which nothing is heard for so long, while something waits, is closed, in milliseconds. The database answers each statement within half of it, but a
 * COMMIT waits for its standby as long as that takes, and a host that has vanished does not answer at all.
 */
const SILENCE_MS = 10_000;

/** Reported by the function that waits for the standbys at COMMIT; the text of the message depends on the language of the server. */
const WAIT_ROUTINE = 'SyncRepWaitForLSN';

/** Members of `pg`'s client that its types leave out. */
interface ClientParts {
  connection: { stream: Socket };
}

const streamOf = (client: pg.ClientBase): Socket => (client as unknown as ClientParts).connection.stream;

const cancelledWaits = new WeakSet<pg.ClientBase>();

/** Forgets what {@link isWaitCancelled} has found. */
export function watchWaits(client: pg.ClientBase): void {
  cancelledWaits.delete(client);
}

/** Whether the database has told, since {@link watchWaits}, that it no longer waits for the standby: it has committed something that another primary may lack. */
export const isWaitCancelled = (client: pg.ClientBase): boolean => cancelledWaits.has(client);

/** Lets a statement of this connection take as long as it needs; for migrations. */
export function waitLong(client: pg.ClientBase): void {
  streamOf(client).setTimeout(0);
}

/** What is known of a connection. */
export class ConnectionState {
  /** Also before it is given to anybody. */
  isInUse = true;
  /** Undefined until {@link identify}. */
  timeline: string | undefined;
  readonly #client: pg.ClientBase;

  /** @param mustAnswer it is closed when the database falls silent */
  constructor(client: pg.ClientBase, mustAnswer: boolean) {
    this.#client = client;
    client.on('notice', (notice) => {
      if (notice.routine === WAIT_ROUTINE) cancelledWaits.add(client);
    });
    if (!mustAnswer) return;
    streamOf(client)
      .setTimeout(SILENCE_MS)
      .on('timeout', () => {
        if (this.isInUse) this.close();
      });
  }

  /** Finds out which primary it leads to. @throws OtherPrimary when it leads to a standby */
  async identify(): Promise<void> {
    const { rows } = await this.#client.query<{ timeline: string | null }>(`SELECT ${TIMELINE} AS timeline`);
    const { timeline } = rows[0]!;
    if (timeline === null) throw new OtherPrimary('the address of the database leads to a standby');
    this.timeline = timeline;
  }

  /** Ends it without a word; what waits for an answer fails as if the connection had been lost. */
  close(): void {
    streamOf(this.#client).destroy();
  }
}
