/** How long (ms) each kind of request may take as a whole, whatever still comes in then, and how long its other side may be silent. */

/** A submit that nobody answers within a minute is not waited for any longer, not even with the ID still to come. */
export const SUBMIT_MS = 60_000;
export const READ_MS = 30_000;
/** A large file over a slow line takes long, as long as it moves. */
export const UPLOAD_MS = 20 * 60_000;
export const UPLOAD_SILENCE_MS = 120_000;
/** Of a media host, once it has answered: a transfer has no other end than its last byte. */
export const MEDIA_SILENCE_MS = 60_000;
/** Longest silence of a media host whose file is only looked into. */
export const GLANCE_SILENCE_MS = 10_000;
