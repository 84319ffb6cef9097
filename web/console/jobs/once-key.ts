/**
 * The Idempotency-Key of one form: the same while the same body is sent again, so that a job whose answer was lost
 * is not made twice; another one once the body has changed.
 */
export function onceKey(): (body: string) => string {
  let sent = "";
  let key = "";
  return (body) => {
    if (body !== sent || !key) key = random();
    sent = body;
    return key;
  };
}

/** `crypto.randomUUID` is missing on plain HTTP to another host. */
function random(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
}
