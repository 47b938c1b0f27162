// Published measurements: exactly the form of spec 04 §7.3, and nothing that could be misread.
import { describe, expect, test } from "vitest";
import {
  MEASUREMENT_FILE_LENGTH_MAX,
  parseMeasurementFile,
  parseTrustedIdentity,
  trustedIdentityToJson,
} from "../../src/policy/trusted-identity.ts";
import { expectCode } from "../expect-code.ts";

const MR_ENCLAVE = "840d61b0585dc8b4dc90f53af293c760fda06bee75978a6a86263ffb296423f4";
const MR_SIGNER = "9f06df5ca79a23ffdfb6ca0ec85514e21dd1cbd1ed11abc45dbe8dc894efdddf";
const FILE = {
  v4: {
    consensus: { MRENCLAVE: MR_ENCLAVE, mitigated_hardening_advisories: ["INTEL-SA-00334"] },
    "fog-view": { MRSIGNER: MR_SIGNER, product_id: 3, minimum_svn: 9 },
  },
  v5: { consensus: { MRENCLAVE: MR_SIGNER.toUpperCase() } },
};

test("a file maps versions to enclaves to identities", () => {
  const file = parseMeasurementFile(JSON.stringify(FILE));
  expect([...file.keys()]).toEqual(["v4", "v5"]);
  expect(file.get("v4")?.get("consensus")).toEqual({
    kind: "mr-enclave",
    mrEnclave: new Uint8Array(Buffer.from(MR_ENCLAVE, "hex")),
    configAdvisories: [],
    hardeningAdvisories: ["INTEL-SA-00334"],
  });
  expect(file.get("v4")?.get("fog-view")).toMatchObject({ kind: "mr-signer", productId: 3, minimumSvn: 9 });
  expect(file.get("v5")?.get("consensus")).toMatchObject({ mrEnclave: new Uint8Array(Buffer.from(MR_SIGNER, "hex")) });
});

test("an identity is written in the form that it is read from", () => {
  for (const json of [FILE.v4.consensus, FILE.v4["fog-view"]]) {
    const identity = parseTrustedIdentity(json);
    expect(parseTrustedIdentity(trustedIdentityToJson(identity))).toEqual(identity);
  }
});

describe("an identity is refused", () => {
  test.each([
    ["without a measurement", {}],
    ["with both measurements", { MRENCLAVE: MR_ENCLAVE, MRSIGNER: MR_SIGNER }],
    ["with a member that is not known", { MRENCLAVE: MR_ENCLAVE, mitigated_advisories: [] }],
    ["with a member in the wrong case", { mrenclave: MR_ENCLAVE }],
    ["with a product beside MRENCLAVE", { MRENCLAVE: MR_ENCLAVE, product_id: 1 }],
    ["without a product", { MRSIGNER: MR_SIGNER, minimum_svn: 1 }],
    ["without a security version", { MRSIGNER: MR_SIGNER, product_id: 1 }],
    ["with a product that is too large", { MRSIGNER: MR_SIGNER, product_id: 65_536, minimum_svn: 1 }],
    ["with a negative security version", { MRSIGNER: MR_SIGNER, product_id: 1, minimum_svn: -1 }],
    ["with a measurement that is too short", { MRENCLAVE: MR_ENCLAVE.slice(2) }],
    ["with a measurement that is no hexadecimal", { MRENCLAVE: `zz${MR_ENCLAVE.slice(2)}` }],
    ["with advisories that are no list", { MRENCLAVE: MR_ENCLAVE, mitigated_config_advisories: "INTEL-SA-00334" }],
    ["with an advisory that is no text", { MRENCLAVE: MR_ENCLAVE, mitigated_config_advisories: [334] }],
    ["that is a list", []],
    ["that is null", null],
  ])("%s", (_what, json) => {
    expectCode(() => parseTrustedIdentity(json), "policy-malformed");
  });
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["a version that is a list", '{"v4":[]}'],
  ["an identity that is a text", '{"v4":{"consensus":"abc"}}'],
  ["longer than a file may be", " ".repeat(MEASUREMENT_FILE_LENGTH_MAX + 1)],
])("a file is refused that is %s", (_what, text) => {
  expectCode(() => parseMeasurementFile(text), "policy-malformed");
});
