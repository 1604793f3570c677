import { defineMethod } from '@aerogram/rpc';

import { originOf } from '../origin.ts';

export const addContact = defineMethod({
  method: 'contacts.addContact',
  access: 'user',
  cost: 20,
  quotas: ['phoneLookups'],
  repeat: 'idempotent',
  elsewhere: { id: 'works' },
  handler: async (ctx, req) => {
    const user = await ctx.domain.peers.accessInputUser(ctx.userId, req.id);
    const entry = {
      first_name: req.first_name,
      last_name: req.last_name,
      phone: req.phone,
      note: req.note?.text,
      sharesPhone: req.add_phone_privacy_exception === true,
    };
    const updates = await ctx.domain.contacts.doAddContact(ctx.userId, user, entry, originOf(ctx));
    return ctx.domain.updates.projectAnswer(ctx.userId, updates);
  },
});
