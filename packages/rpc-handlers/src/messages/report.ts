import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';

import { accessMessages, accessPeerInSight } from './access-messages.ts';

const REASON_OTHER = 'other';

/** Works in steps: without an option the reasons are offered; "other" asks for a comment; then the report is stored. */
export const report = defineMethod({
  method: 'messages.report',
  access: 'user',
  cost: 10,
  limits: { vectors: { id: 100 } },
  repeat: 'idempotent',
  elsewhere: { peer: 'works' },
  async handler(ctx, { id, option, message, ...req }) {
    const peer = await accessPeerInSight(ctx, req.peer);
    if (peer.isSelf) throw rpcError('PEER_ID_INVALID');
    const { reports } = ctx.domain;
    if (option.length === 0) {
      const options = reports.reasons.map(({ reason, title }) => ({
        _: 'messageReportOption' as const,
        text: title,
        option: Buffer.from(reason),
      }));
      return { _: 'reportResultChooseOption', title: 'Report', options };
    }
    const reason = Buffer.from(option).toString();
    if (reason === REASON_OTHER && message === '') return { _: 'reportResultAddComment', option };
    const messages = await accessMessages(ctx, peer, id);
    await reports.doReport({ ownerId: ctx.userId, peerId: peer.peerId, messages, reason, comment: message });
    return { _: 'reportResultReported' };
  },
});
