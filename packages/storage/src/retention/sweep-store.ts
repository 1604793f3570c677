import { defineStatement } from '../database/statement.ts';

/** A position in `send_keys`, for processing the table in ranges. */
export interface SendKeyPlace {
  owner_id: bigint;
  random_id: bigint;
}

/** Keys of posts belong to the marked id of their channel, which is minus (this number + the channel's id). */
const CHANNEL_OFFSET = 1_000_000_000_000;

/**
 * Processes some keys after a position: marks those whose message was deleted, and deletes those marked long enough ago. Returns the last
 * key it checked, or no row at the end of the table.
 */
export const sweepSendKeys = defineStatement<SendKeyPlace>(
  'sweep_send_keys',
  `WITH range AS MATERIALIZED (
     SELECT k.owner_id, k.random_id, k.gone_date,
            CASE WHEN k.owner_id > 0 THEN NOT EXISTS (SELECT FROM messages AS m WHERE m.owner_id = k.owner_id AND m.msg_id = k.msg_id)
                 ELSE NOT EXISTS (SELECT FROM channel_messages AS m WHERE m.channel_id = -k.owner_id - ${CHANNEL_OFFSET} AND m.msg_id = k.msg_id) END AS is_gone
       FROM send_keys AS k WHERE (k.owner_id, k.random_id) > ($1, $2)
      ORDER BY k.owner_id, k.random_id LIMIT $3::integer
   ), noted AS (
     UPDATE send_keys AS k SET gone_date = $4::integer
       FROM range AS r WHERE k.owner_id = r.owner_id AND k.random_id = r.random_id AND r.is_gone AND r.gone_date IS NULL
   ), removed AS (
     DELETE FROM send_keys AS k USING range AS r
      WHERE k.owner_id = r.owner_id AND k.random_id = r.random_id AND r.gone_date < $5::integer
   )
   SELECT owner_id, random_id FROM range ORDER BY owner_id DESC, random_id DESC LIMIT 1`,
);

/** Deletes rows that contain their own expiry date. */
export const dropExpired = [
  defineStatement('drop_old_marks', 'DELETE FROM commit_marks WHERE date < $1::integer - 86400'),
  defineStatement('drop_exported_authorizations', 'DELETE FROM exported_authorizations WHERE expires_date < $1::integer - 3600'),
  defineStatement('drop_login_tokens', 'DELETE FROM login_tokens WHERE expires_date < $1::integer - 3600'),
  // A first contact without a reply for this long no longer counts. A later message counts as a first one again.
  defineStatement('drop_first_contacts', 'DELETE FROM first_contacts WHERE date < $1::integer - 30 * 86400'),
  // Whoever was added by a stranger and is gone again still counts for as long as a first contact without a reply.
  defineStatement('drop_ended_places', 'DELETE FROM unaccepted_places WHERE ended_date < $1::integer - 30 * 86400'),
  defineStatement('drop_bot_updates', 'DELETE FROM bot_updates WHERE expires_date <= $1::integer'),
  defineStatement('drop_ended_calls', 'DELETE FROM phone_calls WHERE ended_date < $1::integer - 30 * 86400'),
  defineStatement('drop_tmp_passwords', 'DELETE FROM tmp_passwords WHERE expires_date < $1::integer'),
];

/**
 * Corrects rows that a clock that was ahead has dated in the future: limits and codes that would otherwise stay in force for as long as the
 * clock was ahead. Users who were locked out may try again, and no code stays valid for months.
 */
export const dropFuture = [
  defineStatement('drop_future_login_codes', 'DELETE FROM login_codes WHERE created_date > $1::integer + 60'),
  defineStatement('drop_future_email_codes', 'DELETE FROM email_codes WHERE since_date > $1::integer + 60'),
  defineStatement('drop_future_password_guesses', 'DELETE FROM password_guesses WHERE since_date > $1::integer + 60'),
  defineStatement('drop_future_srp_challenges', 'DELETE FROM srp_challenges WHERE created_date > $1::integer + 60'),
  defineStatement('pull_first_contacts', 'UPDATE first_contacts SET date = $1::integer WHERE date > $1::integer + 60'),
  defineStatement(
    'pull_unaccepted_places',
    `UPDATE unaccepted_places
        SET added_date = LEAST(added_date, $1::integer), ended_date = LEAST(ended_date, $1::integer), full_date = LEAST(full_date, $1::integer)
      WHERE added_date > $1::integer + 60 OR ended_date > $1::integer + 60 OR full_date > $1::integer + 86400`,
  ),
  // No call lasts longer than a day.
  defineStatement('pull_phone_calls', 'UPDATE phone_calls SET deadline = $1::integer + 86400 WHERE ended_date IS NULL AND deadline > $1::integer + 86460'),
  // No message has a lifetime longer than a year.
  defineStatement('pull_expiring_messages', 'UPDATE expiring_messages SET expires_date = $1::integer + 365 * 86400 WHERE expires_date > $1::integer + 366 * 86400'),
];
