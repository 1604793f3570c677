import type { QuotaName } from '@aerogram/domain';

/** Quotas of the people whom one user writes to first. */
export const CONTACT_QUOTAS = ['firstContacts', 'firstContactsWhenNew'] as const satisfies QuotaName[];

/** Quotas of people whom one user adds to groups and channels. */
export const ADDING_QUOTAS = [...CONTACT_QUOTAS, 'strangerPlaces', 'strangerPlacesWhenNew', 'unacceptedPlaces'] as const satisfies QuotaName[];

/** Quotas of messages to another user, service messages among them. */
export const PRIVATE_QUOTAS = ['inboundMessages', 'inboundFromStrangers', 'toBotFather', ...CONTACT_QUOTAS] as const satisfies QuotaName[];

/** Quotas of messages in secret chats. */
export const SECRET_QUOTAS = ['inboundMessages', 'inboundFromStrangers', 'queuedSecretMessages', 'queuedForDevice'] as const satisfies QuotaName[];

/** Quotas of reactions to messages of a private chat or basic group. */
export const REACTION_QUOTAS = ['inboundMessages', 'inboundFromStrangers', 'toBotFather', 'chatMessages'] as const satisfies QuotaName[];

/** Quotas of messages to another user, or to a group or channel, and of what its members' answers bring to those who only comment there. */
export const SEND_QUOTAS = [...PRIVATE_QUOTAS, 'chatMessages', 'placeMessages', 'commentAnswers', 'commentAnswersOfGroup'] as const satisfies QuotaName[];

/** Quotas of what is made of uploads. */
export const UPLOAD_QUOTAS = ['unsentFiles', 'fileCpu'] as const satisfies QuotaName[];

/** Quotas of files that the server fetches to send them. */
export const URL_QUOTAS = ['urlFiles', 'urlFilesOfBot', 'urlFilesOfSite'] as const satisfies QuotaName[];

/** Quotas of link previews. Their pictures take CPU time, as uploads do. */
export const PAGE_QUOTAS = ['pageFetches', 'pagePictures', 'pageFetchesOfSite', 'fileCpu'] as const satisfies QuotaName[];

/** Quotas of phone number lookups. */
export const LOOKUP_QUOTAS = ['phoneLookups', 'phoneLookupsOfAddress'] as const satisfies QuotaName[];

/** Quotas of requests for a code by phone. */
export const CODE_REQUEST_QUOTAS = ['codeRequests', 'codeRequestsOfAddress'] as const satisfies QuotaName[];

/** Quotas of creating and delivering a code for a phone number. */
export const CODE_QUOTAS = ['codesOfNumber', 'codeGuesses', 'deliveriesOfCode'] as const satisfies QuotaName[];

/** Quotas of wrong codes for a phone number. */
export const CODE_GUESS_QUOTAS = ['guessesOfCode', 'codeGuesses'] as const satisfies QuotaName[];

/** Quotas of requests for a code by e-mail. */
export const EMAIL_CODE_QUOTAS = ['emailCodes', 'emailCodeGuesses'] as const satisfies QuotaName[];

/** Quotas of what adds a service message to a group or channel. */
export const NOTICE_QUOTAS = ['chatNotices'] as const satisfies QuotaName[];

/** Quotas of opening invite links and joining by them. */
export const INVITE_QUOTAS = ['inviteLinks'] as const satisfies QuotaName[];
