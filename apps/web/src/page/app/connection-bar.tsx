import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { t } from '../ground/text.ts';
import { session } from '../ground/link.ts';

/** Shorter interruptions are not shown, in milliseconds. */
const QUIET_MS = 1000;

/** Says above all columns what is going on with the connection; nothing while it stands. It lies over the page, which does not move. */
export const ConnectionBar: FunctionComponent = () => {
  const { connection } = session.value;
  const isConnected = connection === 'connected';
  const isLong = useSignal(false);
  useEffect(() => {
    if (isConnected) return undefined;
    const timer = setTimeout(() => (isLong.value = true), QUIET_MS);
    return () => {
      clearTimeout(timer);
      isLong.value = false;
    };
  }, [isConnected]);
  return (
    <div class="connection" role="status">
      {isConnected || !isLong.value ? '' : t(connection)}
    </div>
  );
};
