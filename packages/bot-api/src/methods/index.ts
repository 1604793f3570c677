import type { BotMethod } from '../define-bot-method.ts';
import { deleteWebhook } from './deleteWebhook.ts';
import { getFile } from './getFile.ts';
import { getMe } from './getMe.ts';
import { getWebhookInfo } from './getWebhookInfo.ts';
import { setWebhook } from './setWebhook.ts';

/** All methods that this server has. */
export const BOT_METHODS: readonly BotMethod[] = [getFile, getMe, setWebhook, deleteWebhook, getWebhookInfo];

/** Other names of methods, in lower case, as older libraries write them. */
export const ALIASES: Readonly<Record<string, string>> = { kickchatmember: 'banchatmember', getchatmemberscount: 'getchatmembercount' };
