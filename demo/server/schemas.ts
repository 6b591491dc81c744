import { z } from 'zod';

const position = z.string().regex(/^[0-9A-Za-z]{1,200}$/, 'A place in a list is made of letters and digits.');

/** What a card may be. The sentences are for the people at the board: they see them beside what was refused. */
export const cardSchema = z.object({
  list: z.string().min(1).max(100),
  position,
  title: z
    .string()
    .trim()
    .min(1, 'A card needs a title.')
    .max(200, 'A title has 200 characters at most: put the rest into the note.')
    // A word to try a refusal with.
    .refine((title) => !/\bforbidden\b/i.test(title), 'A card may not say “forbidden”: choose other words.'),
  note: z.string().max(4000, 'A note has 4,000 characters at most.').default(''),
  done: z.boolean().default(false),
  by: z.string().max(100).default(''),
});

export const listSchema = z.object({
  position,
  title: z
    .string()
    .trim()
    .min(1, 'A list needs a title.')
    .max(60, 'A list’s title has 60 characters at most.'),
});

export const personSchema = z.object({
  name: z.string().trim().min(1, 'Say a name.').max(40, 'A name has 40 characters at most.'),
  online: z.boolean().default(false),
  at: z.string().max(100).default(''),
});
