import { setTimeout as delay } from 'node:timers/promises';
import { type RawAccount, readBox, sumOfMetric } from '@aerogram/dev-env/load';
import { type Random, seededRandom } from '@aerogram/runtime';
import { type FileCrashOptions, FileServer } from './file-server.ts';
import { loadUntilKilled } from './load-until-killed.ts';
import { checkSentMedia } from './media-check.ts';
import { waitForOrphans } from './orphans.ts';
import { SentMedia } from './sent-media.ts';
import { ChatPhotos, ProfilePhotos } from './set-photos.ts';
import { ageFiles, checkRows } from './stored-files.ts';
import { Wallpapers } from './wallpapers.ts';

/** Options of the crash test of media. */
export interface MediaCrashOptions extends FileCrashOptions {
  /** Uploads at once under one of the kills: so many accounts, and so many of each. */
  burst?: { accounts: number; each: number };
}

/** Result of a run. */
export interface MediaCrashReport {
  kills: number;
  /** Messages with media that were sent, all of them acknowledged in the end. */
  sent: number;
  /** Photos of profiles and chats, and wallpapers, that were set. */
  set: number;
  /** Photos that were sent at once. */
  burst: number;
  /** How many of them waited for their turn when the kill came. */
  waiting: number;
}

/** The load runs at least this long before the kill, in milliseconds; the exact time depends on the seed. */
const MIN_LOAD_MS = 300;
const MAX_LOAD_MS = 3000;
/** Sends at once. */
const LANES = [0, 1, 2];
/** A session runs up to eight calls at once. */
const BURST = { accounts: 125, each: 8 };
/** The pictures of the burst are small, so that it is over soon. */
const BURST_SIDES = [320, 240] as const;
const BURST_WAITS_WITHIN_MS = 60_000;
/** Of how many photos of each account of the burst the sizes are loaded after the kill; in the end those of all are. */
const BURST_LOADED = 2;
/** How many events a message has before it is deleted: it is new, and its media are opened and go. */
const EVENTS_MAX = 3;
const WAITING = ['aerogram_photos_waiting', 'aerogram_media_files_waiting'];

/**
 * Kills server and database with SIGKILL while accounts send photos, albums, voice messages, videos and GIF files, open and delete some of them, and set photos of their profile and of a
 * channel and wallpapers; under one of the kills many accounts upload at once. After each start it checks rows, messages and photos, and that no process for media is left of the killed
 * server. What was not answered is then repeated, and nothing may be there twice.
 *
 * @throws on the first violation
 */
export async function runMediaCrashes(options: MediaCrashOptions): Promise<MediaCrashReport> {
  const { engine, kills, seed, burst = BURST, log = () => {} } = options;
  const random = seededRandom(seed);
  const report: MediaCrashReport = { kills: 0, sent: 0, set: 0, burst: 0, waiting: 0 };
  await using server = await FileServer.start(options, 2 + burst.accounts);
  try {
    const [first, second, ...many] = server.accounts as [RawAccount, RawAccount, ...RawAccount[]];
    await first.meet(second);
    await second.meet(first);
    const chat = new SentMedia({ from: first, to: second });
    const photos = [new ProfilePhotos(first), await ChatPhotos.create(first), new Wallpapers(second, first)];
    const saved = many.map((account) => new SentMedia({ from: account, to: account, kinds: ['photo'], size: BURST_SIDES }));
    const actions = [...LANES.map(() => async () => chat.send(await chat.draw(random))), () => chat.abandon(random), () => chat.open(), () => chat.delete(random), ...photos.map((one) => () => one.change(random))];

    for (let round = 0; round < kills; round++) {
      // Uploads that were left behind expire, so that an account never has too many of them.
      await ageFiles(server.places);
      const isBurst = round === Math.floor(kills / 2);
      const sending = isBurst ? await drawBurst(saved, burst.each, random) : actions;
      await loadUntilKilled(server.accounts, sending, async (begins) => {
        if (isBurst) await burstWaits(server, burst.accounts / 2);
        await delay(isBurst ? random.uint31() % MIN_LOAD_MS : MIN_LOAD_MS + (random.uint31() % (MAX_LOAD_MS - MIN_LOAD_MS)));
        if (isBurst) report.waiting = await countWaiting(server);
        begins();
        await server.kill(random);
      });
      await waitForOrphans();
      await server.restart();
      await checkAndRepeat(server, { chat, bursts: isBurst ? saved : [], photos });
      report.kills++;
      log(`kill ${round + 1}: ${chat.count} messages with media sent, ${photos.map(({ count }) => count).join(' + ')} photos and wallpapers set${isBurst ? `, ${report.waiting} of ${saved.length * burst.each} uploads waited` : ''}`);
    }
    await server.checkCollection();
    await waitForOrphans();
    for (const one of [chat, ...saved]) await checkSentMedia(one, { settled: true, loaded: Number.POSITIVE_INFINITY });
    for (const one of photos) await one.check();
    report.sent = chat.count;
    report.set = photos.reduce((sum, { count }) => sum + count, 0);
    report.burst = saved.reduce((sum, { count }) => sum + count, 0);
    return report;
  } catch (error) {
    throw new Error(`crash test of media, engine ${engine}, seed ${seed}, after ${report.kills} kills: ${(error as Error).message}\n--- server ---\n${server.output.slice(-4000)}`, { cause: error });
  }
}

