/** The token stands in it as Base64 for addresses, or as plain Base64. */
const LOG_IN_LINK = /^tg:\/\/login\/?\?token=([\w+/-]{1,256}={0,2})$/;

/** Reads the token of the link in a code by which a device wants to be logged in. Pure. @returns undefined for other texts */
export const readLogInLink = (text: string): string | undefined => LOG_IN_LINK.exec(text.trim())?.[1];
