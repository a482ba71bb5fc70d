/** A UUID of version 8 (RFC 9562), which is for what the bot computes, from at least 128 bits in hexadecimal. */
export function uuidOf(hash: string): string {
  const [low, middle, high] = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(13, 16)];
  return `${low}-${middle}-8${high}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
