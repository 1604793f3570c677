import type { FunctionComponent } from 'preact';
import type { AdminRight, PeerId } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { chatAddress, go } from '../ground/route.ts';
import { chooseChat } from '../history/choose-chat.tsx';
import type { BotQuery } from '../parts/bot-query.ts';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { nameOf } from '../parts/names.tsx';
import { nameRights } from '../parts/name-rights.ts';
import { attempt, notify } from '../parts/notice.tsx';
import { t } from '../ground/text.ts';

/** Asks whether a bot is to be added, and says what it will be allowed there. */
const AddBotDialog: FunctionComponent<{ bot: PeerId; peer: PeerId; rights: readonly AdminRight[]; close(isAgreed?: boolean): void }> = ({ bot, peer, rights, close }) => (
  <Dialog title={t('addBot')} onClose={() => close()}>
    <p dir="auto">{t('addBotText', { bot: nameOf(peerSignal(bot).value), chat: nameOf(peerSignal(peer).value) })}</p>
    {rights.length > 0 && (
      <>
        <p>{t('addBotAsAdmin')}</p>
        <ul class="bot-rights">
          {nameRights(rights).map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      </>
    )}
    <div class="dialog-buttons">
      <button class="button button-plain" type="button" onClick={() => close()}>
        {t('cancel')}
      </button>
      <button class="button" type="button" onClick={() => close(true)}>
        {t('addBot')}
      </button>
    </div>
  </Dialog>
);

/** Whether the account may add a bot to a chat. @param isAdmin the bot is to be an admin; for that, a basic group must become a supergroup, which its owner alone may do */
function mayAdd(peer: PeerId, kind: 'group' | 'channel', isAdmin: boolean): boolean {
  const chat = peerSignal(peer).value;
  if (!chat?.isMember || (kind === 'channel') !== (chat.kind === 'channel')) return false;
  if (!isAdmin) return chat.rights.invite;
  return chat.kind === 'group' ? chat.isCreator === true : chat.rights.promote;
}

/** Lets the person choose a group or channel of their own, and adds a bot there as a link asks for. */
export async function askToAddBot(bot: PeerId, query: Exclude<BotQuery, { kind: 'start' }>): Promise<void> {
  if (!peerSignal(bot).value?.isBot) {
    notify(t('noChatForBot'));
    return;
  }
  const { kind } = query;
  let { rights } = query;
  // Bots come into channels as admins only.
  const asksRights = kind === 'channel' && rights.length === 0;
  if (asksRights && !(await attempt(ask('bots.channelRights', { bot }).then((found) => (rights = found))))) return;
  const peer = await chooseChat(t(kind === 'channel' ? 'chooseChannelForBot' : 'chooseGroupForBot'), (each) => mayAdd(each, kind, rights.length > 0));
  if (peer === undefined) return;
  if (!(await openDialog<boolean>((close) => <AddBotDialog bot={bot} peer={peer} rights={rights} close={close} />))) return;
  const adding = ask('bots.addTo', { bot, peer, param: kind === 'group' ? query.param : '', rights });
  if (await attempt(adding)) go(chatAddress(await adding));
}
