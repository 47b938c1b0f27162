// Known answers of aggregated range proofs, made by another library with bases and a label of its own (spec 02 §4).
import { BASE_POINT, verifyInSetting } from "@fogbow/core-crypto";
import { type Case, expectThat } from "./case.ts";

/** The proof holds for the first commitments of its file, and fails when a byte of it changes. */
export function checkRangeProof(one: Case): void {
  const setting = {
    label: "Deserialize-And-Verify Test",
    bits: Number(one.integer("bits")),
    valueBase: BASE_POINT,
    blindingBase: one.hex("blinding_base"),
  };
  const parties = Number(one.integer("parties"));
  const commitments = one.hexList("commitments").slice(0, parties);
  expectThat(commitments.length === parties, "the file has fewer commitments than the proof has parties");
  const proof = one.hex("proof");
  expectThat(verifyInSetting(setting, proof, commitments), "the proof does not verify");
  for (const position of [0, proof.length >> 1, proof.length - 32]) {
    const altered = proof.slice();
    altered[position] = (altered[position] as number) ^ 1; // Within the proof.
    expectThat(!verifyInSetting(setting, altered, commitments), `the proof verifies with byte ${position} changed`);
  }
}
