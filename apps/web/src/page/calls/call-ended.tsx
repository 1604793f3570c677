import type { FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import Phone from 'lucide-static/icons/phone.svg';
import X from 'lucide-static/icons/x.svg';
import type { CallEndReason } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Name, nameOf } from '../parts/names.tsx';
import { Control } from './call-controls.tsx';
import { END_TEXTS } from './describe-end.ts';
import type { OwnCall } from './own-call.ts';
import { forget, startCall } from './start-call.ts';

/** How long the end of a call is shown that one of the two wanted, in milliseconds. */
const OVER_MS = 1500;

/** Says how a call ended. One that was only hung up is soon gone. */
export const CallEnded: FunctionComponent<{ call: OwnCall; reason: CallEndReason }> = ({ call, reason }) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    if (reason !== 'over') return undefined;
    const timer = setTimeout(() => forget(call), OVER_MS);
    return () => clearTimeout(timer);
  }, [call, reason]);
  const again = (): void => {
    forget(call);
    void startCall(call.peer, call.isVideo);
  };
  return (
    <main class="call-stage" aria-label={t('inCallWith', { name: nameOf(peerSignal(call.peer).value) })} onKeyDown={({ key }) => key === 'Escape' && forget(call)}>
      <header class="call-top" />
      <div class="call-middle">
        <div class="call-halo">
          <Avatar peer={call.peer} size="large" />
        </div>
        <h1 ref={heading} tabIndex={-1}>
          <Name peer={call.peer} />
        </h1>
        <p class="call-state" role="status">
          {t(END_TEXTS[reason])}
        </p>
      </div>
      <div class="call-controls">
        {reason !== 'over' && (
          <>
            <Control icon={X} name={t('close')} act={() => forget(call)} />
            <Control icon={Phone} name={t('callAgain')} className="is-answer" act={again} />
          </>
        )}
      </div>
    </main>
  );
};
