import { createHash } from 'node:crypto';
import { MessageFlag } from '@aerogram/domain';
import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

import { originOf } from '../origin.ts';
import { projectNew } from '../messages/project-sent.ts';
import { SEND_QUOTAS } from '../quotas.ts';

const DAY_S = 86_400;

/** Suggests a birthday to a user who shows none. Repeating the suggestion on the same day sends no second message. */
export const suggestBirthday = defineMethod({
  method: 'users.suggestBirthday',
  access: 'user',
  cost: 20,
  quotas: SEND_QUOTAS,
  repeat: 'idempotent',
  handler: async (ctx, { id, birthday }) => {
    const { domain, userId } = ctx;
    const row = await domain.peers.accessInputUser(userId, id);
    if (row.user_id === userId || row.bot || row.support) throw rpcError('USER_ID_INVALID');
    const { birthday: shown } = await domain.findFullUser(userId, row);
    if (shown) throw rpcError('BIRTHDAY_ALREADY');
    domain.profile.checkBirthday(birthday);
    const day = Math.floor(ctx.clock.now() / DAY_S);
    const name = ['suggest-birthday', userId, row.user_id, birthday.day, birthday.month, birthday.year ?? 0, day].join(' ');
    const randomId = createHash('sha256').update(name).digest().readBigInt64LE(0);
    const peer = { kind: 'user', userId: row.user_id, peerId: row.user_id, isSelf: false, row } as const;
    const { day: ofMonth, month, year } = birthday;
    const action: tl.messageActionSuggestBirthday = { _: 'messageActionSuggestBirthday', birthday: { _: 'birthday', day: ofMonth, month, year } };
    const part = { randomId, text: '', flags: MessageFlag.service, extra: { action } };
    const rows = await domain.messages.doSendOutgoing(peer, { senderId: userId, parts: [part], reply: undefined, origin: originOf(ctx) });
    return projectNew(ctx, rows);
  },
});
