import type { FunctionComponent } from 'preact';
import { t } from '../parts/text.ts';
import { session } from './link.ts';

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
