// The rules of the house that no one should have to remember: imports point one way, only `index.ts` is public, every
// dependency is declared, no cycles, nothing impure in core/, every file is used.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

interface Package {
  /** Folder below the root, such as `core/bytes`. */
  readonly folder: string;
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly sources: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));

/** Every TypeScript file below a folder, without what is built or installed. */
function typescriptFiles(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ["node_modules", "dist", "generated"].includes(entry.name) ? [] : typescriptFiles(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

const packages: Package[] = (readManifest(".").workspaces ?? []).map((folder) => {
  const { name, dependencies = {} } = readManifest(folder);
  const own = ["bench", "tests"].includes(folder) ? typescriptFiles(folder) : typescriptFiles(join(folder, "src"));
  return { folder, name, dependencies: Object.keys(dependencies), sources: own };
});
const byName = new Map(packages.map((each) => [each.name, each]));

/** What a source file imports or re-exports, statically or not. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const pattern = /^\s*(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;
  return [...text.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}

/** The package an import names: `@scope/name` or `name`, without the path inside it. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

const isRelative = (specifier: string): boolean => specifier.startsWith(".");

/** Which zones a zone may import, by top folder; a zone may always import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  core: ["kernel"],
  enclaves: ["core", "kernel"],
  stores: ["core", "kernel"],
  services: ["enclaves", "stores", "core", "kernel"],
  wallets: ["core", "kernel"],
  network: ["services", "enclaves", "stores", "wallets", "core", "kernel"],
  bench: ["network", "services", "stores", "enclaves", "wallets", "core", "kernel"],
  tests: ["bench", "network", "services", "stores", "enclaves", "wallets", "core", "kernel"],
};
const zoneOf = (folder: string): string => folder.split("/")[0] as string;

describe.each(packages)("$folder", ({ folder, name, dependencies, sources }) => {
  const imported = [...new Set(sources.flatMap(importsOf).filter((each) => !isRelative(each)))];

  test("imports point one way", () => {
    const zone = zoneOf(folder);
    const allowed = [zone, ...(MAY_IMPORT[zone] ?? [])];
    const zones = imported.flatMap((each) => byName.get(packageOf(each))?.folder ?? []).map(zoneOf);
    expect(zones.filter((each) => !allowed.includes(each))).toEqual([]);
    // A service meets an enclave only through the runtime and the built bundle.
    if (zone === "services")
      expect(imported.filter((each) => /-enclave$/.test(each) && each !== "@fogbow/runtime-enclave")).toEqual([]);
    if (zone === "services")
      expect(
        imported.filter(
          (each) => zoneOf(byName.get(packageOf(each))?.folder ?? "") === zone && packageOf(each) !== "@fogbow/server",
        ),
      ).toEqual([]);
  });

  test("only index.ts of another package is public", () => {
    const inside = imported.filter((each) => byName.has(packageOf(each)) && each !== packageOf(each));
    expect(inside).toEqual([]);
    const outside = sources.flatMap((file) =>
      importsOf(file)
        .filter(isRelative)
        .map((each) => relative(join(root, folder), resolve(root, dirname(file), each)))
        .filter((target) => target.startsWith("..")),
    );
    expect(outside).toEqual([]);
  });

  test("every dependency is declared, and every declared workspace package is used", () => {
    const external = imported.filter((each) => !each.startsWith("node:")).map(packageOf);
    expect(external.filter((each) => !dependencies.includes(each) && each !== name)).toEqual([]);
    const ours = dependencies.filter((each) => byName.has(each));
    expect(ours.filter((each) => !external.includes(each))).toEqual([]);
  });

  test("project references name exactly the workspace packages it depends on", () => {
    if (!existsSync(join(root, folder, "tsconfig.json"))) return expect(["bench", "tests"]).toContain(folder);
    const config: { references?: { path: string }[] } = JSON.parse(
      readFileSync(join(root, folder, "tsconfig.json"), "utf8"),
    );
    const referenced = (config.references ?? []).map(({ path }) => relative(root, resolve(root, folder, path)));
    const expected = dependencies.flatMap((each) => byName.get(each)?.folder ?? []);
    expect(referenced.sort()).toEqual(expected.sort());
  });
});

test("packages do not import each other in a circle", () => {
  const visit = (name: string, path: readonly string[]): void => {
    expect(path, `cycle through ${[...path, name].join(" → ")}`).not.toContain(name);
    for (const next of byName.get(name)?.dependencies ?? []) if (byName.has(next)) visit(next, [...path, name]);
  };
  for (const { name } of packages) visit(name, []);
});

/** Source text without comments and string literals, in which a name can only be code. */
const code = (file: string): string =>
  readFileSync(join(root, file), "utf8").replace(/"(?:\\.|[^"\\\n])*"|\/\/.*|\/\*[\s\S]*?\*\//g, "");

/** Clocks, randomness, timers, I/O and ambient authority. */
const IMPURE =
  /\b(Date|performance|Math\s*\.\s*random|getRandomValues|randomUUID|randomBytes|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|XMLHttpRequest|WebSocket|console|process|globalThis|require|localStorage|indexedDB|Worker)\b/;

test.each(packages.filter(({ folder }) => zoneOf(folder) === "core"))(
  "$folder has no clock, randomness or I/O",
  ({ sources }) => {
    expect(sources.filter((file) => IMPURE.test(code(file)))).toEqual([]);
    expect(sources.flatMap(importsOf).filter((each) => each.startsWith("node:"))).toEqual([]);
  },
);

/** The same for a node's heart, where methods may be called `fetch`. Whoever is first to answer is the scheduler's choice. */
const IMPURE_HEART =
  /\b(Date|performance|Math\s*\.\s*random|crypto|randomBytes|setTimeout|setInterval|setImmediate|queueMicrotask|console|process|globalThis|require|Worker|Promise\s*\.\s*race)\b|(?:await|=)\s+fetch\(/;

test("the heart of a node has no clock, randomness or I/O but those it is given", () => {
  const heart = ["replica", "rpc", "journal", "sync"].flatMap((each) => typescriptFiles(`services/node/src/${each}`));
  expect(heart).not.toEqual([]);
  expect(heart.filter((file) => IMPURE_HEART.test(code(file)))).toEqual([]);
  expect(heart.flatMap(importsOf).filter((each) => each.startsWith("node:"))).toEqual([]);
});

test("only Ed25519 and the SHA3-256 of leaders, which hold no secret of a payment, reach past the kernel to the model's libraries", () => {
  const reaching = packages
    .filter(({ folder }) => zoneOf(folder) === "core")
    .flatMap(({ sources }) => sources)
    .filter((file) => importsOf(file).some((each) => each.startsWith("@noble/")));
  expect(reaching).toEqual(["core/crypto/src/ed25519.ts", "core/scp/src/leader.ts"]);
});

/** All files that can be reached from some entry points by relative imports. */
function reachable(entries: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const each of importsOf(file).filter(isRelative)) {
      const target = relative(root, resolve(root, dirname(file), each));
      const found = [target, `${target}.ts`].find((path) => path.endsWith(".ts") && existsSync(join(root, path)));
      if (found !== undefined) visit(found);
    }
  };
  entries.forEach(visit);
  return seen;
}

