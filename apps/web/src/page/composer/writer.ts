import { signal } from '@preact/signals';
import type { Draft, Effect, FormattedText, OutgoingMessage } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { allowedOn } from '../open-chat/allowed.ts';
import type { OpenChat, Writing } from '../open-chat/open-chat.ts';
import { nowSeconds } from '../parts/dates.ts';
import { confirm } from '../parts/dialog.tsx';
import { isOneEmoji } from '../parts/few-emoji.ts';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { DraftKeeper } from './draft-keeper.ts';
import { Editor, type MentionQuery } from './editor.ts';
import { maySendMedia } from './offer-files.tsx';
import { readMarkdown } from './read-markdown.ts';
import { splitText } from './split-text.ts';
import { TypingNotes } from './typing-notes.ts';

/** More messages are not sent at once without a question. */
const AT_ONCE_MAX = 10;

const EMPTY: FormattedText = { text: '', entities: [] };

/** What is written for a bot that answers with results. */
export interface InlineQuery {
  username: string;
  query: string;
}

/** Reads a text that begins with the username of a bot and a blank. Pure. */
export function readInlineQuery(text: string): InlineQuery | undefined {
  const [, username, query] = /^@([a-z]\w{2,31})\s(.{0,256})$/is.exec(text) ?? [];
  return username === undefined || query === undefined ? undefined : { username, query: query.trimEnd() };
}

/** The emoji that this server throws. Written alone they are dice, not texts, as in other apps. */
const DICE = new Set(['🎲', '🎯', '🏀', '⚽', '⚽\uFE0F', '🎳', '🎰']);

/** Whether what is written is thrown. Pure. */
export const isThrown = ({ text, entities }: FormattedText): boolean => entities.length === 0 && DICE.has(text.trim());

/** What is written so far of a command of a bot. */
export interface CommandQuery {
  command: string;
  /** The beginning of the name of the bot, in groups. */
  username: string;
}

/** Reads a text that is nothing but the beginning of a command. Pure. */
export function readCommandQuery(text: string): CommandQuery | undefined {
  const [, command, username = ''] = /^\/(\w{0,32})(?:@(\w{0,32}))?$/.exec(text) ?? [];
  return command === undefined ? undefined : { command: command.toLowerCase(), username: username.toLowerCase() };
}

const isSameText = (one: FormattedText, other: FormattedText): boolean => one.text === other.text && JSON.stringify(one.entities) === JSON.stringify(other.entities);

/** What the composer of a chat does: it writes new messages and answers, edits, and keeps drafts. */
export class Writer {
  readonly isEmpty = signal(true);
  /** The mention that is being written. */
  readonly mention = signal<MentionQuery | undefined>(undefined);
  /** What is being written for a bot that answers with results. */
  readonly inline = signal<InlineQuery | undefined>(undefined);
  /** The command that is being written. */
  readonly command = signal<CommandQuery | undefined>(undefined);
  /** The emoji that is all that is written. */
  readonly emoji = signal<string | undefined>(undefined);
  /** What is played when the next message arrives. */
  readonly effect = signal<Effect | undefined>(undefined);
  /** Where what is selected stands in the window. */
  readonly selection = signal<DOMRect | undefined>(undefined);
  /** Sees keys before the field does. */
  onKey: (event: KeyboardEvent) => boolean = () => false;
  /** Sees the keys that the list of people has not taken. */
  onInlineKey: (event: KeyboardEvent) => boolean = () => false;
  onCommandKey: (event: KeyboardEvent) => boolean = () => false;
  onLink: () => void = () => undefined;
  editor: Editor | undefined;
  readonly #open: OpenChat;
  readonly #draft: DraftKeeper;
  readonly #typing: TypingNotes;
  /** What was written before a message was edited. */
  #aside: FormattedText | undefined;
  #writing: Writing | undefined;
  /** What the field reads of the edited message before anything is changed. */
  #unedited: FormattedText = EMPTY;
  /** The last edit that was to be stored. */
  #storing = Promise.resolve(true);

  constructor(open: OpenChat) {
    this.#open = open;
    this.#typing = new TypingNotes(open);
    this.#draft = new DraftKeeper(open, () => ({ ...(this.#aside ?? this.editor?.read() ?? EMPTY), ...this.#replyOf(this.#writing) }));
  }

