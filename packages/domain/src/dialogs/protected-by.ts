/** Bits of `dialogs.protected_by`: who protects the chat's content. They are stored, so a bit must never change meaning. */
export const PROTECTED_BY = { owner: 1, peer: 2 } as const;
