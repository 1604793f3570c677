import type { ComponentType, FunctionComponent } from 'preact';
import type { TextKey } from '../../texts/en/index.ts';
import { privacyTexts } from '../../texts/en/privacy.ts';
import { addTexts, t } from '../ground/text.ts';
import { InfoCard, InfoLink } from '../parts/info-card.tsx';
import { SettingsFrame } from '../parts/settings-frame.tsx';
import { BlockedPeople } from './blocked-people.tsx';
import { KeyPage } from './key-page.tsx';
import { AutoDeletePage, DeleteAccountPage, SitesPage } from './other-pages.tsx';
import { PasswordCard } from './password-card.tsx';
import { describeRule, PRIVACY_PAGE_KEYS, PRIVACY_PAGES, type PrivacyPageKey } from './privacy-keys.ts';
import { useRules } from './rules.ts';

addTexts(privacyTexts);

const OTHERS: Record<string, { title: TextKey; Content: ComponentType }> = {
  blocked: { title: 'blockedPeople', Content: BlockedPeople },
  password: { title: 'passwordTitle', Content: PasswordCard },
  sites: { title: 'connectedSites', Content: SitesPage },
  'auto-delete': { title: 'autoDelete', Content: AutoDeletePage },
  delete: { title: 'deleteAccount', Content: DeleteAccountPage },
};

const LIST = '#/settings/privacy';

const addressOf = (path: string): string => `${LIST}/${path}`;

/** What can be set, with the rules as they are. */
const PrivacyList: FunctionComponent = () => {
  const rules = useRules();
  const link = (path: string): preact.VNode => <InfoLink key={path} href={addressOf(path)} text={t(OTHERS[path]!.title)} />;
  return (
    <div class="info-cards">
      <InfoCard level={2} title={t('whoMay')}>
        {PRIVACY_PAGE_KEYS.map((key) => (
          <InfoLink key={key} href={addressOf(PRIVACY_PAGES[key].path)} text={t(PRIVACY_PAGES[key].title)} value={rules && describeRule(rules[key])} />
        ))}
      </InfoCard>
      <InfoCard>{['blocked', 'password', 'sites'].map(link)}</InfoCard>
      <InfoCard>{['auto-delete', 'delete'].map(link)}</InfoCard>
    </div>
  );
};

/** The pages about privacy. @param path undefined: the list of them */
export const PrivacyPages: FunctionComponent<{ path: string | undefined }> = ({ path }) => {
  const key = PRIVACY_PAGE_KEYS.find((each): each is PrivacyPageKey => PRIVACY_PAGES[each].path === path);
  const other = path === undefined ? undefined : OTHERS[path];
  if (key) {
    return (
      <SettingsFrame key={path} title={t(PRIVACY_PAGES[key].title)} back={LIST}>
        <KeyPage name={key} />
      </SettingsFrame>
    );
  }
  if (other) {
    return (
      <SettingsFrame key={path} title={t(other.title)} back={LIST}>
        <other.Content />
      </SettingsFrame>
    );
  }
  return (
    <SettingsFrame title={t('privacy')}>
      <PrivacyList />
    </SettingsFrame>
  );
};
