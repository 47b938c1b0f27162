import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildBundle, measureBundle, parseManifest } from "@fogbow/runtime-enclave";
import { parse, type TomlTable } from "smol-toml";
import { expect, test } from "vitest";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const template = readFileSync(at("../gramine/enclave.manifest.template"), "utf8");
const bundle = await buildBundle(at("fixtures/echo"));
const { productId, securityVersion } = parseManifest(bundle["manifest.json"]);

/** What docs/tee.md passes with -D, and what Gramine itself knows. */
const values: Readonly<Record<string, string>> = {
  port: "7400",
  node: "/opt/node/bin/node",
  app: "/srv/app",
  state: "/srv/state",
  arch_libdir: "/lib/x86_64-linux-gnu",
  product_id: `${productId}`,
  security_version: `${securityVersion}`,
  "gramine.libos": "/gramine/libsysdb.so",
  "gramine.runtimedir()": "/gramine/runtime/glibc",
};
const rendered = template.replace(/\{\{ (.*?) \}\}/g, (_, name: string) => values[name] ?? `unknown ${name}`);
const manifest = parse(rendered);

/** The values of a manifest by their dotted names. */
function flatten(table: TomlTable, prefix = ""): [string, unknown][] {
  return Object.entries(table).flatMap(([key, value]) =>
    typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)
      ? flatten(value as TomlTable, `${prefix}${key}.`)
      : ([[prefix + key, value]] as [string, unknown][]),
  );
}
const settings = new Map(flatten(manifest));

test("the manifest is valid TOML, and nothing in it is left to fill in", () => {
  expect(rendered).not.toMatch(/\{\{|\}\}|\{%|unknown /);
  expect(settings.size).toBeGreaterThan(10);
});

test("every file of a built bundle, and the launcher, is among the trusted files", () => {
  expect(measureBundle(bundle)).toHaveLength(32);
  const files = [...Object.keys(bundle).map((name) => `bundle/${name}`), "launcher.mjs"];
  const trusted = settings.get("sgx.trusted_files");
  for (const file of files) expect(trusted).toContain(`file:${values.app}/${file}`);
  expect(trusted).toContain(`file:${values.node}`);
});

test("nothing is allowed that is not measured, and no key is insecure", () => {
  expect(settings.get("sgx.allowed_files")).toEqual([]);
  expect([...settings.keys()].filter((name) => /insecure/.test(name))).toEqual([]);
  expect(rendered.replace(/^#.*$/gm, "")).not.toMatch(/insecure/);
  expect(settings.get("sgx.file_check_policy")).toBe("strict");
});

test("the settings are those of the specification", () => {
  expect(Object.fromEntries(settings)).toMatchObject({
    "libos.entrypoint": "/usr/bin/node",
    "sgx.debug": false,
    "sgx.remote_attestation": "dcap",
    "sgx.isvprodid": productId,
    "sgx.isvsvn": securityVersion,
    "sgx.enclave_size": "4G",
    "sgx.max_threads": 32,
    "sys.disallow_subprocesses": true,
  });
  expect(settings.has("loader.entrypoint.uri")).toBe(false);
  expect(settings.has("loader.entrypoint")).toBe(false);
});

test("the command line is one that the launcher understands, and every path in it is mounted", () => {
  const argv = settings.get("loader.argv") as string[];
  expect(argv.slice(0, 3)).toEqual(["node", "--disallow-code-generation-from-strings", "/app/launcher.mjs"]);
  const options = argv.slice(3).map((each) => each.split("=")[0]);
  expect(options).toEqual(["--bundle", "--connect", "--platform", "--counter-file"]);
  const mounts = (settings.get("fs.mounts") as { path: string }[]).map(({ path }) => path);
  expect(mounts).toEqual(expect.arrayContaining(["/usr/bin/node", "/app", "/state", "/tmp"]));
});

test("no encrypted mount shares a sealing key", () => {
  const keys = (settings.get("fs.mounts") as { key_name?: string }[]).flatMap(({ key_name }) => key_name ?? []);
  expect(keys).toEqual(["fogbow"]);
});
