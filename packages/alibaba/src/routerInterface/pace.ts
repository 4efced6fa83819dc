/**
 * About how long router interfaces take, in milliseconds. No source gives durations; the vendor's own program waits several times as long
 * for a connection and a deactivation as for the rest (docs/facts/alibaba.md 4.5). A first look only: what is learned goes on from there.
 */
export const CONNECTS_IN_MS = 5_000;

/** A deactivation, and a deletion. */
export const INTERFACE_PACE = { takeDown: 3_000, delete: 2_000 } as const;
