import type { FunctionComponent } from 'preact';
import type { CallPhase } from '../../call-media/call-media.ts';
import type { OpenCall } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';
import { formatSeconds } from '../parts/dates.ts';
import { useSeconds } from '../parts/use-seconds.ts';

const STAGES: Readonly<Record<Exclude<OpenCall['stage'], 'talking'>, TextKey>> = { asking: 'callAsking', waiting: 'callAsking', ringing: 'callRinging', exchanging: 'callExchanging' };

/** How long two people have been talking. */
const Time: FunctionComponent<{ since: number }> = ({ since }) => (
  <span class="call-time" role="timer">
    {formatSeconds(useSeconds(Infinity) - since)}
  </span>
);

/** How far a call is, or how long it has gone on. @param phase of the page in which it lives, as far as this is that page */
export const CallTime: FunctionComponent<{ call: OpenCall | undefined; phase?: CallPhase | undefined }> = ({ call, phase = 'connected' }) => {
  if (!call) return <>{t('callAsking')}</>;
  if (call.stage !== 'talking' || call.startDate === undefined) return <>{t(STAGES[call.stage as keyof typeof STAGES])}</>;
  if (phase === 'connected') return <Time since={call.startDate} />;
  return <>{t(phase === 'reconnecting' ? 'callReconnecting' : 'callConnecting')}</>;
};
