import { readServerFigures, type ServerFigures } from '@aerogram/domain';
import { type Clock, defineGauge, type Logger, type Metrics, pause } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

const databaseBytes = defineGauge({ name: 'aerogram_database_bytes', help: 'Size of the database on its disk. This and the other numbers about the whole database are read at most once in a minute; each node of a cluster shows the same.' });
const readAt = defineGauge({ name: 'aerogram_database_figures_timestamp_seconds', help: 'When the numbers about the whole database were last read, in unix seconds.' });
const accounts = defineGauge({ name: 'aerogram_accounts', help: 'Accounts of people in the database; as other counts of rows, an estimate if their table is larger than 32 MiB.' });
const online = defineGauge({ name: 'aerogram_people_online', help: 'People who are online, as others see it, in the whole database.' });
const bots = defineGauge({ name: 'aerogram_bots', help: 'Bots in the database.' });
const webhooks = defineGauge({ name: 'aerogram_webhooks', help: 'Webhooks of bots, by state: failing (the last error is less than an hour old) or ok.', labels: ['state'] });
const deadJobs = defineGauge({ name: 'aerogram_dead_jobs', help: 'Jobs that failed too often and wait for an operator.' });
const files = defineGauge({ name: 'aerogram_stored_files', help: 'Files that the server keeps, each content once.' });
const fileBytes = defineGauge({ name: 'aerogram_stored_file_bytes', help: 'Bytes of these files.' });
const cards = defineGauge({ name: 'aerogram_cards', help: 'People of another data centre of whom this one keeps a card with name and photo, by data centre; absent for a server that is alone.', labels: ['dc'] });
const noticesWaiting = defineGauge({ name: 'aerogram_notices_waiting', help: 'Notices for devices whose app is closed that are not sent yet, such as because a push service does not answer; at most 100,000 are counted.' });
const noticesAge = defineGauge({ name: 'aerogram_notices_oldest_seconds', help: 'How old the message is of which a device should have been told longest; 0 if no notice waits.' });
const archiveAge = defineGauge({ name: 'aerogram_archive_age_seconds', help: 'How long ago the last segment of the log of the database was archived; absent without an archive.' });
const archiveWaiting = defineGauge({ name: 'aerogram_archive_waiting_segments', help: 'Segments of the log of the database that are complete and not archived; absent without an archive. While it is 0 nothing is missing, however old the archive is: nothing was written.' });
const archiveFailing = defineGauge({ name: 'aerogram_archive_failing', help: '1 while the last attempt to archive a segment failed; absent without an archive.' });

const READ_EVERY_MS = 60_000;
/** A scrape waits this long for new numbers; then it shows those of before, and the next one has the new ones. */
const PATIENCE_MS = 500;

interface FigureDeps {
  db: Pick<Database, 'run'>;
  clock: Clock;
  /** Of what lasts as long as the process. */
  sessionClock: Clock;
  log: Logger;
  metrics: Metrics;
}

/** Shows numbers about the whole database at `/metrics`. They are read when somebody asks for them, at most once in a minute. */
export function showFigures({ db, clock, sessionClock, log, metrics }: FigureDeps): void {
  let dueMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  metrics.onRender(async () => {
    if (reading === undefined) {
      if (sessionClock.monotonicMs() < dueMs) return;
      dueMs = sessionClock.monotonicMs() + READ_EVERY_MS;
      reading = readServerFigures(db, clock.now())
        .then((figures) => show(metrics, figures, sessionClock.nowMs()))
        .catch((error: unknown) => log.debug({ err: error }, 'the numbers about the database could not be read'))
        .finally(() => {
          reading = undefined;
        });
    }
    await Promise.race([reading, pause(sessionClock, PATIENCE_MS)]);
  });
}

function show(metrics: Metrics, figures: ServerFigures, nowMs: number): void {
  metrics.gauge(readAt).set(nowMs / 1000);
  metrics.gauge(databaseBytes).set(figures.databaseBytes);
  metrics.gauge(accounts).set(figures.accounts);
  metrics.gauge(online).set(figures.online);
  metrics.gauge(bots).set(figures.bots);
  metrics.gauge(webhooks).set({ state: 'failing' }, figures.failingWebhooks);
  metrics.gauge(webhooks).set({ state: 'ok' }, figures.webhooks - figures.failingWebhooks);
  metrics.gauge(deadJobs).set(figures.deadJobs);
  metrics.gauge(files).set(figures.files);
  metrics.gauge(fileBytes).set(figures.fileBytes);
  for (const { dc, cards: count } of figures.cards) metrics.gauge(cards).set({ dc }, count);
  metrics.gauge(noticesWaiting).set(figures.notices.waiting);
  metrics.gauge(noticesAge).set(figures.notices.ageS);
  if (figures.archive === undefined) return;
  metrics.gauge(archiveAge).set(figures.archive.ageS);
  metrics.gauge(archiveWaiting).set(figures.archive.waiting);
  metrics.gauge(archiveFailing).set(figures.archive.isFailing ? 1 : 0);
}
