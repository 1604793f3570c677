/** The service account that sends log-in codes and notices. */
export const SERVICE_CHAT_ID = 777000n;
/** The account in whose chat people find answers to their comments in groups that they are not in. Clients know it by its id, and let nobody write there. */
export const REPLIES_CHAT_ID = 1271266957n;
/** The account in whose chat people make bots. The server answers for it. */
export const BOT_FATHER_ID = 93372553n;
