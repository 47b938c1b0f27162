// The certificate chain of a listener and its key, as files, which an operator replaces while the server runs.
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { ServerError } from "./error.ts";

/** PEM files; they are read again when `reloadTls` is called. */
export interface TlsFiles {
  readonly certificateChainPath: string;
  readonly privateKeyPath: string;
}

/** What the files hold now. Throws `invalid-certificate`. */
export function readTls({ certificateChainPath, privateKeyPath }: TlsFiles): { cert: Buffer; key: Buffer } {
  try {
    const files = { cert: readFileSync(certificateChainPath), key: readFileSync(privateKeyPath) };
    createSecureContext(files); // Throws unless they can be parsed and go together.
    return files;
  } catch (cause) {
    throw new ServerError("invalid-certificate", "Cannot use the certificate chain with its private key.", { cause });
  }
}
