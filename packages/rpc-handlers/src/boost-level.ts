/** The highest level that boosts lead to. Every group and channel has it, because nothing is locked. */
export const BOOST_LEVEL = 100;
