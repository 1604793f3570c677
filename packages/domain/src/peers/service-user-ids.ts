/** The service account that sends log-in codes and notices. */
export const SERVICE_CHAT_ID = 777000n;
/** The account in whose chat people make bots. The server answers for it. */
export const BOT_FATHER_ID = 93372553n;
