import type { FunctionComponent } from 'preact';
import { BlockedPeople } from './blocked-people.tsx';
import { PasswordCard } from './password-card.tsx';

/** The password of the account, and people who may not write to it. */
export const PrivacyPage: FunctionComponent = () => (
  <>
    <PasswordCard />
    <BlockedPeople />
  </>
);
