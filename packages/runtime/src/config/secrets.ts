/** Guesses whether a word that somebody wrote where a name belongs is a pasted key. Such a word is never shown. */

/** Letters and digits of this length without a break are no word of a language, unless they are written `likeThis`. */
const RUN = /[A-Za-z0-9+/=]{16,}/g;
/** `accessKeySecret`, `bandwidthMbps`. */
const CAMEL_CASE = /^[a-z]{1,14}([A-Z][a-z]{1,13})*$/;

/** True for runs of 16 and more letters and digits, such as `AKIAIOSFODNN7EXAMPLE` or 32 hex digits. */
export const mayBeSecret = (word: string): boolean => (word.match(RUN) ?? []).some((run) => !CAMEL_CASE.test(run));

/** Stricter, for keys under `credentials:`, where a key is most likely pasted: all but field names of the usual form. */
export const mayBeCredential = (key: string): boolean => !CAMEL_CASE.test(key) || key.length > 40;

/** For names of the user's own, which are in lower case and may well be long ids. */
export const mayBeSecretName = (name: string): boolean => /[^a-z0-9-]/.test(name) && mayBeSecret(name);

/** For values that are quoted because they do not fit. Ids are in lower case; the keys of one cloud are 32 hex digits. */
export const mayBeSecretValue = (value: string): boolean => mayBeSecretName(value) || /\b[0-9a-f]{32}\b/.test(value);
