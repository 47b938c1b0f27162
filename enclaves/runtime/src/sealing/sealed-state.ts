// State that is tied to the monotonic counter, so that an old copy of it is recognised.
//
// A state is sealed under the counter's next value and the counter follows once the state is stored. Between the two a
// crash leaves state that is one ahead, which is the newest and is accepted; what is behind, or further ahead, was put
// back by somebody. With a counter of strength `none`, state and counter put back together look like a quiet day.
import { concatBytes, le64, readLe64, utf8 } from "@fogbow/core-bytes";
import type { MonotonicCounter, SealedState, Sealing } from "../enclave.ts";
import { RuntimeError } from "../error.ts";

const AAD = utf8("fogbow-state-v1");

/** Seals states in the order in which the counter counts. */
export function createSealedState(sealing: Sealing, counter: MonotonicCounter): SealedState {
  let isSealed = false; // Since the counter last counted.
  return {
    seal: (state, policy) => {
      const blob = sealing.seal(concatBytes(le64(counter.read() + 1n), state), AAD, policy);
      isSealed = true;
      return blob;
    },

    stored: () => {
      // A host that says it twice would have the counter pass the state, which nobody could open any more.
      if (isSealed) counter.increment();
      isSealed = false;
    },

    open: (blob) => {
      const plaintext = sealing.unseal(blob, AAD);
      if (plaintext.length < 8) throw new RuntimeError("malformed-seal", "The sealed blob holds no state.");
      const sealedAt = readLe64(plaintext);
      const now = counter.read();
      if (sealedAt < now) {
        throw new RuntimeError(
          "state-rolled-back",
          `The state is number ${sealedAt}, the counter says ${now}: an old copy was put back. Restore the newest.`,
        );
      }
      if (sealedAt > now + 1n) {
        throw new RuntimeError(
          "counter-rolled-back",
          `The state is number ${sealedAt}, the counter says ${now}: an old counter was put back. Restore the newest.`,
        );
      }
      if (sealedAt === now + 1n) {
        counter.increment();
        isSealed = false;
      }
      return plaintext.slice(8);
    },
  };
}
