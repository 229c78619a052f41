/** The long forms of tests that have a short one: `RELIABILITY=whole`, as in `.ci/run` and at night. */
export const isWhole = process.env.RELIABILITY === 'whole';
