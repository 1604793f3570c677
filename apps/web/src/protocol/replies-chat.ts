/** The account that brings answers to one's comments from groups that one is not in. Nobody writes to it. */
export const REPLIES_CHAT = 1_271_266_957;
