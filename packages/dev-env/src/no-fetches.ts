/** Settings of test servers: what a test writes must not make them ask other machines, and their relays of calls take free ports. Tests of previews and of files by their URL set others. */
export const NO_FETCHES = { AEROGRAM_LINK_PREVIEWS: '0', AEROGRAM_FILES_BY_URL: '0', AEROGRAM_CALLS_PORT: '0', AEROGRAM_CALLS_RELAY_PORTS: '0' } as const;
