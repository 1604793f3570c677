import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';
import { LOOKUP_QUOTAS } from '../quotas.ts';

export const importContacts = defineMethod({
  method: 'contacts.importContacts',
  access: 'user',
  cost: 100,
  limits: { maxBytes: 512 * 1024, vectors: { contacts: 1000 } },
  quotas: LOOKUP_QUOTAS,
  repeat: 'idempotent',
  handler: async (ctx, { contacts }) => {
    const entries = contacts.map((contact) => ({
      clientId: contact.client_id,
      phone: contact.phone,
      firstName: contact.first_name,
      lastName: contact.last_name,
      note: contact.note?.text,
    }));
    const { imported, retry } = await ctx.domain.contacts.doImportContacts(ctx.userId, entries, originOf(ctx), ctx.caller.remoteAddress);
    return {
      _: 'contacts.importedContacts',
      imported: imported.map(({ userId, clientId }) => ({ _: 'importedContact', user_id: userId, client_id: clientId })),
      popular_invites: [],
      retry_contacts: retry,
      users: await ctx.domain.users.projectUsers(ctx.userId, imported.map(({ userId }) => userId)),
    };
  },
});
