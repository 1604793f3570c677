import type { ComponentType, FunctionComponent } from 'preact';
import ChevronLeft from 'lucide-static/icons/chevron-left.svg';
import ChevronRight from 'lucide-static/icons/chevron-right.svg';
import Eye from 'lucide-static/icons/eye.svg';
import EyeOff from 'lucide-static/icons/eye-off.svg';
import Play from 'lucide-static/icons/play.svg';
import X from 'lucide-static/icons/x.svg';
import { FileSign } from '../media/file.tsx';
import { cleanName } from '../media/clean-name.ts';
import { formatBytes } from '../parts/bytes.ts';
import { formatSeconds } from '../parts/dates.ts';
import { t } from '../ground/text.ts';
import { useBlobAddress } from '../parts/use-blob-address.ts';
import type { ChosenFile, ChosenFiles } from './chosen-files.ts';

/** What is said with a file that is dragged to another place. */
const DRAGGED = 'application/x-aerogram-file';

interface ItemProps {
  chosen: ChosenFile;
  files: ChosenFiles;
  index: number;
  count: number;
}

const Action: FunctionComponent<{ label: string; icon: ComponentType; act(): void; isPressed?: boolean; isOff?: boolean }> = ({ label, icon: Icon, act, isPressed, isOff }) => (
  <button class={isOff === undefined ? 'chosen-action' : 'chosen-action is-order'} type="button" aria-label={label} title={label} aria-pressed={isPressed} disabled={isOff} onClick={act}>
    <Icon />
  </button>
);

/** The picture of a chosen file. */
const Picture: FunctionComponent<{ chosen: ChosenFile; isAlone: boolean }> = ({ chosen: { facts, hasSpoiler }, isAlone }) => {
  const address = useBlobAddress(facts?.as === 'video' ? facts.thumb : facts?.file);
  return (
    <span class={`chosen-picture${isAlone ? ' is-alone' : ''}${hasSpoiler ? ' is-hidden' : ''}`}>
      {address !== undefined && <img src={address} alt="" decoding="async" draggable={false} />}
      {facts?.as === 'video' && (
        <>
          <span class="tile-play">
            <Play />
          </span>
          <span class="tile-label">{formatSeconds(facts.duration ?? 0)}</span>
        </>
      )}
      {facts?.as === 'gif' && <span class="tile-label">{t('mediaGif')}</span>}
    </span>
  );
};

/** A chosen file, and what can be done with it before it is sent. Files can be dragged to another place, too. */
export const ChosenItem: FunctionComponent<ItemProps> = ({ chosen, files, index, count }) => {
  const isPicture = files.isPicture(chosen);
  const problem = files.problemOf(chosen);
  const name = cleanName(chosen.file.name, t('mediaFile'));
  const mayHide = isPicture && chosen.facts?.as !== 'gif';
  const onDrop = (event: DragEvent): void => {
    const id = Number(event.dataTransfer?.getData(DRAGGED));
    if (!id) return;
    event.preventDefault();
    event.stopPropagation();
    files.moveTo(id, index);
  };
  return (
    <li
      class={isPicture ? 'chosen chosen-tile' : 'chosen chosen-row'}
      aria-label={name}
      draggable={count > 1}
      onDragStart={({ dataTransfer }) => dataTransfer?.setData(DRAGGED, String(chosen.id))}
      onDragOver={(event) => event.dataTransfer?.types.includes(DRAGGED) && event.preventDefault()}
      onDrop={onDrop}
    >
      {isPicture ? (
        <Picture chosen={chosen} isAlone={count === 1} />
      ) : (
        <>
          <FileSign name={name} />
          <span class="file-names">
            <bdi class="file-name">{name}</bdi>
            <small>{formatBytes(chosen.file.size)}</small>
          </span>
        </>
      )}
      <span class="chosen-actions">
        {count > 1 && <Action label={t('moveEarlier')} icon={ChevronLeft} isOff={index === 0} act={() => files.moveTo(chosen.id, index - 1)} />}
        {count > 1 && <Action label={t('moveLater')} icon={ChevronRight} isOff={index === count - 1} act={() => files.moveTo(chosen.id, index + 1)} />}
        {mayHide && <Action label={t('hideWithSpoiler')} icon={chosen.hasSpoiler ? EyeOff : Eye} isPressed={chosen.hasSpoiler} act={() => files.toggleSpoiler(chosen.id)} />}
        <Action label={t('removeFile')} icon={X} act={() => files.remove(chosen.id)} />
      </span>
      {problem && (
        <p class="problem" role="alert">
          {problem === 'empty' ? t('fileEmpty') : t('fileTooLong', { size: formatBytes(files.limits.value!.fileBytes) })}
        </p>
      )}
    </li>
  );
};
