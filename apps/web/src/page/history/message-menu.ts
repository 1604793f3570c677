import Bookmark from 'lucide-static/icons/bookmark.svg';
import Copy from 'lucide-static/icons/copy.svg';
import Flag from 'lucide-static/icons/flag.svg';
import Forward from 'lucide-static/icons/forward.svg';
import LinkIcon from 'lucide-static/icons/link.svg';
import MessageCircle from 'lucide-static/icons/message-circle.svg';
import Pencil from 'lucide-static/icons/pencil.svg';
import Pin from 'lucide-static/icons/pin.svg';
import PinOff from 'lucide-static/icons/pin-off.svg';
import Quote from 'lucide-static/icons/text-quote.svg';
import Reply from 'lucide-static/icons/reply.svg';
import Retry from 'lucide-static/icons/rotate-cw.svg';
import StickerIcon from 'lucide-static/icons/sticker.svg';
import Select from 'lucide-static/icons/circle-check.svg';
import Users from 'lucide-static/icons/users.svg';
import Trash from 'lucide-static/icons/trash-2.svg';
import { type Message, topicOf } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { go, threadAddress } from '../ground/route.ts';
import { editChecklist } from '../checklists/new-checklist.tsx';
import { copyText } from '../parts/copy-text.ts';
import { nowSeconds } from '../parts/dates.ts';
import type { MenuItem } from '../parts/menu.tsx';
import { attempt } from '../parts/notice.tsx';
import { copyLink, topicLink } from '../parts/own-links.ts';
import { t } from '../ground/text.ts';
import { writeThreadQuery } from '../parts/thread-query.ts';
import { pollMenu } from '../polls/poll-menu.ts';
import { allowedOn } from '../open-chat/allowed.ts';
import { askToDelete } from './delete-messages.ts';
import { canRetry } from './failure.tsx';
import { askToForward, saveMessages } from './forward-dialog.tsx';
import { pinMessage } from './pin-message.tsx';
import type { OpenChat } from '../open-chat/open-chat.ts';
import { fileOf } from '../media/shown-media.ts';
import { favouriteItem } from '../stickers/favourites.ts';
import { openSet } from '../stickers/open-set.ts';
import { cutQuote, selectedQuote } from '../text/quote.ts';
import { withReplies } from './replies-bar.tsx';
import { askToReport } from './report-dialog.tsx';
import { canShowReactors, showReactors } from '../reactions/who-reacted.tsx';

interface MenuOf {
  open: OpenChat;
  /** A single message, or an album. */
  messages: readonly Message[];
  /** The element with exactly the text of the message. */
  text: Element | null;
}

/** The address of a message: a public one, or in a forum also that for members. */
function linkOf(message: Message): string | undefined {
  const { peer, id, thread } = message;
  const shown = peerSignal(peer).value;
  if (shown?.isForum) return topicLink(shown, peer, topicOf(message), id);
  const [username] = shown?.kind === 'user' ? [] : (shown?.usernames ?? []);
  return username === undefined ? undefined : `${location.origin}/${username}/${id}${thread === undefined ? '' : `?${writeThreadQuery({ kind: 'thread', message: thread })}`}`;
}

/** What can be done with a message that was not sent yet. */
function unsentMenu({ key, peer, state, failure, progress, text }: Message): MenuItem[] {
  const copy: MenuItem = { name: t('copy'), icon: Copy, act: () => void copyText(text) };
  const discard: MenuItem = { name: t('delete'), icon: Trash, isDangerous: true, act: () => void attempt(ask('messages.discard', { peer, key })) };
  const retry: MenuItem = { name: t('retry'), icon: Retry, act: () => void attempt(ask('messages.retry', { peer, key })) };
  const isOnItsWay = failure === undefined && progress === undefined;
  return [...(state === 'failed' && canRetry(failure) ? [retry] : []), ...(text === '' ? [] : [copy]), ...(isOnItsWay ? [] : [discard])];
}

