import type { WebhookRow, WebhookTrouble } from '@aerogram/domain';
import type { Clock, Logger, Random, TimerHandle } from '@aerogram/runtime';
import { failureOf, type PostAnswer, PostFailure } from '@aerogram/web-fetch';

import type { BotCallWatch } from '../bot-call-watch.ts';
import { type BotInbox, InboxTaken } from '../updates/inbox.ts';
import type { SendSlots } from './send-slots.ts';
import { type HeldUpdate, UpdateQueues } from './update-queues.ts';
import type { WebhookOutcome } from './webhook-metrics.ts';
import type { WebhookPoster } from './webhook-poster.ts';
import { isGoneForGood, retryDelayMs } from './webhook-schedule.ts';

/** What a webhook needs to be served. */
export interface SenderParts {
  readonly webhook: WebhookRow;
  readonly inbox: BotInbox;
  readonly poster: Pick<WebhookPoster, 'post'>;
  readonly slots: SendSlots;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Stands around what is sent. */
  readonly watch?: BotCallWatch | undefined;
  /** Runs the method that an answer contains. */
  runAnswer(botId: bigint, contentType: string, body: Uint8Array): Promise<void>;
  /** Stores what became of the last attempts. */
  noteTrouble(webhook: WebhookRow, trouble: WebhookTrouble): Promise<void>;
  /** The webhook has said for so long that it is gone that it is to be removed. */
  onGone(webhook: WebhookRow): void;
  /** Another process serves the bot now. */
  onTaken(webhook: WebhookRow): void;
  count(outcome: WebhookOutcome): void;
}

/** How many updates are read at a time, and how many are held in all. */
const READ = { page: 100, held: 1000 } as const;

/** A page that is shorter than this, in characters, was not cut off because of its length. */
const SHORT_PAGE = 1024 * 1024;

/** How many updates a webhook gets at a time before it has answered any. */
const FIRST_ROOM = 10;

/** How long to wait after the database has failed, in milliseconds. */
const DATABASE_REST_MS = 1000;

/** Failures are stored at most this often, in milliseconds: the last one is always known here. */
const NOTE_EVERY_MS = 10_000;

const HTTP_GONE = 410;

/**
 * Sends the updates of one bot to its webhook: in order within a queue, otherwise in parallel. How many at a time grows with each answer up to what the bot wants,
 * and falls when it stops answering, so that a webhook that hangs holds few connections.
 */
