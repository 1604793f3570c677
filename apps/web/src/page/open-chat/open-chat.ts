import { signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Message, type MessageId, type PeerId, type Position, positionIn, type Quote, type UnseenKind } from '../../protocol/index.ts';
import { ask, type OpenView } from '../ground/link.ts';
import { attempt } from '../parts/notice.tsx';

/** What the composer is used for, beside a new message. */
export type Writing = { kind: 'reply'; message: Message; quote?: Quote } | { kind: 'edit'; message: Message };

/** What the parts of an open chat share: what is being answered or edited, what is selected, and where the history stands. */
export class OpenChat {
  readonly peer: PeerId;
  /** The message with which the thread began, if only that thread is open. */
  readonly thread: MessageId | undefined;
  readonly writing = signal<Writing | undefined>(undefined);
  /** Undefined while nothing is being selected. */
  readonly selected = signal<ReadonlySet<Position> | undefined>(undefined);
  /** The message to which the history went last, for a moment. */
  readonly found = signal<Position | undefined>(undefined);
  /** What had the focus when somebody asked to go to a message; undefined if the history has gone there since, or nobody has asked. */
  jumpedFrom: Element | null | undefined;
  #view: OpenView<'history'> | undefined;
  /** Set by the composer while it is there. */
  focusComposer: () => void = () => undefined;
  /** Puts a text into the composer, in place of what is there. Set by the composer. */
  fillComposer: (text: string) => void = () => undefined;

  constructor(peer: PeerId, thread?: MessageId) {
    this.peer = peer;
    this.thread = thread;
  }

  attach(view: OpenView<'history'>): void {
    this.#view = view;
  }

  /** The messages that are loaded. */
  get messages(): readonly Message[] {
    return this.#view?.state.value.messages ?? [];
  }

  /** Whether the newest message is among those. */
  get showsNewest(): boolean {
    return this.#view?.state.value.hasNewer === false;
  }

  /** Where a message of this history stands in it. */
  positionOf(message: Pick<Message, 'peer' | 'id'>): Position {
    return positionIn(this.peer, message);
  }

  /** Goes to a message, to a moment, or to the newest messages. */
  async jump({ message, date }: { message?: Pick<Message, 'peer' | 'id'>; date?: number } = {}): Promise<void> {
    if (!this.#view) return;
    this.jumpedFrom = document.activeElement;
    await attempt(ask('history.jump', { view: this.#view.id, message: message && this.positionOf(message), date }));
  }

  /** Goes to the oldest mention or reaction that was not seen. */
  async jumpToUnseen(kind: UnseenKind): Promise<void> {
    if (!this.#view) return;
    this.jumpedFrom = document.activeElement;
    await attempt(ask('history.nextUnseen', { view: this.#view.id, kind }));
  }

  reply(message: Message, quote?: Quote): void {
    this.writing.value = { kind: 'reply', message, quote };
    this.focusComposer();
  }

  edit(message: Message): void {
    this.writing.value = { kind: 'edit', message };
    this.focusComposer();
  }

  stopWriting(): void {
    this.writing.value = undefined;
  }

  /** Escape ends the selection of messages, or else the reply or edit; otherwise it leads to the text field. */
  readonly onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    if (this.selected.value) this.stopSelecting();
    else if (this.writing.value) this.stopWriting();
    else this.focusComposer();
  };

  /** Adds messages to those that are selected, or takes them away if they are. */
  toggle(messages: readonly Message[]): void {
    const next = new Set(this.selected.value);
    const positions = messages.map((message) => this.positionOf(message));
    const isWhole = positions.every((position) => next.has(position));
    for (const position of positions) {
      if (isWhole) next.delete(position);
      else next.add(position);
    }
    this.selected.value = next.size === 0 ? undefined : next;
  }

  stopSelecting(): void {
    this.selected.value = undefined;
  }

  /** The messages that are selected, from old to new. */
  get selectedMessages(): readonly Message[] {
    const { value: selected } = this.selected;
    return selected ? this.messages.filter((message) => selected.has(this.positionOf(message))) : [];
  }
}

export const ChatContext = createContext<OpenChat | undefined>(undefined);

/** The chat around a component. @throws Error outside of one */
export function useOpenChat(): OpenChat {
  const open = useContext(ChatContext);
  if (!open) throw new Error('there is no open chat');
  return open;
}
