import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import type { PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { attempt } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';
import { deleteChat } from './delete-chat.ts';
import { noteStart, startParams } from '../ground/start-params.ts';

/** What stands in place of the composer where one cannot write yet, or not any more. */
export const EntryBar: FunctionComponent<{ peer: PeerId; isBlocked: boolean; isToStart: boolean; joinText?: TextKey }> = ({ peer: id, isBlocked, isToStart, joinText = 'join' }) => {
  const hasAsked = useSignal(false);
  const isBusy = useSignal(false);
  const peer = peerSignal(id).value;
  const run = async (act: () => Promise<unknown>): Promise<void> => {
    isBusy.value = true;
    await attempt(act());
    isBusy.value = false;
  };
  const join = async (): Promise<void> => void (hasAsked.value = (await ask('groups.join', { peer: id })).outcome === 'asked');
  const start = async (): Promise<void> => {
    const param = startParams.value.get(id);
    await (param === undefined ? ask('messages.send', { peer: id, text: '/start', entities: [] }) : ask('bots.start', { bot: id, param }));
    noteStart(id, undefined);
  };
  const button = (text: string, act: () => Promise<unknown>): preact.VNode => (
    <button class="button button-wide" type="button" disabled={isBusy.value} onClick={() => void run(act)}>
      {text}
    </button>
  );
  if (hasAsked.value) return <footer class="composer composer-closed">{t('hasAsked')}</footer>;
  if (isBlocked) return <footer class="composer composer-closed">{button(t('unblock'), () => ask('people.setBlocked', { peer: id, isBlocked: false }))}</footer>;
  if (isToStart) return <footer class="composer composer-closed">{button(t('startBot'), start)}</footer>;
  // Nobody can come back into a basic group by themselves.
  if (peer?.kind === 'group') return <footer class="composer composer-closed">{button(t('deleteChat'), () => deleteChat(id))}</footer>;
  return <footer class="composer composer-closed">{button(t(peer?.asksToJoin ? 'askToJoin' : joinText), join)}</footer>;
};