test("every source file is used", () => {
  const entries = [
    ...packages.map(({ folder }) => `${folder}/src/index.ts`),
    ...[
      "kernel/assembly/index.ts",
      "network/src/main.ts",
      "network/src/small-main.ts",
      "bench/run.ts",
      "scripts/build.ts",
    ],
    ...["enclaves/verifier/src/worker.ts", "bench/idle-sessions.ts", "bench/consensus-relay.ts"],
    "bench/verifying-process.ts",
    ...[
      "tests/fast-check-seed.ts",
      "scripts/print-api.ts",
      "scripts/record-readme.ts",
      "scripts/print-errors.ts",
      "scripts/print-limits.ts",
      "tests/vectors/run.ts",
      "tests/traces/run.ts",
      "tests/mutants/run.ts",
      "tests/privacy/run.ts",
      "tests/simulation/run.ts",
      "tests/conformance/run.ts",
      "tests/conformance/mini-client/serve.ts",
      "tests/browser/run.ts",
      "tests/browser/page.ts",
      "tests/browser/echo/page.ts",
      "tests/browser/sdk/indexed-db-store.ts",
    ],
    ...["tests", "bench", "network/test"].flatMap(typescriptFiles).filter((file) => file.endsWith(".test.ts")),
  ].filter((file) => existsSync(join(root, file)));
  const used = reachable(entries);
  const all = [
    ...packages.flatMap(({ sources }) => sources),
    ...typescriptFiles("kernel/assembly"),
    ...typescriptFiles("scripts"),
  ];
  expect(all.filter((file) => !used.has(file) && !file.endsWith(".d.ts"))).toEqual([]);
});

test("every workspace package is built by the root project, unless it is only run", () => {
  const config: { references: { path: string }[] } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const built = config.references.map(({ path }) => path).sort();
  expect(built).toEqual(
    packages
      .map(({ folder }) => folder)
      .filter((each) => !["bench", "tests"].includes(each))
      .sort(),
  );
});

test("docs/limits.md lists every bound in the code, and none that is not there", () => {
  const limits = readFileSync(join(root, "docs/limits.md"), "utf8");
  const bounds = packages
    .filter(({ folder }) => !["bench", "tests", "kernel/model"].includes(folder))
    .flatMap(({ sources }) => sources)
    .flatMap((file) =>
      [...code(file).matchAll(/\bconst ([A-Z0-9_]+_MAX)\b/g)].map((match) => `\`${match[1]}\` | \`${file}\``),
    )
    .filter((row) => !/`U(32|64)_MAX`/.test(row));
  const listed = [...limits.matchAll(/^\| (`[^`]+` \| `[^`]+`)/gm)].map((match) => match[1]);
  expect(listed.sort()).toEqual(bounds.sort());
});
