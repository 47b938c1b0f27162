// The values of simulations: `v<number>` is valid, `bad<number>` is not, and of values with equal last digits a block
// holds only the first.
import { compareValues, type SlotParts } from "../../src/index.ts";

export const simulatedParts: SlotParts = {
  validity: (value) => (/^v\d+$/.test(value) ? "valid" : "invalid"),
  combine: (values) => {
    const digits = new Set<string>();
    return [...new Set(values)].sort(compareValues).filter((value) => {
      const digit = value.slice(-1);
      const isFirst = !digits.has(digit);
      digits.add(digit);
      return isFirst;
    });
  },
};
