// Certificates for the nodes of a network that is made: an authority that nobody keeps, and a key for each node.
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { ECDSA_SHA256, makeTlsAuthority } from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";

/** What a node serves TLS with. */
export interface TlsFiles {
  readonly certificatePem: string;
  /** In PKCS #8. A secret. */
  readonly keyPem: string;
}

/** The certificates of a network. */
export interface NetworkTls {
  /** Of the authority, which is what callers trust. */
  readonly authorityPem: string;
  /** Of each node, in the order of their numbers. */
  readonly nodes: readonly TlsFiles[];
}

/** Whose certificates they are. */
interface NetworkTlsOptions {
  readonly chainId: string;
  readonly host: string;
  readonly nodes: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const DAY_MS = 86_400_000;
const DAYS = 3_650;

/** Certificates for so many nodes at one host, good for ten years. The authority's key is gone when this resolves. */
export async function makeNetworkTls(
  { chainId, host, nodes, now }: NetworkTlsOptions,
  { random }: { readonly random: Random },
): Promise<NetworkTls> {
  const { privateKey, spki } = newKey();
  const authority = await makeTlsAuthority(
    { name: `Fogbow ${chainId}`, notBefore: now - DAY_MS, notAfter: now + DAYS * DAY_MS }, // Clocks differ.
    {
      signer: { spki, algorithm: ECDSA_SHA256, sign: (message) => new Uint8Array(sign("sha256", message, privateKey)) },
      random,
    },
  );
  const files: TlsFiles[] = [];
  for (let i = 0; i < nodes; i++) {
    const key = newKey();
    const keyPem = key.privateKey.export({ format: "pem", type: "pkcs8" }) as string; // That is what PEM is.
    files.push({ certificatePem: await authority.issue(host, key.spki), keyPem });
  }
  return { authorityPem: authority.certificatePem, nodes: files };
}

/** P-256, which every implementation of TLS has. */
function newKey(): { readonly privateKey: KeyObject; readonly spki: Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey, spki: new Uint8Array(publicKey.export({ format: "der", type: "spki" })) };
}
