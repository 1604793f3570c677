import type { RpcMethod } from '@aerogram/rpc';

import * as account from './account/index.ts';
import * as aicompose from './aicompose/index.ts';
import * as auth from './auth/index.ts';
import * as bots from './bots/index.ts';
import * as channels from './channels/index.ts';
import * as chatlists from './chatlists/index.ts';
import * as communities from './communities/index.ts';
import * as contacts from './contacts/index.ts';
import * as folders from './folders/index.ts';
import * as help from './help/index.ts';
import * as langpack from './langpack/index.ts';
import * as messages from './messages/index.ts';
import * as payments from './payments/index.ts';
import * as phone from './phone/index.ts';
import * as photos from './photos/index.ts';
import * as premium from './premium/index.ts';
import * as smsjobs from './smsjobs/index.ts';
import * as stickers from './stickers/index.ts';
import * as stories from './stories/index.ts';
import * as updates from './updates/index.ts';
import * as upload from './upload/index.ts';
import * as users from './users/index.ts';

export { refusedMethods } from './refused-methods.ts';

/** All methods of this server. The index of each folder lists the methods of one TL namespace, one per line. */
export const methods: readonly RpcMethod[] = [
  ...Object.values(account),
  ...Object.values(aicompose),
  ...Object.values(auth),
  ...Object.values(bots),
  ...Object.values(channels),
  ...Object.values(chatlists),
  ...Object.values(communities),
  ...Object.values(contacts),
  ...Object.values(folders),
  ...Object.values(help),
  ...Object.values(langpack),
  ...Object.values(messages),
  ...Object.values(payments),
  ...Object.values(phone),
  ...Object.values(photos),
  ...Object.values(premium),
  ...Object.values(smsjobs),
  ...Object.values(stickers),
  ...Object.values(stories),
  ...Object.values(updates),
  ...Object.values(upload),
  ...Object.values(users),
];
