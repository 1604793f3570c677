import { defineBotMethod } from '../define-bot-method.ts';

/** There are no custom emoji for icons of topics on this server. */
export const getForumTopicIconStickers = defineBotMethod({
  method: 'getForumTopicIconStickers',
  params: [],
  run: () => Promise.resolve([]),
});
