import { RpcError } from '@aerogram/errors';
import type { AccountReader } from '@aerogram/node';
import type { tl } from '@aerogram/tl';

import type { KnownPeers } from './peers.ts';

/** Number of dialogs or messages in one answer. */
const PAGE = 100;

/** Lists the peers of all chats, archived ones too, those with the newest messages first. */
export async function* listChats(reader: AccountReader, known: KnownPeers): AsyncGenerator<tl.Peer> {
  for (const folder_id of [0, 1]) {
    let from = { offset_date: 0, offset_id: 0, offset_peer: { _: 'inputPeerEmpty' } as tl.InputPeer };
    for (;;) {
      const answer = await reader.invoke({ _: 'messages.getDialogs', exclude_pinned: false, folder_id, ...from, limit: PAGE, hash: 0n });
      if (answer._ === 'messages.dialogsNotModified') break;
      known.add(answer);
      const dialogs = answer.dialogs.filter((dialog) => dialog._ === 'dialog');
      yield* dialogs.map(({ peer }) => peer);
      const last = dialogs.at(-1);
      const top = answer.messages.find((message) => message._ !== 'messageEmpty' && message.id === last?.top_message && samePeer(message.peer_id, last.peer));
      const offset_peer = last && known.inputOf(last.peer);
      if (answer._ === 'messages.dialogs' || top === undefined || top._ === 'messageEmpty' || offset_peer === undefined) break;
      from = { offset_date: top.date, offset_id: top.id, offset_peer };
    }
  }
}

/** Reads the messages of a chat, the newest first, in pages. @param isOwnOnly only those that the account has sent */
export async function* readMessages(reader: AccountReader, known: KnownPeers, peer: tl.InputPeer, isOwnOnly: boolean): AsyncGenerator<(tl.message | tl.messageService)[]> {
  for (let offset_id = 0; ; ) {
    const page = { peer, offset_id, add_offset: 0, limit: PAGE, max_id: 0, min_id: 0, hash: 0n } as const;
    const answer = isOwnOnly
      ? await reader.invoke({ _: 'messages.search', ...page, q: '', from_id: { _: 'inputPeerSelf' }, filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0 })
      : await reader.invoke({ _: 'messages.getHistory', ...page, offset_date: 0 });
    if (answer._ === 'messages.messagesNotModified') return;
    known.add(answer);
    const messages = answer.messages.filter((message) => message._ !== 'messageEmpty');
    const last = messages.at(-1);
    if (last === undefined) return;
    yield messages;
    offset_id = last.id;
  }
}

/** Reads the messages of a chat that are to be sent later; none where the account may not have any. */
export async function readScheduled(reader: AccountReader, known: KnownPeers, peer: tl.InputPeer): Promise<(tl.message | tl.messageService)[]> {
  try {
    const answer = await reader.invoke({ _: 'messages.getScheduledHistory', peer, hash: 0n });
    if (answer._ === 'messages.messagesNotModified') return [];
    known.add(answer);
    return answer.messages.filter((message) => message._ !== 'messageEmpty');
  } catch (error) {
    if (error instanceof RpcError) return [];
    throw error;
  }
}

function samePeer(a: tl.Peer, b: tl.Peer): boolean {
  return JSON.stringify(Object.values(a).map(String)) === JSON.stringify(Object.values(b).map(String));
}
