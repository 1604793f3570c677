import { rpcError } from '@aerogram/errors';
import { defineMethod } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

const REASONS: Record<tl.ReportReason['_'], string> = {
  inputReportReasonSpam: 'spam',
  inputReportReasonViolence: 'violence',
  inputReportReasonPornography: 'pornography',
  inputReportReasonChildAbuse: 'child_abuse',
  inputReportReasonOther: 'other',
  inputReportReasonCopyright: 'copyright',
  inputReportReasonGeoIrrelevant: 'geo_irrelevant',
  inputReportReasonFake: 'fake',
  inputReportReasonIllegalDrugs: 'illegal_drugs',
  inputReportReasonPersonalDetails: 'personal_details',
};

export const reportPeer = defineMethod({
  method: 'account.reportPeer',
  access: 'user',
  cost: 20,
  repeat: 'idempotent',
  handler: async (ctx, { peer, reason, message }) => {
    const user = await ctx.domain.peers.accessInputPeerUser(ctx.userId, peer);
    if (!user || user.user_id === ctx.userId) throw rpcError('PEER_ID_INVALID');
    const report = { ownerId: ctx.userId, peerId: user.user_id, msgIds: [], reason: REASONS[reason._], comment: message };
    await ctx.domain.reports.doReport(report);
    return true;
  },
});
