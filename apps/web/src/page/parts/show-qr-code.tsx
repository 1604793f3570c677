import { t } from '../ground/text.ts';
import { Dialog, openDialog } from './dialog.tsx';
import { shortLink, withOwnOrigin } from './own-links.ts';
import { QrCode } from './qr-code.tsx';

/** Shows a link of this server as a code that a camera reads. */
export const showQrCode = (link: string): Promise<void | undefined> =>
  openDialog<void>((close) => (
    <Dialog title={t('qrCode')} onClose={() => close()} >
      <div class="invite-card">
        <QrCode url={withOwnOrigin(link, location.origin)} />
        <p class="link-text" dir="ltr">
          {shortLink(link)}
        </p>
      </div>
    </Dialog>
  ));
