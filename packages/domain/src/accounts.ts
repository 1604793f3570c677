import { createAuth, type Auth } from './auth/auth.ts';
import { createContacts, type Contacts } from './contacts/contacts.ts';
import { createRelations } from './contacts/relations.ts';
import type { DomainDeps } from './deps.ts';
import { createNotifications, type Notifications } from './notifications/notify-settings.ts';
import { createPrivacy, type Privacy } from './privacy/privacy.ts';
import type { ServiceChat } from './service/notices.ts';
import { type AccessHashes, loadAccessHashes } from './users/access-hash.ts';
import { seedServiceUsers } from './users/seed-service-users.ts';
import { createUsers, type Users } from './users/users.ts';

/** Everything about people and their devices; what they write to each other is built on it. */
export interface Accounts extends AsyncDisposable {
  readonly accessHashes: AccessHashes;
  readonly privacy: Privacy;
  readonly users: Users;
  readonly contacts: Contacts;
  readonly notifications: Notifications;
  /** Built last: log-in codes travel as messages. */
  createAuth(serviceChat: ServiceChat): Auth;
}

/** Loads the DC's secrets, seeds the service users at first start, and builds the subjects. */
export async function createAccounts(deps: DomainDeps): Promise<Accounts> {
  const { db, random, clock } = deps;
  const accessHashes = await loadAccessHashes(db, random, clock.now());
  await seedServiceUsers(db, clock.now());
  const privacy = createPrivacy();
  const relations = createRelations(deps);
  const users = createUsers(deps, { accessHashes, privacy, relations });
  return {
    accessHashes,
    privacy,
    users,
    contacts: createContacts(deps, { users, relations }),
    notifications: createNotifications(deps),
    createAuth: (serviceChat) => createAuth(deps, { users, serviceChat }),
    async [Symbol.asyncDispose]() {
      relations[Symbol.dispose]();
      await users[Symbol.asyncDispose]();
    },
  };
}
