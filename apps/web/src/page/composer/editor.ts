import { baseKeymap, joinBackward, toggleMark } from 'prosemirror-commands';
import { history, redo, undo } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import { type Node, Slice } from 'prosemirror-model';
import { type Command, EditorState, TextSelection } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import type { FormattedText, PeerId } from '../../protocol/index.ts';
import { notify } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { readDocument, writeDocument } from './document.ts';
import { judgePaste, WRITTEN_MAX } from './judge-paste.ts';
import { showEmoji } from './show-emoji.tsx';
import { showMarkdown } from './show-markdown.ts';
import { type BlockName, type MarkName, nextEmojiKey, schema } from './schema.ts';

export interface EditorOptions {
  place: HTMLElement;
  label: string;
  start: FormattedText;
  onChange(): void;
  onSend(): void;
  /** Files that were pasted or dropped. */
  onFiles(files: File[]): void;
  /** Called when something else is selected, and at each change. */
  onSelect?(): void;
  /** Sees keys first. @returns whether the key was for it */
  onKey?(event: KeyboardEvent): boolean;
  /** Asks for the address of a link. */
  onLink?(): void;
}

/** A word that begins with `@`, up to the cursor. */
export interface MentionQuery {
  query: string;
  from: number;
  to: number;
}

/** Escape is for what stands around the field. */
const { Escape: _escape, ...plainKeys } = baseKeymap;

/** Where to look for a mention, in characters before the cursor: no name is as long. */
const MENTION_MAX = 50;

/** More than an emoji is long, with the line around it. */
const SHORT = 40;

const MENTION = /(?:^|[\s(])@([\p{L}\p{N}_]{0,32})$/u;

/** Begins a new line. One after an empty line of a quote or of code is a plain one. */
const breakLine: Command = ({ selection, tr }, dispatch) => {
  const { parent } = selection.$from;
  const leaves = parent.type !== schema.nodes.paragraph && parent.content.size === 0;
  dispatch?.((leaves ? tr.setBlockType(selection.from, selection.to, schema.nodes.paragraph) : tr.split(selection.from)).scrollIntoView());
  return true;
};

/** Makes the lines of what is selected quotes or code, or plain lines again. */
const toggleBlock =
  (name: BlockName): Command =>
  ({ selection, tr, doc }, dispatch) => {
    let isOn = true;
    doc.nodesBetween(selection.from, selection.to, (node) => {
      if (node.isBlock && node.type !== schema.nodes[name] && node !== doc) isOn = false;
    });
    dispatch?.(tr.setBlockType(selection.from, selection.to, isOn ? schema.nodes.paragraph : schema.nodes[name]).scrollIntoView());
    return true;
  };

/** Code within a line, or whole lines of code if several are selected. */
const toggleCode: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  return ($from.sameParent($to) && $from.parent.type !== schema.nodes.code ? toggleMark(schema.marks.inlineCode) : toggleBlock('code'))(state, dispatch);
};

/** Keys by which the browser itself moves the cursor. It tells so a moment later. */
const MOVES = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

/** The field in which messages are written. */
export class Editor {
  readonly #view: EditorView;
  readonly #attributes: Record<string, string>;
  /** The browser has moved the cursor, and has not told so yet. */
  #isMoving = false;

