import type { FunctionComponent } from 'preact';
import X from 'lucide-static/icons/x.svg';
import { peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { formatFull } from '../parts/dates.ts';
import { nameOf } from '../parts/names.tsx';
import { ViewerTools, type ViewerToolsProps } from './viewer-tools.tsx';

export interface ViewerBarProps extends ViewerToolsProps {
  place?: { n: number; count: number };
  close(): void;
}

/** Who sent what is shown, and what can be done with it. */
export const ViewerBar: FunctionComponent<ViewerBarProps> = ({ place, close, ...tools }) => {
  const { message } = tools;
  return (
    <header class="viewer-bar">
      <div class="viewer-names">
        <bdi>{message.isOut ? t('you') : nameOf(peerSignal(message.from).value)}</bdi>
        <small>
          {formatFull(message.date)}
          {place && place.count > 1 ? ` · ${t('placeOf', place)}` : ''}
        </small>
      </div>
      <ViewerTools {...tools} />
      <button class="round" type="button" aria-label={t('close')} onClick={close}>
        <X />
      </button>
    </header>
  );
};
