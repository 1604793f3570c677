import { computed, signal } from '@preact/signals';
import type { MessageId } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import type { OpenChat } from '../open-chat/open-chat.ts';
import { findKeys, type OfferedKeys } from './find-keys.ts';

/** The keyboard that a bot offers in the open chat, and whether it is shown. */
export class OfferedKeysState {
  readonly #open: OpenChat;
  #known: OfferedKeys | undefined;
  /** What the person has decided about the keyboard of a message. */
  readonly #decided = signal<{ message: MessageId; isShown: boolean } | undefined>(undefined);
  /** The message whose reply was opened already. */
  #answered: MessageId | undefined;
  readonly current = computed(() => this.#find());

  constructor(open: OpenChat) {
    this.#open = open;
  }

  /** While older messages are shown, nothing new is known. */
  #find(): OfferedKeys | undefined {
    const { messages, showsNewest, peer } = this.#open;
    if (!showsNewest) return this.#known;
    const found = findKeys(messages, peerSignal(peer).value?.kind === 'user', this.#known);
    // The same as before is the same value, so that nothing is drawn anew.
    const { message, isUsed, keys } = this.#known ?? {};
    if (found?.message !== message || found?.isUsed !== isUsed || found?.keys !== keys) this.#known = found;
    return this.#known;
  }

  /** Whether the keys are shown: those for one use are not after it, until the person wants them again. */
  get isShown(): boolean {
    const offered = this.current.value;
    if (offered?.keys.kind !== 'keys') return false;
    if (offered.keys.isPersistent) return true;
    const decided = this.#decided.value;
    return decided?.message === offered.message ? decided.isShown : !(offered.keys.isOnce && offered.isUsed);
  }

  /** Shows the keys, or hides them. */
  toggle(): void {
    const offered = this.current.value;
    if (offered) this.#decided.value = { message: offered.message, isShown: !this.isShown };
  }

  /** A key was pressed. */
  noteUse(): void {
    this.#decided.value = undefined;
  }

  /** What the empty field says, in place of its name. */
  get hint(): string | undefined {
    const offered = this.current.value;
    return offered && (offered.keys.kind === 'forceReply' ? !offered.isUsed : this.isShown) ? offered.keys.placeholder : undefined;
  }

  /** Opens the answer that a bot asks for, once. */
  openReply(): void {
    const offered = this.current.value;
    if (offered?.keys.kind !== 'forceReply' || offered.isUsed || this.#answered === offered.message) return;
    this.#answered = offered.message;
    const message = this.#open.messages.find(({ id }) => id === offered.message);
    if (message && !this.#open.writing.value) this.#open.reply(message);
  }
}