  constructor({ place, label, start, onChange, onSend, onFiles, onSelect, onKey, onLink }: EditorOptions) {
    const send: Command = () => {
      onSend();
      return true;
    };
    const link: Command = () => {
      onLink?.();
      return onLink !== undefined;
    };
    const mark = (name: MarkName): Command => toggleMark(schema.marks[name]);
    const keys = keymap({
      Enter: send,
      'Shift-Enter': breakLine,
      'Mod-z': undo,
      'Mod-y': redo,
      'Shift-Mod-z': redo,
      'Mod-b': mark('bold'),
      'Mod-i': mark('italic'),
      'Mod-u': mark('underline'),
      'Mod-k': link,
      'Shift-Mod-x': mark('strike'),
      'Shift-Mod-m': toggleCode,
      'Shift-Mod-p': mark('spoiler'),
      'Shift-Mod-.': toggleBlock('blockquote'),
    });
    this.#attributes = { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, class: 'editor', dir: 'auto' };
    this.#view = new EditorView(place, {
      state: EditorState.create({ doc: writeDocument(start), plugins: [history(), keys, keymap(plainKeys), showMarkdown] }),
      attributes: this.#attributes,
      markViews: { customEmoji: showEmoji },
      dispatchTransaction: (transaction) => {
        this.#isMoving = false;
        this.#view.updateState(this.#view.state.apply(transaction));
        if (transaction.docChanged) onChange();
        if (transaction.docChanged || transaction.selectionSet) onSelect?.();
      },
      handleKeyDown: (view, event) => {
        if (this.#isMoving) this.#readSelection();
        this.#isMoving = MOVES.has(event.key);
        // Enter that ends the choice of a character is not for us.
        return (event.key === 'Enter' && (event.isComposing || view.composing)) || (onKey?.(event) ?? false);
      },
      handlePaste: (_, event) => takeFiles(event.clipboardData, onFiles) || this.#takeLong(event.clipboardData),
      // What is moved within the field is there already.
      handleDrop: (view, event) => takeFiles(event.dataTransfer, onFiles) || (view.dragging === null && this.#takeLong(event.dataTransfer)),
      handleDOMEvents: { blur: () => onSelect?.(), focus: () => onSelect?.(), beforeinput: (_, event) => this.#takeInput(event) },
      clipboardTextParser: (text) => new Slice(writePlain(text).content, 1, 1),
      clipboardTextSerializer: ({ content }) => content.textBetween(0, content.size, '\n', '\n'),
    });
  }

  /** Takes what is too long to be pasted as it is: without formats, or not at all. @returns whether that was so */
  #takeLong(data: DataTransfer | null): boolean {
    const text = data?.getData('text/plain') ?? '';
    const { selection, doc, tr } = this.#view.state;
    const verdict = judgePaste({ text, html: data?.getData('text/html') ?? '' }, doc.content.size - (selection.to - selection.from));
    if (verdict === 'tooLong') notify(t('pasteTooLong', { n: WRITTEN_MAX }));
    if (verdict === 'plain') {
      const { content } = writePlain(text);
      if (selection.$from.parent.type === schema.nodes.code) tr.insertText(text);
      // This block stands alone; others join the lines around them.
      else if (content.firstChild!.type === schema.nodes.lines) tr.replaceSelectionWith(content.firstChild!, false);
      else tr.replaceSelection(new Slice(content, 1, 1));
      this.#view.dispatch(tr.scrollIntoView());
    }
    return verdict !== 'asItIs';
  }

