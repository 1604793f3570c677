import type { tl } from '@aerogram/tl';
import type * as old from '../generated/old-forms.ts';

export function lowerWebViewUrl(o: tl.webViewResultUrl): old.webViewResultUrl_0c14557c {
  return { _: 'webViewResultUrl#0c14557c', query_id: o.query_id ?? 0n, url: o.url };
}

/** The page itself is no longer in the answer: without it the old form would open nothing. */
export function lowerJoinWebView(_o: tl.messages.chatInviteJoinResultWebView): undefined {
  return undefined;
}

/** Before bots could say where they show, every one showed in chats with any peer. */
export function lowerAttachMenuBot(o: tl.attachMenuBot): old.attachMenuBot_c8aa2cd2 {
  return { ...o, _: 'attachMenuBot#c8aa2cd2', peer_types: o.peer_types ?? [] };
}

export function lowerUrlAuthAccepted(o: tl.urlAuthResultAccepted): old.urlAuthResultAccepted_8f8c0e4e {
  return { _: 'urlAuthResultAccepted#8f8c0e4e', url: o.url ?? '' };
}
