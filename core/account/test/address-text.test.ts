import { describe, expect, test } from "vitest";
import { addressText, publicAddress } from "../src/index.ts";
import { rootZero } from "./known-answers.ts";

const keys =
  "MOBF62FF1C33A2285B1AEE612ED87281F2C68BB2B5B0F1439A13E4AB728F98EFB6A" +
  "78901C11834E842DF6BE98C127953513E116095D4122CC27D807B4511CB81E11";

describe("addressText", () => {
  test("shows the spend key before the view key", () => {
    expect(addressText(publicAddress(rootZero()))).toBe(keys);
  });

  test("adds the report URL, and the report id where there is one", () => {
    const address = { ...publicAddress(rootZero()), fogReportUrl: "fog://example.com" };
    expect(addressText(address)).toBe(`${keys}:'fog://example.com'`);
    expect(addressText({ ...address, fogReportId: "7" })).toBe(`${keys}:'fog://example.com'#7`);
  });
});