  /** Puts the field into the page. @returns what takes it away */
  start(place: HTMLElement, onFiles: (files: File[]) => void): () => void {
    const editor = new Editor({
      place,
      label: t('message'),
      start: EMPTY,
      onFiles,
      onChange: () => this.#noteChange(),
      onSend: () => void this.send(),
      onSelect: () => this.#noteSelection(),
      onKey: (event) => this.onKey(event) || this.onInlineKey(event) || this.onCommandKey(event) || this.#takeKey(event),
      onLink: () => this.onLink(),
    });
    this.editor = editor;
    this.#open.focusComposer = () => editor.focus();
    this.#open.fillComposer = (text) => this.#fill(text);
    const left = this.#draft.recover();
    if (left) void this.#showDraft(left);
    if (matchMedia('(hover: hover)').matches) editor.focus();
    const leave = (): void => this.#draft.flush();
    addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', leave);
    return () => {
      this.#draft.leave();
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', leave);
      this.#open.focusComposer = () => undefined;
      this.#open.fillComposer = () => undefined;
      this.editor = undefined;
      editor.destroy();
    };
  }

  #replyOf(writing: Writing | undefined): Pick<Draft, 'replyTo' | 'replyIn' | 'quote'> {
    return writing?.kind === 'reply' ? { replyTo: writing.message.id, replyIn: writing.message.peer === this.#open.peer ? undefined : writing.message.peer, quote: writing.quote } : {};
  }

  /** What a file that is sent now answers. */
  get context(): Pick<OutgoingMessage, 'replyTo' | 'replyIn' | 'quote' | 'thread'> {
    const { thread } = this.#open;
    return { ...this.#replyOf(this.#writing), ...(thread === undefined ? {} : { thread }) };
  }

  #noteChange(): void {
    this.#noteQueries();
    if (this.#writing?.kind === 'edit') return;
    this.#typing.note(!this.isEmpty.value);
    this.#draft.note();
  }

  /** Finds out whether what is written is for a bot. */
  #noteQueries(): void {
    const { editor } = this;
    this.isEmpty.value = editor?.isEmpty ?? true;
    // Nearly no text is, so what is written is not read with each key.
    const isNew = this.#writing?.kind !== 'edit';
    const short = isNew && editor?.isShort ? editor.plainText.trim() : '';
    this.emoji.value = isOneEmoji(short) ? short : undefined;
    const inline = isNew && editor?.beginsWith('@') ? readInlineQuery(editor.plainText) : undefined;
    if (inline?.query !== this.inline.value?.query || inline?.username !== this.inline.value?.username) this.inline.value = inline;
    const command = isNew && editor?.beginsWith('/') ? readCommandQuery(editor.plainText) : undefined;
    if (command?.command !== this.command.value?.command || command?.username !== this.command.value?.username) this.command.value = command;
  }

