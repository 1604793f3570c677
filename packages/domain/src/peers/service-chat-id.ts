/** The service chat: log-in codes and notices come from here. */
export const SERVICE_CHAT_ID = 777000n;
