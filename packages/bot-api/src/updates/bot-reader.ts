import { type BoxPosition, onUserHint, type ToldUpdate, type UserHint } from '@aerogram/domain';
import type { Bus } from '@aerogram/bus';
import type { Clock, Logger } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { UpdateObject } from '../objects/update-object.ts';
import { isAllowed } from './allowed-updates.ts';
import type { ChannelWatch } from './channel-watch.ts';
import { FollowedSequences } from './followed-sequences.ts';
import { InboxTaken, type StoredUpdate } from './inbox.ts';
import { BoxSequence, type EventSource, type SequenceDeps } from './read-sequences.ts';
import { expiryOf } from './update-life.ts';
import { WaitingUpdates } from './waiting-updates.ts';

/** Maximum number of updates that wait. Further events stay in the boxes until the bot has confirmed some. */
const AHEAD_MAX = 1000;
/** Maximum number of questions that one read brings. */
const QUESTIONS_MAX = 100;
/** A position is stored when it was read so many events further, even if the bot was told nothing. */
const UNSAVED_MAX = 1000;
/** Failed attempts after which updates are made one by one, so that one that cannot be made does not stop the others. */
const ATTEMPTS_MAX = 2;

export interface BotReaderDeps {
  domain: EventSource;
  bus: Bus;
  clock: Clock;
  log: Logger;
  channels: ChannelWatch;
  /** Makes updates of the Bot API out of what a bot gets over MTProto. */
  project(botId: bigint, updates: tl.Updates): Promise<UpdateObject[]>;
}

/** Updates that were read in one pass. */
interface Draft {
  objects: UpdateObject[];
  queryIds: bigint[];
}

/** What is known as long as nobody else reads the events of the bot. */
interface Owned {
  ownerEpoch: number;
  box: BoxSequence;
  followed: FollowedSequences;
}

/**
 * Reads the events of one bot and stores its updates. Passes run one after the other; each stores what it has read before anybody sees it. After a failure, everything
 * is read again from the stored positions.
 */
export class BotReader implements Disposable {
  readonly botId: bigint;
  readonly waiting = new WaitingUpdates();
  readonly #deps: BotReaderDeps;
  readonly #subscription: Disposable;
  readonly #listeners = new Set<() => void>();
  readonly #tasks: (() => Promise<void>)[] = [];
  /** Undefined before the first pass and after a failure. */
  #owned: Owned | undefined;
  #nextId = 0;
  #allowed: readonly string[] | undefined;
  #isTaken = false;
  /** Whether only what was read already is stored. */
  #isClosing = false;
  #isFlushing = false;
  #isAsked = true;
  /** Position of the box of which a hint or a read has told. */
  #seen: BoxPosition = { pts: 0, looseSeq: 0 };
  #running: Promise<void> | undefined;
  /** Why the last pass failed; no pass begins until the next {@link BotReader.tick}. */
  #failure: { error: unknown } | undefined;
  #failures = 0;

  constructor(botId: bigint, deps: BotReaderDeps) {
    this.botId = botId;
    this.#deps = deps;
    this.#subscription = onUserHint(deps.bus, botId, (hint) => this.#accept(hint));
  }

  get isTaken(): boolean {
    return this.#isTaken;
  }

  get seen(): BoxPosition {
    return this.#seen;
  }

  get hasUnread(): boolean {
    return this.#isAsked || this.#owned === undefined || this.#owned.box.hasNews || this.#owned.followed.hasNews;
  }

  /** The id of the next update. */
  get nextId(): number {
    return this.#nextId;
  }

  /** See {@link BotInbox.allowed}. */
  get allowed(): readonly string[] | undefined {
    return this.#allowed;
  }

