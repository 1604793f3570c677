import type { FunctionComponent } from 'preact';
import { t } from '../ground/text.ts';
import { session } from '../ground/link.ts';

/** Says above all columns what is going on with the connection; nothing while it stands. */
export const ConnectionBar: FunctionComponent = () => {
  const { connection } = session.value;
  return (
    <div class="connection" role="status">
      {connection === 'connected' ? '' : t(connection)}
    </div>
  );
};