export class WebhookSender implements AsyncDisposable {
  readonly #parts: SenderParts;
  readonly #queues = new UpdateQueues();
  readonly #arrivals: Disposable;
  readonly #trouble: Required<WebhookTrouble>;
  /** When the trouble was last stored, by the monotonic clock. */
  #notedMs = -Infinity;
  #nextId = 0;
  /** Whether all updates were read. */
  #isDry = false;
  #isReading = false;
  #isAsking = false;
  #isClosed = false;
  #sending = 0;
  #room: number;
  /** Attempts since the last answer. Those that run at the same time count once. */
  #unreachable = 0;
  #era = 0;
  /** Until when nothing is sent, by the monotonic clock. */
  #restsUntilMs = 0;
  #timer: TimerHandle | undefined;
  #delivered: number[] = [];
  #confirming: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(parts: SenderParts) {
    this.#parts = parts;
    const { last_error_date, last_error_message, gone_since, max_connections } = parts.webhook;
    this.#trouble = { last_error_date, last_error_message, gone_since };
    this.#room = Math.min(FIRST_ROOM, max_connections);
    this.#arrivals = parts.inbox.onArrival(() => {
      this.#isDry = false;
      this.#run();
    });
    this.#run();
  }

  /** What became of the last attempts. */
  get trouble(): Required<WebhookTrouble> {
    return this.#trouble;
  }

  /** Sends nothing more, and waits for the answers that are outstanding. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#close();
    if (this.#sending > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    await this.#confirming;
  }

  /** Sends nothing more. Answers that arrive later change nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await this.#confirming;
  }

  #close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#arrivals[Symbol.dispose]();
  }

  /** Reads and sends what can be read and sent now. */
  #run(): void {
    if (this.#isClosed) return;
    const { clock, slots, webhook } = this.#parts;
    const nowMs = clock.monotonicMs();
    const nextMs = this.#queues.wake(nowMs);
    const isResting = this.#restsUntilMs > nowMs;
    this.#timer?.cancel();
    this.#timer = undefined;
    const wakeMs = isResting ? this.#restsUntilMs : nextMs;
    if (wakeMs !== undefined) this.#timer = clock.setTimeout(() => this.#run(), wakeMs - nowMs);
    if (isResting) return;
    this.#read();
    // What could not be deleted before.
    if (this.#delivered.length > 0) this.#confirmSoon();
    if (this.#isAsking || !this.#queues.isReady || this.#sending >= this.#room) return;
    this.#isAsking = true;
    slots.ask(webhook.bot_id, () => {
      this.#isAsking = false;
      this.#start();
    });
  }

  #read(): void {
    if (this.#isReading || this.#isDry || this.#queues.size > READ.held - READ.page) return;
    this.#isReading = true;
    this.#isDry = true;
    this.#parts.inbox
      .list(this.#nextId, READ.page)
      .then((updates) => {
        for (const update of updates) this.#queues.add(update);
        this.#nextId = (updates.at(-1)?.id ?? this.#nextId - 1) + 1;
        if (updates.length === READ.page || updates.reduce((length, { json }) => length + json.length, 0) > SHORT_PAGE) this.#isDry = false;
      })
      .catch((error: unknown) => {
        this.#isDry = false;
        this.#noteInboxError(error, 'updates for a webhook could not be read');
      })
      .finally(() => {
        this.#isReading = false;
        this.#run();
      });
  }

  /** Uses a slot. */
  #start(): void {
    const { slots, webhook, clock } = this.#parts;
    const isResting = this.#restsUntilMs > clock.monotonicMs();
    const update = this.#isClosed || isResting || this.#sending >= this.#room ? undefined : this.#queues.take();
    if (update === undefined) {
      slots.leave(webhook.bot_id);
      return this.#run();
    }
    this.#sending++;
    void this.#send(update).finally(() => {
      this.#sending--;
      slots.leave(webhook.bot_id);
      if (this.#sending === 0) this.#onIdle?.();
      this.#run();
    });
    this.#run();
  }

  async #send(update: HeldUpdate): Promise<void> {
    const { clock } = this.#parts;
    const era = this.#era;
    let json: string | undefined;
    try {
      json = update.expires <= clock.now() ? undefined : (update.json ?? (await this.#readAgain(update)));
    } catch (error) {
      this.#noteInboxError(error, 'an update for a webhook could not be read');
      return this.#queues.putBack(update);
    }
    if (json === undefined) {
      this.#parts.count('expired');
      return this.#finish(update);
    }
    let answer: PostAnswer;
    try {
      answer = await this.#post(json);
    } catch (error) {
      return this.#isClosed ? undefined : this.#noteFailure(update, error, era);
    }
    this.#noteAnswer(update, answer);
  }

  #post(json: string): Promise<PostAnswer> {
    const { poster, watch, webhook } = this.#parts;
    if (watch === undefined) return poster.post(json);
    let before: PostAnswer | undefined;
    return watch.aroundPost({ botId: webhook.bot_id, json }, async () => {
      // The watch may have waited.
      if (this.#isClosed) throw new PostFailure('unreachable', 'Connection closed');
      if (before !== undefined && isGood(before)) await this.#runAnswer(before);
      before = await poster.post(json);
      return before;
    });
  }

  /** Runs the method in an answer. Never rejects. */
  async #runAnswer({ contentType, body }: PostAnswer): Promise<void> {
    const { webhook, log, runAnswer } = this.#parts;
    if (body.length === 0) return;
    await runAnswer(webhook.bot_id, contentType, body).catch((error: unknown) => log.debug({ err: error, userId: webhook.bot_id }, 'the method in the answer of a webhook failed'));
  }

  async #readAgain({ id }: HeldUpdate): Promise<string | undefined> {
    const [update] = await this.#parts.inbox.list(id, 1);
    return update?.id === id ? update.json : undefined;
  }

  #noteFailure(update: HeldUpdate, error: unknown, era: number): void {
    const { clock, random, count } = this.#parts;
    const { kind, message } = failureOf(error);
    count(kind);
    this.#noteError(message);
    this.#room = kind === 'silent' ? Math.max(1, this.#room >> 1) : 1;
    if (kind === 'silent') return this.#queues.failed(update, clock.monotonicMs(), (failures) => retryDelayMs(failures, random));
    // Every other update would fail in the same way.
    this.#queues.putBack(update);
    if (era !== this.#era) return;
    this.#era++;
    this.#rest(retryDelayMs(++this.#unreachable, random));
  }

  #noteAnswer(update: HeldUpdate, answer: PostAnswer): void {
    const { webhook, clock, random, count, onGone } = this.#parts;
    const { status, retryAfterS } = answer;
    this.#era++;
    this.#unreachable = 0;
    this.#noteGone(status === HTTP_GONE);
    if (isGood(answer)) {
      count('delivered');
      this.#room = Math.min(webhook.max_connections, this.#room + 1);
      return this.#noteDelivered(update, answer);
    }
    count('refused');
    if (this.#isClosed) return;
    this.#noteError(`Wrong response from the webhook: ${answer.statusText}`);
    if (isGoneForGood(this.#trouble.gone_since, clock.now())) {
      this.#close();
      return onGone(webhook);
    }
    if (retryAfterS > 0) {
      this.#queues.putBack(update);
      return this.#rest(retryAfterS * 1000);
    }
    this.#queues.failed(update, clock.monotonicMs(), (failures) => retryDelayMs(failures, random));
  }

  /** The update has arrived. The next one of its queue is sent when the method in the answer has run. */
  #noteDelivered(update: HeldUpdate, answer: PostAnswer): void {
    if (answer.body.length === 0) return this.#finish(update);
    this.#confirm(update.id);
    void this.#runAnswer(answer).finally(() => {
      this.#queues.done(update);
      this.#run();
    });
  }

  #finish(update: HeldUpdate): void {
    this.#confirm(update.id);
    this.#queues.done(update);
  }

  /** Deletes updates that have arrived, all that come up while others are being deleted in one go. */
  #confirm(id: number): void {
    this.#delivered.push(id);
    this.#confirmSoon();
  }

  #confirmSoon(): void {
    this.#confirming ??= this.#confirmAll().finally(() => {
      this.#confirming = undefined;
      this.#run();
    });
  }

  async #confirmAll(): Promise<void> {
    const { inbox } = this.#parts;
    while (this.#delivered.length > 0) {
      const ids = this.#delivered;
      this.#delivered = [];
      try {
        await inbox.confirm(ids);
      } catch (error) {
        this.#delivered = ids.concat(this.#delivered);
        return this.#noteInboxError(error, 'updates that a webhook has got could not be deleted');
      }
    }
  }

  /** The inbox did not do what it was asked: the database does not answer, or another process has the inbox. */
  #noteInboxError(error: unknown, what: string): void {
    const { log, webhook, onTaken } = this.#parts;
    if (error instanceof InboxTaken) {
      this.#close();
      return onTaken(webhook);
    }
    log.warn({ err: error, userId: webhook.bot_id }, what);
    this.#rest(DATABASE_REST_MS);
  }

  #rest(ms: number): void {
    this.#restsUntilMs = Math.max(this.#restsUntilMs, this.#parts.clock.monotonicMs() + ms);
  }

  #noteGone(isGone: boolean): void {
    if (isGone === this.#trouble.gone_since > 0) return;
    this.#trouble.gone_since = isGone ? this.#parts.clock.now() : 0;
    this.#store({ gone_since: this.#trouble.gone_since });
  }

  #noteError(text: string): void {
    const nowMs = this.#parts.clock.monotonicMs();
    this.#trouble.last_error_date = this.#parts.clock.now();
    this.#trouble.last_error_message = text;
    if (nowMs - this.#notedMs < NOTE_EVERY_MS) return;
    this.#notedMs = nowMs;
    this.#store({ last_error_date: this.#trouble.last_error_date, last_error_message: text });
  }

  #store(trouble: WebhookTrouble): void {
    const { webhook, log, noteTrouble } = this.#parts;
    noteTrouble(webhook, trouble).catch((error: unknown) => log.warn({ err: error, userId: webhook.bot_id }, 'the failure of a webhook could not be stored'));
  }
}

/** Whether a webhook says that it has got an update. */
function isGood({ status }: PostAnswer): boolean {
  return status >= 200 && status < 300;
}
