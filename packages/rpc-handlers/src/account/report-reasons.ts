import type { tl } from '@aerogram/tl';

/** Names of the reasons in `domain.reports`. */
export const REPORT_REASON: Record<tl.ReportReason['_'], string> = {
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
