// The little of `assemblyscript/asc` that we call. The package's own declarations bring AssemblyScript's globals with
// them, whose `console` and `WebAssembly` hide Node's; `tsconfig.test.json` maps the module to this file.

interface Text {
  toString(): string;
}

interface Host {
  readonly readFile?: (name: string, baseDir: string) => Promise<string | null>;
  readonly writeFile?: (name: string, contents: Uint8Array | string, baseDir: string) => void;
  readonly listFiles?: (folder: string, baseDir: string) => string[];
}

declare const asc: {
  /** Runs the compiler with the options of its command line. */
  main(options: readonly string[], host?: Host): Promise<{ readonly error: Error | null; readonly stderr: Text }>;
};
export default asc;
