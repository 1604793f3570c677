/** Contacts, block lists, the action bar above a chat, frequent contacts, and the search for users. */
export { listBirthdays } from './birthdays.ts';
export { findBlocked } from './block-store.ts';
export { type Blocks, createBlocks, ORDER_LEAVING } from './blocks.ts';
export { deleteSavedContact, saveContacts } from './contact-store.ts';
export { type ContactTokens, createContactTokens } from './contact-tokens.ts';
export { FindElsewhere } from './find-elsewhere.ts';
export { createBlockHandler, createContactHandler } from './relation-effects.ts';
export { LaterTeller } from './tell-later.ts';
export { Contacts } from './contacts.ts';
export { findSharedContact } from './find-shared-contact.ts';
export { findFullUser, nameOf } from './full-user.ts';
export { createPeerBars, type PeerBars } from './peer-bars.ts';
export { searchUsers } from './search-users.ts';
export { createTopPeers, type TopPeers } from './top-peers.ts';
export { listContactPhotoIds } from './contact-store.ts';
