import { type FolderLink, ME_URL_PREFIX, type ResolvedPeer } from '@aerogram/domain';
import { isIdInBounds, markPeer, unmarkPeer } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import type { RpcContext } from '@aerogram/rpc';
import type { tl } from '@aerogram/tl';

/** More chats than any folder has are refused before they are looked up. */
export const CHATS_LIMIT = { max: 200, error: 'INPUT_FILTER_INVALID' } as const;

/** Maximum length of the name of a link, before it is cut to what is kept. */
export const TITLE_LIMIT = 256;
/** Maximum length of a link or of its last part. */
export const SLUG_LIMIT = { max: 128, error: 'INVITE_SLUG_EXPIRED' } as const;

/** Returns the last part of a link. TDLib sends the whole link where it changes or deletes one. */
export function readSlug(slug: string): string {
  return slug.replace(/^(?:https?:\/\/)?t\.me\/addlist\//i, '');
}

/** Resolves the chats that a link is to share. Throws as `accessInputPeer`. */
export function accessPeers(ctx: RpcContext, inputs: readonly tl.InputPeer[]): Promise<ResolvedPeer[]> {
  return Promise.all(inputs.map((input) => ctx.domain.peers.accessInputPeer(ctx.userId, input)));
}

/**
 * Returns the marked ids of chats of a folder. Those who join or leave them may have no access to them: the operations on folders take only what a link
 * offers, or what is in the folder.
 * @throws RpcError 400 CHANNEL_INVALID (the caller was never given this channel), CHAT_ID_INVALID, PEER_ID_INVALID
 */
export function namedPeers(ctx: RpcContext, inputs: readonly tl.InputPeer[]): Promise<bigint[]> {
  return Promise.all(
    inputs.map(async (input) => {
      if (input._ === 'inputPeerChannel') {
        const { channel_id, access_hash } = input;
        if (!ctx.domain.accessHashes.matches('channel', ctx.userId, channel_id, access_hash)) throw rpcError('CHANNEL_INVALID');
        return markPeer({ _: 'peerChannel', channel_id });
      }
      if (input._ === 'inputPeerChat') {
        if (!isIdInBounds('chat', input.chat_id)) throw rpcError('CHAT_ID_INVALID');
        return markPeer({ _: 'peerChat', chat_id: input.chat_id });
      }
      return (await ctx.domain.peers.accessInputPeer(ctx.userId, input)).peerId;
    }),
  );
}

/** A link as its owner sees it. */
export function projectLink({ slug, title, peer_ids }: FolderLink): tl.exportedChatlistInvite {
  return { _: 'exportedChatlistInvite', title, url: `${ME_URL_PREFIX}addlist/${slug}`, peers: peer_ids.map(unmarkPeer) };
}

/** Peers that an answer lists, and their chats as somebody sees them who has a link to them. */
export async function projectOffered(ctx: RpcContext, peerIds: readonly bigint[]): Promise<{ chats: tl.Chat[]; users: tl.User[] }> {
  return { chats: await ctx.domain.sharedFolders.projectChats(ctx.userId, peerIds), users: [] };
}

/** The answer to a change of the caller's folders. */
export function answerFolder(ctx: RpcContext, update: tl.updateDialogFilter): Promise<tl.updates> {
  return ctx.domain.updates.projectAnswer(ctx.userId, [update]);
}
