/** Shapes that the operations of both products share. Names are the wire's own. */

/** A 64-bit integer: a number while exact, its decimal text beyond 15 digits (account ids reach 2^57). Never compare it raw; make it a text. */
export type Integer64 = number | string;

export interface Answer {
  readonly RequestId: string;
}

export interface TagPair {
  readonly Key: string;
  readonly Value: string;
}

export interface FilterPair {
  readonly Key: string;
  /** 1 to 5 values, OR-ed; the filters themselves are AND-ed. */
  readonly Value: readonly string[];
}

/** `PageNumber` from 1, `PageSize` 1 to 50. */
export interface PageRequest {
  readonly PageNumber?: number;
  readonly PageSize?: number;
}

export interface PageAnswer extends Answer {
  readonly TotalCount?: number;
  readonly PageNumber?: number;
  readonly PageSize?: number;
}

/** One operation of the wire: what goes in, what comes out. */
export interface Operation<Request extends object, Response extends object = Answer> {
  readonly request: Request;
  readonly response: Response;
}
