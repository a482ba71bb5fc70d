/** The part of a pino logger that the bot uses. Messages are fixed; what changes is in the fields. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
