import type { FunctionComponent } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AllowedReactions } from '../../protocol/index.ts';
import { ask } from '../ground/link.ts';
import { Choice } from '../parts/choice.tsx';
import { attempt } from '../parts/notice.tsx';
import { formatCount, t } from '../ground/text.ts';

const KINDS = { all: 'reactionsAll', some: 'reactionsSome', none: 'reactionsNone' } as const;

/** Whether two settings allow the same. Pure. */
export function isSameAllowed(first: AllowedReactions, second: AllowedReactions | undefined): boolean {
  const emojiOf = (allowed: AllowedReactions | undefined): string => (allowed?.kind === 'some' ? allowed.emoji.toSorted().join() : '');
  return first.kind === second?.kind && first.limit === second.limit && emojiOf(first) === emojiOf(second);
}

/** Which reactions members of a group or channel may give. */
export const AllowedReactionsField: FunctionComponent<{ allowed: AllowedReactions; onChange(allowed: AllowedReactions): void }> = ({ allowed, onChange }) => {
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
  const setLimit = (wanted: number): void => {
    const { limit: _before, ...others } = allowed;
    onChange(wanted === 0 ? others : { ...others, limit: wanted });
  };
  return (
    <>
      <Choice title={t('allowedReactions')} name="reactions" options={(['all', 'some', 'none'] as const).map((id) => ({ id, text: t(KINDS[id]) }))} chosen={allowed.kind} onChoose={choose} />
      {allowed.kind === 'some' && (
        <div class="emoji-grid" role="group" aria-label={t('reactionsSome')}>
          {offered.value.map((one) => (
            <button key={one} class="emoji-button emoji" type="button" aria-pressed={emoji.includes(one)} onClick={() => toggle(one)}>
              {one}
            </button>
          ))}
        </div>
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
    </>
  );
};
