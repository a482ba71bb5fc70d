/** Among the variables of a program that a test starts: Node finds what it has compiled of it before. */
export const COMPILED = { NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] };