  /** @throws InboxTaken, or what the last pass threw */
  checkOwned(): void {
    if (this.#isTaken) throw new InboxTaken('another process reads the updates of the bot');
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Resolves when something waits, or everything was read, or a pass has failed. @throws as {@link BotReader.checkOwned} */
  async ready(): Promise<void> {
    this.wake();
    while (this.#running !== undefined && (this.#owned === undefined || this.waiting.size === 0)) {
      await Promise.race([this.#running, this.#nextArrival()]);
    }
    this.checkOwned();
  }

  /** Resolves when all that fits was read, or a pass has failed. @throws as {@link BotReader.checkOwned} */
  async caughtUp(): Promise<void> {
    this.wake();
    await this.#running;
    this.checkOwned();
  }

  onArrival(listener: () => void): Disposable {
    const own = (): void => listener();
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  /** The box is at a position of which no hint has told. */
  moved(position: BoxPosition): void {
    this.#seen = position;
    this.#owned?.box.moved(position);
    this.wake();
  }

  /** The bot was asked something. */
  asked(): void {
    this.#isAsked = true;
    this.wake();
  }

  /** Called now and then: tries again after a failure, stores confirmations, and forgets what nobody has fetched. */
  tick(nowDate: number): void {
    this.#failure = undefined;
    this.waiting.forgetRecent();
    this.waiting.dropExpired(nowDate);
    if (this.waiting.hasUnsaved) this.#isFlushing = true;
    this.wake();
  }

  /** Begins to read unless that runs already, or nothing is to be read. */
  wake(): void {
    if (this.#running === undefined && this.#hasWork()) this.#running = this.#run();
  }

  /** Stores all positions and confirmations, and reads nothing any more. */
  async flush(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
    if (this.#owned === undefined || this.#isTaken) return;
    this.#failure = undefined;
    this.#isFlushing = true;
    this.wake();
    await this.#running;
  }

  /** Deletes all updates, also those that were not read yet. */
  drop(): Promise<void> {
    return this.#exclusively(async (owned) => {
      const told = await this.#deps.domain.botQuestions.listUnqueued(this.botId, QUESTIONS_MAX);
      await owned.box.skipAll();
      await owned.followed.skipAll();
      this.waiting.confirmBefore(this.#nextId);
      this.#isFlushing = true;
      await this.#save(owned, { objects: [], queryIds: told.map(({ queryId }) => queryId) });
    });
  }

  setAllowed(names: readonly string[] | undefined): Promise<void> {
    return this.#exclusively(async (owned) => {
      if (!(await this.#deps.domain.botUpdates.saveAllowed(this.botId, owned.ownerEpoch, names))) return this.#take();
      this.#allowed = names;
    });
  }

  /** Stops to listen. Nothing may be called afterwards. */
  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#owned?.followed[Symbol.dispose]();
    this.#isTaken = true;
    this.#notify();
  }

  /** Runs a task between two passes. @throws what it throws */
  async #exclusively(task: (owned: Owned) => Promise<void>): Promise<void> {
    const outcome: { failure: { error: unknown } | undefined } = { failure: undefined };
    this.#failure = undefined;
    await new Promise<void>((resolve) => {
      this.#tasks.push(async () => {
        try {
          this.checkOwned();
          await task(this.#owned!);
        } catch (error) {
          outcome.failure = { error };
          throw error;
        } finally {
          resolve();
        }
      });
      this.wake();
    });
    if (outcome.failure !== undefined) throw outcome.failure.error;
  }

  get #room(): number {
    return AHEAD_MAX - this.waiting.size;
  }

  #hasWork(): boolean {
    if (this.#isTaken) return this.#tasks.length > 0;
    if (this.#failure !== undefined) return false;
    return this.#owned === undefined || this.#tasks.length > 0 || this.#isFlushing || (this.#room > 0 && !this.#isClosing && this.hasUnread);
  }

  async #run(): Promise<void> {
    try {
      while (this.#hasWork()) await this.#pass();
      this.#failures = 0;
    } catch (error) {
      this.#failure = { error };
      this.#failures++;
      this.#forget();
      this.#deps.log.warn({ err: error, botId: this.botId.toString() }, 'reading the updates of a bot failed; it is tried again');
    } finally {
      // Cleared together with the last check, so that nothing can be missed in between.
      this.#running = undefined;
    }
    while (this.#failure !== undefined && this.#tasks.length > 0) await this.#tasks.shift()!().catch(() => undefined);
  }

  /** Everything is read again from the stored positions. */
  #forget(): void {
    this.#owned?.followed[Symbol.dispose]();
    this.#owned = undefined;
    this.#isAsked = true;
  }

  async #pass(): Promise<void> {
    if (!this.#isTaken) this.#owned ??= await this.#load();
    const task = this.#tasks.shift();
    if (task !== undefined) return task();
    const owned = this.#owned!;
    const draft: Draft = { objects: [], queryIds: [] };
    if (this.#room > 0 && !this.#isClosing) await this.#readAll(owned, draft);
    const unsaved = owned.box.unsaved + owned.followed.unsaved;
    if (draft.objects.length > 0 || draft.queryIds.length > 0 || this.#isFlushing || unsaved > UNSAVED_MAX) await this.#save(owned, draft);
  }

  async #load(): Promise<Owned> {
    const { domain, clock, channels } = this.#deps;
    const opened = await domain.botUpdates.open(this.botId);
    this.waiting.reset(opened.waiting);
    this.#nextId = opened.nextId;
    this.#allowed = opened.allowed;
    const deps: SequenceDeps = { domain, clock, botId: this.botId };
    const box = new BoxSequence(deps, opened.reach);
    await box.skipOld();
    const followed = new FollowedSequences(deps, { watch: channels, stored: opened.channels, wake: () => this.wake(), keeps: () => this.#room > 0 });
    return { ownerEpoch: opened.ownerEpoch, box, followed };
  }

  /** Reads first what somebody waits for, then the box, then the channels. */
  async #readAll({ box, followed }: Owned, draft: Draft): Promise<void> {
    const room = (): number => this.#room - draft.objects.length;
    const add = (objects: readonly UpdateObject[]): void => {
      const nowDate = this.#deps.clock.now();
      draft.objects.push(...objects.filter((object) => isAllowed(this.#allowed, object.name) && expiryOf(object) > nowDate));
    };
    if (this.#isAsked) {
      this.#isAsked = false;
      const told = await this.#deps.domain.botQuestions.listUnqueued(this.botId, Math.min(QUESTIONS_MAX, room()));
      if (told.length === QUESTIONS_MAX) this.#isAsked = true;
      draft.queryIds.push(...told.map(({ queryId }) => queryId));
      for (const one of told) add(await this.#projectTold(one));
    }
    if (box.hasNews && room() > 0) {
      const { events, updates } = await box.read(room());
      // Whoever joins or leaves a channel gets an `updateChannel`.
      if (events.some((event) => event.kind === 'update' && event.update._ === 'updateChannel')) followed.isStale = true;
      if (updates !== undefined) add(await this.#project(updates));
    }
    await followed.refresh();
    for (const channel of followed.withNews()) {
      if (room() <= 0) break;
      const { updates } = await channel.read(room());
      if (updates !== undefined) add(await this.#project(updates));
    }
  }

  async #projectTold({ update, date }: ToldUpdate): Promise<UpdateObject[]> {
    const updates = await this.#deps.domain.updates.projectTransient(this.botId, update);
    return this.#project('date' in updates ? { ...updates, date } : updates);
  }

  async #project(updates: tl.Updates): Promise<UpdateObject[]> {
    const { project, log } = this.#deps;
    if (this.#failures < ATTEMPTS_MAX || updates._ !== 'updates') return project(this.botId, updates);
    const objects: UpdateObject[] = [];
    for (const update of updates.updates) {
      try {
        objects.push(...(await project(this.botId, { ...updates, updates: [update] })));
      } catch (error) {
        log.error({ err: error, botId: this.botId.toString(), update: update._ }, 'an update of a bot could not be made, and is left out');
      }
    }
    return objects;
  }

  async #save(owned: Owned, { objects, queryIds }: Draft): Promise<void> {
    this.#isFlushing = false;
    const { ownerEpoch, box, followed } = owned;
    const nextId = this.#nextId;
    const updates = objects.map((object, at): StoredUpdate => {
      const id = nextId + at;
      return { id, name: object.name, queue: object.queue, expires: expiryOf(object), json: JSON.stringify({ update_id: id, [object.name]: object.value }) };
    });
    const { confirmed } = this.waiting;
    const { channels, ended } = followed.unsavedPositions();
    const progress = { ownerEpoch, nextId: nextId + updates.length, reach: box.reach, updates, channels, ended, confirmed, queryIds };
    if (!(await this.#deps.domain.botUpdates.save(this.botId, progress))) return this.#take();
    this.#nextId += updates.length;
    box.unsaved = 0;
    followed.saved(channels, ended);
    this.waiting.saved(confirmed);
    this.waiting.add(updates);
    if (updates.length > 0) this.#notify();
  }

  /** Another process reads the events of the bot now. */
  #take(): void {
    this.#isTaken = true;
    this.#forget();
    this.#notify();
  }

  #nextArrival(): Promise<void> {
    return new Promise((resolve) => {
      const listening = this.onArrival(() => {
        listening[Symbol.dispose]();
        resolve();
      });
    });
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #accept(hint: UserHint): void {
    if (hint.kind === 'transient') {
      if (isQuestion(hint.update)) this.asked();
      return;
    }
    // Bots have no logs of devices.
    if (hint.kind !== 'box') return;
    if (hint.pts > this.#seen.pts) this.#seen = { ...this.#seen, pts: hint.pts };
    this.#owned?.box.hint(hint, this.#room > 0);
    this.wake();
  }
}

/** Whether an update without a place in the box is one that bots are told over HTTP. Its row is read. */
function isQuestion({ _ }: tl.Update): boolean {
  return _ === 'updateBotCallbackQuery' || _ === 'updateInlineBotCallbackQuery' || _ === 'updateBotInlineQuery' || _ === 'updateBotInlineSend';
}
