import type { QuotaName } from '@aerogram/domain';

/** Quotas of messages to another user. */
export const SEND_QUOTAS = ['inboundMessages', 'inboundFromStrangers', 'firstContacts', 'firstContactsWhenNew'] as const satisfies QuotaName[];

/** Quotas of link previews. */
export const PAGE_QUOTAS = ['pageFetches', 'pageFetchesOfSite'] as const satisfies QuotaName[];

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
