// Evidence of simulated platforms, which protect nobody (spec 04 §5, §6, §9, §12.4): that its signatures hold together, and that
// it speaks of the key at the other end of the channel. Which enclave it is, this client does not ask.
import { createHash, createPublicKey, verify, X509Certificate } from "node:crypto";
import { bytes, message, read } from "./protobuf.ts";

const BODY = 48;
const REPORT_DATA = 320;
const SIGNED = 432;
const ATTESTATION_KEY = 500;
const QE_BODY = 564;
const QE_SIGNATURE = 948;
const AUTH_LENGTH = 1012;
const SIMULATED_ROOT = "Fogbow simulated platform, protects nobody";

/** Throws unless evidence is that of a simulated enclave which has this key. */
export function verifySimulated(evidence: Uint8Array, key: Uint8Array): void {
  const dcap = message(read(evidence), 4);
  const quote = bytes(message(dcap, 1), 1);
  const bound = message(dcap, 3);
  const [nonce, named, identity] = [bytes(bound, 1), bytes(bound, 2), bytes(bound, 3)];
  demand(equal(named, key), "The evidence names another key than the channel's.");
  const reported = quote.subarray(BODY + REPORT_DATA, BODY + REPORT_DATA + 32);
  demand(equal(sha256(nonce, named, identity), reported), "The quote does not hold what the evidence says.");

  const attestationKey = quote.subarray(ATTESTATION_KEY, ATTESTATION_KEY + 64);
  demand(
    verify("sha256", quote.subarray(0, SIGNED), p256(attestationKey), quote.subarray(SIGNED + 4, SIGNED + 68)),
    "The quote's signature does not hold.",
  );
  const authLength = new DataView(quote.buffer, quote.byteOffset).getUint16(AUTH_LENGTH, true);
  const auth = quote.subarray(AUTH_LENGTH + 2, AUTH_LENGTH + 2 + authLength);
  const attested = quote.subarray(QE_BODY + REPORT_DATA, QE_BODY + REPORT_DATA + 32);
  demand(equal(sha256(attestationKey, auth), attested), "The quoting enclave speaks of another key.");

  const [leaf, ...issuers] = certificates(quote.subarray(AUTH_LENGTH + 2 + authLength + 6));
  const root = issuers.at(-1);
  if (leaf === undefined || root === undefined) throw new Error("The quote has no chain.");
  demand(root.subject.replaceAll("\\", "") === `CN=${SIMULATED_ROOT}`, "The platform is not simulated."); // Commas come escaped.
  const qeSignature = quote.subarray(QE_SIGNATURE, QE_SIGNATURE + 64);
  demand(
    verify(
      "sha256",
      quote.subarray(QE_BODY, QE_SIGNATURE),
      { key: leaf.publicKey, dsaEncoding: "ieee-p1363" },
      qeSignature,
    ),
    "The quoting enclave's signature does not hold.",
  );
  const chain = [leaf, ...issuers];
  chain.forEach((certificate, i) => {
    demand(certificate.verify((chain[i + 1] ?? root).publicKey), "The chain does not hold.");
  });
}

function certificates(pem: Uint8Array): X509Certificate[] {
  const text = new TextDecoder().decode(pem);
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return found.map((each) => new X509Certificate(each));
}

function p256(point: Uint8Array) {
  const text = (part: Uint8Array): string => Buffer.from(part).toString("base64url");
  const jwk = { kty: "EC", crv: "P-256", x: text(point.subarray(0, 32)), y: text(point.subarray(32)) };
  return { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" as const };
}

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
