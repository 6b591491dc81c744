const NAMES = process.env.SIM_ALSO?.split(',') ?? [];

/** Whether SIM_ALSO names it: what is done only where somebody asks for it. */
export const isAlso = (name: string): boolean => NAMES.includes(name);
