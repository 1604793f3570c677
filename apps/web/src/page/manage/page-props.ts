import type { ChatView, Peer, PeerId } from '../../protocol/index.ts';

/** What a page gets on which a group or channel is managed. */
export interface ManagePageProps {
  id: PeerId;
  peer: Peer;
  details: Partial<ChatView>;
}
