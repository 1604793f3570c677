// Links between the nodes of a cluster: who a node is (certificates), frames, calls and answers, and the hub that keeps one link to each other member.
export { type HandshakeLimits, Handshakes } from './handshakes.ts';
export { Channel, CHANNEL_WINDOW_BYTES, type ChannelEvents } from './channel.ts';
export { CLUSTER_KEY_FILE, openClusterKey } from './certificates/cluster-key.ts';
export { LinkCertificates } from './certificates/link-certificates.ts';
export { type CertificateTerms, makeCertificate } from './certificates/make-certificate.ts';
export { LinkHub, type LinkHubOptions, type LinkMember } from './hub.ts';
export { LINK_LIMITS, type LinkLimits } from './link.ts';
export type { CallHandler } from './link-calls.ts';
export type { ChannelHandler } from './link-channels.ts';
export { CallRefused, LinkError } from './link-error.ts';
