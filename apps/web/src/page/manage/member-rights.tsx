import type { FunctionComponent } from 'preact';
import ChevronDown from 'lucide-static/icons/chevron-down.svg';
import type { MemberRight, Peer } from '../../protocol/index.ts';
import type { TextKey } from '../../texts/en/index.ts';
import { t } from '../ground/text.ts';
import { Switch } from '../parts/switch.tsx';

/** A switch, and what it allows. */
interface RightRow {
  text: TextKey;
  rights: readonly MemberRight[];
}

const TEXTS: RightRow = { text: 'maySend', rights: ['sendPlain'] };

/** What can be sent beside texts. */
const MEDIA: readonly RightRow[] = [
  { text: 'mayPhotos', rights: ['sendPhotos'] },
  { text: 'mayVideos', rights: ['sendVideos'] },
  { text: 'mayRoundVideos', rights: ['sendRoundvideos'] },
  { text: 'mayVoice', rights: ['sendVoices'] },
  { text: 'mayMusic', rights: ['sendAudios'] },
  { text: 'mayFiles', rights: ['sendDocs'] },
  { text: 'mayStickers', rights: ['sendStickers', 'sendGifs', 'sendGames', 'sendInline'] },
  { text: 'mayPolls', rights: ['sendPolls'] },
  { text: 'mayLinks', rights: ['embedLinks'] },
];

const OTHERS: readonly RightRow[] = [
  { text: 'mayReact', rights: ['sendReactions'] },
  { text: 'mayAdd', rights: ['inviteUsers'] },
  { text: 'mayPin', rights: ['pinMessages'] },
  { text: 'mayChangeInfo', rights: ['changeInfo'] },
];

const TOPICS: RightRow = { text: 'mayCreateTopics', rights: ['manageTopics'] };

const rowsOf = (peer: Peer): RightRow[] => [TEXTS, ...MEDIA, ...OTHERS, ...(peer.isForum ? [TOPICS] : [])];

const isAllowed = ({ rights }: RightRow, forbidden: readonly MemberRight[]): boolean => !rights.some((right) => forbidden.includes(right));

/** How much of what members may do is allowed, such as "11 of 13". */
export function countRights(peer: Peer, rows = rowsOf(peer), forbidden: readonly MemberRight[] = peer.forbidden ?? []): string {
  return t('countOf', { n: rows.filter((row) => isAllowed(row, forbidden)).length, all: rows.length });
}

/** What is forbidden, in words, as the switches name it. Pure but for the language. */
export const nameForbidden = (peer: Peer, forbidden: readonly MemberRight[]): string[] => rowsOf(peer).filter((row) => !isAllowed(row, forbidden)).map(({ text }) => t(text));

interface MemberRightsProps {
  title: string;
  peer: Peer;
  forbidden: readonly MemberRight[];
  /** What is forbidden to all, so that nothing can be said of it here. */
  without?: readonly MemberRight[];
  isBusy: boolean;
  onChange(forbidden: MemberRight[]): void;
}

/** Switches for what members, or one member, may do. */
export const MemberRights: FunctionComponent<MemberRightsProps> = ({ title, peer, forbidden, without = [], isBusy, onChange }) => {
  const isShown = (row: RightRow): boolean => isAllowed(row, without);
  const row = (one: RightRow): ReturnType<FunctionComponent> => {
    const change = (isOn: boolean): void => onChange([...forbidden.filter((right) => !one.rights.includes(right)), ...(isOn ? [] : one.rights)]);
    return (
      <div key={one.text} class="info-row">
        <Switch text={t(one.text)} isOn={isAllowed(one, forbidden)} isBusy={isBusy} onChange={change} />
      </div>
    );
  };
  const media = MEDIA.filter(isShown);
  return (
    <fieldset class="info-card-place info-rights" aria-busy={isBusy}>
      <legend class="info-card-title">{title}</legend>
      <div class="info-card">
        {[TEXTS].filter(isShown).map(row)}
        {media.length > 0 && (
          <details class="info-more">
            <summary class="info-row">
              <span class="info-row-text">{t('maySendMedia')}</span>
              <span class="info-row-value">{countRights(peer, media, forbidden)}</span>
              <ChevronDown />
            </summary>
            {media.map(row)}
          </details>
        )}
        {[...OTHERS, ...(peer.isForum ? [TOPICS] : [])].filter(isShown).map(row)}
      </div>
    </fieldset>
  );
};
