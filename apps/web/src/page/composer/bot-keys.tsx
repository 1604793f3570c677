import type { FunctionComponent } from 'preact';
import Keyboard from 'lucide-static/icons/keyboard.svg';
import type { Key, PeerRequest } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { useOpenChat } from '../open-chat/open-chat.ts';
import { confirm } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt, notify } from '../parts/notice.tsx';
import { findPlace } from '../parts/find-place.ts';
import { t } from '../ground/text.ts';
import { buttonClass, ButtonText } from '../text/button-face.tsx';
import type { OfferedKeysState } from './offered-keys.ts';
import { sharePeers } from './share-peers.tsx';

/** Shows and hides the keys of a bot, unless the bot wants them to stay. */
export const BotKeysButton: FunctionComponent<{ state: OfferedKeysState }> = ({ state }) => {
  const keys = state.current.value?.keys;
  if (keys?.kind !== 'keys' || keys.isPersistent) return null;
  return (
    <button class="round" type="button" aria-label={t('botKeyboard')} aria-expanded={state.isShown} onClick={() => state.toggle()}>
      <Keyboard />
    </button>
  );
};

/** What a bot has put in place of the keys of a phone. */
export const BotKeys: FunctionComponent<{ state: OfferedKeysState }> = ({ state }) => {
  const open = useOpenChat();
  const offered = state.current.value;
  if (offered?.keys.kind !== 'keys' || !state.isShown) return null;
  const { message, from, keys } = offered;
  const { peer } = open;
  // In a group, the bot knows by the answer that it is meant.
  const toBot = peerSignal(peer).value?.kind === 'user' ? undefined : message;
  const used = (): void => {
    state.noteUse();
    void open.jump();
  };
  const say = async (text: string): Promise<void> => {
    state.noteUse();
    if (await attempt(ask('messages.send', { peer, thread: open.thread, text, entities: [], replyTo: toBot }))) void open.jump();
  };
  const sendPhone = async (): Promise<void> => {
    if (!(await confirm({ title: t('sharePhone'), text: t('sharePhoneText', { name: nameOf(peerSignal(from).value) }), button: t('sharePhone') }))) return;
    state.noteUse();
    if (await attempt(ask('bots.sendPhone', { peer, replyTo: message }))) void open.jump();
  };
  const sendPlace = async (): Promise<void> => {
    if (!(await confirm({ title: t('sharePlace'), text: t('sharePlaceText', { name: nameOf(peerSignal(from).value) }), button: t('sharePlace') }))) return;
    const place = await findPlace();
    if (place === 'withheld' || place === 'unknown') {
      notify(t(place === 'withheld' ? 'placeWithheld' : 'placeUnknown'));
      return;
    }
    state.noteUse();
    if (await attempt(ask('bots.sendPlace', { peer, replyTo: message, ...place }))) void open.jump();
  };
  const share = async (request: PeerRequest): Promise<void> => {
    if (await sharePeers(peer, message, request)) used();
  };
  const press = async (key: Key): Promise<void> => {
    switch (key.kind) {
      case 'text':
        await say(key.text);
        return;
      case 'phone':
        await sendPhone();
        return;
      case 'place':
        await sendPlace();
        return;
      case 'peer':
        await share(key.request);
        return;
      case 'poll': {
        const { offerPoll } = await import('../polls/new-poll.tsx');
        if (await offerPoll(peer, { thread: open.thread, replyTo: toBot }, key.isQuiz)) used();
        return;
      }
      case 'other':
        notify(t('buttonUnknown'));
    }
  };
  return (
    <div class={`bot-keys${keys.isCompact ? ' is-compact' : ''}`} role="group" aria-label={t('botKeyboard')}>
      {keys.rows.map((row, at) => (
        <div key={at} class="inline-row">
          {row.map((key, index) => (
            <button key={index} class={buttonClass(key)} type="button" onClick={() => void press(key)}>
              <ButtonText face={key} />
            </button>
          ))}
        </div>
      ))}
    </div>
  );
};
