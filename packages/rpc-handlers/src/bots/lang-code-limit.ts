/** Limit of the language that a request names; longer ones are refused anyway. */
export const LANG_CODE_LIMIT = { max: 64, error: 'LANG_CODE_INVALID' } as const;
