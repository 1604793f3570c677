import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import Plus from 'lucide-static/icons/plus.svg';
import { type FormattedText, KEPT_FILE_BYTES, type LocalFile } from '../../protocol/index.ts';
import { confirm, Dialog } from '../parts/dialog.tsx';
import { t } from '../ground/text.ts';
import { ChosenFiles } from './chosen-files.ts';
import { ChosenItem } from './chosen-item.tsx';
import { Editor } from './editor.ts';
import { readMarkdown } from './read-markdown.ts';
import { countCharacters } from './split-text.ts';

/** Files that are sent, and the text below the first of them. */
export interface FilesToSend {
  files: LocalFile[];
  caption: FormattedText;
}

const EMPTY: FormattedText = { text: '', entities: [] };

/** Shows the chosen files, and asks for the text below them. */
export const SendFilesDialog: FunctionComponent<{ files: File[]; asFile: boolean; caption?: FormattedText | undefined; close(toSend?: FilesToSend): void }> = ({ files: first, asFile, caption: given = EMPTY, close }) => {
  const place = useRef<HTMLDivElement>(null);
  const more = useRef<HTMLInputElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const isBusy = useSignal(false);
  const captionLength = useSignal(countCharacters(given.text));
  const files = useMemo(() => new ChosenFiles(first, asFile), []);
  const list = files.list.value;
  const tooLong = captionLength.value - (files.limits.value?.captionLength ?? Infinity);
  const canSend = list.length > 0 && tooLong <= 0 && !isBusy.value && list.every((chosen) => files.problemOf(chosen) === undefined);

  const send = async (): Promise<void> => {
    isBusy.value = true;
    const caption = readMarkdown(editor.current?.read() ?? EMPTY);
    close({ files: await files.prepare(), caption });
  };
  // The editor keeps the first function that it gets.
  const trySend = useRef<() => void>(() => undefined);
  trySend.current = () => {
    if (canSend) void send();
  };
  useEffect(() => {
    const created = new Editor({
      place: place.current!,
      label: t('caption'),
      start: given,
      onChange: () => (captionLength.value = countCharacters(editor.current?.read().text ?? '')),
      onSend: () => trySend.current(),
      onFiles: (added) => files.add(added),
    });
    editor.current = created;
    created.focus();
    return () => created.destroy();
  }, []);
  const leave = async (): Promise<void> => {
    const { text } = editor.current?.read() ?? EMPTY;
    // A text that came from the composer is still there, so it is not lost.
    if (text === '' || text === given.text || (await confirm({ title: t('discardCaption'), text: t('discardCaptionText'), button: t('discard'), isDangerous: true }))) close();
  };
  // The editor prevents what Escape would do, so the dialog does not hear it by itself.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    void leave();
  };
  useEffect(() => {
    if (list.length === 0) close();
  }, [list.length === 0]);

  const pictures = list.filter((chosen) => files.isPicture(chosen)).length;
  const isLong = list.some(({ file }) => file.size > KEPT_FILE_BYTES);
  return (
    <Dialog title={t('sendFiles')} onClose={() => void leave()} className="send-files">
      <ul class={`chosen-list${pictures > 1 ? ' chosen-grid' : ''}`} aria-label={t('chosenFiles')}>
        {list.map((chosen, index) => (
          <ChosenItem key={chosen.id} chosen={chosen} files={files} index={index} count={list.length} />
        ))}
      </ul>
      <div class="chosen-options">
        <button class="link" type="button" onClick={() => more.current?.click()}>
          <Plus />
          {t('addFiles')}
        </button>
        <input
          class="file-input"
          ref={more}
          type="file"
          multiple
          aria-label={t('moreFiles')}
          tabIndex={-1}
          onChange={({ currentTarget }) => {
            files.add([...(currentTarget.files ?? [])]);
            currentTarget.value = '';
          }}
        />
        {files.hasPictures.value && (
          <label class="box">
            <input type="checkbox" checked={files.asFiles.value} onChange={({ currentTarget }) => (files.asFiles.value = currentTarget.checked)} />
            {t('sendAsFiles')}
          </label>
        )}
      </div>
      <div class="editor-place" ref={place} onKeyDown={onKeyDown} />
      {tooLong > 0 && (
        <p class="problem" role="alert">
          {t('captionTooLong', { n: tooLong })}
        </p>
      )}
      {isLong && <p class="hint">{t('keepOpen')}</p>}
      <div class="dialog-buttons">
        <button class="button button-plain" type="button" onClick={() => void leave()}>
          {t('cancel')}
        </button>
        <button class="button" type="button" disabled={!canSend} onClick={() => void send()}>
          {t('send')}
        </button>
      </div>
    </Dialog>
  );
};
