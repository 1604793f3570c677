import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { ask } from '../ground/link.ts';
import { go } from '../ground/route.ts';
import { t } from '../ground/text.ts';
import { confirm } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { attempt, tell } from '../parts/notice.tsx';
import { readLogInLink } from './read-log-in-link.ts';
import { ScanCode } from './scan-code.tsx';

/** Asks, and logs in the device whose code has this token. @throws RefusedError if the code has expired */
async function acceptToken(token: string): Promise<void> {
  if (!(await confirm({ title: t('linkDeviceAsk'), text: t('linkDeviceAskText'), button: t('linkDeviceDo') }))) return;
  const { model } = await ask('devices.accept', { token });
  tell(t('deviceLinked', { name: model }));
  go('#/settings/devices', true);
}

/** Logs in another device by the code that it shows: seen by the camera, or pasted as the link that is in it. */
export const LinkDevice: FunctionComponent = () => {
  const link = useSignal('');
  const token = readLogInLink(link.value);
  const take = async (text: string): Promise<boolean> => {
    const seen = readLogInLink(text);
    if (seen === undefined) return false;
    await attempt(acceptToken(seen));
    return true;
  };
  return (
    <section class="panel">
      <p class="hint">{t('linkDeviceText')}</p>
      <ScanCode take={take} />
      <Form submit={() => acceptToken(token!)} button={t('linkDevice')} isComplete={token !== undefined}>
        <Field label={t('logInLink')} value={link.value} onInput={(text) => (link.value = text)} />
        {link.value.trim() !== '' && token === undefined && <p class="hint">{t('notALogInLink')}</p>}
      </Form>
    </section>
  );
};