  /** Takes over where the browser has put the cursor. */
  #readSelection(): void {
    const { dom, state, composing } = this.#view;
    const selection = getSelection();
    if (composing || !selection?.anchorNode || !selection.focusNode || !dom.contains(selection.anchorNode) || !dom.contains(selection.focusNode)) return;
    const anchor = this.#view.posAtDOM(selection.anchorNode, selection.anchorOffset);
    const head = this.#view.posAtDOM(selection.focusNode, selection.focusOffset);
    this.#view.dispatch(state.tr.setSelection(TextSelection.between(state.doc.resolve(anchor), state.doc.resolve(head))));
  }

  /**
   * Writes typed letters itself: a browser keeps the look of what was there before in styles, which the page's security policy forbids. Keyboards of
   * phones are left alone, because they change what was typed.
   */
  #takeInput(event: InputEvent): boolean {
    if (event.inputType !== 'insertText' || !event.data || event.isComposing || this.#view.composing || !matchMedia('(hover: hover)').matches) return false;
    event.preventDefault();
    if (this.#isMoving) this.#readSelection();
    this.#view.dispatch(this.#view.state.tr.insertText(event.data).scrollIntoView());
    return true;
  }

  /** Whether there is so little that it may be one emoji. */
  get isShort(): boolean {
    return this.#view.state.doc.content.size <= SHORT;
  }

  get isEmpty(): boolean {
    return this.#view.state.doc.textContent.trim() === '';
  }

  /** Whether there is not even a line break. */
  get isBlank(): boolean {
    const { doc } = this.#view.state;
    return doc.childCount === 1 && doc.firstChild!.content.size === 0;
  }

  get hasFocus(): boolean {
    return this.#view.hasFocus();
  }

  /** What was written. */
  read(): FormattedText {
    return readDocument(this.#view.state.doc);
  }

  /** What was written, with the space around it, without formats. */
  get plainText(): string {
    const { doc } = this.#view.state;
    return doc.textBetween(0, doc.content.size, '\n');
  }

  /** Replaces what was written. */
  write(text: FormattedText): void {
    const { plugins } = this.#view.state;
    const state = EditorState.create({ doc: writeDocument(text), plugins });
    this.#view.updateState(state.apply(state.tr.setSelection(TextSelection.atEnd(state.doc))));
  }

  /** Sets what the empty field says in place of its name. */
  setHint(hint: string | undefined): void {
    this.#view.setProps({ attributes: hint === undefined ? this.#attributes : { ...this.#attributes, 'aria-placeholder': hint } });
  }

  /** @param keepsFocus leaves the focus where it is, so that a phone shows no keyboard @param custom the id of a custom emoji that is drawn in the place of the text */
  insert(text: string, keepsFocus = false, custom?: string): void {
    const { tr, selection } = this.#view.state;
    const isPlain = custom === undefined || selection.$from.parent.type === schema.nodes.code;
    if (isPlain) tr.insertText(text);
    else tr.replaceSelectionWith(schema.text(text, [schema.marks.customEmoji.create({ emoji: custom, key: nextEmojiKey() })]), false).setStoredMarks([]);
    this.#view.dispatch(tr.scrollIntoView());
    if (!keepsFocus) this.focus();
  }

  /** Deletes what is selected, else the character before the cursor, which may be of several code points. */
  deleteBack(): void {
    const { state } = this.#view;
    const { $from, empty } = state.selection;
    if (!empty) {
      this.#view.dispatch(state.tr.deleteSelection().scrollIntoView());
      return;
    }
    // A line break counts as one character, too.
    const before = $from.parent.textBetween(0, $from.parentOffset, undefined, '\n');
    const last = [...new Intl.Segmenter().segment(before)].at(-1)?.segment;
    if (last === undefined) joinBackward(state, this.#view.dispatch);
    else this.#view.dispatch(state.tr.delete($from.pos - last.length, $from.pos).scrollIntoView());
  }

  /** Puts a mention where its query stands. @param user of somebody without a username */
  mention({ from, to }: MentionQuery, text: string, user?: PeerId): void {
    const { tr } = this.#view.state;
    const marks = user === undefined ? [] : [schema.marks.mention.create({ user })];
    tr.replaceWith(from, to, [schema.text(text, marks), schema.text(' ')]);
    this.#view.dispatch(tr.setStoredMarks([]).scrollIntoView());
    this.focus();
  }

  /** Whether what is written begins with a text. */
  beginsWith(text: string): boolean {
    const { doc } = this.#view.state;
    return doc.textBetween(0, Math.min(doc.content.size, text.length + 1)) === text;
  }

  /** The mention that is being written. */
  get mentionQuery(): MentionQuery | undefined {
    const { selection } = this.#view.state;
    const { $from, empty, from } = selection;
    if (!empty || !this.hasFocus || $from.parent.type === schema.nodes.code) return undefined;
    const found = MENTION.exec($from.parent.textBetween(Math.max(0, $from.parentOffset - MENTION_MAX), $from.parentOffset, undefined, '\n'));
    return found ? { query: found[1]!, from: from - found[1]!.length - 1, to: from } : undefined;
  }

  /** Where what is selected stands in the window; undefined if nothing is. */
  get selectedRect(): DOMRect | undefined {
    const { from, to, empty } = this.#view.state.selection;
    if (empty || !this.hasFocus) return undefined;
    const [start, end] = [this.#view.coordsAtPos(from), this.#view.coordsAtPos(to, -1)];
    const [left, right] = start.top === end.top ? [start.left, end.right] : [Math.min(start.left, end.left), Math.max(start.right, end.right)];
    return new DOMRect(left, start.top, right - left, end.bottom - start.top);
  }

  /** Sets or removes a format of what is selected. */
  toggle(name: Exclude<MarkName, 'link'> | 'code' | 'blockquote'): void {
    const command = name === 'code' ? toggleCode : name === 'blockquote' ? toggleBlock(name) : toggleMark(schema.marks[name]);
    command(this.#view.state, this.#view.dispatch);
    this.focus();
  }

  /** Makes what is selected a link, or no link. */
  link(url: string | undefined): void {
    const { tr, selection } = this.#view.state;
    tr.removeMark(selection.from, selection.to, schema.marks.link);
    if (url !== undefined) tr.addMark(selection.from, selection.to, schema.marks.link.create({ url }));
    this.#view.dispatch(tr);
    this.focus();
  }

  /** The address of the link that is selected. */
  get selectedLink(): string | undefined {
    const { from, to, $from } = this.#view.state.selection;
    let url: string | undefined;
    this.#view.state.doc.nodesBetween(from, to, (node) => {
      url ??= schema.marks.link.isInSet(node.marks)?.attrs.url as string | undefined;
    });
    return url ?? (schema.marks.link.isInSet($from.marks())?.attrs.url as string | undefined);
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }
}

/** Makes a document of a plain text. Pure. */
const writePlain = (text: string): Node => writeDocument({ text: text.replaceAll(/\r\n?/g, '\n'), entities: [] });

function takeFiles(data: DataTransfer | null, take: (files: File[]) => void): boolean {
  const files = [...(data?.files ?? [])];
  if (files.length > 0) take(files);
  return files.length > 0;
}
