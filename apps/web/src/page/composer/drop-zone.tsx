import type { FunctionComponent, RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import Upload from 'lucide-static/icons/upload.svg';
import { t } from '../ground/text.ts';

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

// A file that is dropped beside the zone must not be opened in place of the page.
for (const name of ['dragover', 'drop'] as const) {
  addEventListener(name, (event) => {
    if (!hasFiles(event) || event.defaultPrevented) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
  });
}

/** Covers a chat while files are dragged over it, and takes those that are dropped. @param inside an element of the chat */
export const DropZone: FunctionComponent<{ inside: RefObject<HTMLElement | null>; onFiles(files: File[]): void }> = ({ inside, onFiles }) => {
  /** The rectangle of the chat while files are dragged over it. */
  const place = useSignal<DOMRect | undefined>(undefined);
  useEffect(() => {
    const chat = inside.current?.closest<HTMLElement>('main');
    if (!chat) return undefined;
    // Elements within the chat are entered and left, too.
    let depth = 0;
    const onEnter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      if (depth++ === 0) place.value = chat.getBoundingClientRect();
    };
    const onLeave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) place.value = undefined;
    };
    const onOver = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      [depth, place.value] = [0, undefined];
      if (!hasFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      onFiles([...(event.dataTransfer?.files ?? [])]);
    };
    chat.addEventListener('dragenter', onEnter);
    chat.addEventListener('dragleave', onLeave);
    chat.addEventListener('dragover', onOver);
    chat.addEventListener('drop', onDrop);
    return () => {
      chat.removeEventListener('dragenter', onEnter);
      chat.removeEventListener('dragleave', onLeave);
      chat.removeEventListener('dragover', onOver);
      chat.removeEventListener('drop', onDrop);
    };
  }, []);
  if (place.value === undefined) return null;
  const { left, top, width, height } = place.value;
  return (
    <div class="drop-zone" style={{ left, top, width, height }}>
      <p>
        <Upload />
        {t('dropFiles')}
      </p>
    </div>
  );
};
