import { type Draft, GENERAL_TOPIC, type MessageId, type PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { carryOn, type DraftPlace, forgetUnsaved, keepUnsaved, readUnsaved, type Written } from './unsaved-drafts.ts';

/** What was written is stored when nothing was typed for so long, in milliseconds. */
const PAUSE_MS = 1000;
/** How many own drafts are remembered, so that one that comes back late replaces nothing newer. */
const OWN_MAX = 20;

const keyOf = (draft: Written | undefined): string => (draft && (draft.text !== '' || draft.replyTo !== undefined) ? JSON.stringify([draft.text, draft.entities, draft.replyTo, draft.replyIn, draft.quote?.text]) : '');

/** Keeps what was written in a chat and not sent, for this device and the others; what was written in a thread, for this device alone. */
export class DraftKeeper {
  readonly #peer: PeerId;
  readonly #thread: MessageId | undefined;
  readonly #read: () => Written;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the server has. */
  #stored = '';
  #own: string[] = [];

  /** @param read what is written now */
  constructor({ peer, thread }: { peer: PeerId; thread?: MessageId | undefined }, read: () => Written) {
    this.#peer = peer;
    this.#thread = thread;
    this.#read = read;
  }

  /** Topics of a forum have drafts on the server. */
  get #isLocal(): boolean {
    return this.#thread !== undefined && peerSignal(this.#peer).value?.isForum !== true;
  }

  get #place(): DraftPlace {
    return { peer: this.#peer, thread: this.#thread };
  }

  /** Something was typed. */
  note(): void {
    this.#flushLater();
    // A text that was cleared disappears from other windows at once. Otherwise somebody could send it from there.
    if (keyOf(this.#read()) === '') this.flush();
  }

  #flushLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Stores what is written, if it is different. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const draft = this.#read();
    const key = keyOf(draft);
    if (key === this.#stored) return;
    this.#remember(key);
    if (key === '' && this.#isLocal) forgetUnsaved(this.#place);
    else keepUnsaved(this.#place, draft);
    if (this.#isLocal) return;
    void ask('messages.saveDraft', { peer: this.#peer, topic: this.#thread === GENERAL_TOPIC ? undefined : this.#thread, draft }).then(
      () => this.#stored === key && forgetUnsaved(this.#place),
      () => undefined,
    );
  }

  /** The field goes. What is written there is stored, also for the chat that this one became. */
  leave(): void {
    this.flush();
    carryOn(this.#place, this.#read());
  }

  #remember(key: string): void {
    this.#stored = key;
    this.#own = [key, ...this.#own].slice(0, OWN_MAX);
  }

  /** The text was sent, and the draft is gone with it. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    forgetUnsaved(this.#place);
    this.#remember('');
  }

  /** @returns what was written when the page ended, and did not reach the server; it is stored soon */
  recover(): Written | undefined {
    const left = readUnsaved(this.#place);
    // Not `note`: the field is still empty, which would store an empty draft.
    if (left !== undefined) this.#flushLater();
    return left;
  }

  /** A draft came from the server. @returns whether it is to replace what is written */
  accepts(draft: Draft | undefined): boolean {
    const key = keyOf(draft);
    if (key === this.#stored || this.#timer !== undefined) return false;
    if (key !== '' && this.#own.includes(key)) return false;
    this.#stored = key;
    return true;
  }
}
