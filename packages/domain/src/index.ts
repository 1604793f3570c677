import { type Accounts, createAccounts } from './accounts.ts';
import type { Auth } from './auth/auth.ts';
import type { DomainDeps } from './deps.ts';
import { type AccessUser, createAccessUser } from './peers/access-user.ts';

/** The messenger itself, one object a subject. */
export interface Domain extends AsyncDisposable, Omit<Accounts, 'createAuth' | typeof Symbol.asyncDispose> {
  readonly settings: DomainDeps['settings'];
  readonly auth: Auth;
  readonly peers: AccessUser;
}

/** Builds all subjects over one database and bus. Reads the DC's secrets and seeds service users. */
export async function createDomain(deps: DomainDeps): Promise<Domain> {
  const accounts = await createAccounts(deps);
  const auth = accounts.createAuth({ send: () => Promise.resolve() });
  return {
    ...accounts,
    settings: deps.settings,
    auth,
    peers: createAccessUser(accounts),
    async [Symbol.asyncDispose]() {
      await auth[Symbol.asyncDispose]();
      await accounts[Symbol.asyncDispose]();
    },
  };
}

export { createConsoleDelivery } from './auth/console-delivery.ts';
export type { ConnectionInit, KeyState } from './auth/key-state.ts';
export type { LoginDevice, SentCode } from './auth/sign-in.ts';
export { CODE_LENGTH } from './auth/sign-in.ts';
export { normalizePhone } from './auth/phone-number.ts';
export type { Contacts } from './contacts/contacts.ts';
export type { CodeDelivery, DomainDeps, DomainSettings, OutgoingCode } from './deps.ts';
export type { Notifications, NotifyScope } from './notifications/notify-settings.ts';
export type { Users } from './users/users.ts';
export type { UserRow } from './users/user-row.ts';
