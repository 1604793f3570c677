import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import AtSign from 'lucide-static/icons/at-sign.svg';
import CopyIcon from 'lucide-static/icons/copy.svg';
import ExternalLink from 'lucide-static/icons/external-link.svg';
import Lock from 'lucide-static/icons/lock.svg';
import type { InlineButton, Message } from '../../protocol/index.ts';
import { t } from '../ground/text.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { buttonClass, ButtonText } from '../text/button-face.tsx';
import { pressButton } from './press-button.tsx';

/** Says by its look what a button does, if that is more than to tell the bot. */
const Mark: FunctionComponent<{ button: InlineButton }> = ({ button }) => {
  switch (button.kind) {
    case 'url':
      return <ExternalLink />;
    case 'copy':
      return <CopyIcon />;
    case 'switchInline':
      return <AtSign />;
    case 'callback':
      return button.needsPassword ? <Lock /> : null;
    case 'other':
      return null;
  }
};

const Button: FunctionComponent<{ message: Message; button: InlineButton }> = ({ message, button }) => {
  const open = useOpenChat();
  const isBusy = useSignal(false);
  const press = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    await pressButton(open, message, button);
    isBusy.value = false;
  };
  return (
    // Not disabled while it is busy, so that the focus stays.
    <button class={buttonClass(button)} type="button" aria-busy={isBusy.value} aria-disabled={isBusy.value} onClick={() => void press()}>
      <ButtonText face={button} />
      <Mark button={button} />
    </button>
  );
};

/** What a bot has put below a message. */
export const InlineButtons: FunctionComponent<{ message: Message }> = ({ message }) => {
  if (!message.buttons || message.id === 0) return null;
  return (
    <div class="inline-buttons" role="group" aria-label={t('botButtons')}>
      {message.buttons.map((row, at) => (
        <div key={at} class="inline-row">
          {row.map((button, index) => (
            // Another button in the same place is a new one, which nobody has pressed.
            <Button key={`${index} ${button.kind} ${button.text}`} message={message} button={button} />
          ))}
        </div>
      ))}
    </div>
  );
};
