import type { tl } from '@aerogram/tl';

/** The roles of a reaction's documents. */
export type ReactionRole = Exclude<keyof tl.availableReaction, '_' | 'inactive' | 'premium' | 'reaction' | 'title'>;

/** Builds a record with one value per role. */
export function forEachRole<T>(make: (role: ReactionRole) => T): Record<ReactionRole, T> {
  return {
    static_icon: make('static_icon'),
    appear_animation: make('appear_animation'),
    select_animation: make('select_animation'),
    activate_animation: make('activate_animation'),
    effect_animation: make('effect_animation'),
    around_animation: make('around_animation'),
    center_icon: make('center_icon'),
  };
}
