import type { RpcMethod } from '@aerogram/rpc';

import { accountMethods } from './methods/account-methods.ts';
import { appMethods } from './methods/app-methods.ts';
import { chatMethods } from './methods/chat-methods.ts';
import { chatTimeMethods } from './methods/chat-time-methods.ts';
import { emptyMethods } from './methods/empty-methods.ts';
import { mediaMethods } from './methods/media-methods.ts';
import { messagesMethods } from './methods/messages-methods.ts';
import { searchMethods } from './methods/search-methods.ts';
import { securityMethods } from './methods/security-methods.ts';
import { peopleMethods } from './methods/people-methods.ts';
import { serviceMethods } from './methods/service-methods.ts';

/** Every method that this server answers. */
export const methods: readonly RpcMethod[] = [...accountMethods, ...appMethods, ...messagesMethods, ...mediaMethods, ...chatMethods, ...chatTimeMethods, ...searchMethods, ...securityMethods, ...peopleMethods, ...serviceMethods, ...emptyMethods];
