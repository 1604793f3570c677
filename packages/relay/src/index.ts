// The links between the data centres of a community: who a home is (certificates), streams of frames, questions and hints.
export { type CertificateAndKey, certificateStart, createHomeAuthority, issueHomeCertificate, nextCertificateStart } from './identity/certificates.ts';
export { HomeLinks, type HomeLinksOptions } from './home-links.ts';
export type { WaitingLimits } from './home-table.ts';
export { HOME_IDENTITY_FILE, type HomeIdentity, openHomeIdentity } from './identity/home-identity.ts';
export type { RelayLimits } from './relay-limits.ts';
export type { AppliesFrames } from './streams/frame-receiver.ts';
