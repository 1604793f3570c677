import type { FunctionComponent } from 'preact';
import type { Peer, PeerId, PrivacyKey, PrivacyRule } from '../../protocol/index.ts';
import { ask, peerSignal } from '../ground/link.ts';
import { t } from '../ground/text.ts';
import { Choice } from '../parts/choice.tsx';
import { InfoAction, InfoCard } from '../parts/info-card.tsx';
import { nameOf } from '../parts/names.tsx';
import { attempt } from '../parts/notice.tsx';
import { SavedSwitch } from '../parts/saved-switch.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { useSaved } from '../parts/use-saved.ts';
import { choosePeers } from '../people/choose-peers.tsx';
import { isPerson } from '../people/is-person.ts';
import { type KeyWords, MOST, PRIVACY_PAGES, type PrivacyPageKey } from './privacy-keys.ts';
import { setRule, useRules } from './rules.ts';

/** People, and groups of the account. */
const mayBeNamed = (peer: Peer): boolean => isPerson(peer) || ((peer.kind === 'group' || peer.kind === 'supergroup') && peer.isMember === true);

/** Names of people and groups, as far as they fit. */
const namesOf = (peers: readonly PeerId[]): string => (peers.length === 0 ? t('addExceptions') : peers.length < 4 ? peers.map((peer) => nameOf(peerSignal(peer).value)).join(', ') : t('exceptionCount', { n: peers.length }));

const Exceptions: FunctionComponent<{ rule: PrivacyRule; save(rule: PrivacyRule): void }> = ({ rule, save }) => {
  const choose = async (kind: 'always' | 'never'): Promise<void> => {
    const other = kind === 'always' ? 'never' : 'always';
    const peers = await choosePeers({ title: t(kind === 'always' ? 'alwaysAllow' : 'neverAllow'), first: rule[kind], fits: mayBeNamed });
    // Somebody is in one of the lists only: in that to which they were added last.
    if (peers) save({ ...rule, [kind]: peers, [other]: rule[other].filter((peer) => !peers.includes(peer)) });
  };
  return (
    <InfoCard level={2} title={t('privacyExceptions')}>
      {rule.most !== 'everybody' && <InfoAction text={t('alwaysAllow')} value={namesOf(rule.always)} act={() => void choose('always')} />}
      {rule.most !== 'nobody' && <InfoAction text={t('neverAllow')} value={namesOf(rule.never)} act={() => void choose('never')} />}
    </InfoCard>
  );
};

/** Who may do one thing: most people, and exceptions. */
const RuleCard: FunctionComponent<{ name: PrivacyKey; rule: PrivacyRule; question: string; text: string | undefined }> = ({ name, rule, question, text }) => {
  const { shown, isBusy, set } = useSaved(rule, (next) => setRule(name, next));
  return (
    <>
      <section class="panel" aria-busy={isBusy}>
        <Choice title={question} name={name} options={MOST.map(({ id, text: word }) => ({ id, text: t(word) }))} chosen={shown.most} onChoose={(most) => set({ ...shown, most })} />
        {text !== undefined && <p class="hint">{text}</p>}
      </section>
      <Exceptions rule={shown} save={set} />
    </>
  );
};

/** Who finds the account by its number, if nobody sees it. Contacts always do. */
const FoundByPhone: FunctionComponent<{ rule: PrivacyRule }> = ({ rule }) => {
  const { shown, isBusy, set } = useSaved(rule, (next) => setRule('foundByPhone', next));
  return (
    <section class="panel" aria-busy={isBusy}>
      <Choice title={t('whoFindsByPhone')} name="foundByPhone" options={MOST.slice(0, 2).map(({ id, text }) => ({ id, text: t(text) }))} chosen={shown.most} onChoose={(most) => set({ ...shown, most })} />
      <p class="hint">{t('foundByPhoneText')}</p>
    </section>
  );
};

const HideReading: FunctionComponent = () => {
  const isHidden = useLoaded(() => ask('privacy.hidesReading', undefined));
  return (
    <section class="panel" aria-busy={isHidden === undefined}>
      {isHidden !== undefined && <SavedSwitch text={t('hideReading')} isOn={isHidden} save={(next) => attempt(ask('privacy.hideReading', { isHidden: next }))} />}
      <p class="hint">{t('hideReadingText')}</p>
    </section>
  );
};

/** The page of a key. */
export const KeyPage: FunctionComponent<{ name: PrivacyPageKey }> = ({ name }) => {
  const rules = useRules();
  const { question, text }: KeyWords = PRIVACY_PAGES[name];
  if (!rules) return <p class="empty">{t('loading')}</p>;
  return (
    <>
      <RuleCard name={name} rule={rules[name]} question={t(question)} text={text && t(text)} />
      {name === 'phone' && rules.phone.most === 'nobody' && <FoundByPhone rule={rules.foundByPhone} />}
      {name === 'lastSeen' && <HideReading />}
    </>
  );
};
