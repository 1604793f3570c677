/** Forms that do not hold yet, by their names, with the reason. A form that holds must leave the list. */
export const NOT_YET: Readonly<Record<string, string>> = {
  'contacts.resolveUsername | username: "gif" (default of Web A and Web K, as the config names no bot)': 'There is no bot for GIFs, and the config does not say so yet.',
};

/** The same for forms that do not hold in one older layer. */
export const NOT_YET_IN_LAYER: Readonly<Record<number, Readonly<Record<string, string>>>> = {};
