import type { FunctionComponent } from 'preact';
import { t } from '../ground/text.ts';
import { QrCode } from '../parts/qr-code.tsx';
import { BackButton } from './back-button.tsx';

/** Shows a code that a device scans on which the account is logged in already. */
export const QrStep: FunctionComponent<{ url?: string }> = ({ url }) => (
  <>
    <h1>{t('logInByQr')}</h1>
    <div class="qr-place" aria-busy={url === undefined}>
      {url !== undefined && <QrCode url={url} />}
    </div>
    <ol class="steps">
      <li>{t('qrStepOpen')}</li>
      <li>{t('qrStepDevices')}</li>
      <li>{t('qrStepScan')}</li>
    </ol>
    <BackButton />
  </>
);
