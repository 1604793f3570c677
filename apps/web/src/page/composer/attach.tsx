import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import FileIcon from 'lucide-static/icons/file.svg';
import ImageIcon from 'lucide-static/icons/image.svg';
import Paperclip from 'lucide-static/icons/paperclip.svg';
import type { FormattedText, PeerId } from '../../protocol/index.ts';
import { ask } from '../app/link.ts';
import { openDialog } from '../parts/dialog.tsx';
import { openMenu } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { t } from '../parts/text.ts';
import { prepareFile } from './prepare-file.ts';
import { SendFilesDialog } from './send-files-dialog.tsx';

/** Files in one album. */
const ALBUM_MAX = 10;

/** Shows chosen files and sends them if the person agrees. @param asFile sends their bytes as they are */
export async function offerFiles(peer: PeerId, files: File[], asFile: boolean): Promise<void> {
  if (files.length === 0) return;
  const caption = await openDialog<FormattedText>((close) => <SendFilesDialog files={files} asFile={asFile} close={close} />);
  if (!caption) return;
  const prepared = await Promise.all(files.map(async (file) => await prepareFile(file, asFile)));
  const pictures = prepared.filter(({ as }) => as === 'photo' || as === 'video');
  const others = prepared.filter((file) => !pictures.includes(file));
  const groups = [pictures, others].flatMap((all) => Array.from({ length: Math.ceil(all.length / ALBUM_MAX) }, (_, index) => all.slice(index * ALBUM_MAX, (index + 1) * ALBUM_MAX)));
  for (const [index, group] of groups.entries()) {
    const text = index === 0 ? caption : { text: '', entities: [] };
    await attempt(ask('messages.send', { peer, ...text, files: group }));
  }
}

/** The button for photos and files. */
export const Attach: FunctionComponent<{ peer: PeerId }> = ({ peer }) => {
  const media = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement, asFile: boolean): void => {
    const files = [...(input.files ?? [])];
    input.value = '';
    void offerFiles(peer, files, asFile);
  };
  const open = (place: HTMLElement): void =>
    openMenu({
      label: t('attach'),
      place,
      items: [
        { name: t('photoOrVideo'), icon: ImageIcon, act: () => media.current?.click() },
        { name: t('file'), icon: FileIcon, act: () => file.current?.click() },
      ],
    });
  return (
    <>
      <button class="round" type="button" aria-label={t('attach')} aria-haspopup="menu" onClick={({ currentTarget }) => open(currentTarget)}>
        <Paperclip />
      </button>
      <input class="file-input" ref={media} type="file" multiple accept="image/*,video/*" aria-label={t('photoOrVideo')} tabIndex={-1} onChange={({ currentTarget }) => take(currentTarget, false)} />
      <input class="file-input" ref={file} type="file" multiple aria-label={t('file')} tabIndex={-1} onChange={({ currentTarget }) => take(currentTarget, true)} />
    </>
  );
};
