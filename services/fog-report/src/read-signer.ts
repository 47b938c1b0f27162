// The files that a report service signs with: a chain of certificates and the key of the first.
import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { assertReportSigner, fromPem, type ReportSigner } from "@fogbow/core-attest";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { FogReportError } from "./error.ts";

/** Where they are. */
export interface SignerFiles {
  /** PEM, leaf first, root last. */
  readonly chainPath: string;
  /** PEM of the leaf's Ed25519 key in PKCS #8. */
  readonly keyPath: string;
}

/**
 * Reads them, and checks that senders would accept what they sign at this time (ms since 1970). Rejects with
 * `unreadable-signer`, AttestError `pem-…`, `report-unsignable`.
 */
export async function readSigner({ chainPath, keyPath }: SignerFiles, at: number): Promise<ReportSigner> {
  const chain = fromPem(await read(chainPath, "certificates"));
  const key = ed25519Key(await read(keyPath, "key"));
  const signer = { chain, key };
  await assertReportSigner(signer, at);
  return signer;
}

async function read(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new FogReportError("unreadable-signer", `The report service's ${what} cannot be read from ${path}.`, {
      cause,
    });
  }
}

function ed25519Key(pem: string): Ed25519PrivateKey {
  const refused = "The report service's key is no Ed25519 key in PKCS #8, as PEM.";
  let d: string | undefined;
  try {
    const key = createPrivateKey(pem);
    d = key.asymmetricKeyType === "ed25519" ? key.export({ format: "jwk" }).d : undefined;
  } catch {
    // The cause would quote a secret.
  }
  if (d === undefined) throw new FogReportError("unreadable-signer", refused);
  return new Ed25519PrivateKey(Uint8Array.from(Buffer.from(d, "base64url")));
}
