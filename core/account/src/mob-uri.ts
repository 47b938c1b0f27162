// Links that open a wallet: mob:///b58/<code> (spec 01 §3).
import { AccountError } from "./error.ts";
import { decodePrintable, encodePrintable, type PrintableCode } from "./printable.ts";

const PREFIX = "mob:///b58/";

/** The link for a code. Throws as {@link encodePrintable}. */
export function mobUri(code: PrintableCode): string {
  return PREFIX + encodePrintable(code);
}

/** The content of a link. Throws `foreign-prefix` for any other link, then as {@link decodePrintable}. */
export function parseMobUri(uri: string): PrintableCode {
  // Schemes ignore case (RFC 3986 §3.1); the path does not.
  const prefix = typeof uri === "string" ? uri.slice(0, PREFIX.length) : "";
  if (prefix.slice(0, 4).toLowerCase() + prefix.slice(4) !== PREFIX) {
    throw new AccountError("foreign-prefix", `A MobileCoin link begins with ${PREFIX}`);
  }
  return decodePrintable(uri.slice(PREFIX.length));
}
