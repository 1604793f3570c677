import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { InlineButton, Message, PressAnswer } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { takeSwitch } from '../ground/start-params.ts';
import { copyText } from '../parts/copy-text.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt, notify, tell } from '../parts/notice.tsx';
import { ownRoute } from '../parts/own-links.ts';
import { safeTarget } from '../parts/safe-target.ts';
import { t } from '../ground/text.ts';
import { chooseChat } from './choose-chat.tsx';
import { askBeforeLeaving } from '../text/link.tsx';
import type { OpenChat } from '../open-chat/open-chat.ts';

type Callback = Extract<InlineButton, { kind: 'callback' }>;

/** The bot that has put buttons below a message. */
const botOf = ({ via, from }: Message): number => via ?? from;

/** Opens where a button leads, after a question unless it is in this client. */
async function openTarget(url: string): Promise<void> {
  const target = safeTarget({ kind: 'link', offset: 0, length: 0, url }, url);
  const route = target === undefined ? undefined : ownRoute(target, location.origin);
  if (route !== undefined) go(route);
  else if (target !== undefined) await askBeforeLeaving(target);
  else notify(t('buttonUnknown'));
}

/** Shows the answer of a bot: in passing, or in a dialog. */
async function showAnswer({ text, isAlert, url }: PressAnswer, bot: string): Promise<void> {
  if (text !== undefined && text !== '') {
    if (!isAlert) tell(text);
    else {
      await openDialog((close) => (
        <Dialog title={t('botSays', { name: bot })} onClose={() => close()}>
          <p class="bot-alert" dir="auto">
            {text}
          </p>
          <div class="dialog-buttons">
            <button class="button" type="button" autofocus onClick={() => close()}>
              {t('ok')}
            </button>
          </div>
        </Dialog>
      ));
    }
  }
  if (url !== undefined) await openTarget(url);
}

const PasswordDialog: FunctionComponent<{ press(password: string): Promise<PressAnswer>; close(answer?: PressAnswer): void }> = ({ press, close }) => {
  const password = useSignal('');
  return (
    <Dialog title={t('enterPassword')} onClose={() => close()}>
      <Form submit={async () => close(await press(password.value))} button={t('confirmPress')} isComplete={password.value !== ''}>
        <p>{t('enterPasswordText')}</p>
        <Field label={t('password')} type="password" autocomplete="current-password" value={password.value} onInput={(value) => (password.value = value)} />
      </Form>
    </Dialog>
  );
};

/** Tells the bot, and shows what it answers. */
async function tellBot(message: Message, { data, needsPassword }: Callback): Promise<void> {
  const press = (password?: string): Promise<PressAnswer> => ask('bots.press', { peer: message.peer, message: message.id, data, password });
  const answer = needsPassword ? await openDialog<PressAnswer>((close) => <PasswordDialog press={press} close={close} />) : await press();
  if (answer) await showAnswer(answer, nameOf(peerSignal(botOf(message)).value));
}

/** Writes what asks the bot for something to send. */
async function switchInline(open: OpenChat, message: Message, { query, isHere }: Extract<InlineButton, { kind: 'switchInline' }>): Promise<void> {
  const [username] = peerSignal(botOf(message)).value?.usernames ?? [];
  if (username === undefined) {
    notify(t('buttonUnknown'));
    return;
  }
  const text = `@${username} ${query}`;
  // Who was sent here from another chat, to set the bot up, goes back there.
  const back = takeSwitch(open.peer);
  const peer = back ?? (isHere ? open.peer : await chooseChat(t('chooseInlineChat')));
  if (peer === open.peer) open.fillComposer(text);
  else if (peer !== undefined && (await attempt(ask('messages.saveDraft', { peer, draft: { text, entities: [] } })))) go(chatAddress(peer));
}

/** Does what a button below a message is for. */
export async function pressButton(open: OpenChat, message: Message, button: InlineButton): Promise<void> {
  switch (button.kind) {
    case 'callback':
      await attempt(tellBot(message, button));
      return;
    case 'url':
      await openTarget(button.url);
      return;
    case 'copy':
      await copyText(button.copy);
      return;
    case 'switchInline':
      await switchInline(open, message, button);
      return;
    case 'other':
      notify(t('buttonUnknown'));
  }
}
