// The peers' versions as this package pins them, and the machine and commit that a figure belongs to.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

// The file is this package's own and has this shape.
const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** A dependency's name with its pinned version, such as `@noble/curves 2.4.0`. */
export const versioned = (name: string): string => `${name} ${dependencies[name]}`;

/** Processor, cores, Node and platform in one line. */
export function machine(): string {
  const processors = cpus();
  return `${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores, Node ${process.version}, ${platform()} ${arch()}`;
}

/** The short hash of HEAD, with `-dirty` when the tree differs from it; `unknown` outside a git repository. */
export function commit(): string {
  try {
    const hash = git("rev-parse", "--short", "HEAD");
    return git("status", "--porcelain") === "" ? hash : `${hash}-dirty`;
  } catch {
    return "unknown";
  }
}

const git = (...args: string[]): string =>
  execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
