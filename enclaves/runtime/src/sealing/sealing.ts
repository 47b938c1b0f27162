// Sealing (spec 04 §13): version u8 ‖ platform u8 ‖ policy u8 ‖ svn u16 LE ‖ nonce 12 ‖ AES-256-GCM ciphertext and tag,
// under a key that HKDF-SHA-256 derives from the platform's key for the policy.
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { concatBytes, type Random, utf8, wipeBytes } from "@fogbow/core-bytes";
import type { Sealing, SealPolicy } from "../enclave.ts";
import { RuntimeError } from "../error.ts";
import type { PlatformKind } from "../platform/platform.ts";

/** What a platform gives to seal with. */
export interface SealingKeys {
  /** The platform's own key for a policy, bound to the measurement or the signer: at least 16 bytes, the caller's to wipe. */
  key(policy: SealPolicy, securityVersion: number): Uint8Array;
}

/** What decides about a seal beside the key. */
export interface SealingOptions {
  readonly platform: PlatformKind;
  /** The enclave's own: it is written into seals, and newer ones are refused. */
  readonly securityVersion: number;
}

const VERSION = 1;
const PLATFORMS: Readonly<Record<PlatformKind, number>> = { simulated: 0, "gramine-sgx": 1, tdx: 2, "sev-snp": 3 };
const POLICIES: Readonly<Record<SealPolicy, number>> = { measurement: 0, signer: 1 };
const HEADER_BYTES = 5;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PURPOSE = "data";

/** Seals with the platform's keys, or refuses with `sealing-unavailable` when it has none. */
export function createSealing(
  options: SealingOptions,
  parts: { keys: SealingKeys | undefined; random: Random },
): Sealing {
  const { platform, securityVersion } = options;
  const { keys, random } = parts;

  const withKey = <T>(policy: SealPolicy, svn: number, use: (key: Uint8Array) => T): T => {
    if (keys === undefined) {
      throw new RuntimeError("sealing-unavailable", `The platform ${platform} was given no key to seal with.`);
    }
    const platformKey = keys.key(policy, svn);
    const info = concatBytes(utf8("fogbow-seal-v1"), Uint8Array.of(POLICIES[policy]), utf8(PURPOSE));
    const key = new Uint8Array(hkdfSync("sha256", platformKey, new Uint8Array(0), info, 32));
    try {
      return use(key);
    } finally {
      wipeBytes(platformKey, key);
    }
  };

  return {
    seal(plaintext, aad, policy) {
      // Enclave code may be untyped, and every object has a "constructor".
      if (policy !== "measurement" && policy !== "signer") {
        throw new RuntimeError("malformed-seal", "The policy is measurement or signer.");
      }
      const head = header(PLATFORMS[platform], POLICIES[policy], securityVersion);
      const nonce = random(NONCE_BYTES);
      return withKey(policy, securityVersion, (key) => {
        const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(concatBytes(head, aad));
        return concatBytes(head, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
      });
    },

    unseal(blob, aad) {
      const { policy, svn, head, nonce, ciphertext, tag } = parse(blob, PLATFORMS[platform]);
      if (svn > securityVersion) {
        throw new RuntimeError(
          "sealed-by-newer",
          `This was sealed by security version ${svn}; this enclave is ${securityVersion} and must not read it.`,
        );
      }
      return withKey(policy, svn, (key) => {
        const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(concatBytes(head, aad)).setAuthTag(tag);
        const plaintext = decipher.update(ciphertext);
        try {
          decipher.final();
        } catch {
          wipeBytes(plaintext);
          throw new RuntimeError("unseal-failed", "This was altered, or sealed by another enclave, signer or machine.");
        }
        return new Uint8Array(plaintext);
      });
    },
  };
}

function header(platform: number, policy: number, svn: number): Uint8Array {
  return Uint8Array.of(VERSION, platform, policy, svn & 0xff, svn >> 8);
}

function parse(blob: Uint8Array, platform: number) {
  if (blob.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES) throw malformed("is too short");
  const [version, sealedOn, policyNumber, svnLow = 0, svnHigh = 0] = blob;
  if (version !== VERSION) throw malformed("has an unknown version");
  if (sealedOn !== platform) throw malformed("is of another platform");
  const policy = (Object.keys(POLICIES) as SealPolicy[]).find((each) => POLICIES[each] === policyNumber); // Its own keys.
  if (policy === undefined) throw malformed("has an unknown policy");
  return {
    policy,
    svn: svnLow | (svnHigh << 8),
    head: blob.subarray(0, HEADER_BYTES),
    nonce: blob.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES),
    ciphertext: blob.subarray(HEADER_BYTES + NONCE_BYTES, -TAG_BYTES),
    tag: blob.subarray(-TAG_BYTES),
  };
}

function malformed(problem: string): RuntimeError {
  return new RuntimeError("malformed-seal", `The sealed blob ${problem}.`);
}
