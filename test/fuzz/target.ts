import type { Dice } from '../support/dice.ts';

/** Something that is fed. A frame is plain JSON, so that it can be kept in the corpus. */
export interface Target {
  readonly name: string;
  /** Its share of the frames. */
  readonly share: number;
  /** How many frames one world takes before another is opened: what frames leave behind is to weigh on no other. */
  readonly each: number;
  open(dice: Dice): Promise<Fed> | Fed;
}

export interface Fed {
  /** It only looks at what it is fed: that need not be copied before. */
  readonly looks?: true;
  frame(dice: Dice): unknown;
  /** What is wrong with what came of it; undefined = nothing. */
  feed(frame: unknown): string | undefined | Promise<string | undefined>;
  /** Looks at what all the frames together have left behind. */
  close?(): string | undefined | Promise<string | undefined>;
}