  #noteSelection(): void {
    const { editor } = this;
    const mention = editor?.mentionQuery;
    if (mention?.query !== this.mention.value?.query || mention?.from !== this.mention.value?.from) this.mention.value = mention;
    this.selection.value = editor?.selectedRect;
  }

  /** @returns whether the key was for this */
  #takeKey({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
    if (key === 'Escape') this.#open.stopWriting();
    if (key !== 'ArrowUp' || shiftKey || altKey || ctrlKey || metaKey || !this.editor?.isBlank || this.#writing) return false;
    // The last one may still be on its way.
    if (this.#open.messages.at(-1)?.id === 0) return true;
    const last = this.#open.messages.findLast((message) => message.isOut && allowedOn(message, peerSignal(message.peer).value, nowSeconds()).edit);
    if (last) this.#open.edit(last);
    return last !== undefined;
  }

  /** Takes over that something is answered or edited, or is not any more. */
  noteWriting(writing: Writing | undefined): void {
    const before = this.#writing;
    if (writing === before) return;
    this.#writing = writing;
    if (before?.kind === 'edit' && writing?.kind !== 'edit') this.#finishEdit();
    if (writing?.kind === 'edit') {
      if (before?.kind !== 'edit') this.#aside = this.editor?.read();
      this.#show({ text: writing.message.text, entities: writing.message.entities ?? [] });
      this.#unedited = this.editor?.read() ?? EMPTY;
    } else if (before?.kind !== 'edit') this.#draft.note();
  }

  #finishEdit(): void {
    const aside = this.#aside ?? EMPTY;
    this.#aside = undefined;
    this.#show(aside);
  }

  /** Writes a text for the person to go on with. */
  #fill(text: string): void {
    if (this.#writing?.kind === 'edit') this.#open.stopWriting();
    this.#aside = undefined;
    this.#show({ text, entities: [] });
    this.#draft.note();
    this.editor?.focus();
  }

  #show(text: FormattedText): void {
    this.editor?.write(text);
    this.#noteQueries();
  }

  /** Takes over the draft that another device, or this one at an earlier time, has stored. */
  async noteDraft(draft: Draft | undefined): Promise<void> {
    if (!this.editor || this.#writing?.kind === 'edit' || !this.#draft.accepts(draft)) return;
    await this.#showDraft(draft ?? EMPTY);
  }

  async #showDraft(draft: Omit<Draft, 'date'>): Promise<void> {
    this.#show(draft);
    const { replyTo, replyIn = this.#open.peer, quote } = draft;
    if (replyTo === undefined) {
      if (this.#writing?.kind === 'reply') this.#setWriting(undefined);
      return;
    }
    const [message] = await ask('messages.get', { peer: replyIn, messages: [replyTo] }).catch(() => []);
    if (message) this.#setWriting({ kind: 'reply', message, quote });
  }

  /** Not told to the draft, which said it. */
  #setWriting(writing: Writing | undefined): void {
    this.#writing = writing;
    this.#open.writing.value = writing;
  }

  /** Sends what is written, or stores the edit. */
  async send({ isSilent }: { isSilent?: boolean } = {}): Promise<void> {
    const written = this.editor?.read();
    if (!written) return;
    if (this.#writing?.kind === 'edit') {
      await this.#storeEdit(this.#writing, written);
      return;
    }
    if (written.text === '') return;
    if (isThrown(written) && maySendMedia(this.#open.peer)) {
      await this.#throw(written, isSilent);
      return;
    }
    const parts = splitText(readMarkdown(written));
    if (parts.length > AT_ONCE_MAX && !(await confirm({ title: t('sendMany'), text: t('sendManyText', { n: parts.length }), button: t('send') }))) return;
    const { peer, thread } = this.#open;
    const reply = this.#replyOf(this.#writing);
    const effect = this.effect.value?.id;
    this.effect.value = undefined;
    this.noteSent();
    this.#draft.forget();
    this.#show(EMPTY);
    const sending = parts.map((part, index) => ask('messages.send', { peer, thread, ...part, ...(index === 0 ? { ...reply, effect } : {}), isSilent }));
    const isTaken = await attempt(Promise.all(sending));
    if (!isTaken && this.editor?.isBlank) this.#show(written);
  }

  /** Throws the die that is written. */
  async #throw(written: FormattedText, isSilent: boolean | undefined): Promise<void> {
    const effect = this.effect.value?.id;
    const { context } = this;
    this.effect.value = undefined;
    this.noteResult();
    const isTaken = await attempt(ask('messages.throw', { peer: this.#open.peer, ...context, emoji: written.text.trim(), isSilent, effect }));
    if (!isTaken && this.editor?.isBlank) this.#show(written);
  }

  /** Sends a command in place of the beginning of it that is written. */
  async sendCommand(text: string): Promise<void> {
    this.#show({ text, entities: [] });
    await this.send();
  }

  /** What was written was sent as a result of a bot. */
  noteResult(): void {
    this.noteSent();
    this.#draft.forget();
    this.#show(EMPTY);
  }

  /** Files are on their way. Empties the field if it still has the text that was offered as their caption. @param caption that text */
  noteFilesSent(caption: FormattedText | undefined): void {
    const now = this.editor?.read();
    if (caption && now && isSameText(now, caption)) this.noteResult();
    else this.noteSent();
  }

  /** A message is on its way: what was answered is answered, and the newest messages are shown. */
  noteSent(): void {
    this.#typing.forget();
    if (this.#writing?.kind === 'reply') this.#setWriting(undefined);
    this.#draft.note();
    void this.#open.jump();
  }

  /** Stores an edit. What is typed before the server has answered belongs to the next one. */
  async #storeEdit({ message: { peer, id, media } }: Writing, written: FormattedText): Promise<void> {
    if (written.text === '' && (media === undefined || media.kind === 'page')) return;
    const stored = readMarkdown(written);
    // Formats that the field cannot show are lost by storing, so what was not changed is not stored.
    const isUnchanged = isSameText(written, this.#unedited);
    // Calls that wait for a connection are repeated in no order.
    const storing = this.#storing.then(async () => isUnchanged || (await attempt(ask('messages.edit', { peer, message: id, ...stored }))));
    this.#storing = storing;
    const isDone = await storing;
    const writing = this.#writing;
    if (!isDone || writing?.kind !== 'edit' || writing.message.id !== id) return;
    this.#unedited = written;
    const now = this.editor?.read();
    if (now === undefined || isSameText(now, written)) this.#open.stopWriting();
    else this.#setWriting({ ...writing, message: { ...writing.message, ...stored } });
  }
}
