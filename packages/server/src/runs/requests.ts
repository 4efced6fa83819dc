/** What comes in from outside, as classes: they validate, and the description of the HTTP API is made from them. */
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { PlanMode, PrunePolicy } from '@peerway/engine';
import { About } from '../input/about.js';

/** `look` plans and reports; `apply` also does what the plan says, as a run of its own. */
export type ScheduleAction = 'look' | 'apply';

/** A fingerprint of a plan, or the digest of a config. */
const HEX = /^[0-9a-f]{16,64}$/;

export class SubmitRun {
  @About('A stack that the service knows.')
  @IsString()
  @Length(1, 63)
  stack!: string;

  @About('Default `apply`.')
  @IsOptional()
  @IsIn(['apply', 'destroy'])
  mode?: PlanMode;

  @About('Default `sync`.')
  @IsOptional()
  @IsIn(['sync', 'upsert-only', 'create-only'])
  prune?: PrunePolicy;

  @About('Names of connections or links. Absent or empty: everything.')
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  targets?: string[];

  @About('Go on although much would be deleted. Default false.')
  @IsOptional()
  @IsBoolean()
  force?: boolean;

  @About(
    'The fingerprint of the plan that a person has seen: the run is refused before its first write when the plan is another.',
  )
  @IsOptional()
  @Matches(HEX)
  expect?: string;

  @About('Stop after planning until somebody approves. Default false; a plan without steps does not wait.')
  @IsOptional()
  @IsBoolean()
  askFirst?: boolean;

  @About('The config that is meant (SHA-256 of its text): refused when the service has another one.')
  @IsOptional()
  @Matches(HEX)
  digest?: string;

  @About("Idempotency key: a second request with the same key gets the first one's run.")
  @IsOptional()
  @IsString()
  @Length(1, 200)
  key?: string;
}

export class SetSchedule {
  @About('A stack that the service knows.')
  @IsString()
  @Length(1, 63)
  stack!: string;

  @About('`look` plans and reports; `apply` also does what the plan says, as a run of its own.')
  @IsIn(['look', 'apply'])
  action!: ScheduleAction;

  @About('Pause between two of them, in seconds: from 10 seconds to 31 days.')
  @IsInt()
  @Min(10)
  @Max(31 * 24 * 3_600)
  everySeconds!: number;

  @About('Default false.')
  @IsOptional()
  @IsBoolean()
  paused?: boolean;
}
