// The roots of simulated platforms. Their private keys stand here for everyone to read: they protect nobody.
import { utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { type Certificate, parseCertificate } from "../x509/certificate.ts";
import { usage, writeCertificate } from "./certificates.ts";
import { type SimulatedKey, simulatedKey, simulatedKeyOf } from "./ecdsa.ts";
import { COMMON_NAME, COUNTRY, derName, LOCALITY, ORGANIZATION, STATE } from "./write-der.ts";

/** Which simulation: Fogbow's own, or one that the reference's software-mode clients accept. */
export type Simulation = "simulated" | "software-mode";

/** A root with its private key, which is public. */
export interface SimulatedRoot {
  readonly key: SimulatedKey;
  /** A DER name. */
  readonly subject: Uint8Array;
  readonly certificate: Certificate;
}

/** Fogbow's development root, which no policy trusts that does not name `simulated` (spec 04 §12.4). */
export function simulatedRoot(): Certificate {
  return rootOf("simulated").certificate;
}

/** The root of the reference's software mode with its default seed (spec 04 §9). */
export function softwareModeRoot(): Certificate {
  return rootOf("software-mode").certificate;
}

/** A root, made when it is first needed and the same every time. */
export function rootOf(simulation: Simulation): SimulatedRoot {
  const made = ROOTS.get(simulation) ?? makeRoot(simulation);
  ROOTS.set(simulation, made);
  return made;
}

const ROOTS = new Map<Simulation, SimulatedRoot>();

const ROOT_NOT_BEFORE = 1_577_836_800_000; // 2020-01-01T00:00:00Z
const ROOT_NOT_AFTER = 3_155_760_000_000; // 2070-01-01T00:00:00Z

/** The first 32 bytes of HC-128's keystream for zeros: the key that the reference draws from its default seed. */
const SOFTWARE_MODE_SCALAR = 0x82001573a003fd3b7fd72ffb0eaf63aac62f12deb629dca72785a66268ec758bn;

/** Nobody chose the key: it is the hash of what it is for. */
const SIMULATED_KEY_LABEL = "Fogbow simulated platform, protects nobody: root key";

function makeRoot(simulation: Simulation): SimulatedRoot {
  const isOurs = simulation === "simulated";
  const key = isOurs
    ? simulatedKey(kernel().hashes.sha256(utf8(SIMULATED_KEY_LABEL)))
    : simulatedKeyOf(SOFTWARE_MODE_SCALAR);
  const subject = isOurs
    ? derName([COMMON_NAME, "Fogbow simulated platform, protects nobody"])
    : softwareModeName("Simulation Intel SGX Attestation Report Signing CA");
  const certificate = writeCertificate(
    {
      serial: 1,
      issuer: subject,
      subject,
      notBefore: ROOT_NOT_BEFORE,
      notAfter: ROOT_NOT_AFTER,
      publicKey: key.xy,
      extensions: usage("authority"),
    },
    key,
  );
  return { key, subject, certificate: parseCertificate(certificate) };
}

/** A name in the form of the reference's simulated certificates. */
export function softwareModeName(commonName: string): Uint8Array {
  return derName(
    [COUNTRY, "US"],
    [STATE, "CA"],
    [LOCALITY, "Santa Clara"],
    [ORGANIZATION, "Intel Corporation"],
    [COMMON_NAME, commonName],
  );
}
