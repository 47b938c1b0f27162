// Loading the module: what it asks of an engine, and the one error of engines that have it not.
import { createKernel, kernel, kernelWasm } from "@fogbow/kernel";
import { afterEach, expect, test, vi } from "vitest";
import { expectBytes, expectError, G, scalar } from "./group.ts";

/** What the test needs of WebAssembly, which the `es2023` library does not declare. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: (new (bytes: Uint8Array) => object) & { imports(module: object): unknown[] };
    readonly CompileError: new (message: string) => Error;
  };
};

afterEach(() => {
  vi.unstubAllGlobals();
});

test("the module imports nothing and is at most 96 KiB", () => {
  const wasm = kernelWasm();
  expect(WebAssembly.Module.imports(new WebAssembly.Module(wasm))).toEqual([]);
  expect(wasm.length).toBeLessThanOrEqual(96 * 1024);
});

test("the shared kernel is one, others are their own", () => {
  expect(kernel()).toBe(kernel());
  expect(createKernel()).not.toBe(kernel());
  expectBytes(createKernel().ristretto.multiplyBase(scalar(1n)), G, "1 · G");
});

test("an engine without WebAssembly is told so in one error", () => {
  vi.stubGlobal("WebAssembly", undefined);
  expectError(() => createKernel({ wasm: kernelWasm() }), "wasm-unsupported");
});

test("an engine that does not compile SIMD is told what is missing, with its own complaint as the cause", () => {
  const complaint = new WebAssembly.CompileError("invalid opcode 0xfd");
  const Module = class {
    constructor() {
      throw complaint;
    }
  };
  vi.stubGlobal("WebAssembly", { ...WebAssembly, Module });
  expectError(() => createKernel({ wasm: kernelWasm() }), "wasm-unsupported");
  expect(() => createKernel({ wasm: kernelWasm() })).toThrow(
    expect.objectContaining({ cause: complaint, message: expect.stringContaining("SIMD") }),
  );
});
