import { toHex } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import { BURN_VIEW_PRIVATE_KEY, burnAddress, encodePrintable } from "../src/index.ts";

describe("burnAddress", () => {
  test("is MobileCoin's", () => {
    const address = burnAddress();
    expect(toHex(address.spendPublicKey)).toBe("ba527ad0b690f5bf3e92cd54f037af2ea7933ee695d293e940a89f5e060e2620");
    expect(toHex(address.viewPublicKey)).toBe("56538fc65c5da5cb667888a80c20da656aa4a3befe8cd6a4b3eba8b57d75db6e");
    expect(encodePrintable({ kind: "public-address", publicAddress: address })).toBe(
      "3cn4Y8V6p5u51z8AEEQsdUvFWcQKYwv25q6SaXeiXyz8kp19g7rLkuxu6rgefYWdZzun2RNrVPsMkM4djfhNzxC8LKKFmZXptcsxqndvbd9",
    );
  });

  test("its public view key finds what was burned: C = a·D", () => {
    const { viewPublicKey, spendPublicKey } = burnAddress();
    expect(toHex(kernel().ristretto.multiply(BURN_VIEW_PRIVATE_KEY, spendPublicKey))).toBe(toHex(viewPublicKey));
  });

  test("changing the exported key does not change the address", () => {
    const before = burnAddress();
    BURN_VIEW_PRIVATE_KEY.fill(2);
    try {
      expect(burnAddress()).toEqual(before);
    } finally {
      BURN_VIEW_PRIVATE_KEY.fill(1);
    }
  });
});
