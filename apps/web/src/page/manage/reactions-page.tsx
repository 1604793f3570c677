import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type AllowedReactions, CUSTOM_REACTION, customIdOf } from '../../protocol/index.ts';
import { EmojiChooser } from '../emoji/emoji-chooser.tsx';
import { ask } from '../ground/link.ts';
import { Choice } from '../parts/choice.tsx';
import { Dialog, openDialog } from '../parts/dialog.tsx';
import { attempt } from '../parts/notice.tsx';
import { Switch } from '../parts/switch.tsx';
import { useSaved } from '../parts/use-saved.ts';
import { formatCount, t } from '../ground/text.ts';
import { ReactionGlyph, reactionName } from '../reactions/reaction-glyph.tsx';
import type { ManagePageProps } from './page-props.ts';

const KINDS = { all: 'reactionsAll', some: 'reactionsSome', none: 'reactionsNone' } as const;

/** Lets the person choose a custom emoji. @returns its key as a reaction */
const chooseCustom = (): Promise<string | undefined> =>
  openDialog<string>((close) => (
    <Dialog title={t('addCustomReaction')} onClose={() => close()} className="choose-status">
      <EmojiChooser label={t('addCustomReaction')} choose={({ document }) => close(CUSTOM_REACTION + document.id)} />
    </Dialog>
  ));

/** Which reactions members of a group or channel may give. Each change is saved. */
export const ReactionsPage: FunctionComponent<ManagePageProps> = ({ id, peer }) => {
  const { shown: allowed, set: onChange } = useSaved<AllowedReactions>(peer.reactions ?? { kind: 'none' }, (wanted) => attempt(ask('reactions.allow', { peer: id, allowed: wanted })));
  const offered = useSignal<readonly string[]>([]);
  const most = useSignal(0);
  useEffect(() => {
    const asked = ask('reactions.list', undefined);
    asked.then(
      ({ emoji, uniqueMax }) => {
        offered.value = emoji;
        most.value = Math.min(uniqueMax, emoji.length);
      },
      () => undefined,
    );
    void attempt(asked);
  }, []);
  const { limit } = allowed;
  const emoji = allowed.kind === 'some' ? allowed.emoji : [];
  const choose = (kind: AllowedReactions['kind']): void => onChange(kind === 'some' ? { kind, limit, emoji: allowed.kind === 'none' ? [] : [...offered.value] } : { kind, limit });
  const toggle = (one: string): void => onChange({ kind: 'some', limit, emoji: emoji.includes(one) ? emoji.filter((each) => each !== one) : [...emoji, one] });
  const addCustom = async (): Promise<void> => {
    const chosen = await chooseCustom();
    if (chosen !== undefined && !emoji.includes(chosen)) toggle(chosen);
  };
  const setLimit = (wanted: number): void => {
    const { limit: _before, ...others } = allowed;
    onChange(wanted === 0 ? others : { ...others, limit: wanted });
  };
  return (
    <div class="info-card info-card-fields">
      <Choice title={t('reactions')} name="reactions" options={(['all', 'some', 'none'] as const).map((id) => ({ id, text: t(KINDS[id]) }))} chosen={allowed.kind} onChoose={choose} />
      {allowed.kind === 'all' && <Switch text={t('reactionsCustom')} isOn={allowed.custom === true} onChange={(custom) => onChange({ kind: 'all', limit, custom })} />}
      {allowed.kind === 'some' && (
        <div class="emoji-grid" role="group" aria-label={t('reactionsSome')}>
          {[...offered.value, ...emoji.filter((one) => customIdOf(one) !== undefined)].map((one) => (
            <button key={one} class="emoji-button emoji" type="button" aria-label={reactionName(one)} aria-pressed={emoji.includes(one)} onClick={() => toggle(one)}>
              <ReactionGlyph emoji={one} />
            </button>
          ))}
        </div>
      )}
      {allowed.kind === 'some' && (
        <button class="button button-wide button-plain" type="button" onClick={() => void addCustom()}>
          {t('addCustomReaction')}
        </button>
      )}
      {allowed.kind !== 'none' && most.value > 0 && (
        <label class="field">
          <span>{t('reactionsLimit')}</span>
          <select value={limit ?? 0} onChange={({ currentTarget }) => setLimit(Number(currentTarget.value))}>
            <option value={0}>{t('reactionsNoLimit')}</option>
            {Array.from({ length: most.value }, (_, at) => (
              <option key={at} value={at + 1}>
                {formatCount(at + 1)}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
};
