// Checks every known-answer file in the given folders and files, and says how it went.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type Case, VectorError } from "./case.ts";
import { type Format, recogniseFormat } from "./formats.ts";
import { holdsJson, readKnownAnswers } from "./known-answer-file.ts";

/** What the run ends with: 0 all passed; 1 a case failed; 2 a file was not checked, or none was. */
export type ExitCode = 0 | 1 | 2;

/**
 * Checks the JSON and JSON Lines files among `paths`, which are files or folders. Prints a line a file, with paths
 * relative to the folder given (a file's is its name), and a last line `N passed, M failed`. Throws
 * {@link VectorError} for a path that does not exist, before anything is checked.
 */
export function checkVectors(paths: readonly string[], print: (line: string) => void): ExitCode {
  const places = paths.map((path) => ({ path, files: findFiles(path) }));
  const total = { files: 0, passed: 0, failed: 0, unchecked: 0 };
  for (const { path, files } of places) {
    if (places.length > 1) {
      print(`In ${path}:`);
    }
    for (const file of files) {
      const { line, passed, failed } = checkFile(file);
      print(line);
      total.files += 1;
      total.passed += passed;
      total.failed += failed;
      total.unchecked += passed + failed === 0 ? 1 : 0;
    }
  }
  if (total.files === 0) {
    print("There is no file to check.");
  } else if (total.unchecked > 0) {
    print(`${total.unchecked} of ${total.files} files could not be checked.`);
  }
  print(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) {
    return 1;
  }
  return total.unchecked > 0 || total.passed === 0 ? 2 : 0;
}

/** A file to check, with the name to print. */
interface FoundFile {
  readonly path: string;
  readonly shown: string;
}

/** A file itself, or the JSON files in a folder and its folders, by name. */
function findFiles(path: string): FoundFile[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new VectorError(`${path} does not exist.`);
  }
  if (!found.isDirectory()) {
    return [{ path, shown: basename(path) }];
  }
  return filesBelow(path, "").map((shown) => ({ path: join(path, shown), shown }));
}

function filesBelow(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    // A link is followed: what it leads to must not be passed over in silence.
    if (statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory()) {
      return filesBelow(root, path);
    }
    return holdsJson(entry.name) ? [path] : [];
  });
}

interface FileResult {
  readonly line: string;
  readonly passed: number;
  readonly failed: number;
}

function checkFile({ path, shown }: FoundFile): FileResult {
  const file = readKnownAnswers(path, readFileSync(path));
  const format = recogniseFormat(file);
  if (format === undefined) {
    return { line: `${shown}: not recognised`, passed: 0, failed: 0 };
  }
  const { name, check } = format;
  if (typeof check !== "function") {
    return { line: `${shown}: ${name}, waits for the ${check.waitsFor}`, passed: 0, failed: 0 };
  }
  if (file.cases.length === 0) {
    return { line: `${shown}: ${name}, no cases`, passed: 0, failed: 0 };
  }
  const problems = file.cases.map((one) => findProblem(one, format, check));
  const failed = problems.filter((problem) => problem !== undefined).length;
  const passed = problems.length - failed;
  const negative = file.cases.some((one) => one?.mustNotMatch) ? " that must not match" : "";
  const counts = `${shown}: ${name}${negative}, ${passed} passed, ${failed} failed`;
  return { line: [counts, ...firstProblem(problems), ...leftOut(file.cases)].join("; "), passed, failed };
}

/** Why a case fails, or undefined when it passes. */
function findProblem(one: Case | undefined, format: Format, check: (one: Case) => void): string | undefined {
  if (one === undefined) {
    return "not a JSON object";
  }
  const missing = format.fields.find((field) => !one.has(field));
  if (missing !== undefined) {
    return `${missing} is missing`;
  }
  try {
    check(one);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function firstProblem(problems: readonly (string | undefined)[]): string[] {
  const index = problems.findIndex((problem) => problem !== undefined);
  return index < 0 ? [] : [`case ${index + 1}: ${problems[index]}`];
}

function leftOut(cases: readonly (Case | undefined)[]): string[] {
  const what = new Set(cases.flatMap((one) => one?.leftOut ?? []));
  return [...what].map((part) => {
    const count = cases.filter((one) => one?.leftOut.includes(part)).length;
    return `${part} of ${count} not checked, their keys are unknown`;
  });
}
