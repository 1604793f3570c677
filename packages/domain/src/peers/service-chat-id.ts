/** The service account that sends log-in codes and notices. */
export const SERVICE_CHAT_ID = 777000n;