/** Leads to the thread of a message: of the replies to it, or that in which it is a reply itself. */
function threadItem(open: OpenChat, messages: readonly Message[]): MenuItem | undefined {
  // The talks of a forum are its topics.
  if (open.thread !== undefined || peerSignal(open.peer).value?.isForum) return undefined;
  const first = messages[0]!;
  const root = withReplies(messages);
  const item = (name: string, address: string): MenuItem => ({ name, icon: MessageCircle, act: () => go(address) });
  if (root) return item(t(root.replies.group === undefined ? 'viewReplies' : 'viewComments'), threadAddress(root.peer, root.id));
  if (first.thread !== undefined) return item(t('viewInThread'), threadAddress(first.peer, first.thread, first.id));
  const kind = peerSignal(first.peer).value?.kind;
  return kind === 'supergroup' && first.replies && !first.service ? item(t('startThread'), threadAddress(first.peer, first.id)) : undefined;
}

/** What can be done with a message. */
export function messageMenu({ open, messages, text }: MenuOf): MenuItem[] {
  const first = messages[0]!;
  if (first.id === 0) return unsentMenu(first);
  const { peer, id } = first;
  const withText = messages.find((message) => message.text !== '') ?? first;
  const allowed = allowedOn(first, peerSignal(peer).value, nowSeconds());
  const onText = allowedOn(withText, peerSignal(peer).value, nowSeconds());
  // Nobody writes in the basic group from which a supergroup was made: what is answered there is answered in the supergroup.
  const isOld = peer !== open.peer;
  const mayReply = isOld ? peerSignal(open.peer).value?.rights.write === true && !first.service : allowed.reply;
  const mayQuote = isOld ? mayReply && withText.text !== '' : onText.quote;
  // The menu takes the focus, and what is selected with it.
  const selected = selectedQuote(text, withText);
  const link = linkOf(first);
  const emoji = withText.entities?.find(({ kind }) => kind === 'customEmoji')?.emoji;
  const favourite = first.media?.kind === 'document' && first.media.role === 'sticker' ? favouriteItem(fileOf(first, first.media.document)) : undefined;
  const isPinned = first.isPinned === true;
  const isSaved = peerSignal(peer).value?.isSelf === true;
  const items: (MenuItem | false)[] = [
    mayReply && { name: t('reply'), icon: Reply, act: () => open.reply(first) },
    mayQuote && { name: t('quote'), icon: Quote, act: () => open.reply(withText, selected ?? cutQuote(withText, 0, withText.text.length)) },
    threadItem(open, messages) ?? false,
    canShowReactors(first) && { name: t('whoReacted'), icon: Users, act: () => void showReactors(first) },
    ...pollMenu(first),
    onText.edit && { name: t('edit'), icon: Pencil, act: () => open.edit(withText) },
    allowed.editList && { name: t('edit'), icon: Pencil, act: () => void editChecklist(first) },
    onText.copy && { name: t('copy'), icon: Copy, act: () => void copyText(selected?.text ?? withText.text) },
    favourite ?? false,
    emoji !== undefined && { name: t('emojiSet'), icon: StickerIcon, act: () => void openSet({ by: 'emoji', emoji }) },
    link !== undefined && { name: t('copyLink'), icon: LinkIcon, act: () => void copyLink(link) },
    allowed.pin && { name: t(isPinned ? 'unpin' : 'pin'), icon: isPinned ? PinOff : Pin, act: () => void (isPinned ? attempt(ask('messages.setPinned', { peer, message: id, isPinned: false })) : pinMessage(first)) },
    allowed.forward && { name: t('forward'), icon: Forward, act: () => void askToForward(messages) },
    allowed.forward && !isSaved && { name: t('save'), icon: Bookmark, act: () => void saveMessages(messages) },
    { name: t('select'), icon: Select, act: () => open.toggle(messages) },
    allowed.report && { name: t('report'), icon: Flag, isDangerous: true, act: () => void askToReport(messages) },
    allowed.delete && { name: t('delete'), icon: Trash, isDangerous: true, act: () => void askToDelete(messages) },
  ];
  return items.filter((item) => item !== false);
}
