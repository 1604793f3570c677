import type { FunctionComponent } from 'preact';
import Smile from 'lucide-static/icons/smile.svg';
import type { Peer, UnixTime } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { dayNumber, formatDay, formatTime, nowSeconds } from '../parts/dates.ts';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { NameStatus } from '../parts/name-status.tsx';
import { chooseStatus } from './choose-status.tsx';
import './words.ts';

const describeUntil = (until: UnixTime): string => t('statusUntil', { when: dayNumber(until) === dayNumber(nowSeconds()) ? formatTime(until) : formatDay(until) });

/** Which emoji stands beside a name, and until when; pressed, another one can be chosen. */
export const StatusRow: FunctionComponent<{ peer: Peer }> = ({ peer: { id, status } }) => {
  const isShown = status !== undefined && (status.until ?? Infinity) > nowSeconds();
  return (
    <InfoCard>
      <InfoAction
        icon={Smile}
        text={t('statusTitle')}
        value={
          isShown ? (
            <>
              <NameStatus status={status} /> {status.until !== undefined && describeUntil(status.until)}
            </>
          ) : (
            t('statusNone')
          )
        }
        act={() => void chooseStatus(id)}
      />
    </InfoCard>
  );
};
