// A process that verifies the transactions it was given once: so many of them for each number that comes.
import { randomBytes } from "node:crypto";
import { type VerificationRequest, verifyBatch } from "@fogbow/verifier-enclave";

let requests: readonly VerificationRequest[] = [];

process.on("message", (message: readonly VerificationRequest[] | number) => {
  if (typeof message !== "number") requests = message;
  else {
    const answers = verifyBatch(requests.slice(0, message), randomBytes, () => false);
    if (answers.some((answer) => answer?.code !== "ok")) throw new Error("A valid transaction is refused.");
  }
  process.send?.("done");
});
