// Figures of transactions: what verifying their proofs takes, beside the very same code on noble instead of the kernel or
// beside another library.
import { randomBytes } from "node:crypto";
import { MOB, tokenValue } from "@fogbow/core-bytes";
import {
  commit,
  PrivateKey,
  type RingMlsagStatement,
  randomPoint,
  randomScalar,
  ringMlsagSign,
  ringMlsagVerify,
} from "@fogbow/core-crypto";
import { coreOnNoble } from "./core-bundle.ts";
import { ledgerFigures } from "./ledger.ts";
import { type Figure, measure } from "./measure.ts";
import { inTurn } from "./operands.ts";
import { versioned } from "./provenance.ts";
import { rangeProofFigures } from "./range-proof.ts";
import { buildTransaction } from "./transaction-build.ts";
import { transactionVerification } from "./transaction-verify.ts";

const RING_SIZE = 11;
const SIGNATURES = 16;

/** Measures every figure named `transactions`; about four minutes. Reports each as it comes. */
export async function benchTransactions(report: (figure: Figure) => void): Promise<void> {
  report(await ringVerification());
  for (const figure of rangeProofFigures) report(figure());
  report(buildTransaction());
  await transactionVerification(report);
  await ledgerFigures(report);
}

/** Verifies rings of eleven members, as every transaction must have; different ones in turn. */
async function ringVerification(): Promise<Figure> {
  const { crypto } = await coreOnNoble();
  const statements = Array.from({ length: SIGNATURES }, signedRing);
  for (const statement of statements) {
    if (ringMlsagVerify(statement) !== "valid" || crypto.ringMlsagVerify(statement) !== "valid") {
      throw new Error("A side of the measurement refuses a ring signature, so neither time means anything.");
    }
  }
  const ours = inTurn(statements);
  const theirs = inTurn(statements);
  return measure({
    name: "mlsag-verify-11",
    unit: "ms",
    ours: { run: () => ours(ringMlsagVerify) },
    peer: {
      name: `the same on ${versioned("@noble/curves")}`,
      run: () => theirs((statement) => crypto.ringMlsagVerify(statement)),
    },
    bursts: 150,
    warmUpMs: 1500,
  });
}

function signedRing(): RingMlsagStatement {
  const onetimePrivateKey = PrivateKey.random(randomBytes);
  const amount = { value: tokenValue(10n ** 12n), tokenId: MOB };
  const [blinding, pseudoOutputBlinding] = [randomScalar(randomBytes), randomScalar(randomBytes)];
  const realIndex = 4;
  const real = { targetKey: onetimePrivateKey.publicKey(), commitment: commit({ ...amount, blinding }) };
  const ring = Array.from({ length: RING_SIZE }, (_, i) =>
    i === realIndex ? real : { targetKey: randomPoint(randomBytes), commitment: randomPoint(randomBytes) },
  );
  const message = randomBytes(32);
  const signature = ringMlsagSign({
    ...amount,
    message,
    ring,
    realIndex,
    onetimePrivateKey,
    blinding,
    pseudoOutputBlinding,
    random: randomBytes,
  });
  const pseudoOutputCommitment = commit({ ...amount, blinding: pseudoOutputBlinding });
  return { message, ring, pseudoOutputCommitment, signature };
}
