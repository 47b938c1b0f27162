// PEM text (RFC 7468): DER between lines that name its kind. Nothing but blank space may stand outside the blocks, as a
// damaged line would otherwise hide a certificate and shorten a chain.
import { fromBase64, toBase64 } from "../base64.ts";
import { AttestError } from "../error.ts";

/** The most characters of PEM text that are read at once. */
export const PEM_LENGTH_MAX = 2_097_152;

/** What a PEM block holds. */
export type PemLabel = "CERTIFICATE" | "X509 CRL" | "PRIVATE KEY";

const LINE_LENGTH = 64;

/**
 * The DER of every block, in order. Lines may end in CR LF, and NULs may follow the text, as they do in quotes (T10).
 * Throws `pem-too-large` and `pem-malformed`, also when there is no block or one of another kind.
 */
export function fromPem(text: string, label: PemLabel = "CERTIFICATE"): Uint8Array[] {
  if (text.length > PEM_LENGTH_MAX) {
    throw new AttestError("pem-too-large", `PEM text has at most ${PEM_LENGTH_MAX} characters here.`);
  }
  const blocks: Uint8Array[] = [];
  let body: string[] | undefined;
  for (const line of withoutEnd(text, "\0").split(/\r\n|\n|\r/)) {
    const trimmed = withoutEnd(line, " \t");
    if (trimmed === `-----BEGIN ${label}-----` && body === undefined) {
      body = [];
    } else if (trimmed === `-----END ${label}-----` && body !== undefined) {
      blocks.push(decodeBody(body));
      body = undefined;
    } else if (body !== undefined && /^[A-Za-z0-9+/]+={0,2}$/.test(trimmed)) {
      body.push(trimmed);
    } else if (body !== undefined || trimmed !== "") {
      throw malformed(label);
    }
  }
  if (body !== undefined || blocks.length === 0) {
    throw malformed(label);
  }
  return blocks;
}

/** One PEM block with a line end after its last line. */
export function toPem(der: Uint8Array, label: PemLabel = "CERTIFICATE"): string {
  const lines = toBase64(der).match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** Text without the characters at its end that are among `dropped`. A pattern would take time quadratic in a run of them. */
function withoutEnd(text: string, dropped: string): string {
  let end = text.length;
  while (end > 0 && dropped.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function decodeBody(lines: readonly string[]): Uint8Array {
  try {
    return fromBase64(lines.join(""));
  } catch (cause) {
    throw new AttestError("pem-malformed", "A PEM block does not hold base64.", { cause });
  }
}

function malformed(label: PemLabel): AttestError {
  return new AttestError("pem-malformed", `Expected only complete PEM blocks of kind ${label}.`);
}
