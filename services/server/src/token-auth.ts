// Token authentication as MobileCoin's clients send it (spec 03 §7.2): Basic credentials whose password is made of the
// user's name, the time, and a code that only who knows the shared secret can make.
import { createHmac, timingSafeEqual } from "node:crypto";
import { Code, ConnectError } from "@connectrpc/connect";
import { ServerError } from "./error.ts";

/** How tokens are checked. */
export interface TokenAuthOptions {
  /** 32 bytes. */
  readonly sharedSecret: Uint8Array;
  /** Seconds that a token is good for, before and after its time. A day unless given. */
  readonly lifetimeSeconds?: number;
}

const SECRET_BYTES = 32;
const CODE_BYTES = 10;
const DAY_SECONDS = 86_400;

/**
 * The check of an `authorization` header at a time, in ms since 1970: undefined when it passes, else the error
 * `UNAUTHENTICATED`. Throws `invalid-token-secret`.
 */
export function tokenAuth({
  sharedSecret,
  lifetimeSeconds = DAY_SECONDS,
}: TokenAuthOptions): (authorization: string | null, nowMs: number) => ConnectError | undefined {
  if (sharedSecret.length !== SECRET_BYTES) {
    throw new ServerError("invalid-token-secret", `The secret of tokens has ${SECRET_BYTES} bytes.`);
  }
  return (authorization, nowMs) => {
    const credentials = parse(authorization);
    if (credentials === undefined) return unauthenticated("Unauthenticated");
    const [username, embedded, seconds, code, ...rest] = credentials;
    if (seconds === undefined || code === undefined || rest.length > 0) return unauthenticated("invalid");
    if (username !== embedded || !/^\d{1,15}$/.test(seconds)) return unauthenticated("invalid");
    // A negative lifetime never passes; NaN neither.
    if (!(Math.abs(nowMs / 1000 - Number(seconds)) < lifetimeSeconds)) return unauthenticated("expired");
    const expected = Buffer.from(codeOf(sharedSecret, username, seconds));
    const given = Buffer.from(code);
    const isRight = given.length === expected.length && timingSafeEqual(given, expected);
    return isRight ? undefined : unauthenticated("invalid");
  };
}

/** The value of the `authorization` header for a user at a time, in ms since 1970. */
export function tokenHeader(sharedSecret: Uint8Array, username: string, nowMs: number): string {
  const seconds = String(Math.floor(nowMs / 1000));
  const password = `${username}:${seconds}:${codeOf(sharedSecret, username, seconds)}`;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function codeOf(sharedSecret: Uint8Array, username: string, seconds: string): string {
  return createHmac("sha256", sharedSecret)
    .update(`${username}:${seconds}`)
    .digest()
    .subarray(0, CODE_BYTES)
    .toString("hex");
}

/** The parts of `Basic base64(username:username:seconds:code)`; undefined for what is no Basic credentials. */
function parse(authorization: string | null): [username: string, ...password: string[]] | undefined {
  const encoded = authorization?.match(/^Basic ([A-Za-z0-9+/]+={0,2})$/)?.[1];
  if (encoded === undefined) return undefined;
  const [username = "", ...password] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return [username, ...password];
}

const unauthenticated = (reason: string): ConnectError => new ConnectError(reason, Code.Unauthenticated);
