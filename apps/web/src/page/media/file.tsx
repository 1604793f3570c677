import type { FunctionComponent } from 'preact';
import ArrowDown from 'lucide-static/icons/arrow-down.svg';
import FileArchive from 'lucide-static/icons/file-archive.svg';
import FileAudio from 'lucide-static/icons/file-music.svg';
import FileCode from 'lucide-static/icons/file-code.svg';
import FileImage from 'lucide-static/icons/file-image.svg';
import FilePlain from 'lucide-static/icons/file.svg';
import FileText from 'lucide-static/icons/file-text.svg';
import FileVideo from 'lucide-static/icons/file-play.svg';
import { fileKey, type Message } from '../../protocol/index.ts';
import { ask, progressSignal } from '../ground/link.ts';
import { formatBytes } from '../parts/bytes.ts';
import { t } from '../ground/text.ts';
import { cleanName, endingOf } from './clean-name.ts';
import { download, isDownloading, stopDownload } from './downloads.ts';
import { ProgressRing } from './progress-ring.tsx';
import { fileOf, mediaOf, nameOfDocument } from './shown-media.ts';
import { usePicture } from '../motion/use-picture.ts';

const KINDS: [endings: RegExp, Icon: FunctionComponent, colour: string][] = [
  [/^(PDF|DOCX?|ODT|RTF|TXT|MD|EPUB)$/, FileText, 'text'],
  [/^(XLSX?|ODS|CSV|PPTX?|ODP|KEY)$/, FileText, 'table'],
  [/^(ZIP|RAR|7Z|GZ|XZ|TAR|TGZ|BZ2|ZST)$/, FileArchive, 'archive'],
  [/^(JPE?G|PNG|GIF|WEBP|SVG|HEIC|BMP|TIFF?|PSD|AVIF)$/, FileImage, 'image'],
  [/^(MP4|MKV|WEBM|MOV|AVI|M4V)$/, FileVideo, 'video'],
  [/^(MP3|OGG|FLAC|WAV|M4A|OPUS|AAC)$/, FileAudio, 'audio'],
  [/^(JS|TS|JSON|HTML?|CSS|XML|PY|C|CPP|H|RS|GO|JAVA|SH|YML|YAML|TOML|SQL)$/, FileCode, 'code'],
];

/** The sign of a file, by the end of its name. */
export const FileSign: FunctionComponent<{ name: string }> = ({ name }) => {
  const [, Icon, colour] = KINDS.find(([endings]) => endings.test(endingOf(name))) ?? [undefined, FilePlain, 'plain'];
  return (
    <span class={`file-sign file-sign-${colour}`}>
      <Icon />
    </span>
  );
};

/** A file, which is saved by a click. */
export const FileContent: FunctionComponent<{ message: Message; note?: string }> = ({ message, note }) => {
  const media = mediaOf(message);
  const document = media?.document;
  const file = document && fileOf(message, document);
  const picture = usePicture(document?.thumb && message.id !== 0 ? fileOf(message, document, document.thumb.name) : undefined, document?.preview).value;
  if (!media) return null;
  const name = cleanName(nameOfDocument(media), t('mediaFile'));
  const size = formatBytes(document?.bytes ?? media.local?.file.size ?? 0);
  const isLoading = file !== undefined && isDownloading(file).value;
  const isSending = message.progress !== undefined;
  return (
    <div class="file">
      <button class="file-open" type="button" disabled={!file || isLoading} onClick={() => file && void download(file, name)}>
        <span class="file-place" aria-hidden="true">
          {picture.address === undefined ? <FileSign name={name} /> : <img src={picture.address} alt="" draggable={false} />}
          {file && !isLoading && (
            <span class="file-arrow">
              <ArrowDown />
            </span>
          )}
        </span>
        <span class="file-names">
          <bdi class="file-name">{name}</bdi>
          <small>{isLoading && document ? <Loaded file={fileKey(file)} bytes={document.bytes} /> : [size, note].filter((part) => part !== undefined).join(' · ')}</small>
        </span>
      </button>
      {isLoading && <LoadingRing file={fileKey(file)} onCancel={() => stopDownload(file)} />}
      {isSending && (
        <span class="file-progress">
          <ProgressRing label={t('uploadingFile')} value={message.progress!} onCancel={() => void ask('messages.discard', { peer: message.peer, key: message.key })} />
        </span>
      )}
    </div>
  );
};

const Loaded: FunctionComponent<{ file: string; bytes: number }> = ({ file, bytes }) => <>{t('loadedOf', { loaded: formatBytes(progressSignal(file).value * bytes), total: formatBytes(bytes) })}</>;

const LoadingRing: FunctionComponent<{ file: string; onCancel(): void }> = ({ file, onCancel }) => (
  <span class="file-progress">
    <ProgressRing label={t('downloadingFile')} value={progressSignal(file).value} onCancel={onCancel} />
  </span>
);
