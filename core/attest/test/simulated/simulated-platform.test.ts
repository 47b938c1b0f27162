// The simulated platform: what it makes holds, is the same for the same randomness and time, and says that it protects nobody.
import { createHash, createPublicKey, verify as nodeVerify, X509Certificate } from "node:crypto";
import { equalBytes, fromHex, type Random, toHex, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import type { DcapEvidence } from "../../src/evidence/evidence.ts";
import { encodeEvidence } from "../../src/evidence/evidence-codec.ts";
import { explainVerdict } from "../../src/evidence/verdict.ts";
import { verifyEvidence } from "../../src/evidence/verify-evidence.ts";
import { createPolicy, type EvidencePlatform } from "../../src/policy/policy.ts";
import { parseQuote } from "../../src/sgx/quote.ts";
import { writeCrl } from "../../src/simulated/certificates.ts";
import { simulatedKey, simulatedKeyOf, simulatedSign } from "../../src/simulated/ecdsa.ts";
import { rootOf, type Simulation, simulatedRoot } from "../../src/simulated/roots.ts";
import {
  createSimulatedPlatform,
  makeSimulatedEvidence,
  simulatedMrSigner,
} from "../../src/simulated/simulated-platform.ts";
import { COMMON_NAME, derName } from "../../src/simulated/write-der.ts";
import { ecPublicKey } from "../../src/x509/public-key.ts";
import { AT, CONTENTS, IDENTITY, MEASUREMENT } from "../evidence/test-evidence.ts";

const ENCLAVE = { measurement: MEASUREMENT, productId: 4, securityVersion: 9 };

/** The same bytes for the same name, as a generator seeded with it. */
function seeded(name: string): Random {
  let drawn = 0;
  return (length) => {
    drawn += 1;
    return new Uint8Array(createHash("sha256").update(`${name} ${drawn}`).digest().subarray(0, length));
  };
}

function make(simulation: Simulation, name = "one", now = AT): DcapEvidence {
  const machine = createSimulatedPlatform(simulation, { random: seeded(name), now });
  return makeSimulatedEvidence(machine, ENCLAVE, { contents: CONTENTS, now });
}

async function problem(
  evidence: DcapEvidence,
  platforms: readonly EvidencePlatform[],
  at = AT,
): Promise<string | undefined> {
  const policy = createPolicy({ measurements: [{ identity: IDENTITY }], platforms });
  const verdict = await verifyEvidence({ evidence, policy, at, handshakeKey: CONTENTS.key });
  return explainVerdict(verdict)?.code;
}

describe.each(["simulated", "software-mode"] as const)("evidence of a %s machine", (simulation) => {
  test("holds from somewhat before it was made until its collateral ends, for who names it", async () => {
    const evidence = make(simulation);
    expect(await problem(evidence, [simulation])).toBeUndefined();
    expect(await problem(evidence, [simulation], AT - 1_800_000)).toBeUndefined(); // A clock that is behind.
    expect(await problem(evidence, [simulation], AT + 29 * 86_400_000)).toBeUndefined();
    expect(await problem(evidence, [simulation], AT + 31 * 86_400_000)).toBe("crl-expired");
  });

  test("is refused by who names hardware, or the other simulation", async () => {
    const other = simulation === "simulated" ? "software-mode" : "simulated";
    expect(await problem(make(simulation), ["sgx", "tdx", "sev-snp"])).toBe("simulated-refused");
    expect(await problem(make(simulation), [other])).toBe("simulated-refused");
  });

  test("is the same for the same randomness and time, and another for others", () => {
    const bytes = encodeEvidence(make(simulation));
    expect(equalBytes(bytes, encodeEvidence(make(simulation)))).toBe(true);
    expect(equalBytes(bytes, encodeEvidence(make(simulation, "two")))).toBe(false);
    expect(equalBytes(bytes, encodeEvidence(make(simulation, "one", AT + 1000)))).toBe(false);
  });

  test("has a fresh attestation key in every quote", () => {
    const machine = createSimulatedPlatform(simulation, { random: seeded("keys"), now: AT });
    const keys = [0, 1].map(() => toHex(parseQuote(machine.quote(ENCLAVE, new Uint8Array(64))).attestationKey));
    expect(keys[0]).not.toBe(keys[1]);
  });

  test("states the bundle's measurement, its product and version, and that its host can look into it", () => {
    const { body } = parseQuote(make(simulation).quote);
    expect(body).toMatchObject({
      kind: "sgx",
      mrEnclave: MEASUREMENT,
      mrSigner: simulatedMrSigner(simulation),
      productId: 4,
      securityVersion: 9,
      attributes: fromHex("07000000000000000000000000000000"),
    });
  });

  test("has certificates that another implementation reads and verifies", () => {
    const root = new X509Certificate(rootOf(simulation).certificate.der);
    const [leaf] = make(simulation).collateral.tcbInfoIssuerChain.map((der) => new X509Certificate(der));
    expect(root.verify(root.publicKey)).toBe(true);
    expect(leaf?.verify(root.publicKey)).toBe(true);
    expect(leaf?.checkIssued(root)).toBe(true);
    expect([root.ca, leaf?.ca]).toEqual([true, false]);
  });

  test("refuses a measurement or report data of another length", () => {
    const machine = createSimulatedPlatform(simulation, { random: seeded("lengths"), now: AT });
    const short = expect.objectContaining({ code: "invalid-length" });
    expect(() => machine.quote({ ...ENCLAVE, measurement: new Uint8Array(31) }, new Uint8Array(64))).toThrow(short);
    expect(() => machine.quote(ENCLAVE, new Uint8Array(32))).toThrow(short);
  });
});

test("software mode needs no revocation list of its root, as the reference has none; ours does", async () => {
  const strange = writeCrl(
    { issuer: derName([COMMON_NAME, "Nobody"]), thisUpdate: AT, nextUpdate: AT, revoked: [] },
    simulatedKeyOf(5n),
  );
  const without = (simulation: Simulation): DcapEvidence => {
    const evidence = make(simulation);
    return { ...evidence, collateral: { ...evidence.collateral, rootCaCrl: strange, pckCrl: strange } };
  };
  expect(await problem(without("software-mode"), ["software-mode"])).toBeUndefined();
  expect(await problem(without("simulated"), ["simulated"])).toBe("crl-missing");
});

test("the development root says in its name that it protects nobody", () => {
  expect(new X509Certificate(simulatedRoot().der).subject).toBe("CN=Fogbow simulated platform\\, protects nobody");
});

test("the root of software mode has the reference's name, and the key that its default seed gives", () => {
  const { certificate, key } = rootOf("software-mode");
  expect(new X509Certificate(certificate.der).subject.split("\n")).toEqual([
    "C=US",
    "ST=CA",
    "L=Santa Clara",
    "O=Intel Corporation",
    "CN=Simulation Intel SGX Attestation Report Signing CA",
  ]);
  const stream = kernel().hashes.hc128(new Uint8Array(16), new Uint8Array(16), 32);
  expect(key).toEqual(simulatedKeyOf(BigInt(`0x${toHex(stream)}`)));
});

test("software mode has the reference's sizes: no data of the quoting enclave's own, and text that ends with a NUL", () => {
  const { qeAuthData, pckChainPem } = parseQuote(make("software-mode").quote);
  expect(qeAuthData.length).toBe(0);
  expect(pckChainPem.at(-1)).toBe(0);
});

describe("ECDSA of the simulated platform", () => {
  test("gives the signature of RFC 6979 §A.2.5", () => {
    const key = simulatedKeyOf(0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721n);
    expect(toHex(key.xy)).toBe(
      "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6" +
        "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    );
    expect(toHex(simulatedSign(key, utf8("sample")))).toBe(
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716" +
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    );
  });

  test("is verified by another implementation, for extreme and for drawn keys", () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const random = seeded("ecdsa");
    const drawn = Array.from({ length: 8 }, () => simulatedKey(random(32)));
    for (const key of [
      simulatedKeyOf(1n),
      simulatedKeyOf(2n),
      simulatedKeyOf(3n),
      simulatedKeyOf(order - 1n),
      ...drawn,
    ]) {
      const message = random(29);
      const publicKey = createPublicKey({
        key: Buffer.from(ecPublicKey("P-256", key.xy).spki),
        format: "der",
        type: "spki",
      });
      const signature = simulatedSign(key, message);
      expect(nodeVerify("sha256", message, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature)).toBe(true);
    }
  });
});
