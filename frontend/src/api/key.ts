// A name for one wish, so that it is never done twice.

/** Not `crypto.randomUUID`: browsers have it only behind TLS, and a line's own network may be without. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
