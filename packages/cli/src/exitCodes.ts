/** What the exit status of `peerway` means; part of the promise to scripts. */
export const EXIT = {
  /** Done, or nothing to do. */
  done: 0,
  /** Something is wrong: the command line, the config file, a cloud, or an answer of "no". */
  error: 1,
  /** `plan` and `drift`: there are changes. */
  pending: 2,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
