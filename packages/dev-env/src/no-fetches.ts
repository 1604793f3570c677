/** Settings of test servers: what a test writes must not make them ask other machines. Tests of previews and of files by their URL set others. */
export const NO_FETCHES = { AEROGRAM_LINK_PREVIEWS: '0', AEROGRAM_FILES_BY_URL: '0' } as const;
