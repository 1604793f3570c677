import type { FunctionComponent } from 'preact';
import { t } from '../ground/text.ts';
import { session } from '../ground/link.ts';

/** Offers to load the page anew when the server has a newer one. */
export const UpgradeBar: FunctionComponent = () => (
  <div class="upgrade" role="status">
    {session.value.isOutdated && (
      <>
        <span>{t('upgraded')}</span>
        <button class="link" type="button" onClick={() => location.reload()}>
          {t('reload')}
        </button>
      </>
    )}
  </div>
);
