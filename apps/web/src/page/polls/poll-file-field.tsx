import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import ImagePlus from 'lucide-static/icons/image-plus.svg';
import X from 'lucide-static/icons/x.svg';
import type { LocalFile, SentKind } from '../../protocol/index.ts';
import { progressSignal, session } from '../ground/link.ts';
import { cleanName } from '../media/clean-name.ts';
import { FileSign } from '../media/file.tsx';
import { ProgressRing } from '../media/progress-ring.tsx';
import { t } from '../ground/text.ts';
import { useBlobAddress } from '../parts/use-blob-address.ts';
import type { PollFile } from './poll-file.ts';

/** Which files a browser offers. Pure. */
function acceptOf(kinds: readonly SentKind[]): string | undefined {
  if (kinds.includes('file')) return undefined;
  return [kinds.includes('photo') || kinds.includes('gif') ? 'image/*' : [], kinds.includes('video') ? 'video/*' : [], kinds.includes('audio') ? 'audio/*' : []].flat().join(',');
}

const Preview: FunctionComponent<{ local: LocalFile }> = ({ local: { as, file, thumb, name } }) => {
  const address = useBlobAddress(as === 'photo' || as === 'gif' ? file : as === 'video' ? thumb : undefined);
  if (address !== undefined) return <img src={address} alt="" decoding="async" draggable={false} />;
  return <FileSign name={cleanName(name, t('mediaFile'))} />;
};

/** The button that chooses a file for a part of a poll. @param name of the part, such as "Answer 1" */
export const PollFileButton: FunctionComponent<{ file: PollFile; name: string }> = ({ file, name }) => {
  const input = useRef<HTMLInputElement>(null);
  const { kinds } = file;
  if (kinds.length === 0 || file.chosen.value) return null;
  return (
    <>
      <button class="round poll-attach" type="button" aria-label={t('pollAttach', { name })} title={t('pollAttach', { name })} onClick={() => input.current?.click()}>
        <ImagePlus />
      </button>
      <input
        class="hidden-input"
        ref={input}
        type="file"
        accept={acceptOf(kinds)}
        aria-label={t('pollFileOf', { name })}
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          currentTarget.value = '';
          if (chosen) void file.choose(chosen);
        }}
      />
    </>
  );
};

/** The file that was chosen for a part of a poll: how far it is, and what is wrong with it. */
export const PollFileLine: FunctionComponent<{ file: PollFile; name: string }> = ({ file, name }) => {
  const chosen = file.chosen.value;
  const problem = file.problem.value;
  return (
    <>
      {chosen && (
        <div class="poll-chosen" role="group" aria-label={t('pollFileOf', { name })}>
          <span class="poll-preview">
            <Preview local={chosen.local} />
          </span>
          <bdi class="file-name">{cleanName(chosen.local.name, t('mediaFile'))}</bdi>
          {chosen.state === 'sending' && <ProgressRing label={t('uploadingFile')} value={progressSignal(chosen.upload).value} onCancel={() => file.remove()} />}
          {chosen.state === 'failed' && (
            <button class="link" type="button" onClick={() => void file.retry()}>
              {t('retry')}
            </button>
          )}
          {chosen.state !== 'sending' && (
            <button class="round" type="button" aria-label={t('removeFile')} onClick={() => file.remove()}>
              <X />
            </button>
          )}
        </div>
      )}
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </>
  );
};

/** Says that a poll waits for files that cannot arrive without a connection. */
export const FilesWait: FunctionComponent<{ files: readonly PollFile[] }> = ({ files }) =>
  session.value.connection !== 'connected' && files.some(({ chosen }) => chosen.value?.state === 'sending') ? (
    <p class="hint" role="status">
      {t('pollFilesWait')}
    </p>
  ) : null;
