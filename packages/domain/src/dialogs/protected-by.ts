/** Bits of `dialogs.protected_by`: who protects the chat; stored, so a bit once given keeps its meaning for ever. */
export const PROTECTED_BY = { owner: 1, peer: 2 } as const;
