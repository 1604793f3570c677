import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { FormattedText } from '../../protocol/index.ts';
import { Dialog } from '../parts/dialog.tsx';
import { formatBytes } from '../parts/bytes.ts';
import { blobAddress } from '../parts/pictures.ts';
import { t } from '../parts/text.ts';
import { Editor } from './editor.ts';

const Chosen: FunctionComponent<{ file: File; asFile: boolean }> = ({ file, asFile }) => {
  const address = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (asFile || !file.type.startsWith('image/')) return undefined;
    const made = blobAddress(file);
    address.value = made;
    return () => URL.revokeObjectURL(made);
  }, [file, asFile]);
  return (
    <li>
      {address.value === undefined ? null : <img src={address.value} alt="" />}
      <span dir="auto">{file.name}</span>
      <small>{formatBytes(file.size)}</small>
    </li>
  );
};

/** Shows the chosen files, and asks for the text below them. */
export const SendFilesDialog: FunctionComponent<{ files: File[]; asFile: boolean; close(caption?: FormattedText): void }> = ({ files, asFile, close }) => {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const send = (): void => close(editor.current?.read());
  useEffect(() => {
    const created = new Editor({ place: place.current!, label: t('caption'), start: { text: '', entities: [] }, onChange: () => undefined, onSend: send, onFiles: () => undefined });
    editor.current = created;
    created.focus();
    return () => created.destroy();
  }, []);
  return (
    <Dialog title={t('sendFiles')} onClose={() => close()} className="send-files">
      <ul>
        {files.map((file, index) => (
          <Chosen key={index} file={file} asFile={asFile} />
        ))}
      </ul>
      <div class="editor-place" ref={place} />
      <div class="dialog-buttons">
        <button class="button button-plain" type="button" onClick={() => close()}>
          {t('cancel')}
        </button>
        <button class="button" type="button" onClick={send}>
          {t('send')}
        </button>
      </div>
    </Dialog>
  );
};
