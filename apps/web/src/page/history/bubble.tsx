import type { FunctionComponent, RefObject } from 'preact';
import { type Chat, type Message, REPLIES_CHAT, type Snippet } from '../../protocol/index.ts';
import { peerSignal } from '../ground/link.ts';
import { EmojiAlone } from '../motion/live-emoji.tsx';
import { isFewEmoji, isOneEmoji } from '../parts/few-emoji.ts';
import { TopicLabel } from '../topic-marks/topic-label.tsx';
import { Failure } from './failure.tsx';
import { FormattedText } from '../text/formatted-text.tsx';
import { InlineButtons } from './inline-buttons.tsx';
import { LinkCard } from './link-card.tsx';
import { MediaOfRow } from './media-content.tsx';
import { MessageFoot } from './message-foot.tsx';
import { Author, ForwardedFrom, Reply, Via } from './message-head.tsx';
import { Reactions } from '../reactions/reactions.tsx';
import { AnswerLink, RepliesBar } from './replies-bar.tsx';

export interface BubbleProps {
  messages: readonly Message[];
  isFirst: boolean;
  replied: Record<string, Snippet | undefined>;
  chat?: Chat;
  /** It has just come. */
  isNew: boolean;
  /** The element with exactly the text of the message, if it is one. */
  text: RefObject<HTMLDivElement | null>;
}

/** Whether a message is nothing but a few emoji, which are drawn large. */
const isBig = (message: Message): boolean => message.media === undefined && (message.entities ?? []).every(({ kind }) => kind === 'customEmoji') && isFewEmoji(message.text);

const Text: FunctionComponent<{ message: Message; place?: RefObject<HTMLDivElement | null> }> = ({ message, place }) => {
  if (message.text === '') return null;
  return (
    <div ref={place} class={`message-text${isBig(message) ? ' is-big' : ''}`} dir="auto">
      {isBig(message) && !message.entities && isOneEmoji(message.text) ? <EmojiAlone emoji={message.text} /> : <FormattedText text={message.text} entities={message.entities} />}
    </div>
  );
};

/** The messages of a row of the history: one, or an album. */
export const Bubble: FunctionComponent<BubbleProps> = ({ messages, isFirst, replied, chat, isNew, text }) => {
  const first = messages[0]!;
  const last = messages.at(-1)!;
  const { kind, isForum } = peerSignal(first.peer).value ?? {};
  const showsAuthor = isFirst && !first.isOut && (kind === 'group' || kind === 'supergroup' || first.peer === REPLIES_CHAT);
  const texts = messages.filter((message) => message.text !== '');
  // What is said of an album stands at its first message; how far it came, at the one that comes last.
  const foot = messages.find(({ state }) => state !== undefined) ?? first;
  return (
    <div class={`bubble${messages.length === 1 && isBig(first) ? ' is-bare' : ''}`}>
      {showsAuthor && <Author peer={first.from} />}
      {isForum && isFirst && <TopicLabel message={first} />}
      <ForwardedFrom message={first} />
      {first.via !== undefined && <Via bot={first.via} />}
      <Reply message={first} replied={replied} />
      <MediaOfRow messages={messages} />
      {texts.map((message) => (
        <Text key={message.key} message={message} place={messages.length === 1 ? text : undefined} />
      ))}
      {first.media?.kind === 'page' && <LinkCard message={first} page={first.media} />}
      <MessageFoot message={{ ...foot, editDate: messages.find(({ editDate }) => editDate !== undefined)?.editDate, date: last.date }} chat={chat} isNew={isNew} />
      <Reactions message={first} />
      <InlineButtons message={first} />
      <RepliesBar messages={messages} />
      {first.answer && <AnswerLink answer={first.answer} />}
      <Failure message={foot} />
    </div>
  );
};
