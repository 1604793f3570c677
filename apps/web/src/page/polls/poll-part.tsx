import type { FunctionComponent } from 'preact';
import MapPin from 'lucide-static/icons/map-pin.svg';
import type { Media, Message, Poll } from '../../protocol/index.ts';
import { askBeforeLeaving } from '../text/link.tsx';
import { mapAddress, PlaceCard } from '../text/place-card.tsx';
import { MediaBody } from '../media/media-body.tsx';
import { fileOf, mediaOf } from '../media/shown-media.ts';
import { Sticker } from '../motion/sticker.tsx';
import { VisualTile } from '../media/visual-tile.tsx';
import { t } from '../ground/text.ts';

/** Side of the picture beside an answer, in CSS pixels. */
const ANSWER_SIDE = 40;

/** Where in a poll media stand: above the question, below the explanation, or beside the answer with this option. */
type PlaceInPoll = 'question' | 'solution' | { option: string };

/** A part of a poll that has media, as if it were a message of its own: then all that shows media of messages shows it, too. Pure. */
function partOf(message: Message, place: PlaceInPoll, { media, text }: { media: Media; text: string }): Message {
  const name = typeof place === 'string' ? place : place.option;
  return { ...message, key: `${message.key} ${name}`, media, text, entities: undefined, album: undefined, local: undefined, progress: undefined };
}

/** All that stands in a poll as far as it can be viewed on the whole window, in the order in which it is shown. Pure. */
function viewedParts(message: Message, { attached, question, answers, solution, solutionMedia }: Poll): Message[] {
  const parts = [
    attached && partOf(message, 'question', { media: attached, text: question }),
    ...answers.map(({ option, text, media }) => media && partOf(message, { option }, { media, text })),
    solutionMedia && partOf(message, 'solution', { media: solutionMedia, text: solution?.text ?? '' }),
  ];
  return parts.filter((part) => part !== undefined).filter((part) => ['photo', 'video', 'gif', 'sticker'].includes(mediaOf(part)?.role ?? ''));
}

async function view(part: Message, message: Message, poll: Poll): Promise<void> {
  const { openViewer } = await import('../media/viewer.tsx');
  await openViewer(part, viewedParts(message, poll));
}

const NotShown: FunctionComponent = () => <p class="not-shown">{t('pollMediaNotShown')}</p>;

/** What stands above the question of a poll, or below the explanation of a quiz. */
export const PollMedia: FunctionComponent<{ message: Message; poll: Poll; place: 'question' | 'solution' }> = ({ message, poll, place }) => {
  const media = place === 'question' ? poll.attached : poll.solutionMedia;
  if (!media) return null;
  const part = partOf(message, place, { media, text: (place === 'question' ? poll.question : poll.solution?.text) ?? '' });
  switch (media.kind) {
    case 'photo':
    case 'document':
      return (
        <div class="poll-media">
          <MediaBody message={part} open={() => void view(part, message, poll)} />
        </div>
      );
    case 'place':
      return <PlaceCard place={media} />;
    default:
      return <NotShown />;
  }
};

/** The small picture beside an answer. */
export const AnswerPicture: FunctionComponent<{ message: Message; poll: Poll; answer: Poll['answers'][number] }> = ({ message, poll, answer: { option, text, media } }) => {
  if (!media) return null;
  const part = partOf(message, { option }, { media, text });
  const shown = mediaOf(part);
  const name = t('pollPictureOf', { answer: text });
  const open = (): void => void view(part, message, poll);
  if (media.kind === 'place') {
    return (
      <button class="round poll-place" type="button" aria-label={t('pollPlaceOf', { answer: text })} onClick={() => void askBeforeLeaving(mapAddress(media))}>
        <MapPin />
      </button>
    );
  }
  if (shown?.document && shown.role === 'sticker') {
    const { document, width, height } = shown;
    return (
      <button class="poll-picture is-sticker" type="button" aria-label={name} onClick={open}>
        <Sticker file={fileOf(part, document)} mime={document.mime} preview={document.preview} side={ANSWER_SIDE} width={width} height={height} />
      </button>
    );
  }
  if (shown?.role !== 'photo' && shown?.role !== 'video' && shown?.role !== 'gif') return <NotShown />;
  return (
    <span class="poll-picture">
      <VisualTile message={part} media={shown} side={ANSWER_SIDE} name={name} open={open} />
    </span>
  );
};
