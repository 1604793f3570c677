import { baseKeymap, toggleMark } from 'prosemirror-commands';
import { history, redo, undo } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import type { Node } from 'prosemirror-model';
import { type Command, EditorState } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import type { FormattedText } from '../../protocol/index.ts';
import { readDocument, writeDocument } from './document.ts';
import { schema } from './schema.ts';

export interface EditorOptions {
  place: HTMLElement;
  label: string;
  start: FormattedText;
  onChange(): void;
  onSend(): void;
  /** Files that were pasted or dropped. */
  onFiles(files: File[]): void;
}

const breakLine: Command = (state, dispatch) => {
  dispatch?.(state.tr.split(state.selection.from).scrollIntoView());
  return true;
};

/** The field in which messages are written. */
export class Editor {
  readonly #view: EditorView;

  constructor({ place, label, start, onChange, onSend, onFiles }: EditorOptions) {
    const send: Command = () => {
      onSend();
      return true;
    };
    const mark = (name: string): Command => toggleMark(schema.marks[name]!);
    const keys = keymap({
      Enter: send,
      'Shift-Enter': breakLine,
      'Mod-z': undo,
      'Mod-y': redo,
      'Shift-Mod-z': redo,
      'Mod-b': mark('bold'),
      'Mod-i': mark('italic'),
      'Mod-u': mark('underline'),
      'Shift-Mod-x': mark('strike'),
      'Shift-Mod-m': mark('inlineCode'),
      'Shift-Mod-p': mark('spoiler'),
    });
    this.#view = new EditorView(place, {
      state: EditorState.create({ doc: writeDocument(start), plugins: [history(), keys, keymap(baseKeymap)] }),
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, class: 'editor' },
      dispatchTransaction: (transaction) => {
        this.#view.updateState(this.#view.state.apply(transaction));
        if (transaction.docChanged) onChange();
      },
      // Enter that ends the choice of a character is not for us.
      handleKeyDown: (view, event) => event.key === 'Enter' && (event.isComposing || view.composing),
      handlePaste: (_, event) => takeFiles(event.clipboardData, onFiles),
      handleDrop: (_, event) => takeFiles(event.dataTransfer, onFiles),
    });
  }

  get isEmpty(): boolean {
    return this.#view.state.doc.textContent.trim() === '';
  }

  /** What was written. */
  read(): FormattedText {
    return readDocument(this.#view.state.doc);
  }

  /** Replaces what was written. */
  write(text: FormattedText): void {
    this.#replace(writeDocument(text));
  }

  #replace(doc: Node): void {
    const { state } = this.#view;
    this.#view.updateState(EditorState.create({ doc, plugins: state.plugins }));
  }

  insert(text: string): void {
    this.#view.dispatch(this.#view.state.tr.insertText(text).scrollIntoView());
    this.focus();
  }

  /** Sets or removes a format of what is selected. */
  toggle(name: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler' | 'inlineCode'): void {
    toggleMark(schema.marks[name])(this.#view.state, this.#view.dispatch);
    this.focus();
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }
}

function takeFiles(data: DataTransfer | null, take: (files: File[]) => void): boolean {
  const files = [...(data?.files ?? [])];
  if (files.length > 0) take(files);
  return files.length > 0;
}
