/**
 * A rate over workers, exact: a row for each account in PostgreSQL, which says when its next turn is due (GCRA). One statement reserves
 * turns, in the database's own time, so that clocks of workers need not agree. While it cannot be asked, each worker keeps its share.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { PeerwayError, type ReservedTurns, type SharedRate } from '@peerway/core';

/** A database that does not answer by then is not there; the turns are then of the worker's share. */
const ANSWER_WITHIN_MS = 1_000;
/** After a failure it is not asked for so long: waiting for each answer would be slower than the share. */
const LEAVE_ALONE_MS = 2_000;

const TABLE = `CREATE TABLE IF NOT EXISTS peerway_rates (account text PRIMARY KEY, due timestamptz NOT NULL)`;

/** What is returned is how long after now the first of the turns is due, in milliseconds. */
const RESERVE = `
  INSERT INTO peerway_rates AS r (account, due)
  VALUES ($1, clock_timestamp() + $2::float8 * interval '1 millisecond')
  ON CONFLICT (account) DO UPDATE
    SET due = greatest(r.due, clock_timestamp()) + $2::float8 * interval '1 millisecond'
  RETURNING extract(epoch FROM r.due - clock_timestamp()) * 1000 - $2::float8 AS first`;

export interface PostgresRateOptions {
  /** `postgres://user:password@host/database`; other words of libpq's environment (PGPASSWORD, PGSSLMODE) hold too. */
  readonly url: string;
  /** Keeps the rate while the database cannot be asked. */
  readonly meanwhile: SharedRate;
  readonly now: () => number;
  /** Told once when it is lost and once when it is back. */
  readonly onChange: (reachable: boolean) => void;
}

export class PostgresRate implements SharedRate {
  readonly #pool: pg.Pool;
  readonly #options: PostgresRateOptions;
  #lostUntil = 0;
  #isLost = false;

  private constructor(pool: pg.Pool, options: PostgresRateOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  /** Makes the table where there is none. @throws PeerwayError `Unavailable`, with nothing of the address in it */
  static async connect(options: PostgresRateOptions): Promise<PostgresRate> {
    const pool = new pg.Pool({
      connectionString: options.url,
      max: 4,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      application_name: 'peerway-rates',
    });
    pool.on('error', () => undefined); // an idle connection was cut: the next question opens another
    try {
      // of two who make it at once one is refused
      await pool.query(TABLE).catch(() => pool.query(TABLE));
    } catch (error) {
      await pool.end();
      const kind = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
      throw new PeerwayError('Unavailable', `The database of the rates cannot be used (${kind})`, {
        place: '--rates',
        remedy: 'Check the address, that the database exists, and that the user may create a table in it.',
      });
    }
    return new PostgresRate(pool, options);
  }

  async reserve(account: string, turns: number, spacingMs: number): Promise<ReservedTurns> {
    const { meanwhile, now } = this.#options;
    if (now() < this.#lostUntil) return meanwhile.reserve(account, turns, spacingMs);
    try {
      const { rows } = await this.#pool.query<{ first: string }>(RESERVE, [rowOf(account), turns * spacingMs]);
      this.#tell(false);
      return { firstInMs: Math.max(0, Number(rows[0]?.first ?? 0)), spacingMs };
    } catch {
      this.#lostUntil = now() + LEAVE_ALONE_MS;
      this.#tell(true);
      return meanwhile.reserve(account, turns, spacingMs);
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  #tell(isLost: boolean): void {
    if (isLost === this.#isLost) return;
    this.#isLost = isLost;
    this.#options.onChange(!isLost);
  }
}

/** Accounts and addresses stay out of the database. */
const rowOf = (account: string): string => createHash('sha256').update(account).digest('hex');