/** What accounts send and set. */
interface MediaLoad {
  chat: SentMedia;
  /** The chats of those who have uploaded at once. */
  bursts: readonly SentMedia[];
  photos: readonly (ProfilePhotos | ChatPhotos | Wallpapers)[];
}

/** Checks everything after a start, repeats what was not answered, and checks everything again. @throws on the first violation */
async function checkAndRepeat(server: FileServer, { chat, bursts, photos }: MediaLoad): Promise<void> {
  await checkRows(server.places);
  await checkChats(chat, bursts, false);
  for (const one of photos) await one.check();
  await Promise.all([chat, ...bursts, ...photos].map((one) => one.repeatOpen()));
  await checkChats(chat, bursts, true);
  for (const one of photos) await one.check();
  await checkBoxes(chat);
  const waiting = await countWaiting(server);
  if (waiting > 0) throw new Error(`${waiting} files still wait after everything was answered`);
}

async function checkChats(chat: SentMedia, bursts: readonly SentMedia[], settled: boolean): Promise<void> {
  await checkSentMedia(chat, { settled });
  for (const one of bursts) await checkSentMedia(one, { settled, loaded: BURST_LOADED });
}

/** Draws pictures. @returns actions that send one each, and then do nothing */
async function drawBurst(chats: readonly SentMedia[], each: number, random: Random): Promise<(() => Promise<void>)[]> {
  const actions: (() => Promise<void>)[] = [];
  for (const chat of chats) {
    const media = await Promise.all(Array.from({ length: each }, () => chat.draw(random)));
    for (const medium of media) {
      let isBegun = false;
      actions.push(async () => {
        if (isBegun) return delay(MIN_LOAD_MS);
        isBegun = true;
        await chat.send(medium);
      });
    }
  }
  return actions;
}

/** Waits until so many uploads of the burst wait for a process. */
async function burstWaits(server: FileServer, waiting: number): Promise<void> {
  for (const deadline = performance.now() + BURST_WAITS_WITHIN_MS; (await countWaiting(server)) < waiting; await delay(10)) {
    if (performance.now() > deadline) throw new Error('no uploads wait for their turn');
  }
}

/** How many files wait for a process, as the metrics say. */
async function countWaiting(server: FileServer): Promise<number> {
  const page = await server.readMetrics();
  return WAITING.reduce((sum, name) => sum + sumOfMetric(page, name), 0);
}

/** Checks that the events of both message boxes have no gaps, but for messages that were deleted: new, edited and opened ones are told no more then. @throws if one has */
async function checkBoxes({ from, to, media }: SentMedia): Promise<void> {
  const broken: string[] = [];
  const deleted = media.filter(({ deletion }) => deletion !== undefined).reduce((sum, { pieces }) => sum + pieces.length, 0);
  for (const account of [from, to]) {
    const { pts, steps } = await readBox(account, broken);
    const missing = pts - 1 - steps;
    if (missing < 0 || missing > EVENTS_MAX * deleted) broken.push(`${account.name}: pts is ${pts}, but the box accounts for ${steps} steps after 1, and ${deleted} messages were deleted`);
  }
  if (broken.length > 0) throw new Error(broken.join('\n'));
}
